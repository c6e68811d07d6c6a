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

  /// The seat that a record certainly is, with nothing to change; nil sends it to the slow path.
  ///
  /// An equal fingerprint covers the match keys, so it proves that their values are the same, too.
  /// A member we made leave is not *same* unless the record itself says that it is inactive.
  @inline(__always)
  package func sameSeat(_ fingerprint: Fingerprint, key: Int, hash: UInt64, as view: ExportView)
    -> Int?
  {
    guard case .one(let seat) = indexes[key].lookup(hash),
      view.fingerprints[seat] == fingerprint,
      members.owners[seat].contains(view.owner),
      view.statesActive || !members.standings[seat].contains(.leaver)
    else { return nil }
    return seat
  }
}

/// What is particular to one export when its records are probed.
package struct ExportView: Sendable {
  /// The export's number among the exports of this run.
  package let export: Int
  /// The export as an owner in the state.
  package let owner: ExportSet
  /// The members' fingerprints over just the attributes that this export gives tonight.
  package let fingerprints: [Fingerprint]
  /// Whether its records say if they are active.
  package let statesActive: Bool

  package init(export: Int, owner: ExportSet, fingerprints: [Fingerprint], statesActive: Bool) {
    self.export = export
    self.owner = owner
    self.fingerprints = fingerprints
    self.statesActive = statesActive
  }
}
