package import Identity

/// The current members with an index per key: what records of all exports are probed against.
package struct MemberIndex: Sendable {
  package let members: CurrentMembers
  package let keys: [MatchKey]
  /// How many of the keys match; the rest only resolve references of memberships.
  package let matchCount: Int
  private let indexes: [KeyIndex]

  package init(members: CurrentMembers, keys: [MatchKey], matchCount: Int) {
    self.init(
      members: members, keys: keys, matchCount: matchCount,
      indexes: members.keyHashes.map { KeyIndex($0) })
  }

  private init(
    members: CurrentMembers, keys: [MatchKey], matchCount: Int, indexes: [KeyIndex]
  ) {
    self.members = members
    self.keys = keys
    self.matchCount = matchCount
    self.indexes = indexes
  }

  /// Builds the indexes of all keys side by side.
  package static func built(
    of members: CurrentMembers, keys: [MatchKey], matchCount: Int
  ) async -> MemberIndex {
    let indexes = await withTaskGroup(of: (Int, KeyIndex).self) { group in
      for (place, hashes) in members.keyHashes.enumerated() {
        group.addTask { (place, KeyIndex(hashes)) }
      }
      return await group.reduce(into: [Int: KeyIndex]()) { $0[$1.0] = $1.1 }
    }
    return MemberIndex(
      members: members, keys: keys, matchCount: matchCount,
      indexes: members.keyHashes.indices.compactMap { indexes[$0] })
  }

  /// The seats that hold a key value with this hash.
  package func seats(key: Int, hash: UInt64) -> [Int] { indexes[key].all(hash) }

  @inline(__always)
  package func lookup(key: Int, hash: UInt64) -> KeyIndex.Hit { indexes[key].lookup(hash) }

  /// Asks for what a look-up some steps later will want of memory.
  @inline(__always)
  package func prefetch(key: Int, hash: UInt64) { indexes[key].prefetch(hash) }

  /// The index of the first match key, which settles nearly every record.
  var firstIndex: KeyIndex { indexes[0] }
}
