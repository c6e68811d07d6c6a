import Foundation

/// Writes users files of any size: Entra's columns, about 284 bytes per row, the same for a seed.
struct PeopleGenerator {
  /// Which of two consecutive nights a file is of.
  enum Edition {
    case old
    case new
  }

  let seed: UInt64
  let rows: Int
  let share: ChangeShare
  let tables = PeopleTables()

  /// Writes one file: these columns in this order, the rows in that of the people's numbers or not.
  func write(
    _ edition: Edition, to url: URL, columns: [EntraColumn] = EntraColumn.filled,
    isShuffled: Bool = false
  ) throws {
    var file = try ByteFile(url)
    try file.append {
      $0.append(contentsOf: (columns.map(\.rawValue).joined(separator: ",") + "\n").utf8)
    }
    let count = edition == .old ? rows : rows + rows * share.joining / 1_000_000
    let order = isShuffled ? Walk(over: count, seed: seed) : Walk(inOrderOver: count)
    for step in 0..<count {
      let number = order.item(at: step)
      var draw = PersonDraw(seed: seed, number: number, share: share, tables: tables)
      if number >= rows { draw.join() }
      if edition == .new {
        if draw.fate == .leaves { continue }
        if draw.fate == .changes { draw.change(tables: tables) }
      }
      try file.append { append(draw, columns, to: &$0) }
    }
    try file.close()
  }

  /// Appends the user name of person `number`, which no fate changes.
  func appendUserName(of number: Int, to bytes: inout [UInt8]) {
    let draw = PersonDraw(seed: seed, number: number, share: share, tables: tables)
    appendUserName(draw, to: &bytes)
  }

  private func append(_ draw: PersonDraw, _ columns: [EntraColumn], to bytes: inout [UInt8]) {
    for (position, column) in columns.enumerated() {
      if position > 0 { bytes.append(UInt8(ascii: ",")) }
      append(column, of: draw, to: &bytes)
    }
    bytes.append(UInt8(ascii: "\n"))
  }

  private func append(_ column: EntraColumn, of draw: PersonDraw, to bytes: inout [UInt8]) {
    let place = tables.places[draw.place]
    switch column {
    case .userPrincipalName, .mail: appendUserName(draw, to: &bytes)
    case .displayName:
      bytes.append(contentsOf: tables.given[draw.given].text)
      bytes.append(UInt8(ascii: " "))
      bytes.append(contentsOf: tables.surnames[draw.surname].text)
    case .surname: bytes.append(contentsOf: tables.surnames[draw.surname].text)
    case .givenName: bytes.append(contentsOf: tables.given[draw.given].text)
    case .id: bytes.appendIdentifier(draw.id.0, draw.id.1)
    case .userType: bytes.append(contentsOf: "Member".utf8)
    case .jobTitle: bytes.append(contentsOf: tables.titles[draw.title])
    case .department: bytes.append(contentsOf: tables.departments[draw.department])
    case .accountEnabled: bytes.append(contentsOf: (draw.isEnabled ? "True" : "False").utf8)
    case .usageLocation: bytes.append(contentsOf: place.countryCode)
    case .streetAddress: appendAddress(draw, place.streets[draw.street], to: &bytes)
    case .state: bytes.append(contentsOf: place.state)
    case .country: bytes.append(contentsOf: place.country)
    case .officeLocation: bytes.appendDecimal(100 + draw.office)
    case .city: bytes.append(contentsOf: place.city)
    case .postalCode: bytes.append(contentsOf: place.postalCode)
    case .telephoneNumber:
      bytes.append(contentsOf: place.dialling)
      bytes.append(UInt8(ascii: " "))
      bytes.appendDecimal(draw.telephone, width: 4)
    case .mobilePhone:
      guard let mobile = draw.mobile else { return }
      bytes.append(contentsOf: "+49 151 ".utf8)
      bytes.appendDecimal(mobile, width: 7)
    case .companyName: bytes.append(contentsOf: "Contoso AG".utf8)
    case .directorySynced: bytes.append(contentsOf: "True".utf8)
    case .createdDateTime: bytes.appendMoment(draw.created)
    case .alternateEmailAddress, .ageGroup, .consentProvidedForMinor,
      .legalAgeGroupClassification, .creationType, .invitationState, .identityIssuer:
      break
    }
  }

  private func appendUserName(_ draw: PersonDraw, to bytes: inout [UInt8]) {
    bytes.append(contentsOf: tables.given[draw.given].login)
    bytes.append(UInt8(ascii: "."))
    bytes.append(contentsOf: tables.surnames[draw.surname].login)
    bytes.appendDecimal(draw.number)
    bytes.append(contentsOf: "@contoso.com".utf8)
  }

  /// Of 1000 addresses 60 hold a comma, 5 a line break and 3 a quote.
  private func appendAddress(_ draw: PersonDraw, _ street: [UInt8], to bytes: inout [UInt8]) {
    let isQuoted = draw.addressStyle < 68
    if isQuoted { bytes.append(UInt8(ascii: "\"")) }
    bytes.append(contentsOf: street)
    bytes.append(UInt8(ascii: " "))
    bytes.appendDecimal(draw.houseNumber)
    switch draw.addressStyle {
    case 0..<60: bytes.append(contentsOf: ", Building 3\"".utf8)
    case 60..<65: bytes.append(contentsOf: "\nRear building\"".utf8)
    case 65..<68: bytes.append(contentsOf: " \"\"Annex\"\"\"".utf8)
    default: break
    }
  }
}
