package import Identity
package import PlanFile
import Scanning

/// What earlier runs left for the next one to remember.
package struct CurrentBookkeeping: Sendable, Hashable {
  package struct Absence: Sendable, Hashable {
    package let count: Int
    /// The digests of the exports the last absence was counted in, joined.
    package let exportDigest: String
    /// Seconds since 1970.
    package let countedAt: Int
  }

  /// As the state has it, where a member is its ordinal.
  package struct AwaitedReference: Sendable, Hashable {
    package let member: UInt32
    package let attribute: AttributePath
    package let wanted: PlanFile.AwaitedReference.Wanted
  }

  /// Every export this state has ever heard of, by name; renamed ones by their new name.
  package var exports: [String: Int] = [:]
  /// By the member's ordinal.
  package var absences: [UInt32: Absence] = [:]
  /// By subject: since when, seconds since 1970.
  package var holds: [String: Int] = [:]
  /// By export.
  package var baselines: [String: Bookkeeping.Baseline] = [:]
  /// Exports that a person has accepted as they are since their last good run.
  package var acceptedExports: Set<String> = []
  /// By export.
  package var deltaPositions: [String: String] = [:]
  /// In the order of the members, by their ordinals, and of their attributes.
  package var awaitedReferences: [AwaitedReference] = []
  package var marker: GuardMarker?

  package init() {}
}

/// Left by a run that a guard refused: no unattended run goes on until a person has looked.
package struct GuardMarker: Sendable, Hashable {
  /// Seconds since 1970.
  package let at: Int
  package let planName: String
  /// The breached guards, for people.
  package let breached: String

  package init(at: Int, planName: String, breached: String) {
    self.at = at
    self.planName = planName
    self.breached = breached
  }
}

extension StateStore {
  /// All that earlier runs left to remember.
  package func bookkeeping() throws(StoreFailure) -> CurrentBookkeeping {
    try query { queries throws(StoreFailure) in try queries.bookkeeping() }
  }

  /// The number of an export, or nil when no run has named it yet.
  package func exportNumber(_ name: String) throws(StoreFailure) -> Int? {
    try query { queries throws(StoreFailure) in try queries.exportNumber(name) }
  }

  /// The run that used up an approval, or nil when it is still good.
  package func run(usingApproval serial: String) throws(StoreFailure) -> Int? {
    try query { queries throws(StoreFailure) in try queries.run(usingApproval: serial) }
  }

  /// The first generation of a source key whose id has never been given out.
  ///
  /// It grows when a member with this key was deleted, and also when one that was created with it
  /// lives on under another key: either way the next bearer of the key is a new person.
  package func generation(
    _ kind: ResourceID.Kind, export: String, sourceKey: [UInt8]
  ) throws(StoreFailure) -> Int {
    try query { queries throws(StoreFailure) in
      try queries.generation(kind, origin.lineage, export, sourceKey)
    }
  }

  /// Whether any id of this kind lives, or any id at all has died.
  package func hasGivenIDs(_ kind: ResourceID.Kind) throws(StoreFailure) -> Bool {
    try query { queries throws(StoreFailure) in
      for table in ["\(kind.rawValue)_id", "tombstone"] {
        let row = try queries.statements("SELECT 1 FROM \(table) LIMIT 1").first { _ in true }
        if row != nil { return true }
      }
      return false
    }
  }

  /// The ids that new resources with these source keys get, in the order asked for.
  package func newIDs(
    _ kind: ResourceID.Kind, export: String, sourceKeys: [[UInt8]]
  ) throws(StoreFailure) -> [ResourceID] {
    try query { queries throws(StoreFailure) in
      var ids: [ResourceID] = []
      ids.reserveCapacity(sourceKeys.count)
      for key in sourceKeys {
        ids.append(
          ResourceID(
            lineage: origin.lineage, export: export, kind: kind, sourceKey: key,
            generation: try queries.generation(kind, origin.lineage, export, key)))
      }
      return ids
    }
  }
}

extension StateQueries {
  func bookkeeping() throws(StoreFailure) -> CurrentBookkeeping {
    var book = CurrentBookkeeping()
    try statements("SELECT name, number FROM export").each { row in
      book.exports[row.text(0)] = row.integer(1)
    }
    try statements("SELECT member, count, export_digest, counted_at FROM absence").each { row in
      book.absences[UInt32(truncatingIfNeeded: row.integer(0))] = CurrentBookkeeping.Absence(
        count: row.integer(1), exportDigest: row.text(2), countedAt: row.integer(3))
    }
    try statements("SELECT subject, since FROM hold").each { row in
      book.holds[row.text(0)] = row.integer(1)
    }
    for baseline in try baselines() { book.baselines[baseline.export] = baseline }
    try statements("SELECT name FROM accepted_export JOIN export ON number = export").each { row in
      book.acceptedExports.insert(row.text(0))
    }
    let positions = try statements(
      "SELECT name, position FROM delta_position JOIN export ON number = export")
    try positions.each { row in book.deltaPositions[row.text(0)] = row.text(1) }
    book.awaitedReferences = try awaitedReferences()
    book.marker = try statements("SELECT at, plan, breached FROM marker").first { row in
      GuardMarker(at: row.integer(0), planName: row.text(1), breached: row.text(2))
    }
    return book
  }

  private func awaitedReferences() throws(StoreFailure) -> [CurrentBookkeeping.AwaitedReference] {
    let rows = try statements(
      """
      SELECT member, attribute, key, value, name, file, line
      FROM awaited_reference JOIN export ON number = export ORDER BY member, attribute
      """)
    return try rows.all { row throws(StoreFailure) in
      guard let attribute = try? AttributePath(parsing: row.text(1)),
        let key = try? AttributePath(parsing: row.text(2))
      else {
        throw StoreFailure(
          .corrupt(
            detail: "member \(row.integer(0)) waits for \(row.text(1)), which is no attribute"),
          path: statements.connection.path)
      }
      return CurrentBookkeeping.AwaitedReference(
        member: UInt32(truncatingIfNeeded: row.integer(0)), attribute: attribute,
        wanted: PlanFile.AwaitedReference.Wanted(
          key: key, value: row.text(3),
          origin: RecordOrigin(export: row.text(4), file: row.text(5), line: row.integer(6))))
    }
  }

  func exportNumber(_ name: String) throws(StoreFailure) -> Int? {
    try statements("SELECT number FROM export WHERE name = ?").bind(name, at: 1)
      .first { $0.integer(0) }
  }

  func run(usingApproval serial: String) throws(StoreFailure) -> Int? {
    try statements("SELECT run FROM used_approval WHERE serial = ?").bind(serial, at: 1)
      .first { $0.integer(0) }
  }

  func generation(
    _ kind: ResourceID.Kind, _ lineage: String, _ export: String, _ sourceKey: [UInt8]
  ) throws(StoreFailure) -> Int {
    let living = try statements("SELECT 1 FROM \(kind.rawValue)_id WHERE id = ?")
    let dead = try statements("SELECT 1 FROM tombstone WHERE id = ?")
    var generation = 0
    while true {
      let id = ResourceID(
        lineage: lineage, export: export, kind: kind, sourceKey: sourceKey, generation: generation)
      let isLiving = try living.bind(id.description, at: 1).first { _ in true } ?? false
      let isDead = try dead.bind(id.description, at: 1).first { _ in true } ?? false
      if !isLiving, !isDead { return generation }
      generation += 1
    }
  }
}
