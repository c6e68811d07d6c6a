/// A value in a CSV file that people open in a spreadsheet, where it must stay a value.
///
/// ```
/// =HYPERLINK("http://evil.example")   → '=HYPERLINK("http://evil.example")
/// "  @SUM(A1)"                        → "'  @SUM(A1)"
/// '=1                                 → ''=1
/// 't Hooft                            → 't Hooft
/// ```
///
/// A spreadsheet computes what begins with `=`, `+`, `-` or `@` (or their full-width forms), also after
/// spaces; some take a leading TAB, CR, LF or NUL away first (OWASP, “CSV Injection”). Such a value gets
/// a `'` before it. So does one that is such a value after apostrophes of its own, so that `raw` always
/// gives back exactly what went in.
package struct SpreadsheetCell: Sendable, Hashable {
  /// The text to write into the file, not yet quoted.
  package let text: String

  package init(_ raw: String) {
    text = Self.isTrigger(raw) ? "'" + raw : raw
  }

  /// Takes a cell of a file that was written with `text`.
  package init(text: String) {
    self.text = text
  }

  /// The value that went in.
  package var raw: String {
    guard Self.isTrigger(text), text.unicodeScalars.first == "'" else { return text }
    return String(text.unicodeScalars.dropFirst())
  }

  /// RFC 4180 §2: in quotes, each quote inside written twice.
  package func write(to out: inout [UInt8]) {
    out.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      if byte == UInt8(ascii: "\"") { out.append(byte) }
      out.append(byte)
    }
    out.append(UInt8(ascii: "\""))
  }

  private static func isTrigger(_ text: String) -> Bool {
    // Nearly every value begins with a letter or digit, and tables have millions of them.
    if let byte = text.utf8.first, 0x41...0x7E ~= byte || 0x30...0x39 ~= byte { return false }
    let scalars = text.unicodeScalars.drop { $0 == "'" }
    guard let first = scalars.first(where: { !isSkipped($0) }) else { return false }
    return triggers.contains(first)
  }

  private static let triggers: Set<Unicode.Scalar> = [
    "=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠",
  ]

  /// White space, controls and what is not seen may be dropped by whatever opens the file.
  private static func isSkipped(_ scalar: Unicode.Scalar) -> Bool {
    guard !triggers.contains(scalar) else { return false }
    let properties = scalar.properties
    return properties.isWhitespace || properties.isDefaultIgnorableCodePoint
      || properties.generalCategory == .control
  }
}
