import Identity
import Scanning
import Synchronization

/// The index of a key by which few records are looked up: made when it is asked for, and no larger than that.
///
/// ```
/// expect([0x51…, 0x93…])     one walk over all hashes keeps the seats of these two
/// all(0x51…)                 answered from them
/// all(0x77…)                 not expected: now all hashes are indexed
/// ```
///
/// Nearly every record is settled by its first key. Indexing a second one for a million members takes longer than
/// finding those of some thousand records among them.
final class LaterIndex: Sendable {
  private struct Contents {
    var whole: KeyIndex?
    var expected: ExpectedSeats?
  }

  private let hashes: [UInt64]
  private let contents = Mutex(Contents())
  /// With more expected hashes to a member than this, an index of all is no slower.
  private static let fewest = 16

  /// `hashes[seat]` for every seat; `KeyHasher.none` where there is no value.
  init(_ hashes: [UInt64]) {
    self.hashes = hashes
  }

  /// The index of all hashes.
  var whole: KeyIndex { contents.withLock { whole(&$0) } }

  private func whole(_ contents: inout Contents) -> KeyIndex {
    if let whole = contents.whole { return whole }
    let whole = KeyIndex(hashes)
    contents.whole = whole
    contents.expected = nil
    return whole
  }

  /// Prepares for look-ups of these hashes; others still find what they would have found.
  func expect(_ wanted: [UInt64]) {
    contents.withLock { contents in
      guard contents.whole == nil, wanted.count * Self.fewest < hashes.count else { return }
      contents.expected = ExpectedSeats(of: wanted, among: hashes)
    }
  }

  /// The only seat with this hash, or what else there is.
  func lookup(_ hash: UInt64) -> KeyIndex.Hit {
    // What has no value is nobody's, which takes no index to tell.
    guard hash != KeyHasher.none else { return .none }
    return contents.withLock { contents in
      guard let expected = contents.expected?[hash] else { return whole(&contents).lookup(hash) }
      guard let first = expected.first else { return .none }
      return expected.further.isEmpty ? .one(first) : .several
    }
  }

  /// Every seat with this hash, ascending.
  func all(_ hash: UInt64) -> [Int] {
    guard hash != KeyHasher.none else { return [] }
    return contents.withLock { contents in
      guard let expected = contents.expected?[hash] else { return whole(&contents).all(hash) }
      return expected.first.map { [$0] + expected.further } ?? []
    }
  }
}

/// The seats of some hashes: one for each, and lists only where there are more.
private struct ExpectedSeats {
  /// Indexes the hashes themselves.
  private let wanted: KeyIndex
  /// By place of a hash: the first seat that has it, or -1.
  private var firsts: [Int32]
  /// By hash: the seats after the first, ascending.
  private var further: [UInt64: [Int]] = [:]

  init(of wanted: [UInt64], among hashes: [UInt64]) {
    self.wanted = KeyIndex(wanted)
    firsts = Array(repeating: -1, count: wanted.count)
    let (sieve, column) = (HashSieve(wanted), hashes.span)
    for seat in column.indices where sieve.mayHold(column[seat]) {
      let hash = column[seat]
      guard let place = self.wanted.first(hash) else { continue }
      if firsts[place] < 0 {
        firsts[place] = Int32(truncatingIfNeeded: seat)
      } else {
        further[hash, default: []].append(seat)
      }
    }
  }

  /// Who has a hash; nil for one that was not expected.
  subscript(hash: UInt64) -> (first: Int?, further: [Int])? {
    guard let place = wanted.first(hash) else { return nil }
    guard firsts[place] >= 0 else { return (nil, []) }
    return (Int(firsts[place]), further.isEmpty ? [] : further[hash] ?? [])
  }
}

/// Some hashes as bits: most others are told from them by one look at memory that fits the cache.
private struct HashSieve {
  private var words: [UInt64]
  private let mask: UInt64

  init(_ hashes: [UInt64]) {
    var bits: UInt64 = 1 << 12
    while bits < UInt64(hashes.count) * 16 { bits *= 2 }
    words = Array(repeating: 0, count: Int(bits / 64))
    mask = bits - 1
    for hash in hashes { words[Int(hash & mask) / 64] |= 1 << (hash & 63) }
  }

  @inline(__always)
  func mayHold(_ hash: UInt64) -> Bool { words[Int(hash & mask) / 64] >> (hash & 63) & 1 != 0 }
}
