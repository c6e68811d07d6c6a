package import Identity

/// The current members with an index per key: what records of all exports are probed against.
package struct MemberIndex: Sendable {
  package let members: CurrentMembers
  package let keys: [MatchKey]
  /// How many of the keys match; the rest only resolve references of memberships.
  package let matchCount: Int
  /// The index of the first key, which settles nearly every record.
  let firstIndex: KeyIndex
  /// Those of the other keys, in their order.
  private let laterIndexes: [LaterIndex]

  /// There is at least one key.
  package init(members: CurrentMembers, keys: [MatchKey], matchCount: Int) {
    self.members = members
    self.keys = keys
    self.matchCount = matchCount
    firstIndex = KeyIndex(members.keyHashes.first ?? [])
    laterIndexes = members.keyHashes.dropFirst().map { LaterIndex($0) }
  }

  /// Asks for the memory that the look-up of one of the next records begins in.
  func prefetch(_ records: [OpenRecord], after place: Int, key: Int) {
    let next = place + KeyIndex.ahead
    if key == 0, next < records.count { firstIndex.prefetch(records[next].keyHashes[0]) }
  }

  /// Prepares for look-ups of what the records hold, after which others take longer.
  func expect(_ records: [OpenRecord]) {
    for (place, index) in laterIndexes.enumerated() {
      index.expect(records.map { $0.keyHashes[place + 1] })
    }
  }

  /// The index of all values of a key, for look-ups by the million.
  package func whole(key: Int) -> KeyIndex {
    key == 0 ? firstIndex : laterIndexes[key - 1].whole
  }

  /// The seats that hold a key value with this hash.
  package func seats(key: Int, hash: UInt64) -> [Int] {
    key == 0 ? firstIndex.all(hash) : laterIndexes[key - 1].all(hash)
  }

  package func lookup(key: Int, hash: UInt64) -> KeyIndex.Hit {
    key == 0 ? firstIndex.lookup(hash) : laterIndexes[key - 1].lookup(hash)
  }
}
