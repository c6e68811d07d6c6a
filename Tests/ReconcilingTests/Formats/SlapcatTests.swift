import Foundation
import PlanFile
import TestSupport
import Testing

@testable import Reconciling

/// One directory, written by OpenLDAP's own tools and as CSV, JSON, SCIM and DSML: the same decisions, byte for byte.
struct SlapcatTests {
  private static let exports = """
      people: [{name: users, path: people, content: full, mapping: {
        userName: uid, externalId: employeeNumber, displayName: cn, name.familyName: sn,
        title: title, 'emails[type eq "work"].value': mail}}]
      teams: [{name: groups, path: groups, content: full, mapping: {
        displayName: cn, externalId: businessCategory}}]
      memberships: [{name: members, path: members, content: full,
        team: {column: cn, key: displayName}, member: {column: member, key: userName}}]
    matching: {members: [externalId, userName], teams: [externalId, displayName]}
    health: {recordFall: 50}
    """

  private struct Entry {
    let uid: String
    let name: String
    let title: String
  }

  private static let first = [
    Entry(uid: "ann", name: "Ann Läe", title: "Buyer"),
    Entry(uid: "bo", name: "Bo, the \"Ek\"", title: "Clerk, 2nd"),
    Entry(uid: "cy", name: " Cy  O'Hara", title: String(repeating: "Head of ", count: 12)),
  ]

  @Test(.enabled(if: Slapd.isInstalled, "OpenLDAP's slapadd is not installed"))
  func itsLDIFAndItsTwinsGiveTheSameDecisions() async throws {
    let company = try SampleExports(Self.exports).company
    let twins = [Self.writeJSON, Self.writeDSML, Self.writeDirectory]
    for (night, people) in [(1, Self.first), (2, Array(Self.first.dropFirst()))] {
      try Self.writeTable(people, to: company)
      let wanted = try await company.plan(night: night)
      #expect(wanted.operations.count == (night == 1 ? 7 : 1))
      for write in twins {
        try write(people, company)
        let plan = try await company.plan(night: night)
        #expect(plan.operations == wanted.operations)
        #expect(plan.decisionBytes == wanted.decisionBytes)
      }
      try await company.apply(night: night)
    }
  }

  /// Its names of attributes are others, and so is the policy that reads them.
  @Test func itsSCIMTwinGivesTheSameDecisions() async throws {
    let company = try SampleExports(Self.exports).company
    try Self.writeTable(Self.first, to: company)
    let wanted = try await company.plan(night: 1)
    let policy = String(decoding: try company.read("rollcall.yaml"), as: UTF8.self)
    var changed = policy
    for (old, new) in Self.namesInSCIM { changed = changed.replacing(old, with: new) }
    try company.write(changed, as: "rollcall.yaml")
    try Self.writeSCIM(Self.first, to: company)
    let plan = try await company.plan(night: 1)
    #expect(plan.operations == wanted.operations)
    #expect(plan.decisionBytes == wanted.decisionBytes)
    try await company.apply(night: 1)
    try Self.writeSCIM(Array(Self.first.dropFirst()), to: company)
    #expect(try await company.plan(night: 2).operations == ["deactivate-member ann"])
  }

  private static let namesInSCIM = [
    ("userName: uid", "userName: userName"),
    ("externalId: employeeNumber", "externalId: externalId"),
    ("displayName: cn", "displayName: displayName"),
    ("name.familyName: sn", "name.familyName: name.familyName"),
    (#"value': mail"#, #"value': 'emails[type eq "work"].value'"#),
    ("externalId: businessCategory", "externalId: externalId"),
    ("{column: cn", "{column: displayName"), ("{column: member,", "{column: members.value,"),
  ]

  private static func write(_ value: Any, as name: String, to company: Company) throws {
    try company.write(Array(try JSONSerialization.data(withJSONObject: value)), as: name)
  }

  private static func writeJSON(_ people: [Entry], to company: Company) throws {
    let records = people.map { person in
      [
        "uid": person.uid, "employeeNumber": "E-\(person.uid)", "cn": person.name,
        "sn": "L-\(person.uid)", "title": person.title, "mail": "\(person.uid)@contoso.com",
      ]
    }
    try write(records, as: "people", to: company)
    try write([["cn": "Sales", "businessCategory": "G-1"]], as: "groups", to: company)
    try write([["cn": "Sales", "member": people.map(\.uid)]], as: "members", to: company)
  }

  private static func writeSCIM(_ people: [Entry], to company: Company) throws {
    let core = "urn:ietf:params:scim:schemas:core:2.0:"
    let users: [[String: Any]] = people.map { person in
      [
        "schemas": [core + "User"], "userName": person.uid, "externalId": "E-\(person.uid)",
        "displayName": person.name, "name": ["familyName": "L-\(person.uid)"],
        "title": person.title,
        "emails": [["type": "work", "value": "\(person.uid)@contoso.com"]],
      ]
    }
    let group: [String: Any] = [
      "schemas": [core + "Group"], "displayName": "Sales", "externalId": "G-1",
      "members": people.map { ["value": $0.uid] },
    ]
    for (name, resources) in [("people", users), ("groups", [group]), ("members", [group])] {
      try write(
        ["totalResults": resources.count, "Resources": resources] as [String: Any], as: name,
        to: company)
    }
  }

  private static func writeDSML(_ people: [Entry], to company: Company) throws {
    func entry(_ name: String, _ attributes: [(String, [String])]) -> String {
      let lines = attributes.map { attribute, values in
        "<attr name=\"\(attribute)\">" + values.map { "<value>\(escaped($0))</value>" }.joined()
          + "</attr>"
      }
      return "<searchResultEntry dn=\"\(name)\">\(lines.joined())</searchResultEntry>"
    }
    let entries = people.map { person in
      entry(
        "uid=\(person.uid),dc=contoso,dc=com",
        [
          ("objectClass", ["inetOrgPerson"]), ("uid", [person.uid]),
          ("employeeNumber", ["E-\(person.uid)"]), ("cn", [person.name]),
          ("sn", ["L-\(person.uid)"]), ("mail", ["\(person.uid)@contoso.com"]),
          ("title", [person.title]),
        ])
    }
    let group = entry(
      "cn=Sales,dc=contoso,dc=com",
      [
        ("objectClass", ["groupOfNames"]), ("cn", ["Sales"]), ("businessCategory", ["G-1"]),
        ("member", people.map { "uid=\($0.uid),dc=contoso,dc=com" }),
      ])
    let text =
      #"<batchResponse xmlns="urn:oasis:names:tc:DSML:2:0:core"><searchResponse>"#
      + entries.joined() + group
      + #"<searchResultDone><resultCode code="0"/></searchResultDone></searchResponse></batchResponse>"#
    for name in ["people", "groups", "members"] { try company.write(text, as: name) }
  }

  private static func escaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;")
  }

  private static func writeTable(_ people: [Entry], to company: Company) throws {
    let rows = people.map { person in
      [
        person.uid, "E-\(person.uid)", person.name, "L-\(person.uid)", person.title,
        "\(person.uid)@contoso.com",
      ].map(Person.quoted).joined(separator: ",")
    }
    let header = "uid,employeeNumber,cn,sn,title,mail"
    try company.write(
      ([header] + rows).joined(separator: "\n") + "\n", as: "people")
    try company.write("cn,businessCategory\nSales,G-1\n", as: "groups")
    let members = people.map { "Sales,\($0.uid)" }
    try company.write((["cn,member"] + members).joined(separator: "\n") + "\n", as: "members")
  }

  private static func writeDirectory(_ people: [Entry], to company: Company) throws {
    var text = """
      dn: dc=contoso,dc=com
      objectClass: dcObject
      objectClass: organization
      o: Contoso


      """
    for person in people {
      text += """
        dn: uid=\(person.uid),dc=contoso,dc=com
        objectClass: inetOrgPerson
        uid: \(person.uid)
        employeeNumber: E-\(person.uid)
        cn:: \(Data(person.name.utf8).base64EncodedString())
        sn: L-\(person.uid)
        mail: \(person.uid)@contoso.com

        """
      text += person.title.isEmpty ? "\n" : "title: \(person.title)\n\n"
    }
    text += """
      dn: cn=Sales,dc=contoso,dc=com
      objectClass: groupOfNames
      cn: Sales
      businessCategory: G-1
      \(people.map { "member: UID=\($0.uid.uppercased()), DC=Contoso,DC=com" }.joined(separator: "\n"))


      """
    let written = try Slapd.export(text)
    for name in ["people", "groups", "members"] { try company.write(written, as: name) }
  }
}

/// OpenLDAP's offline tools: what is added comes back as the directory writes it.
enum Slapd {
  private static let add = "/usr/sbin/slapadd"
  private static let cat = "/usr/sbin/slapcat"
  private static let schemas = "/etc/ldap/schema"

  static var isInstalled: Bool {
    [add, cat, "\(schemas)/inetorgperson.schema"].allSatisfy {
      FileManager.default.fileExists(atPath: $0)
    }
  }

  /// Adds entries to a new directory and exports all it holds.
  static func export(_ entries: String) throws -> [UInt8] {
    let folder = try TemporaryFolder()
    let database = URL(filePath: folder.path).appending(path: "db")
    try FileManager.default.createDirectory(at: database, withIntermediateDirectories: true)
    let settings = try folder.write(
      """
      include \(schemas)/core.schema
      include \(schemas)/cosine.schema
      include \(schemas)/inetorgperson.schema
      modulepath /usr/lib/ldap
      moduleload back_mdb
      database mdb
      suffix "dc=contoso,dc=com"
      directory \(database.path)

      """, as: "slapd.conf")
    let input = try folder.write(entries, as: "in.ldif")
    let output = folder.path + "/out.ldif"
    try run(add, ["-q", "-f", settings, "-l", input])
    try run(cat, ["-f", settings, "-l", output])
    return Array(try Data(contentsOf: URL(filePath: output)))
  }

  private static func run(_ path: String, _ arguments: [String]) throws {
    let process = Process()
    process.executableURL = URL(filePath: path)
    process.arguments = arguments
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0, "\(path) failed")
  }
}
