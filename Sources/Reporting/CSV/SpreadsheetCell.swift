/// A value in a CSV file that people open in a spreadsheet or send to a terminal, where it must stay a value.
///
/// ```
/// =HYPERLINK("http://evil.example")   → '=HYPERLINK("http://evil.example")
/// "  @SUM(A1)"                        → "'  @SUM(A1)"
/// '=1                                 → ''=1
/// 't Hooft                            → 't Hooft
/// ann␛[2J                             → ann\u{1b}[2J
/// C:\u{1b}                            → C:\u{5c}u{1b}      a backslash that would look like one of ours
/// ```
///
/// A spreadsheet computes what begins with `=`, `+`, `-` or `@` (or their full-width forms), also after
/// spaces; some take a leading TAB, CR or LF away first (OWASP, “CSV Injection”). Such a value gets
/// a `'` before it. So does one that is such a value after apostrophes of its own.
///
/// What would steer a terminal that the file is shown on, or is not seen at all, is spelled as on the page and in
/// text (`VisibleText`): controls but TAB, CR and LF, bidi controls, zero-width and other format characters. What
/// ordinary text is written with stays, so that it can still be joined with other tables: joiners, variation
/// selectors, soft hyphens and all kinds of spaces. `raw` always gives back exactly what went in.
package struct SpreadsheetCell: Sendable, Hashable {
  /// The text to write into the file, not yet quoted.
  package let text: String

  package init(_ raw: String) {
    let shown = Self.isPlain(raw) ? raw : Self.spelled(raw)
    text = Self.isTrigger(shown) ? "'" + shown : shown
  }

  /// Takes a cell of a file that was written with `text`.
  package init(text: String) {
    self.text = text
  }

  /// The value that went in.
  package var raw: String {
    guard Self.isTrigger(text), text.unicodeScalars.first == "'" else { return Self.read(text) }
    return Self.read(String(text.unicodeScalars.dropFirst()))
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

  // MARK: - Formulas

  private static func isTrigger(_ text: String) -> Bool {
    // Nearly every value begins with a letter or digit, and tables have millions of them.
    if let byte = text.utf8.first, 0x41...0x7E ~= byte || 0x30...0x39 ~= byte { return false }
    let scalars = text.unicodeScalars.drop { $0 == "'" }
    guard let first = scalars.first(where: { !isSkipped($0) }) else { return false }
    return triggers.contains(first)
  }

  private static let triggers: Set<Unicode.Scalar> = [
    "=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠",
  ]

  /// White space and what is not seen may be dropped by whatever opens the file.
  private static func isSkipped(_ scalar: Unicode.Scalar) -> Bool {
    guard !triggers.contains(scalar) else { return false }
    return scalar.properties.isWhitespace || scalar.properties.isDefaultIgnorableCodePoint
  }

  // MARK: - What is not seen

  /// Visible ASCII without a backslash: nearly every value.
  private static func isPlain(_ text: String) -> Bool {
    text.utf8.allSatisfy { $0 &- 0x20 < 0x5F && $0 != 0x5C }
  }

  private static func spelled(_ raw: String) -> String {
    var shown = ""
    var rest = raw.unicodeScalars[...]
    while let scalar = rest.popFirst() {
      let looksLikeOurs = scalar == "\\" && rest.starts(with: ["u", "{"] as [Unicode.Scalar])
      if looksLikeOurs || scalar.mustBeSpelled && !isOrdinary(scalar) {
        shown += scalar.spelling
      } else {
        shown.unicodeScalars.append(scalar)
      }
    }
    return shown
  }

  /// What text in some language needs, though it is not seen, and what RFC 4180 has between quotes.
  private static func isOrdinary(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x09, 0x0A, 0x0D, 0xAD, 0x200C, 0x200D, 0x2060, 0xFE00...0xFE0F, 0xE0100...0xE01EF: true
    default: scalar.properties.generalCategory == .spaceSeparator
    }
  }

  /// Takes `\u{1b}` for the one character that it stands for.
  private static func read(_ shown: String) -> String {
    guard shown.utf8.contains(UInt8(ascii: "\\")) else { return shown }
    var raw = String.UnicodeScalarView()
    var rest = shown.unicodeScalars[...]
    while let scalar = rest.popFirst() {
      guard scalar == "\\", rest.starts(with: ["u", "{"] as [Unicode.Scalar]),
        let end = rest.firstIndex(of: "}"),
        let value = UInt32(String(rest[rest.startIndex..<end].dropFirst(2)), radix: 16),
        let meant = Unicode.Scalar(value)
      else {
        raw.append(scalar)
        continue
      }
      raw.append(meant)
      rest = rest[rest.index(after: end)...]
    }
    return String(raw)
  }
}
