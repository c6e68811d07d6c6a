import Identity

/// What the values of a target attribute are, going by what the schema says of its directory.
///
/// ```
/// Integer    type: integer         under a URN of one's own; SCIM says itself what its own attributes are
/// DateTime   type: dateTime
/// Binary     text, with a note
/// ```
///
/// A type that the values of the named export do not have would set every record aside, so those are looked at.
struct EntraTargetType {
  let path: AttributePath
  let kind: ManagedAttribute.Kind
  let notes: [String]

  /// - Parameters:
  ///   - definition: nil where the schema does not say.
  ///   - examples: values of the column that the attribute is taken from, as far as they are known.
  ///   - expression: what the attribute is taken from instead.
  init(
    _ path: AttributePath, _ definition: EntraSchema.Definition?, examples: [String] = [],
    expression: String? = nil
  ) {
    self.path = path
    var notes: [String] = []
    if definition?.isMultivalued == true {
      notes.append("multivalued in Entra's target; one value is written here")
    }
    let isFree = path.schema.map { $0 != KnownAttributes.enterpriseSchema } ?? false
    guard isFree, let type = definition?.type else {
      (kind, self.notes) = (path.kind, notes)
      return
    }
    let stated = Self.kind(of: type)
    let doubt = Self.doubt(stated ?? .string, examples, expression)
    if stated == nil {
      notes.append("Entra's type is \(type), which has no counterpart; it is written as text")
    } else if let doubt {
      notes.append("Entra's type is \(type), but \(doubt); it is written as text")
    }
    (kind, self.notes) = (doubt == nil ? stated ?? .string : .string, notes)
  }

  /// `type:`, and the words of true and false; nothing where SCIM or the default says it.
  func fields(ofColumn: Bool) -> [String] {
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

  /// Why the values will not be of this kind.
  private static func doubt(
    _ kind: ManagedAttribute.Kind, _ examples: [String], _ expression: String?
  ) -> String? {
    if kind == .dateTime, let expression, givesDateAlone(expression) {
      return "the expression gives a date without a time"
    }
    let other = examples.first { example in
      guard !example.isEmpty else { return false }
      guard kind == .boolean else { return kind.spelling(of: example.utf8.span) == nil }
      return !words.contains { $0.words.contains(example) }
    }
    return other.map { "the export has “\(EntraAttributeDraft.oneLine($0))” there" }
  }

  /// Whether the last thing it does is to write a date by a format without hours.
  private static func givesDateAlone(_ expression: String) -> Bool {
    guard expression.trimmingPrefix(while: \.isWhitespace).hasPrefix("FormatDateTime"),
      let format = expression.matches(of: /"([^"]*)"/).last?.1
    else { return false }
    return !format.contains { "Hh".contains($0) }
  }
}
