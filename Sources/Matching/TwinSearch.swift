import Identity
import Scanning

/// Finds records that share a key value, directly or through others.
///
/// ```
/// records   0 (E1, ann)   1 (E2, ann)   2 (E2, bob)   3 (E4, eve)
/// groups    [0, 1, 2]: 0 and 1 share a user name, 1 and 2 an id;  3 stands alone
/// ```
///
/// Hashes find them, real values decide. Nothing is kept for records that stand alone, and a column that holds
/// the same value a million times costs no more than a million different ones.
struct TwinSearch {
  private var parents: [Int: Int] = [:]
  private var groups: [Int: [Int]] = [:]
  private var firstKeys: [Int: Int] = [:]

  /// Compares the records by each of `keys`, which are the first of their key hashes.
  init(_ records: [OpenRecord], keys: [MatchKey]) {
    guard records.count > 1, !keys.isEmpty else { return }
    // Each key takes a core of its own.
    let later = keys.indices.dropFirst().map { key in
      Prepared { Self.equals(in: records, key: key) }
    }
    let equals = [Self.equals(in: records, key: 0)] + later.map { $0.take() }
    for (key, matchKey) in keys.enumerated() {
      for (first, place) in equals[key]
      where MatchKeyText.same(
        records[first].image[matchKey.id] ?? [], records[place].image[matchKey.id] ?? [])
      {
        for twin in [first, place] where firstKeys[twin] == nil { firstKeys[twin] = key }
        join(first, place)
      }
    }
    for place in parents.keys.sorted() { groups[root(place), default: []].append(place) }
  }

  /// Every place whose hash stands at another place before it, with the first of those.
  private static func equals(
    in records: [OpenRecord], key: Int
  ) -> [(first: Int, place: Int)] {
    // A column of hashes: the table is looked at in no order, and records lie further apart.
    let column = records.map { $0.keyHashes[key] }
    let hashes = column.span
    var found: [(first: Int, place: Int)] = []
    var firsts = FirstPlaces(count: hashes.count)
    for place in hashes.indices {
      firsts.prefetch(hashes, after: place)
      guard hashes[place] != KeyHasher.none, let first = firsts.place(of: hashes, at: place)
      else { continue }
      found.append((first, place))
    }
    return found
  }

  /// Whether every record stands alone.
  var isEmpty: Bool { parents.isEmpty }

  /// The records that are linked with this one, itself too, ascending; nil when it stands alone.
  func group(of place: Int) -> [Int]? {
    parents[place] == nil ? nil : groups[root(place)]
  }

  /// The first key of which somebody else has the same value.
  func firstKey(of place: Int) -> Int { firstKeys[place] ?? 0 }

  private func root(_ place: Int) -> Int {
    var place = place
    while let parent = parents[place], parent != place { place = parent }
    return place
  }

  private mutating func join(_ left: Int, _ right: Int) {
    let (first, second) = (root(left), root(right))
    let top = min(first, second)
    for place in [left, right, first, second] { parents[place] = top }
  }
}

/// The first place of every hash: open addressing, where an equal hash is found and not put in again.
private struct FirstPlaces {
  private var slots: [UInt32]
  private let mask: Int
  /// How many places ahead a slot is asked for.
  private static let ahead = 12

  init(count: Int) {
    var capacity = 16
    while capacity < count * 2 { capacity *= 2 }
    mask = capacity - 1
    slots = Array(repeating: 0, count: capacity)
  }

  private func slot(of hash: UInt64) -> Int { Int(truncatingIfNeeded: hash) & mask }

  func prefetch(_ hashes: Span<UInt64>, after place: Int) {
    guard place + Self.ahead < hashes.count else { return }
    slots.span.prefetch(slot(of: hashes[place + Self.ahead]))
  }

  /// The place that came first with the hash at `place`; nil when that is the first itself.
  mutating func place(of hashes: Span<UInt64>, at place: Int) -> Int? {
    var slot = slot(of: hashes[place])
    while slots[slot] != 0 {
      let other = Int(slots[slot]) - 1
      if hashes[other] == hashes[place] { return other }
      slot = (slot + 1) & mask
    }
    slots[slot] = UInt32(place + 1)
    return nil
  }
}
