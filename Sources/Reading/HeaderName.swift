/// What a header cell calls its column.
///
/// ```
/// User name [userPrincipalName] Required      userPrincipalName     (Entra templates)
/// Email Address [Required]                    Email Address         (Google: a marker, not a name)
/// Status [READ ONLY]                          Status
///  mail␠                                      mail
/// ```
struct HeaderName: Sendable, Hashable {
  let name: String
  /// The property name stood in brackets, as only templates have it.
  let isFromTemplate: Bool

  init(cell: String) {
    let trimmed = Self.trimmed(cell[...])
    let property = Self.property(in: trimmed)
    isFromTemplate = property != nil
    name = String(property ?? Self.withoutMarker(trimmed))
  }

  private static func property(in cell: Substring) -> Substring? {
    bracket(in: cell).flatMap { isProperty($0.inner) ? $0.inner : nil }
  }

  private static func withoutMarker(_ cell: Substring) -> Substring {
    guard let bracket = bracket(in: cell), isMarker(bracket.inner), !bracket.before.isEmpty
    else { return cell }
    return bracket.before
  }

  /// The last bracket of a cell, if nothing but `Required` follows it.
  private static func bracket(
    in cell: Substring
  ) -> (before: Substring, inner: Substring)? {
    guard let open = cell.lastIndex(of: "["), let close = cell[open...].firstIndex(of: "]")
    else { return nil }
    let after = trimmed(cell[cell.index(after: close)...])
    guard after.isEmpty || after == "Required" else { return nil }
    return (trimmed(cell[..<open]), cell[cell.index(after: open)..<close])
  }

  /// `userPrincipalName`, `extension_0a1b_costCenter`.
  private static func isProperty(_ text: Substring) -> Bool {
    guard let first = text.utf8.first, (0x61...0x7A).contains(first) else { return false }
    return text.utf8.allSatisfy { byte in
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "_"), UInt8(ascii: "."): true
      default: false
      }
    }
  }

  /// `Required`, `READ ONLY`, `MUST BE IN THE E.164 FORMAT`.
  private static func isMarker(_ text: Substring) -> Bool {
    text == "Required" || (!text.isEmpty && !text.utf8.contains { (0x61...0x7A).contains($0) })
  }

  private static func trimmed(_ text: Substring) -> Substring {
    var text = text
    while text.first?.isWhitespace == true { text = text.dropFirst() }
    while text.last?.isWhitespace == true { text = text.dropLast() }
    return text
  }
}
