/// Which scalars one place of a pattern takes: `[a-z-[aeiou]]`, `\d`, `.`.
///
/// ASCII is answered from 128 bits, worked out once; the rest from ranges and Unicode categories.
struct ScalarSet: Sendable {
  /// A Unicode property: `\p{Lu}`, `\w`.
  struct Property: Sendable {
    let categories: [Unicode.GeneralCategory]
    var isNegated = false

    func contains(_ scalar: Unicode.Scalar) -> Bool {
      categories.contains(scalar.properties.generalCategory) != isNegated
    }
  }

  private(set) var ranges: [ClosedRange<UInt32>] = []
  private(set) var properties: [Property] = []
  private var isNegated = false
  private var foldsCase = false
  /// At most one: what is taken out again.
  private var subtracted: [ScalarSet] = []
  private(set) var ascii = ASCIISet()

  init(ranges: [ClosedRange<UInt32>] = [], properties: [Property] = [], foldsCase: Bool = false) {
    self.ranges = ranges
    self.properties = properties
    self.foldsCase = foldsCase
    fillASCII()
  }

  init(_ scalar: Unicode.Scalar, foldsCase: Bool = false) {
    self.init(ranges: [scalar.value...scalar.value], foldsCase: foldsCase)
  }

  /// The set of everything that this one leaves out.
  var negated: ScalarSet {
    guard subtracted.isEmpty else { return ScalarSet.everything.subtracting(self) }
    var set = self
    set.isNegated.toggle()
    set.fillASCII()
    return set
  }

  func subtracting(_ other: ScalarSet) -> ScalarSet {
    var set = self
    set.subtracted.append(other)
    set.fillASCII()
    return set
  }

  /// Both sets together, as a class with several parts has it.
  func union(_ other: ScalarSet) -> ScalarSet {
    ScalarSet(
      ranges: ranges + other.ranges, properties: properties + other.properties,
      foldsCase: foldsCase || other.foldsCase)
  }

  func contains(_ scalar: Unicode.Scalar) -> Bool {
    scalar.isASCII ? ascii.contains(UInt8(scalar.value)) : isMember(scalar)
  }

  /// The one ASCII letter in it, where it is that and nothing else.
  var onlyASCII: UInt8? {
    guard !isNegated, !foldsCase, properties.isEmpty, subtracted.isEmpty, ranges.count == 1,
      ranges[0].count == 1
    else { return nil }
    return ranges[0].lowerBound < 128 ? UInt8(ranges[0].lowerBound) : nil
  }

  private mutating func fillASCII() {
    ascii = ASCIISet()
    for value in UInt8(0)..<128 where isMember(Unicode.Scalar(value)) { ascii.insert(value) }
  }

  private func isMember(_ scalar: Unicode.Scalar) -> Bool {
    var found = isListed(scalar)
    if !found, foldsCase {
      found =
        scalar.properties.lowercaseMapping.unicodeScalars.onlyOne.map(isListed) == true
        || scalar.properties.uppercaseMapping.unicodeScalars.onlyOne.map(isListed) == true
    }
    return found != isNegated && !subtracted.contains { $0.contains(scalar) }
  }

  private func isListed(_ scalar: Unicode.Scalar) -> Bool {
    ranges.contains { $0.contains(scalar.value) } || properties.contains { $0.contains(scalar) }
  }
}

/// Which letters of ASCII there are.
struct ASCIISet: Sendable {
  private var low: UInt64 = 0
  private var high: UInt64 = 0

  mutating func insert(_ byte: UInt8) {
    if byte < 64 { low |= 1 << UInt64(byte) } else { high |= 1 << UInt64(byte & 63) }
  }

  /// For a byte below 128.
  @inline(__always)
  func contains(_ byte: UInt8) -> Bool {
    (byte < 64 ? low : high) &>> UInt64(byte & 63) & 1 == 1
  }
}

extension String.UnicodeScalarView {
  fileprivate var onlyOne: Unicode.Scalar? { count == 1 ? first : nil }
}

extension ScalarSet {
  static let digits = ScalarSet(properties: [Property(categories: [.decimalNumber])])

  /// `\w`: letters, marks, digits and connectors such as `_`.
  static let wordScalars = ScalarSet(properties: [
    Property(
      categories: Property.letters + [
        .nonspacingMark, .spacingMark, .decimalNumber, .connectorPunctuation,
      ])
  ])

  static let spaces = ScalarSet(
    ranges: [0x09...0x0D, 0x85...0x85], properties: [Property(categories: Property.separators)])

  /// `.`: everything but the line feed.
  static let notLineFeed = ScalarSet(ranges: [0x0A...0x0A]).negated

  static let everything = ScalarSet(ranges: [0...0x10FFFF])
}

extension ScalarSet.Property {
  static let letters: [Unicode.GeneralCategory] = [
    .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
  ]
  static let separators: [Unicode.GeneralCategory] = [
    .spaceSeparator, .lineSeparator, .paragraphSeparator,
  ]

  /// The categories of `\p{…}` by their short names; nil for any other name.
  init?(named name: String) {
    guard let categories = Self.named[name] else { return nil }
    self.init(categories: categories)
  }

  private static let named: [String: [Unicode.GeneralCategory]] = [
    "L": letters, "Lu": [.uppercaseLetter], "Ll": [.lowercaseLetter], "Lt": [.titlecaseLetter],
    "Lm": [.modifierLetter], "Lo": [.otherLetter],
    "M": [.nonspacingMark, .spacingMark, .enclosingMark], "Mn": [.nonspacingMark],
    "Mc": [.spacingMark], "Me": [.enclosingMark],
    "N": [.decimalNumber, .letterNumber, .otherNumber], "Nd": [.decimalNumber],
    "Nl": [.letterNumber], "No": [.otherNumber],
    "P": [
      .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation,
      .initialPunctuation, .finalPunctuation, .otherPunctuation,
    ],
    "Pc": [.connectorPunctuation], "Pd": [.dashPunctuation], "Ps": [.openPunctuation],
    "Pe": [.closePunctuation], "Pi": [.initialPunctuation], "Pf": [.finalPunctuation],
    "Po": [.otherPunctuation],
    "S": [.mathSymbol, .currencySymbol, .modifierSymbol, .otherSymbol], "Sm": [.mathSymbol],
    "Sc": [.currencySymbol], "Sk": [.modifierSymbol], "So": [.otherSymbol],
    "Z": separators, "Zs": [.spaceSeparator], "Zl": [.lineSeparator], "Zp": [.paragraphSeparator],
    "C": [.control, .format, .surrogate, .privateUse, .unassigned], "Cc": [.control],
    "Cf": [.format], "Cn": [.unassigned], "Co": [.privateUse],
  ]
}
