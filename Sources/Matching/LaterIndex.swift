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
    /// By expected hash, the seats that have it, ascending.
    var expected: [UInt64: [Int]] = [:]
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
    contents.expected = [:]
    return whole
  }

  /// Prepares for look-ups of these hashes; others still find what they would have found.
  func expect(_ wanted: [UInt64]) {
    contents.withLock { contents in
      guard contents.whole == nil, wanted.count * Self.fewest < hashes.count else { return }
      contents.expected = seats(of: wanted)
    }
  }

  private func seats(of wanted: [UInt64]) -> [UInt64: [Int]] {
    var seats: [UInt64: [Int]] = [:]
    seats.reserveCapacity(wanted.count)
    for hash in wanted { seats[hash] = [] }
    let sieve = HashSieve(wanted)
    for (seat, hash) in hashes.enumerated() where sieve.mayHold(hash) {
      if hash != KeyHasher.none { seats[hash]?.append(seat) }
    }
    return seats
  }

  /// The only seat with this hash, or what else there is.
  func lookup(_ hash: UInt64) -> KeyIndex.Hit {
    // What has no value is nobody's, which takes no index to tell.
    guard hash != KeyHasher.none else { return .none }
    return contents.withLock { contents in
      guard let seats = contents.expected[hash] else { return whole(&contents).lookup(hash) }
      guard let first = seats.first else { return .none }
      return seats.count == 1 ? .one(first) : .several
    }
  }

  /// Every seat with this hash, ascending.
  func all(_ hash: UInt64) -> [Int] {
    guard hash != KeyHasher.none else { return [] }
    return contents.withLock { contents in
      contents.expected[hash] ?? whole(&contents).all(hash)
    }
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
