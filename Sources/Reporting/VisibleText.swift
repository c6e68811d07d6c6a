/// Text from data, made safe to show: nothing in it can move, hide, colour or reorder what is around it.
///
/// ```
/// "ann\u{1b}[2J"          → ann\u{1b}[2J
/// "gpj.exe\u{202e}"       → gpj.exe\u{202e}
/// "O\u{300}slo"           → Òslo           a mark on a letter is a letter
/// "\u{300}slo"            → \u{300}slo     a mark with nothing to sit on is not
/// "C:\u{5c}u{1b}"         → C:\u{5c}u{1b}  a backslash that would look like one of ours
/// ```
///
/// Shown as `\u{…}`: C0 and C1 controls, line and paragraph separators, default-ignorable and format
/// characters (bidi controls, zero-width characters, tags: Unicode UAX #44 and UTS #39), spaces that
/// look like a space but are not U+0020 (the wide U+3000 is seen and stays), noncharacters, marks
/// without a base and marks beyond the eighth on one base. Different texts are shown differently.
package struct VisibleText: Sendable, Hashable, CustomStringConvertible {
  /// More marks than any script stacks on one letter.
  private static let markLimit = 8

  package let description: String

  /// At most `limit` characters (Unicode scalars) are shown; how many are left out is then said.
  package init(_ text: String, limit: Int = .max) {
    if text.utf8.count <= limit, text.utf8.allSatisfy({ $0 &- 0x20 < 0x5F && $0 != 0x5C }) {
      description = text
      return
    }
    description = Self.shown(text.unicodeScalars, limit: limit, spelled: { _ in false })
  }

  /// Text in which the `\u{…}` are ours already.
  init(spelled text: String) {
    description = Self.shown(
      text.unicodeScalars, limit: .max, spelled: { _ in false }, isOurs: true)
  }

  /// Two texts in which every difference can be seen.
  ///
  /// ```
  /// "yyyy… 2,500 of them1"   → (2460 equal characters before) …yyyy1
  /// "yyyy… 2,500 of them2"   → (2460 equal characters before) …yyyy2
  /// ```
  ///
  /// Where `limit` would cut them before they differ, the part that differs is shown with what is around it. Where
  /// they differ only in how letters are composed (`é` as one character or as two), all their letters outside ASCII
  /// are spelled out.
  package static func pair(
    _ left: String, _ right: String, limit: Int = .max
  ) -> (VisibleText, VisibleText) {
    // Swift compares texts by canonical equivalence, so this is: same to the eye, other bytes.
    let isSpelled = left == right && !left.utf8.elementsEqual(right.utf8)
    if let excerpts = excerpts(left, right, limit: limit, isSpelled: isSpelled) { return excerpts }
    guard isSpelled else {
      return (VisibleText(left, limit: limit), VisibleText(right, limit: limit))
    }
    return (VisibleText(spelling: left, limit: limit), VisibleText(spelling: right, limit: limit))
  }

  /// How much of what two texts have in common is shown around a difference.
  private static let context = 40

  /// The parts in which two long texts differ; nil where the beginning shows it.
  private static func excerpts(
    _ left: String, _ right: String, limit: Int, isSpelled: Bool
  ) -> (VisibleText, VisibleText)? {
    // No text has more scalars than bytes, so most values are told apart from long ones at once.
    guard max(left.utf8.count, right.utf8.count) > limit else { return nil }
    let (old, new) = (Array(left.unicodeScalars), Array(right.unicodeScalars))
    let shorter = min(old.count, new.count)
    let prefix = zip(old, new).prefix { $0 == $1 }.count
    guard max(old.count, new.count) > limit, prefix + context > limit,
      prefix < max(old.count, new.count)
    else { return nil }
    let suffix = zip(old.reversed(), new.reversed()).prefix(shorter - prefix)
      .prefix { $0 == $1 }.count
    let start = max(0, prefix - context)
    func excerpt(_ scalars: [Unicode.Scalar]) -> VisibleText {
      let end = min(scalars.count, scalars.count - suffix + context, start + limit)
      return VisibleText(
        scalars[start..<end], before: start, after: scalars.count - end, isSpelled: isSpelled)
    }
    return (excerpt(old), excerpt(new))
  }

  private init(
    _ scalars: ArraySlice<Unicode.Scalar>, before: Int, after: Int, isSpelled: Bool
  ) {
    var part = String.UnicodeScalarView()
    part.append(contentsOf: scalars)
    let shown = Self.shown(part, limit: .max, spelled: { isSpelled && !$0.isASCII })
    description = "(\(before) equal characters before) …" + shown + Self.rest(after)
  }

  private init(spelling text: String, limit: Int) {
    description = Self.shown(text.unicodeScalars, limit: limit, spelled: { !$0.isASCII })
  }

  private static func shown(
    _ scalars: String.UnicodeScalarView, limit: Int, spelled: (Unicode.Scalar) -> Bool,
    isOurs: Bool = false
  ) -> String {
    var shown = ""
    // Marks that may still follow; none at the start or after something that is spelled out.
    var marksLeft = 0
    var index = scalars.startIndex
    var count = 0
    while index < scalars.endIndex, count < limit {
      let scalar = scalars[index]
      let next = scalars.index(after: index)
      let isMark = scalar.properties.generalCategory.isMark
      let startsEscape =
        !isOurs && scalar == "\\"
        && scalars[next...].starts(with: ["u", "{"] as [Unicode.Scalar])
      if startsEscape || spelled(scalar) || scalar.mustBeSpelled || isMark && marksLeft == 0 {
        shown += scalar.spelling
        marksLeft = 0
      } else {
        shown.unicodeScalars.append(scalar)
        marksLeft = isMark ? marksLeft - 1 : markLimit
      }
      index = next
      count += 1
    }
    return shown + rest(scalars[index...].count)
  }

  private static func rest(_ count: Int) -> String {
    count == 0 ? "" : "… (\(count) more characters)"
  }
}

extension Unicode.Scalar {
  /// How it is shown where it cannot stand: `\u{1b}`.
  var spelling: String { "\\u{\(String(value, radix: 16))}" }

  /// Whether it would not be seen, or would change what is around it.
  var mustBeSpelled: Bool {
    if isASCII { return value < 0x20 || value == 0x7F }
    if properties.isDefaultIgnorableCodePoint || properties.isNoncharacterCodePoint { return true }
    return switch properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator: true
    case .format: !isSignBeforeDigits
    case .spaceSeparator: value != 0x3000
    // Blank, though Unicode counts it as a symbol.
    case .otherSymbol: value == 0x2800
    default: false
    }
  }

  /// The format characters that are seen: Prepended_Concatenation_Mark of Unicode's PropList.
  private var isSignBeforeDigits: Bool {
    switch value {
    case 0x0600...0x0605, 0x06DD, 0x070F, 0x0890...0x0891, 0x08E2, 0x110BD, 0x110CD: true
    default: false
    }
  }
}

extension Unicode.GeneralCategory {
  fileprivate var isMark: Bool {
    self == .nonspacingMark || self == .spacingMark || self == .enclosingMark
  }
}
