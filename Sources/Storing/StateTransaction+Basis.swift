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
    _ codec: MemberCodec, index rewritesIndex: Bool, keys: Bool
  ) throws(StoreFailure) {
    let resources = try statements(
      "SELECT ordinal, resource FROM member WHERE ordinal BETWEEN ? AND ? ORDER BY ordinal")
    defer { resources.reset() }
    for number in try index.numbers() {
      let ordinals = MemberIndexPage.ordinals(ofPage: number)
      guard let before = try index.page(number) else { continue }
      var page = MemberIndexPage(keyCount: codec.basis.keys.count)
      resources.bind(ordinals.lowerBound, at: 1).bind(ordinals.upperBound, at: 2)
      while try resources.next() {
        let ordinal = resources.integer(0)
        guard let image = try? resources.withBytes(1, { try codec.reader.image(of: $0) }),
          let entry = before[ordinal - ordinals.lowerBound]
        else { throw failure(.corrupt(detail: "the resource of member \(ordinal) is damaged")) }
        if rewritesIndex {
          page.set(
            ordinal - ordinals.lowerBound, entry.standing, entry.owners,
            codec.fingerprinter.fingerprint(of: image), codec.hasher.hashes(of: image)[...])
        }
        if keys {
          pendingKeys.add(
            image, kinds: codec.basis.kinds, ordinal: UInt32(truncatingIfNeeded: ordinal))
          if pendingKeys.isFull { try pendingKeys.write(to: statements) }
        }
      }
      if rewritesIndex { try index.write(page, number: number) }
    }
  }
}
