/// What Entra's attributes are called in exports.
///
/// ```
/// objectId    is  id           in downloads and in Graph
/// mobile      is  mobilePhone
/// ```
struct EntraColumns: Sendable {
  /// The columns of the export; nil where none was named.
  let present: [String]?
  /// The first values of each.
  var examples: [String: [String]] = [:]

  private static let otherNames: [String: [String]] = [
    "objectId": ["id", "Object Id"], "mobile": ["mobilePhone"],
    "physicalDeliveryOfficeName": ["officeLocation"], "facsimileTelephoneNumber": ["faxNumber"],
    "dirSyncEnabled": ["onPremisesSyncEnabled"], "immutableId": ["onPremisesImmutableId"],
    "originalUserPrincipalName": ["userPrincipalName"],
  ]

  /// Every name the attribute may go by in an export, Entra's own first.
  static func names(of attribute: String) -> [String] {
    var names = [attribute] + (otherNames[attribute] ?? [])
    if attribute.hasPrefix("extensionAttribute") {
      names.append("onPremisesExtensionAttributes.\(attribute)")
    }
    return names
  }

  static func isObjectID(_ name: String) -> Bool {
    names(of: "objectId").contains { $0.lowercased() == name.lowercased() }
  }

  /// The columns to name for a mapping that takes the first one there is.
  func columns(for attribute: String) -> [String] {
    guard let column = column(for: attribute) else { return Self.names(of: attribute) }
    return [column]
  }

  /// The one column of the named export that holds the attribute; nil where there is none, or no export.
  func column(for attribute: String) -> String? {
    guard let present else { return nil }
    for name in Self.names(of: attribute) {
      if present.contains(name) { return name }
      if let other = present.first(where: { $0.lowercased() == name.lowercased() }) { return other }
    }
    return nil
  }

  /// Values that the export has of the attribute, as far as any are known.
  func examples(of attribute: String) -> [String] {
    column(for: attribute).flatMap { examples[$0] } ?? []
  }

  /// Whether it is certain that the export lacks the attribute.
  func lacks(_ attribute: String) -> Bool { present != nil && column(for: attribute) == nil }

  /// An expression with the names that the export's columns have; all else stays as it is, letter by letter.
  func renamed(_ expression: String) -> String {
    Self.replacingColumns(of: expression) { name in
      column(for: name).map { "[\($0)]" } ?? "[\(name)]"
    }
  }

  /// Goes through an expression and replaces each `[name]` outside of quotes.
  static func replacingColumns(
    of expression: String, with replacement: (String) -> String
  ) -> String {
    var result = ""
    var scalars = expression.unicodeScalars[...]
    var isQuoted = false
    while let scalar = scalars.popFirst() {
      if isQuoted, scalar == "\\", let next = scalars.first, next == "\"" || next == "\\" {
        result.unicodeScalars.append(scalar)
        result.unicodeScalars.append(next)
        scalars.removeFirst()
        continue
      }
      if scalar == "\"" { isQuoted.toggle() }
      guard !isQuoted, scalar == "[", let end = closingBracket(in: scalars) else {
        result.unicodeScalars.append(scalar)
        continue
      }
      result += replacement(String(String.UnicodeScalarView(scalars[..<end])))
      scalars = scalars[scalars.index(after: end)...]
    }
    return result
  }

  /// Where the name ends whose bracket has been opened; it may hold brackets of its own.
  private static func closingBracket(
    in scalars: Substring.UnicodeScalarView
  ) -> String.UnicodeScalarView.Index? {
    var depth = 1
    return scalars.indices.first { index in
      if scalars[index] == "[" { depth += 1 }
      if scalars[index] == "]" { depth -= 1 }
      return depth == 0
    }
  }

  /// The names between brackets, each once.
  static func names(in expression: String) -> [String] {
    var names: [String] = []
    _ = replacingColumns(of: expression) { name in
      if !names.contains(name) { names.append(name) }
      return name
    }
    return names
  }
}
