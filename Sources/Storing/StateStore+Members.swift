package import Identity
import Scanning

extension StateStore {
  /// All members as columns, in the order of their ordinals.
  ///
  /// Where the state was last written under another basis, fingerprints and key hashes are computed
  /// anew from the resources; `StateTransaction.rebase` stores them.
  ///
  /// The fingerprints leave out what is `missing`: attributes that tonight's exports do not have.
  /// Up to `threads` threads read, all cores when nil; the result is the same for any number.
  package func members(
    _ basis: IndexBasis, without missing: [AttributeID] = [], threads: Int? = nil
  ) async throws(StoreFailure) -> CurrentMembers {
    let stored = try read { statements throws(StoreFailure) in
      try Settings(statements.connection).text("index basis")
    }
    let scan = MemberScan(
      basis: basis, secret: secret(.fingerprints),
      source: basis.hasSameIndex(as: stored) ? .stored : .recomputed, missing: missing)
    return try scan.run(on: parallel(threads))
  }

  func parallel(_ threads: Int?) -> ParallelRead {
    ParallelRead(store: self, threads: threads ?? SystemCalls.coreCount)
  }

  /// The managed values of some members, in the order asked for; much faster than their documents.
  ///
  /// Throws `corrupt` for an ordinal that no member has.
  package func values(
    ofMembers ordinals: [UInt32], of attributes: AttributeSet, threads: Int? = nil
  ) async throws(StoreFailure) -> [MemberValues] {
    // Small enough that no thread waits long for the last piece of another.
    let pieceSize = 256
    let count = (ordinals.count + pieceSize - 1) / pieceSize
    let parts = try parallel(threads).run(pieces: count) {
      connection, pieces throws(StoreFailure) in
      let queries = StateQueries(StatementCache(connection))
      let values = IdentifiedValues(attributes)
      var parts: [(number: Int, part: [MemberValues])] = []
      while let number = pieces.next() {
        let piece = ordinals[number * pieceSize..<min((number + 1) * pieceSize, ordinals.count)]
        parts.append((number, try queries.values(ofMembers: piece, with: values)))
      }
      return parts
    }
    return parts.flatMap { $0 }
  }

  /// The members who have a value of one of some attributes under `roles`; all resources are looked at.
  package func members(
    holding roles: AttributeSet
  ) throws(StoreFailure) -> [(ordinal: UInt32, image: AttributeImage)] {
    try query { queries throws(StoreFailure) in
      let reader = ResourceReader(attributes: roles)
      let rows = try queries.statements(
        "SELECT ordinal, resource FROM member WHERE instr(resource, '\"roles\":') ORDER BY ordinal")
      return try rows.all { row in
        let image = try? reader.image(of: row.bytes(1).span)
        return (UInt32(truncatingIfNeeded: row.integer(0)), image ?? AttributeImage())
      }.filter { $0.1.entries.contains { _ in true } }
    }
  }

  /// Some members in full, in the order asked for.
  ///
  /// Throws `corrupt` for an ordinal that no member has.
  package func resources(
    ofMembers ordinals: some Sequence<UInt32>
  ) throws(StoreFailure) -> [CurrentResource] {
    try query { queries throws(StoreFailure) in
      var found: [CurrentResource] = []
      for ordinal in ordinals { found.append(try queries.resource(ofMember: ordinal)) }
      return found
    }
  }

  /// One more than the highest ordinal a member has ever had: who was deleted counts, too.
  package func ordinalCount() throws(StoreFailure) -> Int {
    try read { statements throws(StoreFailure) in
      try Settings(statements.connection).integer("next member")
    }
  }

  /// Calls `body` with every member in full, in the order of ordinals, without holding them all.
  package func forEachMember(
    _ body: (CurrentMember) throws -> Void
  ) throws {
    var last = -1
    while true {
      let page = try query { queries throws(StoreFailure) in
        try queries.members(above: last, limit: 1024)
      }
      for member in page { try body(member) }
      guard let end = page.last else { return }
      last = Int(end.resource.ordinal)
    }
  }

  package func member(_ ordinal: UInt32) throws(StoreFailure) -> CurrentMember? {
    try query { queries throws(StoreFailure) in try queries.member(ordinal) }
  }

  package func ordinal(ofMember id: ResourceID) throws(StoreFailure) -> UInt32? {
    try query { queries throws(StoreFailure) in try queries.ordinal(ofMember: id) }
  }

  /// The members that hold a value of a key or unique attribute, ASCII case folded, ascending.
  ///
  /// Throws `notAKey` for an attribute that is not in the basis the state was last written under.
  package func members(
    holding value: [UInt8], at path: AttributePath
  ) throws(StoreFailure) -> [UInt32] {
    try query { queries throws(StoreFailure) in try queries.members(holding: value, at: path) }
  }

  /// The ids of some members, in the order asked for, which must be that of their ordinals.
  ///
  /// One walk over all ids: for those of nearly everybody.
  package func ids(ofMembers members: CurrentMembers) throws(StoreFailure) -> [ResourceID] {
    try read { statements throws(StoreFailure) in
      var ids = [ResourceID?](repeating: nil, count: members.count)
      try statements("SELECT id, ordinal FROM member_id").each { row in
        guard let seat = members.seat(ofOrdinal: UInt32(clamping: row.integer(1))) else { return }
        ids[seat] = ResourceID(row.text(0))
      }
      let known = ids.compactMap(\.self)
      guard known.count == members.count else {
        throw StoreFailure(
          .corrupt(detail: "\(members.count - known.count) members have no id"), path: path)
      }
      return known
    }
  }

  func query<T>(
    _ body: (StateQueries) throws(StoreFailure) -> T
  ) throws(StoreFailure) -> T {
    try read { statements throws(StoreFailure) in try body(StateQueries(statements)) }
  }
}

/// The managed values of one member.
package struct MemberValues: Sendable, Hashable {
  package let ordinal: UInt32
  package let id: ResourceID
  package let image: AttributeImage
}

/// One member with all that the state knows of it.
package struct CurrentMember: Sendable, Hashable {
  package let resource: CurrentResource
  package let standing: MemberStanding
  package let owners: ExportSet
  /// Under the basis the state was last written with.
  package let fingerprint: Fingerprint
}
