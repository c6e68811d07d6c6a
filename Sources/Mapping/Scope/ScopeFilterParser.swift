import Identity

/// Reads the filter grammar of RFC 7644 §3.4.2.2, with columns where attributes stand there.
///
/// ```
/// filter    all ("or" all)*
/// all       one ("and" one)*
/// one       "not" "(" filter ")" | "(" filter ")" | column "pr" | column op value | elements
/// column    department | [Job title] | emails[type eq "work"].value
/// elements  emails[type eq "work" and value ew "@contoso.com"]: see ScopeFilterParser+Elements.swift
/// op        eq ne co sw ew gt ge lt le, in any case
/// value     "text" | 12 | true | false | null
/// ```
struct ScopeFilterParser {
  static let lengthLimit = 10_000
  static let depthLimit = 32

  let scalars: [Unicode.Scalar]
  var place = 0
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

  var next: Unicode.Scalar? { place < scalars.count ? scalars[place] : nil }

  func unexpected(_ expected: String) -> ScopeFilter.Problem {
    .unexpected(offset: place, expected: expected)
  }

  mutating func skipBlanks() {
    while let scalar = next, scalar.properties.isWhitespace { place += 1 }
  }

  mutating func take(_ scalar: Unicode.Scalar) -> Bool {
    guard next == scalar else { return false }
    place += 1
    skipBlanks()
    return true
  }

  /// A word of letters, taken if it is this one.
  mutating func take(word: String) -> Bool {
    let end = place + word.unicodeScalars.count
    guard end <= scalars.count,
      String(String.UnicodeScalarView(scalars[place..<end])).lowercased() == word,
      end == scalars.count || scalars[end].properties.isWhitespace
        || ["(", ")", "]"].contains(scalars[end])
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
    let name = try name()
    if next == "[", let elements = try elements(of: name) { return elements }
    let column = column(name)
    if take(word: "pr") { return .test(column: column, ScopeTest(.present, foldsCase: true)) }
    let kind = try comparison()
    return .test(column: column, try test(kind))
  }

  private mutating func group() throws(ScopeFilter.Problem) -> ScopeFilter.Node {
    guard take("(") else { throw unexpected("(") }
    let node = try filter()
    guard take(")") else { throw unexpected(")") }
    return node
  }

  /// A column's name, up to the brackets of RFC 7644 if there are any; those of a column called `a[1]` are its own.
  private mutating func name() throws(ScopeFilter.Problem) -> String {
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
        scalar != "\"", scalar != "[" || !beginsElements
      {
        name.unicodeScalars.append(scalar)
        place += 1
      }
    }
    guard !name.isEmpty else { throw unexpected("the name of a column") }
    if next != "[" { skipBlanks() }
    return name
  }

  /// Whether there is a blank or a quote within the brackets that open here.
  private var beginsElements: Bool {
    scalars[place...].prefix { $0 != "]" }.contains { $0.properties.isWhitespace || $0 == "\"" }
  }

  /// The place of a column among those that are looked at.
  mutating func column(_ name: String) -> Int {
    if let known = columns.firstIndex(where: { $0.utf8.elementsEqual(name.utf8) }) { return known }
    columns.append(name)
    return columns.count - 1
  }

  private static let comparisons: [String: ScopeTest.Kind] = [
    "eq": .equal, "ne": .unequal, "co": .contains, "sw": .begins, "ew": .ends, "gt": .greater,
    "ge": .greaterOrEqual, "lt": .less, "le": .lessOrEqual,
  ]

  /// What people write who know other languages.
  private static let signs = [
    "=": "eq", "==": "eq", "!=": "ne", "<>": "ne", ">": "gt", ">=": "ge", "<": "lt", "<=": "le",
  ]

  mutating func comparison() throws(ScopeFilter.Problem) -> ScopeTest.Kind {
    let start = place
    var word = ""
    while let scalar = next, !scalar.properties.isWhitespace, !["\"", ")", "]"].contains(scalar) {
      word.unicodeScalars.append(scalar)
      place += 1
    }
    guard let kind = Self.comparisons[word.lowercased()] else {
      let words = Self.comparisons.keys.sorted() + ["pr"]
      throw .unknownOperator(
        word, offset: start,
        suggestion: Self.signs[word] ?? Suggestion.nearest(to: word, among: words), known: words)
    }
    skipBlanks()
    return kind
  }

  mutating func test(_ kind: ScopeTest.Kind) throws(ScopeFilter.Problem) -> ScopeTest {
    if next == "\"" { return ScopeTest(kind, try text(), foldsCase: true) }
    var word = ""
    while let scalar = next, !scalar.properties.isWhitespace, scalar != ")", scalar != "]" {
      word.unicodeScalars.append(scalar)
      place += 1
    }
    let isNumber = NumberText.value(of: Array(word.utf8).span) != nil
    guard isNumber || ["true", "false", "null"].contains(word) else {
      throw .unexpected(offset: place - word.unicodeScalars.count, expected: "a text in quotes")
    }
    skipBlanks()
    guard word == "null" else { return ScopeTest(kind, word, foldsCase: true) }
    switch kind {
    case .equal: return ScopeTest(.absent, foldsCase: true)
    case .unequal: return ScopeTest(.present, foldsCase: true)
    default: throw unexpected("eq or ne before null")
    }
  }

  mutating func text() throws(ScopeFilter.Problem) -> String {
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
