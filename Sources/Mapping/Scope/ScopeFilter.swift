import Identity

/// Which records of an export count, by what stands in their columns.
///
/// ```
/// department eq "Sales" and not (userType eq "Guest")        RFC 7644 §3.4.2.2, on columns
/// [{column: department, operator: EQUALS, value: Sales}]     Entra's clauses
/// ```
///
/// A comparison with a cell that has no value is false, whatever it asks; only `pr`, `IS NULL` and `IS NOT NULL`
/// are about that. Of several values one has to fit (RFC 7644 §3.4.2.2), of those that a clause of Entra's denies, all.
package struct ScopeFilter: Sendable, Hashable {
  indirect enum Node: Sendable, Hashable {
    case all([Node])
    case any([Node])
    case not(Node)
    /// The column is a place in `columns`.
    case test(column: Int, ScopeTest)
    /// `emails[value co "@x" and value ew ".org"]`: one value fits all of them.
    case someValue(column: Int, [ScopeTest])
  }

  /// Why a text or a clause is no filter.
  package enum Problem: Error, Sendable, Hashable {
    case empty
    case tooLong(limit: Int)
    case tooDeep(limit: Int)
    /// In Unicode scalars from the beginning.
    case unexpected(offset: Int, expected: String)
    /// The place in a filter in Unicode scalars, nil for a clause; and what there is.
    case unknownOperator(String, offset: Int?, suggestion: String?, known: [String])
    /// `[…]` that looks at more of an element than columns can.
    case valueFilter(offset: Int)
    case valueNeeded(String)
    case valueNotTaken(String)
    case notANumber(String)
    case badPattern(PatternProblem)
  }

  package let text: String
  /// The columns it looks at, each once.
  package let columns: [String]
  let root: Node

  init(text: String, columns: [String], root: Node) {
    self.text = text
    self.columns = columns
    self.root = root
  }

  /// Whether a record counts; nil where that hangs on a cell of which nothing is known.
  ///
  /// `cell` gives the values of a column by its place in `columns`: none, or nil where they are not known.
  package func accepts(_ cell: (Int) -> [ScopeValue]?) -> Bool? { Self.value(of: root, cell) }

  /// With three values, as in SQL: what is unknown decides nothing that something known decides.
  private static func value(of node: Node, _ cell: (Int) -> [ScopeValue]?) -> Bool? {
    switch node {
    case .not(let inner): return value(of: inner, cell).map { !$0 }
    case .all(let nodes):
      let values = nodes.map { value(of: $0, cell) }
      return values.contains(false) ? false : values.contains(nil) ? nil : true
    case .any(let nodes):
      let values = nodes.map { value(of: $0, cell) }
      return values.contains(true) ? true : values.contains(nil) ? nil : false
    case .test(let column, let test): return cell(column).map(test.holds)
    case .someValue(let column, let tests):
      return cell(column).map { values in
        values.contains { value in tests.allSatisfy { $0.holds([value]) } }
      }
    }
  }
}

extension ScopeFilter.Problem {
  /// Where in the filter it is, in Unicode scalars.
  package var offset: Int? {
    switch self {
    case .unexpected(let offset, _), .valueFilter(let offset): offset
    case .unknownOperator(_, let offset, _, _): offset
    default: nil
    }
  }
}

/// One question about one cell.
struct ScopeTest: Sendable, Hashable {
  enum Kind: Sendable, Hashable {
    case equal
    case unequal
    case contains
    case begins
    case ends
    case greater
    case greaterOrEqual
    case less
    case lessOrEqual
    case present
    case absent
    case isTrue
    case isFalse
    /// The cell stands somewhere in the value.
    case within
    case notWithin
    case matches
    case doesNotMatch
  }

  let kind: Kind
  let value: [UInt8]
  /// Entra compares letter by letter; SCIM ignores ASCII case where a schema does not say otherwise.
  let foldsCase: Bool
  let pattern: Pattern?

  init(_ kind: Kind, _ value: String = "", foldsCase: Bool, pattern: Pattern? = nil) {
    self.kind = kind
    self.value = foldsCase ? MatchKeyText.folded(value.utf8) : Array(value.utf8)
    self.foldsCase = foldsCase
    self.pattern = pattern
  }

  static func == (left: ScopeTest, right: ScopeTest) -> Bool {
    left.kind == right.kind && left.value == right.value && left.foldsCase == right.foldsCase
  }

  func hash(into hasher: inout Hasher) {
    hasher.combine(kind)
    hasher.combine(value)
  }

  /// Whether what is asked is that something is not so: of several values, no one may be it.
  ///
  /// RFC 7644 says of its own `ne` what it says of all: one value that differs will do.
  private var isDenial: Bool {
    switch kind {
    case .unequal: !foldsCase
    case .notWithin, .doesNotMatch: true
    default: false
    }
  }

  func holds(_ values: [ScopeValue]) -> Bool {
    let values = values.lazy.filter { !$0.bytes.isEmpty }
    switch kind {
    case .present: return !values.isEmpty
    case .absent: return values.isEmpty
    default: break
    }
    return isDenial ? !values.isEmpty && values.allSatisfy(fits) : values.contains(where: fits)
  }

  private func fits(_ one: ScopeValue) -> Bool {
    // `true` of JSON is the same in any spelling.
    let foldsCase = foldsCase || one.isTruth
    let cell = foldsCase ? MatchKeyText.folded(one.bytes) : one.bytes
    let value = one.isTruth ? MatchKeyText.folded(value) : value
    switch kind {
    case .equal: return cell == value
    case .unequal: return cell != value
    case .contains: return cell.holds(value)
    case .begins: return cell.starts(with: value)
    case .ends: return cell.reversed().starts(with: value.reversed())
    case .greater: return order(cell) > 0
    case .greaterOrEqual: return order(cell) >= 0
    case .less: return order(cell) < 0
    case .lessOrEqual: return order(cell) <= 0
    case .isTrue: return BooleanText.word(of: cell.span) == true
    case .isFalse: return BooleanText.word(of: cell.span) == false
    case .within: return value.holds(cell)
    case .notWithin: return !value.holds(cell)
    case .matches: return isMatch(one.bytes)
    case .doesNotMatch: return !isMatch(one.bytes)
    case .present, .absent: return false
    }
  }

  /// Whole numbers as numbers, dates as dates, all else byte by byte.
  private func order(_ cell: [UInt8]) -> Int {
    if let one = NumberText.value(of: cell.span), let other = NumberText.value(of: value.span) {
      return one < other ? -1 : one > other ? 1 : 0
    }
    if let one = DateText.moment(of: cell.span), let other = DateText.moment(of: value.span) {
      return one.ticks < other.ticks ? -1 : one.ticks > other.ticks ? 1 : 0
    }
    return cell == value ? 0 : cell.lexicographicallyPrecedes(value) ? -1 : 1
  }

  /// A search that is given up has found nothing.
  private func isMatch(_ cell: [UInt8]) -> Bool {
    guard let pattern else { return false }
    var matcher = PatternMatcher()
    return (try? matcher.find(pattern, in: cell.span, from: 0)) ?? false
  }
}

extension [UInt8] {
  fileprivate func holds(_ part: [UInt8]) -> Bool {
    guard !part.isEmpty, part.count <= count else { return part.isEmpty }
    return (0...(count - part.count)).contains { self[$0..<($0 + part.count)].elementsEqual(part) }
  }
}
