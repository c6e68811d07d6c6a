import Identity

extension StateTransaction {
  /// Makes the stored fingerprints, key hashes and look-ups those of a basis; nothing to do when
  /// they are already.
  ///
  /// Call it first in every write that touches members. Computing 1 M members anew takes some seconds.
  package func rebase(_ basis: IndexBasis) throws(StoreFailure) {
    try attempt { () throws(StoreFailure) in
      let settings = Settings(statements.connection)
      let stored = try settings.text("index basis")
      guard basis.text != stored else { return }
      try flush()
      let new = MemberCodec(basis, secret: origin.fingerprintSecret)
      let rewritesIndex = !basis.hasSameIndex(as: stored)
      let rewritesKeys = codec?.basis.kinds.map(\.path) != basis.kinds.map(\.path)
      codec = new
      try settings.set("index basis", to: basis.text)
      if rewritesKeys { try clearKeys(basis) }
      if rewritesIndex || rewritesKeys {
        try recompute(new, index: rewritesIndex, keys: rewritesKeys)
      }
      try flush()
    }
  }

  private func clearKeys(_ basis: IndexBasis) throws(StoreFailure) {
    try statements("DELETE FROM member_key").run()
    try statements("DELETE FROM key_kind").run()
    let insert = try statements("INSERT INTO key_kind VALUES (?, ?)")
    for (number, kind) in basis.kinds.enumerated() {
      try insert.bind(number, at: 1).bind(kind.path.description, at: 2).run()
    }
  }

  private func recompute(
    _ codec: MemberCodec, index: Bool, keys: Bool
  ) throws(StoreFailure) {
    let resources = try statements("SELECT ordinal, resource FROM member ORDER BY ordinal")
    defer { resources.reset() }
    let update = try statements(
      "UPDATE member_index SET fingerprint = ?, keys = ? WHERE ordinal = ?")
    while try resources.next() {
      let ordinal = resources.integer(0)
      guard let image = try? resources.withBytes(1, { try codec.reader.image(of: $0) })
      else { throw failure(.corrupt(detail: "the resource of member \(ordinal) is damaged")) }
      if index {
        try update.bind(codec.fingerprint(of: image), at: 1).bind(codec.keyHashes(of: image), at: 2)
          .bind(ordinal, at: 3).run()
      }
      if keys {
        pendingKeys.add(
          image, kinds: codec.basis.kinds, ordinal: UInt32(truncatingIfNeeded: ordinal))
        if pendingKeys.isFull { try pendingKeys.write(to: statements) }
      }
    }
  }
}
