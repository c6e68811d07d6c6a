import Identity
import PlanFile
import Scanning

/// One operation as the journal's two tables hold it.
struct JournaledOperation {
  /// What the `operation` table says: nothing that must be erased with a person.
  struct Facts {
    let number: Int
    let kind: String
    let subject: String
    let other: String?
    let situation: String
    let classes: Int
    let rule: String
    /// JSON: `[["people","users.csv",42], …]`; nil for none.
    let origins: [UInt8]?
    let stateBefore: String?
    /// Of the values; filled in once it is known.
    var digest: [UInt8] = []

    /// All but the digest, each field with its length.
    fileprivate func write(to fields: inout JournalFields) {
      fields.add(number)
      fields.add(kind)
      fields.add(subject)
      fields.add(other)
      fields.add(situation)
      fields.add(classes)
      fields.add(rule)
      fields.add(origins)
      fields.add(stateBefore)
    }

    /// As the chain takes it.
    var bytes: [UInt8] {
      var fields = JournalFields()
      write(to: &fields)
      fields.add(digest)
      return fields.bytes
    }
  }

  /// What the `operation_value` table says; deleting the row erases it.
  struct Values {
    let salt: [UInt8]
    let name: String
    let otherName: String?
    let before: [UInt8]?
    let after: [UInt8]?
  }

  var facts: Facts
  let values: Values

  /// Takes the digest of all it is given.
  ///
  /// For a create, `created` is the managed values the resource has now; they are part of the digest,
  /// but are stored in the resource alone.
  init(facts: Facts, values: Values, created: AttributeImage?) {
    self.facts = facts
    self.values = values
    self.facts.digest = Self.digest(facts, values, created: created)
  }

  static func digest(
    _ facts: Facts, _ values: Values, created: AttributeImage?
  ) -> [UInt8] {
    var fields = JournalFields()
    fields.add(values.salt)
    facts.write(to: &fields)
    fields.add(values.name)
    fields.add(values.otherName)
    fields.add(values.before)
    fields.add(values.after)
    if let created { fields.add(created) } else { fields.add(nil as String?) }
    return fields.digest
  }
}

extension JournaledOperation.Facts {
  static let columns =
    "number, kind, subject, other, situation, classes, rule, origins, state_before, digest"

  /// From a row of `columns`.
  init(_ row: SQLStatement) {
    self.init(
      number: row.integer(0), kind: row.text(1), subject: row.text(2), other: row.optionalText(3),
      situation: row.text(4), classes: row.integer(5), rule: row.text(6),
      origins: row.isNull(7) ? nil : row.bytes(7), stateBefore: row.optionalText(8),
      digest: row.bytes(9))
  }

  func bind(to statement: SQLStatement) {
    statement.bind(number, at: 1).bind(kind, at: 2).bind(subject, at: 3).bind(other, at: 4)
      .bind(situation, at: 5).bind(classes, at: 6).bind(rule, at: 7).bind(text: origins, at: 8)
      .bind(stateBefore, at: 9).bind(digest, at: 10)
  }
}

extension JournaledOperation.Values {
  static let columns = "salt, name, other_name, before, after"

  /// From a row of `columns` that begin at `first`; nil where the person has been erased.
  init?(_ row: SQLStatement, from first: Int32) {
    guard !row.isNull(first) else { return nil }
    self.init(
      salt: row.bytes(first), name: row.text(first + 1), otherName: row.optionalText(first + 2),
      before: row.isNull(first + 3) ? nil : row.bytes(first + 3),
      after: row.isNull(first + 4) ? nil : row.bytes(first + 4))
  }

  func bind(to statement: SQLStatement, number: Int) {
    statement.bind(number, at: 1).bind(salt, at: 2).bind(name, at: 3).bind(otherName, at: 4)
      .bind(text: before, at: 5).bind(text: after, at: 6)
  }
}

/// How changed values and origins are written in the journal: JSON that a person can read.
enum JournalText {
  /// `{"active":true,"title":null}`: one side of some changes.
  static func values(
    _ changes: [AttributeChange], _ side: (AttributeChange) -> String?
  ) -> [UInt8] {
    JSONValue.object(
      changes.map { change in
        let value: JSONValue =
          switch (side(change), change.attribute.kind) {
          case (nil, _): .null
          case ("true", .boolean): .bool(true)
          case ("false", .boolean): .bool(false)
          case (let text?, _): .string(text)
          }
        return JSONMember(name: change.attribute.path.description, value: value)
      }
    ).bytes
  }

  /// Both sides put together again; nil for what is not a journal's text.
  ///
  /// An attribute that is not in `set` is a boolean if one of its values is.
  static func changes(
    before: [UInt8]?, after: [UInt8]?, of set: AttributeSet
  ) -> [AttributeChange]? {
    guard let before = members(before), let after = members(after), before.count == after.count
    else { return nil }
    var changes: [AttributeChange] = []
    for (old, new) in zip(before, after) {
      guard old.name.utf8.elementsEqual(new.name.utf8),
        let path = try? AttributePath(parsing: old.name)
      else { return nil }
      let isBoolean = old.value.boolean != nil || new.value.boolean != nil
      changes.append(
        AttributeChange(
          attribute: set.id(of: path).map { set[$0] }
            ?? ManagedAttribute(path: path, kind: isBoolean ? .boolean : .string),
          before: old.value.journaledText, after: new.value.journaledText))
    }
    return changes
  }

  private static func members(_ text: [UInt8]?) -> [JSONMember]? {
    guard let text else { return [] }
    return (try? JSONParser.parse(text))?.members
  }

  static func origins(_ origins: [RecordOrigin]) -> [UInt8]? {
    guard !origins.isEmpty else { return nil }
    var text: [UInt8] = []
    append(origins: origins, to: &text)
    return text
  }

  /// Appends the text of some origins; nothing for none.
  static func append(origins: [RecordOrigin], to text: inout [UInt8]) {
    guard !origins.isEmpty else { return }
    for (place, origin) in origins.enumerated() {
      text.append(contentsOf: (place == 0 ? "[[" : ",[").utf8)
      JSONValue.write(string: origin.export.utf8, to: &text)
      text.append(UInt8(ascii: ","))
      JSONValue.write(string: origin.file.utf8, to: &text)
      text.append(UInt8(ascii: ","))
      text.append(contentsOf: String(origin.line).utf8)
      text.append(UInt8(ascii: "]"))
    }
    text.append(UInt8(ascii: "]"))
  }

  /// The text of one origin up to its line; the number and two brackets follow.
  static func start(of file: RecordOrigin) -> [UInt8] {
    var text = Array("[[".utf8)
    JSONValue.write(string: file.export.utf8, to: &text)
    text.append(UInt8(ascii: ","))
    JSONValue.write(string: file.file.utf8, to: &text)
    text.append(UInt8(ascii: ","))
    return text
  }

  static func origins(parsing text: [UInt8]?) -> [RecordOrigin]? {
    guard let text else { return [] }
    guard let elements = (try? JSONParser.parse(text))?.elements else { return nil }
    let origins: [RecordOrigin] = elements.compactMap { element in
      guard let parts = element.elements, parts.count == 3, let export = parts[0].text,
        let file = parts[1].text, let line = parts[2].integer
      else { return nil }
      return RecordOrigin(export: export, file: file, line: line)
    }
    return origins.count == elements.count ? origins : nil
  }
}

extension JSONValue {
  fileprivate var journaledText: String? {
    switch self {
    case .string(let text): text
    case .bool(let value): value ? "true" : "false"
    default: nil
    }
  }
}
