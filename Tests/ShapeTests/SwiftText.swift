/// Swift text with everything blanked out that is not code.
///
/// ```
/// let text = "unsafe"  // as in `unsafe`        becomes        let text = ""
/// ```
///
/// Good enough for questions about words: what stands in the interpolation of a string may count as
/// code or not.
struct SwiftText {
  private enum Place: Equatable {
    case code
    case lineComment
    case blockComment(depth: Int)
    /// Ends with as many number signs as it began with.
    case string(signs: Int)
    case longString(signs: Int)
  }

  private let characters: [Character]
  private var position = 0
  private var place = Place.code
  private var line = ""
  private var lines: [String] = []

  init(_ text: String) {
    characters = Array(text)
    while position < characters.count { step() }
    lines.append(line)
  }

  var codeLines: [String] { lines }

  private mutating func step() {
    if characters[position] == "\n" {
      endLine()
      return
    }
    switch place {
    case .code: stepInCode()
    case .lineComment: position += 1
    case .blockComment(let depth): stepInBlockComment(depth)
    case .string(let signs): stepInString(signs, end: "\"")
    case .longString(let signs): stepInString(signs, end: "\"\"\"")
    }
  }

  /// Neither a line comment nor a string of one line outlives its line.
  private mutating func endLine() {
    lines.append(line)
    line = ""
    position += 1
    switch place {
    case .lineComment, .string: place = .code
    case .code, .blockComment, .longString: break
    }
  }

  private mutating func stepInCode() {
    let signs = characters[position...].prefix { $0 == "#" }.count
    if follows("//") {
      place = .lineComment
    } else if follows("/*") {
      place = .blockComment(depth: 1)
      position += 2
    } else if follows("\"\"\"", after: signs) {
      place = .longString(signs: signs)
      position += signs + 3
    } else if follows("\"", after: signs) {
      place = .string(signs: signs)
      position += signs + 1
      line.append("\"")
    } else {
      line.append(characters[position])
      position += 1
    }
  }

  private mutating func stepInBlockComment(_ depth: Int) {
    if follows("*/") {
      place = depth == 1 ? .code : .blockComment(depth: depth - 1)
      position += 2
    } else if follows("/*") {
      place = .blockComment(depth: depth + 1)
      position += 2
    } else {
      position += 1
    }
  }

  private mutating func stepInString(_ signs: Int, end: String) {
    if signs == 0, follows("\\") {
      // The escaped character cannot end the string; a line end still ends the line.
      position += characters.count > position + 1 && characters[position + 1] == "\n" ? 1 : 2
    } else if follows(end + String(repeating: "#", count: signs)) {
      position += end.count + signs
      place = .code
      line.append("\"")
    } else {
      position += 1
    }
  }

  private func follows(_ text: String, after skipped: Int = 0) -> Bool {
    characters.dropFirst(position + skipped).starts(with: text)
  }
}
