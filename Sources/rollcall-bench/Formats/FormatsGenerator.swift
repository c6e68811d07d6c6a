import Foundation

/// Writes the people of the benchmark as each format has them: SCIM resources line by line, LDIF as slapcat
/// writes it, and DSML.
struct FormatsGenerator {
  let seed: UInt64
  let rows: Int
  private let tables = PeopleTables()

  init(seed: UInt64, rows: Int) {
    self.seed = seed
    self.rows = rows
  }

  func writeSCIM(to url: URL) throws {
    try write(to: url) { person, bytes in
      bytes.append(
        contentsOf: #"{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"id":""#.utf8)
      bytes.appendIdentifier(person.draw.id.0, person.draw.id.1)
      bytes.appendMember("userName", person.address, opening: #"",""#)
      bytes.append(contentsOf: #","name":{"#.utf8)
      bytes.appendMember("familyName", person.surname, opening: "\"")
      bytes.appendMember("givenName", person.given)
      bytes.append(UInt8(ascii: "}"))
      bytes.appendMember("displayName", person.displayName)
      bytes.appendMember("title", person.title)
      bytes.append(contentsOf: #","active":\#(person.draw.isEnabled),"emails":[{"#.utf8)
      bytes.appendMember("value", person.address, opening: "\"")
      bytes.append(contentsOf: #","type":"work","primary":true}],"phoneNumbers":[{"#.utf8)
      bytes.appendMember("value", person.telephone, opening: "\"")
      bytes.append(contentsOf: #","type":"work"}],"addresses":[{"type":"work""#.utf8)
      bytes.appendMember("locality", person.place.city)
      bytes.appendMember("postalCode", person.place.postalCode)
      bytes.appendMember("country", person.place.countryCode)
      bytes.append(
        contentsOf: #"}],"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"#.utf8)
      bytes.appendMember("department", person.department, opening: "\"")
      bytes.append(contentsOf: #"},"meta":{"resourceType":"User"}}"#.utf8)
      bytes.append(UInt8(ascii: "\n"))
    }
  }

  func writeLDIF(to url: URL) throws {
    try write(to: url) { person, bytes in
      bytes.append(contentsOf: "dn: uid=\(person.draw.number),ou=People,dc=contoso,dc=com\n".utf8)
      bytes.append(contentsOf: "objectClass: inetOrgPerson\n".utf8)
      for (name, value) in person.attributes { bytes.appendLDIF(name, value) }
      bytes.append(UInt8(ascii: "\n"))
    }
  }

  func writeDSML(to url: URL) throws {
    let head = """
      <?xml version="1.0" encoding="UTF-8"?>
      <batchResponse xmlns="urn:oasis:names:tc:DSML:2:0:core">
      <searchResponse>

      """
    let tail =
      "<searchResultDone><resultCode code=\"0\"/></searchResultDone>\n</searchResponse>\n</batchResponse>\n"
    try write(to: url, head: head, tail: tail) { person, bytes in
      bytes.append(
        contentsOf: """
          <searchResultEntry dn="uid=\(person.draw.number),ou=People,dc=contoso,dc=com">
            <attr name="objectClass"><value>inetOrgPerson</value></attr>

          """.utf8)
      for (name, value) in person.attributes {
        bytes.append(contentsOf: "  <attr name=\"\(name)\"><value>\(value)</value></attr>\n".utf8)
      }
      bytes.append(contentsOf: "</searchResultEntry>\n".utf8)
    }
  }

  private func write(
    to url: URL, head: String = "", tail: String = "",
    row: (FormattedPerson, inout [UInt8]) -> Void
  ) throws {
    var file = try ByteFile(url)
    try file.append { $0.append(contentsOf: head.utf8) }
    for number in 0..<rows {
      let draw = PersonDraw(seed: seed, number: number, share: ChangeShare(0), tables: tables)
      let person = FormattedPerson(draw)
      try file.append { row(person, &$0) }
    }
    try file.append { $0.append(contentsOf: tail.utf8) }
    try file.close()
  }
}

/// One person in words, without the quotes that CSV would ask for.
private struct FormattedPerson {
  let draw: PersonDraw

  init(_ draw: PersonDraw) {
    self.draw = draw
  }

  var given: String { Words.givenNames[draw.given].text }
  var surname: String { Words.surnames[draw.surname].text }
  var displayName: String { given + " " + surname }
  var title: String { Words.titles[draw.title] }
  var department: String { Words.departments[draw.department] }
  var place: Words.Place { Words.places[draw.place] }
  var telephone: String { "\(place.dialling) \(draw.telephone)" }

  var address: String {
    Words.givenNames[draw.given].login + "." + Words.surnames[draw.surname].login
      + "\(draw.number)@contoso.com"
  }

  /// As an entry of a directory has them; none holds what XML would have to escape.
  var attributes: [(String, String)] {
    [
      ("uid", "\(draw.number)"), ("cn", displayName), ("sn", surname), ("givenName", given),
      ("mail", address), ("title", title.filter { $0 != "&" && $0 != "<" }),
      ("departmentNumber", department.filter { $0 != "&" && $0 != "<" }),
      ("telephoneNumber", telephone), ("l", place.city), ("st", place.state),
      ("postalCode", place.postalCode), ("employeeType", draw.isEnabled ? "active" : "inactive"),
    ]
  }
}

extension [UInt8] {
  /// `,"name":"value"`; none of the values holds what JSON would have to escape but quotes.
  fileprivate mutating func appendMember(
    _ name: String, _ value: String, opening: String = ",\""
  ) {
    append(contentsOf: opening.utf8)
    append(contentsOf: name.utf8)
    append(contentsOf: "\":\"".utf8)
    for byte in value.utf8 {
      if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { append(UInt8(ascii: "\\")) }
      append(byte)
    }
    append(UInt8(ascii: "\""))
  }

  /// `name: value`, in base64 where there are letters beyond ASCII (RFC 2849).
  fileprivate mutating func appendLDIF(_ name: String, _ value: String) {
    append(contentsOf: name.utf8)
    if value.utf8.allSatisfy({ $0 < 0x80 }) {
      append(contentsOf: ": ".utf8)
      append(contentsOf: value.utf8)
    } else {
      append(contentsOf: ":: ".utf8)
      append(contentsOf: Data(value.utf8).base64EncodedString().utf8)
    }
    append(UInt8(ascii: "\n"))
  }
}
