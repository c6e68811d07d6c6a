/// What the last line of a file is, where whoever writes it says there how many records it has.
///
/// ```
/// TRL;(\d+)              TRL;00001204                 1,204 records
/// # numEntries: (\d+)    # numEntries: 1204           what ldapsearch writes
/// EOF                     EOF                          whole, however many
/// ```
///
/// A regular expression that fits the whole line, with at most one group, which finds the count.
package struct TrailerPattern: Sendable, Hashable {
  package let text: String
  /// By how much the count is higher than the number of records, where it counts header and trailer too.
  package let extra: Int
  private let fit: @Sendable (String) -> Fit
  private let hasCount: Bool

  /// Whether it fits a whole line, and what its group found there.
  package enum Fit: Sendable, Hashable {
    case none
    case whole(group: String?)
  }

  /// Why a text is no such pattern.
  package enum Problem: Error, Sendable, Hashable {
    case notARegularExpression(String)
    case groups(Int)
  }

  /// `fit` is the engine: policies are somebody else's input, so it must come to an end with any pattern and any line.
  package init(
    _ text: String, extra: Int = 0, fit: @escaping @Sendable (String) -> Fit
  ) throws(Problem) {
    let groups: Int
    do { groups = try PatternGroups.count(in: text) } catch {
      throw .notARegularExpression("\(error)")
    }
    guard groups <= 1 else { throw .groups(groups) }
    self.text = text
    self.extra = extra
    self.fit = fit
    hasCount = groups == 1
  }

  /// What a line says, if it is the trailer.
  func match(_ line: some Collection<UInt8>) -> TrailerEnd {
    guard let line = String(validating: line, as: UTF8.self), case .whole(let group) = fit(line)
    else { return .missing }
    guard hasCount else { return .found(count: nil) }
    guard let group, let count = Int(group) else { return .missing }
    return .found(count: count - extra)
  }

  /// The text says all there is to say: one engine matches all patterns.
  package static func == (left: TrailerPattern, right: TrailerPattern) -> Bool {
    left.text == right.text && left.extra == right.extra
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(text)
    hasher.combine(extra)
  }
}

/// What the last line of a file turned out to be.
package enum TrailerEnd: Sendable, Hashable {
  case missing
  /// With the number of records that it states, if it does.
  case found(count: Int?)
}

/// Keeps the last line of a text back until it is known whether more follows.
///
/// ```
/// …,ann⏎bob,…⏎TRL;2⏎          the trailer is never given to whoever cuts records
///      ╰ given   ╰ held
/// ```
struct LineHolder: Sendable {
  let pattern: TrailerPattern
  private(set) var end = TrailerEnd.missing
  private var held: [UInt8] = []

  /// No trailer is longer.
  private static let limit = 4096

  init(_ pattern: TrailerPattern) {
    self.pattern = pattern
  }

  var heldCount: Int { held.count }

  /// Puts what was held back in front of what comes next, at `place`.
  mutating func release(into bytes: inout [UInt8], at place: Int) {
    bytes.replaceSubrange(place..<place + held.count, with: held)
    held.removeAll(keepingCapacity: true)
  }

  /// Takes the last line out of `range`, unless more than a line is left of it.
  ///
  /// - Returns: where the text ends now.
  mutating func hold(_ bytes: [UInt8], _ range: Range<Int>, isAtEnd: Bool) -> Int {
    var last = range.upperBound
    while last > range.lowerBound, Self.isBlank(bytes[last - 1]) { last -= 1 }
    var start = last
    while start > range.lowerBound, !Self.isLineEnd(bytes[start - 1]) { start -= 1 }
    guard isAtEnd else {
      guard range.upperBound - start <= Self.limit else { return range.upperBound }
      held.append(contentsOf: bytes[start..<range.upperBound])
      return start
    }
    end = pattern.match(bytes[start..<last])
    if case .missing = end { return range.upperBound }
    return start
  }

  private static func isLineEnd(_ byte: UInt8) -> Bool { byte == 0x0A || byte == 0x0D }

  private static func isBlank(_ byte: UInt8) -> Bool {
    isLineEnd(byte) || byte == 0x20 || byte == 0x09
  }
}
