/// Data for programs on its way to a terminal, where a person reads it: nothing in it can steer the terminal.
///
/// ```
/// csv    "ann␛[2J",x        → "ann\u{1b}[2J",x
/// json   {"name":"gpj.‮exe"}  → {"name":"gpj.\u202eexe"}     the same value to every reader of JSON
/// text   a policy with the name of a column in it, like csv
/// ```
///
/// It comes in pieces and is handed on record by record, because a character or a cell may stand in two pieces. In a
/// file or a pipe data stays as it is written; this is for a terminal alone.
package struct TerminalText {
  package enum Form: Sendable, Hashable {
    case json
    case csv
    /// The tables of `CSVReport`: what they spell is not spelled once more.
    case spelledCSV
    case text
  }

  private let form: Form
  /// The beginning of a record whose end has not come.
  private var pending: [UInt8] = []
  private var isInQuotes = false
  private var isFirst = true

  package init(_ form: Form) {
    self.form = form
  }

  /// What can be shown so far.
  package mutating func shown(_ bytes: [UInt8]) -> [UInt8] {
    var out: [UInt8] = []
    for byte in bytes {
      if form == .csv || form == .spelledCSV, byte == UInt8(ascii: "\"") { isInQuotes.toggle() }
      guard byte == UInt8(ascii: "\n"), !isInQuotes else {
        pending.append(byte)
        continue
      }
      out += line()
      out.append(byte)
    }
    return out
  }

  /// What is left after the last piece.
  package mutating func end() -> [UInt8] { line() }

  private mutating func line() -> [UInt8] {
    var text = String(decoding: pending, as: UTF8.self).unicodeScalars[...]
    pending.removeAll(keepingCapacity: true)
    // The mark that tells spreadsheets the encoding, and the end of a line of CSV.
    if isFirst, text.first == "\u{feff}" { text.removeFirst() }
    isFirst = false
    if form != .json, text.last == "\r" { text.removeLast() }
    switch form {
    case .json: return Array(Self.escaped(text).utf8)
    case .csv, .text: return Array(VisibleText(String(text)).description.utf8)
    case .spelledCSV: return Array(VisibleText(spelled: String(text)).description.utf8)
    }
  }

  /// Escapes of RFC 8259 §7 for all that would not be seen; between its strings JSON has nothing of the kind.
  private static func escaped(_ text: Substring.UnicodeScalarView) -> String {
    var shown = ""
    for scalar in text {
      guard scalar.mustBeSpelled else {
        shown.unicodeScalars.append(scalar)
        continue
      }
      shown += scalar.jsonEscape
    }
    return shown
  }
}
