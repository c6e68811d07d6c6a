import Identity

/// What the values of a target attribute are, going by what the schema says of its directory.
///
/// ```
/// Integer    type: integer         under a URN of one's own; SCIM says itself what its own attributes are
/// DateTime   type: dateTime
/// Binary     text, with a note
/// String, multivalued    multiValued: true
/// ```
///
/// A type that no value of the named export has would set every record aside, so those are looked at.
struct EntraTargetType {
  let path: AttributePath
  let kind: ManagedAttribute.Kind
  let notes: [String]

  /// Decides by the `definition` of the schema, which may be missing, by `examples` of the column that the attribute
  /// is taken from, as far as they are known, or by the `expression` that stands for it.
  init(
    _ path: AttributePath, _ definition: EntraSchema.Definition?, examples: [String] = [],
    expression: String? = nil
  ) {
    self.path = path
    var notes: [String] = []
    let isFree = path.schema.map { $0 != KnownAttributes.enterpriseSchema } ?? false
    if definition?.isMultivalued == true {
      if isFree, Self.kind(of: definition?.type ?? "") == .string, path.subAttribute == nil {
        (kind, self.notes) = (.list, notes)
        return
      }
      notes.append("multivalued in Entra's target; one value is written here")
    }
    guard isFree, let type = definition?.type else {
      (kind, self.notes) = (path.kind, notes)
      return
    }
    let stated = Self.kind(of: type)
    let filled = examples.filter { !$0.isEmpty }
    let others = filled.filter { !Self.isValue($0, of: stated ?? .string) }
    let isDateAlone = stated == .dateTime && expression.map(Self.givesDateAlone) ?? false
    var kind = stated ?? .string
    if stated == nil {
      notes.append("Entra's type is \(type), which has no counterpart; it is written as text")
    } else if isDateAlone {
      notes.append(
        "Entra's type is \(type), but the expression gives a date without a time; it is written as text"
      )
      kind = .string
    } else if let other = others.first {
      let shown = "the export has “\(EntraAttributeDraft.oneLine(other))” there"
      let isText = others.count == filled.count
      notes.append(
        isText
          ? "Entra's type is \(type), but \(shown); it is written as text"
          : "\(shown), which is no \(kind.rawValue): such a record is set aside")
      if isText { kind = .string }
    }
    (self.kind, self.notes) = (kind, notes)
  }

  /// `type:`, and the words of true and false; nothing where SCIM or the default says it.
  func fields(ofColumn: Bool) -> [String] {
    if kind == .list { return path.kind == .list ? [] : ["multiValued: true"] }
    var fields = kind == path.kind ? [] : ["type: \(kind.rawValue)"]
    if kind == .boolean, ofColumn {
      fields += Self.words.map { "\"\($0.meaning)\": \(YAMLText.list($0.words))" }
    }
    return fields
  }

  /// Why nobody can be matched by it, if nobody can.
  var whyNoKey: String? {
    switch kind {
    case .string: nil
    case .boolean: "it is true or false"
    case .integer, .decimal, .dateTime, .reference: "it is no text"
    case .list: "it may have several values"
    }
  }

  /// A text of the schema as a value of this type; nil for one that is none.
  func value(_ text: String) -> String? {
    let text = kind == .boolean ? text.lowercased() : text
    return kind.spelling(of: text.utf8.span).map { String(decoding: $0, as: UTF8.self) }
  }

  private static let words = [
    (meaning: "true", words: ["True", "true", "TRUE"]),
    (meaning: "false", words: ["False", "false", "FALSE"]),
  ]

  private static func kind(of type: String) -> ManagedAttribute.Kind? {
    switch type.lowercased() {
    // Of what a reference refers to, the schema's other places tell.
    case "string", "reference": .string
    case "integer": .integer
    case "decimal", "double": .decimal
    case "boolean": .boolean
    case "datetime": .dateTime
    default: nil
    }
  }

  private static func isValue(_ text: String, of kind: ManagedAttribute.Kind) -> Bool {
    guard kind == .boolean else { return kind.spelling(of: text.utf8.span) != nil }
    return words.contains { $0.words.contains(text) }
  }

  /// Whether the last thing it does is to write a date by a format without hours.
  private static func givesDateAlone(_ expression: String) -> Bool {
    guard expression.trimmingPrefix(while: \.isWhitespace).hasPrefix("FormatDateTime"),
      let format = expression.matches(of: /"([^"]*)"/).last?.1
    else { return false }
    return !format.contains { "Hh".contains($0) }
  }
}
