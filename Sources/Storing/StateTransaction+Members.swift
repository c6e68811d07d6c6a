package import Identity
import Scanning

extension StateTransaction {
  // MARK: Look-ups, which see all that this transaction has done

  package func member(_ ordinal: UInt32) throws(StoreFailure) -> CurrentMember? {
    try lookUp { queries throws(StoreFailure) in try queries.member(ordinal) }
  }

  package func ordinal(ofMember id: ResourceID) throws(StoreFailure) -> UInt32? {
    try lookUp { queries throws(StoreFailure) in try queries.ordinal(ofMember: id) }
  }

  /// The member with an id, or nil when there is none.
  package func member(_ id: ResourceID) throws(StoreFailure) -> CurrentMember? {
    guard let ordinal = try ordinal(ofMember: id) else { return nil }
    return try member(ordinal)
  }

  /// The members that hold a value of a key or unique attribute, ASCII case folded, ascending.
  package func members(
    holding value: [UInt8], at path: AttributePath
  ) throws(StoreFailure) -> [UInt32] {
    guard let kind = codec?.basis.kinds.firstIndex(where: { $0.path == path }) else {
      throw failure(.notAKey(path))
    }
    return try lookUp { queries throws(StoreFailure) in
      try queries.members(holding: value, kind: kind)
    }
  }

  /// Only who asks for memberships has those written that wait: a team is written as a whole, and all of it again for
  /// each of its members that is changed between two such look-ups.
  func lookUp<T>(
    seeingMemberships: Bool = false, _ body: (StateQueries) throws(StoreFailure) -> T
  ) throws(StoreFailure) -> T {
    try attempt { () throws(StoreFailure) in
      try pendingKeys.write(to: statements)
      if seeingMemberships { try pendingEdges.write(to: statements) }
      return try body(StateQueries(statements))
    }
  }

  // MARK: Changes

  /// Adds a member and returns its ordinal.
  ///
  /// The document must have an `id`.
  @discardableResult
  package func insertMember(
    _ document: ResourceDocument, standing: MemberStanding, owners: ExportSet
  ) throws(StoreFailure) -> UInt32 {
    guard let id = document.root["id"]?.text else {
      throw failure(.corrupt(detail: "a new member has no id"))
    }
    return try insertMember(
      ResourceID(id), text: document.canonicalBytes, standing: standing, owners: owners)
  }

  /// Adds a member from its canonical text, which must hold the same `id`; for bulk loads.
  @discardableResult
  package func insertMember(
    _ id: ResourceID, text: [UInt8], standing: MemberStanding, owners: ExportSet
  ) throws(StoreFailure) -> UInt32 {
    try attempt { () throws(StoreFailure) in
      let ordinal = UInt32(nextMember)
      nextMember += 1
      try statements("INSERT INTO member VALUES (?, ?)")
        .bind(Int(ordinal), at: 1).bind(text: text, at: 2).run()
      let image = try image(of: text)
      try writeIndex(ordinal, image, standing, owners)
      try writeName(ordinal, text)
      pendingKeys.add(id: id, ordinal: ordinal)
      pendingKeys.add(image, kinds: try currentCodec().basis.kinds, ordinal: ordinal)
      if pendingKeys.isFull { try flush() }
      return ordinal
    }
  }

  /// Puts a new document and standing in the place of a member's.
  ///
  /// Its id must stay.
  package func updateMember(
    _ ordinal: UInt32, to document: ResourceDocument, standing: MemberStanding
  ) throws(StoreFailure) {
    try attempt { () throws(StoreFailure) in
      try flush()
      let before = try existingMember(ordinal)
      guard document.root["id"]?.text == before.resource.id.description else {
        throw failure(.corrupt(detail: "the id of member \(ordinal) would change"))
      }
      let text = document.canonicalBytes
      try statements("UPDATE member SET resource = ? WHERE ordinal = ?")
        .bind(text: text, at: 1).bind(Int(ordinal), at: 2).run()
      let image = try image(of: text)
      try writeIndex(ordinal, image, standing, before.owners)
      // A page of names is two hundred times what an update changes, and names nearly never do.
      if document.userName != before.resource.document.userName { try writeName(ordinal, text) }
      try replaceKeys(ordinal, from: imageOf(before), to: image)
    }
  }

  /// Makes exports owners of a member, beside those it has.
  package func addOwners(_ owners: ExportSet, toMember ordinal: UInt32) throws(StoreFailure) {
    try attempt { () throws(StoreFailure) in
      try index.addOwners(owners, to: ordinal)
    }
  }

  /// Changes what a member's standing says, and nothing else.
  package func setStanding(
    _ standing: MemberStanding, ofMember ordinal: UInt32
  ) throws(StoreFailure) {
    try attempt { () throws(StoreFailure) in
      try index.setStanding(standing, of: ordinal)
    }
  }

  /// Removes a member with all its memberships; its id is never given out again.
  package func deleteMember(_ ordinal: UInt32) throws(StoreFailure) {
    try attempt { () throws(StoreFailure) in
      try pendingKeys.write(to: statements)
      // The rows must be there; their teams may wait to hear of them.
      if pendingEdges.hasRows { try pendingEdges.write(to: statements) }
      let member = try existingMember(ordinal)
      for edge in try StateQueries(statements).teams(ofMember: ordinal) {
        try removeMembership(team: edge.team, member: ordinal)
      }
      try replaceKeys(ordinal, from: imageOf(member), to: AttributeImage())
      try statements("DELETE FROM member WHERE ordinal = ?").bind(Int(ordinal), at: 1).run()
      try index.remove(ordinal)
      try names.remove(ordinal)
      try statements("DELETE FROM member_id WHERE id = ?")
        .bind(member.resource.id.description, at: 1).run()
      for table in ["absence", "awaited_reference"] {
        try statements("DELETE FROM \(table) WHERE member = ?").bind(Int(ordinal), at: 1).run()
      }
      try statements("INSERT INTO tombstone VALUES (?, ?)")
        .bind(member.resource.id.description, at: 1).bind(openRun?.number, at: 2).run()
    }
  }

  private func existingMember(_ ordinal: UInt32) throws(StoreFailure) -> CurrentMember {
    guard let member = try StateQueries(statements).member(ordinal) else {
      throw failure(.corrupt(detail: "there is no member \(ordinal)"))
    }
    return member
  }

  private func currentCodec() throws(StoreFailure) -> MemberCodec {
    guard let codec else { throw failure(.notRebased) }
    return codec
  }

  private func imageOf(_ member: CurrentMember) throws(StoreFailure) -> AttributeImage {
    member.resource.document.image(of: try currentCodec().basis.attributes)
  }

  private func image(of text: [UInt8]) throws(StoreFailure) -> AttributeImage {
    let reader = try currentCodec().reader
    do {
      return try reader.image(of: text.span)
    } catch {
      throw failure(.corrupt(detail: "a resource is not JSON at byte \(error.offset)"))
    }
  }

  private func writeIndex(
    _ ordinal: UInt32, _ image: AttributeImage, _ standing: MemberStanding, _ owners: ExportSet
  ) throws(StoreFailure) {
    let codec = try currentCodec()
    let entry = MemberIndexPage.Entry(
      standing: standing, owners: owners,
      fingerprint: codec.fingerprinter.fingerprint(of: image),
      keyHashes: codec.hasher.hashes(of: image))
    try index.put(entry, at: ordinal)
  }

  private func writeName(_ ordinal: UInt32, _ text: [UInt8]) throws(StoreFailure) {
    guard try names.set(text, of: ordinal) else {
      throw failure(.corrupt(detail: "the resource of member \(ordinal) is damaged"))
    }
  }

  private func replaceKeys(
    _ ordinal: UInt32, from before: AttributeImage, to after: AttributeImage
  ) throws(StoreFailure) {
    let kinds = try currentCodec().basis.kinds
    let delete = try statements(
      "DELETE FROM member_key WHERE kind = ? AND value = ? AND ordinal = ?")
    for (kind, key) in kinds.enumerated() {
      guard let value = before[key.id] else { continue }
      try delete.bind(kind, at: 1).bind(MatchKeyText.folded(value), at: 2)
        .bind(Int(ordinal), at: 3).run()
    }
    pendingKeys.add(after, kinds: kinds, ordinal: ordinal)
  }
}

extension StateTransaction {
  /// Whether the state has no member at all, so that nothing can collide with a new one.
  package func hasNoMembers() throws(StoreFailure) -> Bool {
    try attempt { () throws(StoreFailure) in
      try statements("SELECT 1 FROM member LIMIT 1").first { _ in true } == nil
    }
  }
}

extension ResourceDocument {
  /// As bytes: texts that are composed otherwise are equal.
  fileprivate var userName: [UInt8]? { value(at: .userName).map { Array($0.utf8) } }
}
