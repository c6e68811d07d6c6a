import Scanning

/// What an attribute of a directory's entry is, told by its name, and which columns want it.
///
/// A class: one attribute of a million entries is one object, and handing it on costs one count.
final class EntryField: Sendable {
  /// How its values become text.
  enum Syntax: Sendable, Hashable {
    case text
    case objectClass
    /// `objectGUID`: sixteen bytes, the first three numbers little-endian.
    case guid
    /// `objectSid`
    case sid
    /// `userAccountControl`: bit 2 says that the account is disabled.
    case accountControl
    /// `accountExpires`: hundreds of nanoseconds since 1601, with two numbers for never.
    case fileTime
    /// The distinguished name of another entry.
    case name
  }

  let name: [UInt8]
  let syntax: Syntax
  let targets: [FieldTable.Target]
  /// For `userAccountControl`: the columns that want `accountEnabled`.
  let derived: [FieldTable.Target]
  /// What `;range=0-1499` says: which values of a long list these are; nil for all of them.
  let range: ValueRange?

  /// Whether its values go to their columns as they stand, which those of nearly every attribute do.
  let isPlain: Bool

  /// Whether any column wants it.
  var isWanted: Bool { !(targets.isEmpty && derived.isEmpty) }

  /// A part of a list of values; `last` is nil for `*`, the part that ends it.
  struct ValueRange: Sendable, Hashable {
    let first: Int
    let last: Int?
  }

  /// Takes the attribute with its options, as it stands in the file.
  init(_ description: ArraySlice<UInt8>, in table: FieldTable) {
    let parts = description.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false)
    var name = Array(parts.first ?? [])
    var range: ValueRange?
    for option in parts.dropFirst() {
      let word = String(decoding: option, as: UTF8.self).lowercased()
      if let part = ValueRange(word) {
        range = part
      } else if word != "binary" {
        name += [UInt8(ascii: ";")] + option
      }
    }
    self.name = name
    self.range = range
    syntax = Self.syntaxes[String(decoding: name, as: UTF8.self).lowercased()] ?? .text
    targets = table.targets(of: name)
    derived = syntax == .accountControl ? table.targets(of: "accountEnabled".utf8) : []
    isPlain = (syntax == .text || syntax == .objectClass) && range == nil
  }

  private static let syntaxes: [String: Syntax] = {
    var syntaxes: [String: Syntax] = [
      "objectclass": .objectClass, "objectguid": .guid, "objectsid": .sid,
      "useraccountcontrol": .accountControl, "accountexpires": .fileTime,
    ]
    let names = [
      "member", "uniquemember", "memberof", "manager", "secretary", "owner", "roleoccupant",
      "seealso", "distinguishedname", "directreports", "managedby", "managedobjects",
    ]
    for name in names { syntaxes[name] = .name }
    return syntaxes
  }()
}

extension EntryField.ValueRange {
  /// `range=1500-2999` or `range=3000-*`.
  fileprivate init?(_ option: String) {
    guard option.hasPrefix("range=") else { return nil }
    let bounds = option.dropFirst(6).split(separator: "-", omittingEmptySubsequences: false)
    guard bounds.count == 2, let first = Int(bounds[0]), first >= 0 else { return nil }
    if bounds[1] == "*" {
      self.init(first: first, last: nil)
    } else if let last = Int(bounds[1]), last >= first {
      self.init(first: first, last: last)
    } else {
      return nil
    }
  }
}

/// The fields of a file's entries by the names that stand there.
///
/// Entries have their attributes mostly in one order, so the field after the last one is asked first;
/// looking each name up anew costs three times what the rest of a line does.
struct EntryFields {
  private let table: FieldTable
  private var known: [(description: [UInt8], field: EntryField)] = []
  /// What `known` has, in few bytes to a name and without anything that is counted.
  private var quick: [Quick] = []
  /// Whether each of them has the classes of an entry, and whether it was noted.
  private var marks: [(isClass: Bool, isNoted: Bool)] = []
  private var guess = 0

  /// Where a value goes that stands in the text as it is.
  struct Quick: Sendable {
    let prefix: UInt64
    let length: Int
    let way: Way
  }

  enum Way: Sendable {
    /// To one column.
    case column(FieldTable.Target)
    case nowhere
    /// It wants a closer look.
    case look
  }

  /// More names than any directory has are not kept.
  private static let limit = 1000

  init(_ table: FieldTable) {
    self.table = table
  }

  /// How many names have come, as far as they are kept.
  var count: Int { known.count }

  /// A name that has come, and what it means; in the order in which they first came.
  subscript(place: Int) -> (description: [UInt8], field: EntryField) { known[place] }

  /// Whether a name, which has come before, has the classes of an entry.
  func isClass(_ name: Range<Int>, in bytes: [UInt8]) -> Bool {
    known.contains {
      $0.field.syntax == .objectClass && $0.description.elementsEqual(bytes[name])
    }
  }

  mutating func field(_ name: Range<Int>, in bytes: [UInt8]) -> EntryField {
    if let place = place(name, in: bytes) { return known[place].field }
    let field = EntryField(bytes[name], in: table)
    if known.count < Self.limit { append(bytes[name], field) }
    return field
  }

  /// The place of a name, which is kept from now on; nil where there are too many.
  mutating func keptPlace(_ name: Range<Int>, in bytes: [UInt8]) -> Int? {
    if let place = place(name, in: bytes) { return place }
    guard known.count < Self.limit else { return nil }
    append(bytes[name], EntryField(bytes[name], in: table))
    return known.count - 1
  }

  private mutating func append(_ description: ArraySlice<UInt8>, _ field: EntryField) {
    known.append((Array(description), field))
    quick.append(Quick(description, field))
    marks.append((field.syntax == .objectClass, false))
  }

  func isClass(_ place: Int) -> Bool { marks[place].isClass }

  /// Whether what it stands for was noted.
  func isNoted(_ place: Int) -> Bool { marks[place].isNoted }

  mutating func setNoted(_ place: Int) { marks[place].isNoted = true }

  private mutating func place(_ name: Range<Int>, in bytes: [UInt8]) -> Int? {
    let description = bytes[name]
    for offset in 0..<known.count {
      let place = guess + offset < known.count ? guess + offset : guess + offset - known.count
      guard known[place].description.count == name.count,
        known[place].description.elementsEqual(description)
      else { continue }
      guess = place + 1 == known.count ? 0 : place + 1
      return place
    }
    return nil
  }

  /// Where a value goes, told without its field; names that have not come yet want a closer look.
  mutating func way(of line: LDIFLine, in bytes: [UInt8]) -> Way {
    let name = line.name
    for offset in 0..<quick.count {
      let place = guess + offset < quick.count ? guess + offset : guess + offset - quick.count
      guard quick[place].prefix == line.prefix, quick[place].length == name.count,
        name.count <= 8 || isKnown(name, at: place, in: bytes)
      else { continue }
      guess = place + 1 == quick.count ? 0 : place + 1
      return quick[place].way
    }
    return .look
  }

  private func isKnown(_ name: Range<Int>, at place: Int, in bytes: [UInt8]) -> Bool {
    for index in 8..<name.count
    where known[place].description[index] != bytes[name.lowerBound + index] { return false }
    return true
  }
}

extension EntryFields.Quick {
  fileprivate init(_ description: ArraySlice<UInt8>, _ field: EntryField) {
    prefix = description.prefix(8).enumerated().reduce(0) {
      $0 | UInt64($1.element) << UInt64($1.offset * 8)
    }
    length = description.count
    way = field.way
  }
}

extension EntryField {
  /// Where its values go, if they stand in the text as they are.
  var way: EntryFields.Way {
    guard isPlain, syntax == .text, derived.isEmpty, targets.count <= 1 else { return .look }
    return targets.first.map { .column($0) } ?? .nowhere
  }
}
