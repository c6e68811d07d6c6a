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

  /// What `probe` wants to know of every seat at once, for one export.
  package func view(
    export: Int, owner: ExportSet, fingerprints: [Fingerprint], statesActive: Bool
  ) -> ExportView {
    let first = members.keyHashes.first ?? []
    return ExportView(
      export: export,
      entries: members.ordinals.indices.map { seat in
        // A member we made leave is not *same* unless the record itself says that it is inactive.
        let isOpen =
          !members.owners[seat].contains(owner)
          || !statesActive && members.standings[seat].contains(.leaver)
        return ExportView.Entry(
          keyHash: first[seat], fingerprint: fingerprints[seat], maySettle: !isOpen)
      })
  }

  /// The index of the first match key, which settles nearly every record.
  var firstIndex: KeyIndex { indexes[0] }
}

/// What is particular to one export when its records are probed.
///
/// All that settles a record stands side by side: a million seats do not fit the cache, and what is read together
/// should lie together.
package struct ExportView: Sendable {
  struct Entry: Sendable {
    /// Of the first match key.
    let keyHash: UInt64
    /// Over just the attributes that this export gives tonight.
    let fingerprint: Fingerprint
    /// Whether an equal fingerprint means that there is nothing to do.
    let maySettle: Bool

    /// Whether a record found by its first key is this member, with nothing to change.
    ///
    /// An equal fingerprint covers the match keys, so it proves that their values are the same, too.
    @inline(__always)
    func settles(_ hash: UInt64, _ print: Fingerprint) -> Bool {
      keyHash == hash && settles(print)
    }

    /// The same for a record found by another key.
    @inline(__always)
    func settles(_ print: Fingerprint) -> Bool { fingerprint == print && maySettle }
  }

  /// The export's number among the exports of this run.
  package let export: Int
  let entries: [Entry]
}
