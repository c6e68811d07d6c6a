package import Identity

/// The current members with an index per key: what records of all exports are probed against.
package struct MemberIndex: Sendable {
  package let members: CurrentMembers
  package let keys: [MatchKey]
  /// How many of the keys match; the rest only resolve references of memberships.
  package let matchCount: Int
  private let indexes: [KeyIndex]

  package init(members: CurrentMembers, keys: [MatchKey], matchCount: Int) {
    self.members = members
    self.keys = keys
    self.matchCount = matchCount
    indexes = members.keyHashes.map { KeyIndex($0) }
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

  /// The seat that a record certainly is, with nothing to change; nil sends it to the slow path.
  ///
  /// An equal fingerprint covers the match keys, so it proves that their values are the same, too.
  @inline(__always)
  package func sameSeat(
    _ fingerprint: Fingerprint, key: Int, hash: UInt64, as view: borrowing ExportView
  ) -> Int? {
    let seat: Int
    if key == 0 {
      guard let candidate = indexes[0].candidate(hash),
        view.entries[candidate].keyHash == hash
      else { return nil }
      seat = candidate
    } else {
      guard case .one(let found) = indexes[key].lookup(hash) else { return nil }
      seat = found
    }
    let entry = view.entries[seat]
    guard entry.fingerprint == fingerprint, entry.maySettle else { return nil }
    return seat
  }

  /// Brings what `sameSeat` will look at first into the cache.
  @inline(__always)
  func warm(_ hash: UInt64) -> UInt64 { indexes[0].firstSlot(of: hash) }
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
  }

  /// The export's number among the exports of this run.
  package let export: Int
  let entries: [Entry]
}
