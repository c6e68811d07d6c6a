/// Where a value stands in a SCIM resource (RFC 7644 §3.10, the forms Entra's mappings use).
///
/// ```
/// userName
/// name.givenName
/// emails[type eq "work"].value
/// emails[primary eq "True"].value
/// urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department
/// ```
///
/// Paths are ordered by their canonical text, so that lists of them come out the same everywhere.
package struct AttributePath: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// `[type eq "work"]`: picks the one value of a multi-valued attribute that a path means.
  package struct ValueFilter: Sendable, Hashable {
    package let attribute: String
    package let value: String
  }

  /// The parts and their canonical text, made once.
  ///
  /// Every change of a plan names its attribute; copying five texts with each took a tenth of the time a plan of
  /// 12,000 changes is decided in.
  private final class Parts: Sendable {
    let schema: String?
    let attribute: String
    let filter: ValueFilter?
    let subAttribute: String?
    let text: String

    init(schema: String?, attribute: String, filter: ValueFilter?, subAttribute: String?) {
      self.schema = schema
      self.attribute = attribute
      self.filter = filter
      self.subAttribute = subAttribute
      var text = schema.map { $0 + ":" } ?? ""
      text += attribute
      if let filter { text += "[\(filter.attribute) eq \"\(filter.value)\"]" }
      if let subAttribute { text += "." + subAttribute }
      self.text = text
    }
  }

  private let parts: Parts

  package init(
    schema: String? = nil, attribute: String, filter: ValueFilter? = nil,
    subAttribute: String? = nil
  ) {
    parts = Parts(
      schema: schema, attribute: attribute, filter: filter, subAttribute: subAttribute)
  }

  /// The URN of the extension schema, without the colon before the attribute; nil for the core.
  package var schema: String? { parts.schema }
  package var attribute: String { parts.attribute }
  package var filter: ValueFilter? { parts.filter }
  package var subAttribute: String? { parts.subAttribute }

  /// The one spelling that reports, plans and digests use; no two paths share one.
  package var description: String { parts.text }

  package static func == (left: AttributePath, right: AttributePath) -> Bool {
    left.parts === right.parts || left.parts.text == right.parts.text
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(parts.text)
  }

  package static func < (left: AttributePath, right: AttributePath) -> Bool {
    left.parts.text.utf8.lexicographicallyPrecedes(right.parts.text.utf8)
  }

  package static let userName = AttributePath(attribute: "userName")
  package static let externalID = AttributePath(attribute: "externalId")
  package static let displayName = AttributePath(attribute: "displayName")
  package static let active = AttributePath(attribute: "active")
  package static let department = AttributePath(
    schema: "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", attribute: "department")
  /// The roles that a team carries, as one text; SCIM has no such attribute of a group.
  package static let teamRoles = AttributePath(
    schema: "urn:rollcall:scim:1.0:Group", attribute: "roles")
  package static let workEmail = AttributePath(
    attribute: "emails", filter: ValueFilter(attribute: "type", value: "work"),
    subAttribute: "value")
}

/// Why a text is not an attribute path.
package enum AttributePathProblem: Error, Sendable, Hashable {
  case empty
  case badName(String)
  case badFilter(String)
  case trailingText(String)
}

extension AttributePath {
  /// Reads one path; throws `AttributePathProblem` for anything that is not exactly one.
  ///
  /// A core attribute may be written with the URN of its schema, which is left out of the path.
  package init(parsing text: String) throws(AttributePathProblem) {
    guard !text.isEmpty else { throw .empty }
    var rest = text[...]
    var schema: String?
    if text.lowercased().hasPrefix("urn:") {
      // The colon that ends the URN is the last one before any filter; "2.0" holds dots of its own.
      let head = rest.prefix { $0 != "[" }
      guard let colon = head.lastIndex(of: ":"), Self.isURN(rest[..<colon]) else {
        throw .badName(text)
      }
      schema = Self.isCore(rest[..<colon]) ? nil : String(rest[..<colon])
      rest = rest[rest.index(after: colon)...]
    }
    let attribute = String(rest.prefix { $0 != "[" && $0 != "." })
    guard Self.isName(attribute) else { throw .badName(attribute) }
    rest = rest.dropFirst(attribute.count)
    var filter: ValueFilter?
    if rest.first == "[" {
      guard let end = rest.lastIndex(of: "]") else { throw .badFilter(String(rest)) }
      filter = try Self.filter(rest[rest.index(after: rest.startIndex)..<end])
      rest = rest[rest.index(after: end)...]
    }
    var subAttribute: String?
    if rest.first == "." {
      let name = String(rest.dropFirst())
      guard Self.isName(name) else { throw .badName(name) }
      subAttribute = name
      rest = ""
    }
    guard rest.isEmpty else { throw .trailingText(String(rest)) }
    guard filter == nil || subAttribute != nil else { throw .badFilter(text) }
    self.init(schema: schema, attribute: attribute, filter: filter, subAttribute: subAttribute)
  }

  /// `type eq "work"`, with `eq` in any case as RFC 7644 §3.4.2.2 has it.
  private static func filter(_ text: Substring) throws(AttributePathProblem) -> ValueFilter {
    var rest = text
    let attribute = nextWord(of: &rest)
    let comparison = nextWord(of: &rest)
    var quoted = rest.drop { $0 == " " }
    // A boolean of RFC 7644 has no quotes; Entra's has, and its spelling is the one that paths are known by.
    if attribute == "primary",
      let word = ["True", "False"].first(where: { word in
        quoted.lowercased() == word.lowercased()
          || quoted.lowercased() == "\"\(word.lowercased())\""
      })
    {
      quoted = "\"\(word)\""
    }
    guard comparison.lowercased() == "eq", isName(attribute), quoted.count >= 2,
      quoted.first == "\"", quoted.last == "\""
    else { throw .badFilter(String(text)) }
    let value = quoted.dropFirst().dropLast()
    // A control character would break the lines in which paths are listed and digested.
    guard !value.unicodeScalars.contains(where: { $0 == "\"" || $0 == "\\" || $0.isControl }) else {
      throw .badFilter(String(text))
    }
    return ValueFilter(attribute: attribute, value: String(value))
  }

  private static func nextWord(of text: inout Substring) -> String {
    text = text.drop { $0 == " " }
    defer { text = text.drop { $0 != " " } }
    return String(text.prefix { $0 != " " })
  }

  /// `urn:`, a namespace and something in it (RFC 8141 §2), of the characters a URN may have.
  private static func isURN(_ text: Substring) -> Bool {
    let parts = text.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
    return parts.count == 3 && parts.allSatisfy { !$0.isEmpty }
      && text.unicodeScalars.allSatisfy {
        $0.isASCIILetter || $0.isASCIIDigit || "-._~!$&'()*+,;=:@/%".unicodeScalars.contains($0)
      }
  }

  /// The schemas of RFC 7643 §4 whose attributes stand at the top of a resource.
  private static func isCore(_ schema: Substring) -> Bool {
    [
      "urn:ietf:params:scim:schemas:core:2.0:user", "urn:ietf:params:scim:schemas:core:2.0:group",
    ].contains(schema.lowercased())
  }

  /// An attribute name of RFC 7643 §2.1: a letter (or `$`), then letters, digits, `_`, `-`.
  private static func isName(_ text: String) -> Bool {
    guard let first = text.unicodeScalars.first,
      first.isASCIILetter || first == "$"
    else { return false }
    return text.unicodeScalars.allSatisfy {
      $0.isASCIILetter || $0.isASCIIDigit || "_-$".unicodeScalars.contains($0)
    }
  }
}

extension Unicode.Scalar {
  fileprivate var isASCIILetter: Bool {
    ("a"..."z").contains(self) || ("A"..."Z").contains(self)
  }

  fileprivate var isASCIIDigit: Bool { ("0"..."9").contains(self) }

  fileprivate var isControl: Bool {
    switch properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator: true
    default: false
    }
  }
}
