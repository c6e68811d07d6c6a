import Identity
import PlanFile
import Scanning

extension StateTransaction {
  /// Adds the members of a run of creates and writes them into the journal.
  ///
  /// It is what `insertMember` and `journal` would do one by one. Here one thread makes texts, fingerprints and digests
  /// while the other feeds SQLite, and every table gets its rows in its own order. The journal comes last: the name of
  /// the plan, which begins it, may still be worked out while members are written. `progress` is told how many are
  /// written, between two rows and never around the commit. Returns the ordinal of the first; the others follow it.
  @discardableResult
  package func create(
    _ creates: MemberCreates, progress: (Int) -> Void
  ) throws(StoreFailure) -> UInt32 {
    try attempt { () throws(StoreFailure) in
      guard let codec else { throw failure(.notRebased) }
      guard var run = openRun else { throw failure(.runNotOpen) }
      precondition(
        codec.basis.attributes == creates.attributes, "the creates are of other attributes")
      try flush()
      // Two copies of the run would copy its buffers at every operation.
      openRun = nil
      let firstOrdinal = UInt32(nextMember)
      nextMember += creates.range.count
      // Members take twice as long as the journal.
      let (start, half) = (creates.range.lowerBound, creates.range.count / 3)
      try addMembers(creates, codec, firstOrdinal) { progress(start + ($0 - start) / 3 * 2) }
      let maker = NewEntries.Maker(
        creates: creates, active: creates.attributes.id(of: .active),
        firstNumber: run.nextOperation)
      let writer = try NewEntryWriter(statements)
      var blocks = MadeAhead(count: maker.blockCount, depth: 2) { maker.block($0) }
      while let block = blocks.next() {
        progress(start + 2 * half + (block.places.lowerBound - start) / 3)
        try writer.write(block)
        run.chain.add(facts: block.chain)
      }
      run.nextOperation += creates.range.count
      run.counts[Operation.Kind.createMember.rawValue, default: 0] += creates.range.count
      openRun = run
      return firstOrdinal
    }
  }

  /// Writes everything of the members but their journal.
  private func addMembers(
    _ creates: MemberCreates, _ codec: MemberCodec, _ firstOrdinal: UInt32,
    progress: (Int) -> Void
  ) throws(StoreFailure) {
    var keys = NewKeys(creates, kinds: codec.basis.kinds, firstOrdinal: firstOrdinal)
    let firstKeys = keys.sortedIDs()
    let maker = NewMembers.Maker(
      creates: creates, fingerprinter: codec.fingerprinter, hasher: codec.hasher,
      kinds: codec.basis.kinds, active: creates.attributes.id(of: .active),
      userName: creates.attributes.id(of: .userName))
    var writer = try NewMemberWriter(
      statements, index, names, firstOrdinal: firstOrdinal, keyCount: codec.basis.keys.count)
    var blocks = MadeAhead(count: maker.blockCount, depth: 2) { maker.block($0) }
    while let block = blocks.next() {
      progress(block.places.lowerBound)
      try writer.write(block, firstPlace: creates.range.lowerBound)
      keys.append(block)
    }
    try writer.finish()
    try keys.write(to: statements, first: firstKeys)
  }
}

/// Writes prepared members to the three tables that are in the order of the plan.
private struct NewMemberWriter {
  private let firstOrdinal: UInt32
  private let index: MemberIndex
  private let names: MemberNames
  /// The page of the index that is being filled; written when the next one begins.
  private var page: MemberIndexPage
  private var pageNumber: Int
  private let addMembers: OrderedInsert

  init(
    _ statements: StatementCache, _ index: MemberIndex, _ names: MemberNames,
    firstOrdinal: UInt32, keyCount: Int
  ) throws(StoreFailure) {
    self.firstOrdinal = firstOrdinal
    self.index = index
    self.names = names
    pageNumber = MemberIndexPage.number(ofOrdinal: firstOrdinal)
    let started = try index.page(pageNumber)
    page = started ?? MemberIndexPage(keyCount: keyCount)
    guard page.keyCount == keyCount else {
      throw .damagedPage(pageNumber, path: statements.connection.path)
    }
    addMembers = try OrderedInsert(
      statements, into: "member", OrderedInsert.Shape(columns: 2, text: 2, ordinal: 1))
  }

  /// Takes all from the block: what the thread that makes the next one reads is left alone.
  mutating func write(_ block: NewMembers, firstPlace: Int) throws(StoreFailure) {
    let first = firstOrdinal + UInt32(block.places.lowerBound - firstPlace)
    try addMembers.insert(block.resources) { Int(first) + $0 }
    let texts = block.names.bytes.span
    for row in 0..<block.places.count {
      let ordinal = first + UInt32(row)
      try turnPage(to: ordinal)
      page.set(
        MemberIndexPage.place(ofOrdinal: ordinal), block.standings[row], block.owners[row],
        block.fingerprints[row], block.keyHashes(row))
      try names.set(texts.extracting(block.names.range(row)), of: ordinal)
    }
  }

  /// Makes the page of a member the one that is filled.
  private mutating func turnPage(to ordinal: UInt32) throws(StoreFailure) {
    let number = MemberIndexPage.number(ofOrdinal: ordinal)
    guard number != pageNumber else { return }
    try finish()
    page = MemberIndexPage(keyCount: page.keyCount)
    pageNumber = number
  }

  /// Writes the page that is being filled.
  func finish() throws(StoreFailure) {
    try index.write(page, number: pageNumber)
  }
}

/// Writes the prepared journal of creates to its tables.
private struct NewEntryWriter {
  private let addPack: SQLStatement
  private let addFacts: SQLStatement
  private let addValues: SQLStatement

  init(_ statements: StatementCache) throws(StoreFailure) {
    addPack = try statements(
      """
      INSERT INTO \(OperationPack.table) (\(OperationPack.columns))
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """)
    addFacts = try statements(
      "INSERT INTO operation (\(JournaledOperation.Facts.columns)) VALUES (?, ?, ?, NULL, ?, ?, ?, ?, NULL, ?)"
    )
    addValues = try statements(
      "INSERT INTO operation_value (number, salt, name) VALUES (?, ?, ?)")
  }

  func write(_ block: NewEntries) throws(StoreFailure) {
    for piece in block.pieces {
      switch piece {
      case .pack(let pack):
        pack.bind(to: addPack)
        try addPack.run()
      case .rows(let rows): try write(rows, of: block)
      }
    }
  }

  private func write(_ rows: Range<Int>, of block: NewEntries) throws(StoreFailure) {
    let (ids, names) = (block.ids.bytes.span, block.names.bytes.span)
    let (origins, digests, salts) = (
      block.origins.bytes.span, block.digests.span, block.salts.span
    )
    var causes = block.causes(from: rows.lowerBound)
    for row in rows {
      // What is bound stays bound until it is bound anew.
      if let cause = causes.first, cause.row <= row {
        causes.removeFirst()
        let operation = cause.operation
        addFacts.bind(operation.kind.rawValue, at: 2).bind(operation.situation.rawValue, at: 4)
          .bind(Int(operation.classes.rawValue), at: 5).bind(operation.rule, at: 6)
      }
      let number = block.firstNumber + row
      let (id, origin) = (ids.extracting(block.ids.range(row)), block.origins.range(row))
      let digest = digests.extracting(block.digestRange(row))
      try addFacts.bind(number, at: 1).lending(text: id, at: 3) { () throws(StoreFailure) in
        try addFacts.lending(blob: digest, at: 8) { () throws(StoreFailure) in
          guard !origin.isEmpty else { return try addFacts.bindNull(at: 7).run() }
          try addFacts.lending(text: origins.extracting(origin), at: 7, addFacts.run)
        }
      }
      let (salt, name) = (block.saltRange(row), names.extracting(block.names.range(row)))
      try addValues.bind(number, at: 1).lending(blob: salts.extracting(salt), at: 2) {
        () throws(StoreFailure) in
        try addValues.lending(text: name, at: 3, addValues.run)
      }
    }
  }
}
