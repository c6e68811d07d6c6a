import Identity

/// Reads the filter grammar of RFC 7644 §3.4.2.2, with columns where attributes stand there.
///
/// ```
/// filter    all ("or" all)*
/// all       one ("and" one)*
/// one       "not" "(" filter ")" | "(" filter ")" | column "pr" | column op value
/// column    department | [Job title]
/// op        eq ne co sw ew gt ge lt le, in any case
/// value     "text" | 12 | true | false | null
/// ```
struct ScopeFilterParser {
  static let lengthLimit = 10_000
  static let depthLimit = 32

  private let scalars: [Unicode.Scalar]
  private var place = 0
  private var depth = 0
  private var columns: [String] = []

  static func parse(_ text: String) throws(ScopeFilter.Problem) -> ScopeFilter {
    guard text.unicodeScalars.count <= lengthLimit else { throw .tooLong(limit: lengthLimit) }
    var parser = ScopeFilterParser(text)
    parser.skipBlanks()
    guard parser.next != nil else { throw .empty }
    let root = try parser.filter()
    guard parser.next == nil else { throw parser.unexpected("and, or, or the end") }
    return ScopeFilter(text: text, columns: parser.columns, root: root)
  }

  private init(_ text: String) {
    scalars = Array(text.unicodeScalars)
  }

  private var next: Unicode.Scalar? { place < scalars.count ? scalars[place] : nil }

  private func unexpected(_ expected: String) -> ScopeFilter.Problem {
    .unexpected(offset: place, expected: expected)
  }

  private mutating func skipBlanks() {
    while let scalar = next, scalar.properties.isWhitespace { place += 1 }
  }

  private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
    guard next == scalar else { return false }
    place += 1
    skipBlanks()
    return true
  }

  /// A word of letters, taken if it is this one.
  private mutating func take(word: String) -> Bool {
    let end = place + word.unicodeScalars.count
    guard end <= scalars.count,
      String(String.UnicodeScalarView(scalars[place..<end])).lowercased() == word,
      end == scalars.count || scalars[end].properties.isWhitespace || ["(", ")"].contains(scalars[end])
    else { return false }
    place = end
    skipBlanks()
    return true
  }

  private mutating func filter() throws(ScopeFilter.Problem) -> ScopeFilter.Node {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.depthLimit else { throw .tooDeep(limit: Self.depthLimit) }
    var nodes = [try all()]
    while take(word: "or") { nodes.append(try all()) }
    return nodes.count == 1 ? nodes[0] : .any(nodes)
  }

  private mutating func all() throws(ScopeFilter.Problem) -> ScopeFilter.Node {
    var nodes = [try one()]
    while take(word: "and") { nodes.append(try one()) }
    return nodes.count == 1 ? nodes[0] : .all(nodes)
  }

  private mutating func one() throws(ScopeFilter.Problem) -> ScopeFilter.Node {
    let start = place
    if take(word: "not") {
      if next == "(" { return .not(try group()) }
      // A column may be called so.
      place = start
    }
    if next == "(" { return try group() }
    let column = try column()
    if take(word: "pr") { return .test(column: column, ScopeTest(.present, foldsCase: true)) }
    let kind = try comparison()
    return try test(column, kind)
  }

  private mutating func group() throws(ScopeFilter.Problem) -> ScopeFilter.Node {
    guard take("(") else { throw unexpected("(") }
    let node = try filter()
    guard take(")") else { throw unexpected(")") }
    return node
  }

  private mutating func column() throws(ScopeFilter.Problem) -> Int {
    var name = ""
    if next == "[" {
      place += 1
      while let scalar = next, scalar != "]" {
        name.unicodeScalars.append(scalar)
        place += 1
      }
      guard next == "]" else { throw unexpected("]") }
      place += 1
    } else {
      while let scalar = next, !scalar.properties.isWhitespace, scalar != "(", scalar != ")",
        scalar != "\""
      {
        name.unicodeScalars.append(scalar)
        place += 1
      }
    }
    guard !name.isEmpty else { throw unexpected("the name of a column") }
    skipBlanks()
    if let known = columns.firstIndex(where: { $0.utf8.elementsEqual(name.utf8) }) { return known }
    columns.append(name)
    return columns.count - 1
  }

  private static let comparisons: [String: ScopeTest.Kind] = [
    "eq": .equal, "ne": .unequal, "co": .contains, "sw": .begins, "ew": .ends, "gt": .greater,
    "ge": .greaterOrEqual, "lt": .less, "le": .lessOrEqual,
  ]

  private mutating func comparison() throws(ScopeFilter.Problem) -> ScopeTest.Kind {
    var word = ""
    while let scalar = next, !scalar.properties.isWhitespace, scalar != "\"", scalar != ")" {
      word.unicodeScalars.append(scalar)
      place += 1
    }
    guard let kind = Self.comparisons[word.lowercased()] else {
      let words = Self.comparisons.keys.sorted() + ["pr"]
      throw .unknownOperator(word, suggestion: Suggestion.nearest(to: word, among: words))
    }
    skipBlanks()
    return kind
  }

  private mutating func test(
    _ column: Int, _ kind: ScopeTest.Kind
  ) throws(ScopeFilter.Problem) -> ScopeFilter.Node {
    if next == "\"" {
      return .test(column: column, ScopeTest(kind, try text(), foldsCase: true))
    }
    var word = ""
    while let scalar = next, !scalar.properties.isWhitespace, scalar != ")" {
      word.unicodeScalars.append(scalar)
      place += 1
    }
    let isNumber = NumberText.value(of: Array(word.utf8).span) != nil
    guard isNumber || ["true", "false", "null"].contains(word) else {
      throw .unexpected(offset: place - word.unicodeScalars.count, expected: "a text in quotes")
    }
    skipBlanks()
    guard word == "null" else {
      return .test(column: column, ScopeTest(kind, word, foldsCase: true))
    }
    switch kind {
    case .equal: return .test(column: column, ScopeTest(.absent, foldsCase: true))
    case .unequal: return .test(column: column, ScopeTest(.present, foldsCase: true))
    default: throw unexpected("eq or ne before null")
    }
  }

  private mutating func text() throws(ScopeFilter.Problem) -> String {
    let start = place
    place += 1
    var text = ""
    while let scalar = next {
      place += 1
      if scalar == "\"" {
        skipBlanks()
        return text
      }
      if scalar == "\\", let escaped = next {
        place += 1
        text.unicodeScalars.append(escaped)
      } else {
        text.unicodeScalars.append(scalar)
      }
    }
    throw .unexpected(offset: start, expected: "a closing quote")
  }
}

extension ScopeFilter {
  /// Reads a filter in the grammar of RFC 7644.
  package init(parsing text: String) throws(Problem) {
    self = try ScopeFilterParser.parse(text)
  }
}
