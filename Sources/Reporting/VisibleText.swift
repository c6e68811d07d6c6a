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

  /// Two texts in which every difference can be seen.
  ///
  /// Where they differ only in how letters are composed (`é` as one character or as two), all their
  /// letters outside ASCII are spelled out.
  package static func pair(
    _ left: String, _ right: String, limit: Int = .max
  ) -> (VisibleText, VisibleText) {
    // Swift compares texts by canonical equivalence, so this is: same to the eye, other bytes.
    guard left == right, !left.utf8.elementsEqual(right.utf8) else {
      return (VisibleText(left, limit: limit), VisibleText(right, limit: limit))
    }
    return (VisibleText(spelling: left, limit: limit), VisibleText(spelling: right, limit: limit))
  }

  private init(spelling text: String, limit: Int) {
    description = Self.shown(text.unicodeScalars, limit: limit, spelled: { !$0.isASCII })
  }

  private static func shown(
    _ scalars: String.UnicodeScalarView, limit: Int, spelled: (Unicode.Scalar) -> Bool
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
        scalar == "\\" && scalars[next...].starts(with: ["u", "{"] as [Unicode.Scalar])
      if startsEscape || spelled(scalar) || scalar.mustBeSpelled || isMark && marksLeft == 0 {
        shown += "\\u{\(String(scalar.value, radix: 16))}"
        marksLeft = 0
      } else {
        shown.unicodeScalars.append(scalar)
        marksLeft = isMark ? marksLeft - 1 : markLimit
      }
      index = next
      count += 1
    }
    let rest = scalars[index...].count
    return rest == 0 ? shown : shown + "… (\(rest) more characters)"
  }
}

extension Unicode.Scalar {
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
