import Identity

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
  init<Records: RandomAccessCollection>(_ records: Records, keys: [MatchKey])
  where Records.Element == OpenRecord, Records.Index == Int {
    guard records.count > 1 else { return }
    for (key, matchKey) in keys.enumerated() {
      var firsts = FirstPlaces(count: records.count)
      for place in records.indices {
        let hash = records[place].keyHashes[key]
        guard hash != KeyHasher.none,
          let first = firsts.place(of: hash, else: place, hashOf: { records[$0].keyHashes[key] }),
          MatchKeyText.same(
            records[first].image[matchKey.id] ?? [], records[place].image[matchKey.id] ?? [])
        else { continue }
        for twin in [first, place] where firstKeys[twin] == nil { firstKeys[twin] = key }
        join(first, place)
      }
    }
    for place in parents.keys.sorted() { groups[root(place), default: []].append(place) }
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

  init(count: Int) {
    var capacity = 16
    while capacity < count * 2 { capacity *= 2 }
    mask = capacity - 1
    slots = Array(repeating: 0, count: capacity)
  }

  /// The place that came first with this hash; nil when `place` is the first itself.
  mutating func place(of hash: UInt64, else place: Int, hashOf: (Int) -> UInt64) -> Int? {
    var slot = Int(truncatingIfNeeded: hash) & mask
    while slots[slot] != 0 {
      let other = Int(slots[slot]) - 1
      if hashOf(other) == hash { return other }
      slot = (slot + 1) & mask
    }
    slots[slot] = UInt32(place + 1)
    return nil
  }
}
