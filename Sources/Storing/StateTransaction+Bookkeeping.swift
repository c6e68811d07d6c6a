import Identity
package import PlanFile
import Scanning

extension StateTransaction {
  package func bookkeeping() throws(StoreFailure) -> CurrentBookkeeping {
    try lookUp { queries throws(StoreFailure) in try queries.bookkeeping() }
  }

  /// The number of an export; one that is new here gets the next that is free.
  package func exportNumber(_ name: String) throws(StoreFailure) -> Int {
    try attempt { () throws(StoreFailure) in
      if let number = try StateQueries(statements).exportNumber(name) { return number }
      let next =
        try statements("SELECT coalesce(max(number) + 1, 0) FROM export")
        .first { $0.integer(0) } ?? 0
      guard next < 64 else { throw failure(.tooManyExports(limit: 64)) }
      try statements("INSERT INTO export VALUES (?, ?)").bind(next, at: 1).bind(name, at: 2).run()
      return next
    }
  }

  /// Writes all that a plan asks to remember.
  ///
  /// Members and teams it names must exist, so it comes after the plan's operations.
  package func apply(_ book: Bookkeeping) throws(StoreFailure) {
    try attempt { () throws(StoreFailure) in
      try rename(book.renamedExports)
      for ownership in book.ownerships { try write(ownership) }
      for absence in book.absences { try write(absence) }
      for member in book.presences {
        // One that this very plan deleted has no counter any more.
        guard let ordinal = try ordinal(ofMember: member) else { continue }
        try statements("DELETE FROM absence WHERE member = ?").bind(Int(ordinal), at: 1).run()
      }
      for baseline in book.baselines { try write(baseline) }
      for position in book.deltaPositions {
        try statements("INSERT OR REPLACE INTO delta_position VALUES (?, ?)")
          .bind(try exportNumber(position.export), at: 1).bind(position.position, at: 2).run()
      }
      for reference in book.awaitedReferences { try write(reference) }
      try replaceHolds(book.holds)
    }
  }

  /// Old names may be each other's new ones, so all are moved out of the way first.
  private func rename(_ names: [String: String]) throws(StoreFailure) {
    let rename = try statements("UPDATE export SET name = ? WHERE name = ?")
    let pairs = names.sorted { $0.key < $1.key }
    for (old, _) in pairs { try rename.bind("renaming: \(old)", at: 1).bind(old, at: 2).run() }
    for (old, new) in pairs { try rename.bind(new, at: 1).bind("renaming: \(old)", at: 2).run() }
  }

  private func write(_ ownership: Bookkeeping.Ownership) throws(StoreFailure) {
    let export = ExportSet(export: try exportNumber(ownership.export))
    switch ownership.kind {
    case .member:
      guard let ordinal = try ordinal(ofMember: ownership.subject) else {
        throw failure(.unknownSubject(ownership.subject))
      }
      try addOwners(export, toMember: ordinal)
    case .team, .teamClaim:
      guard let ordinal = try ordinal(ofTeam: ownership.subject) else {
        throw failure(.unknownSubject(ownership.subject))
      }
      let isClaim = ownership.kind == .teamClaim
      try addOwners(isClaim ? [] : export, claims: isClaim ? export : [], toTeam: ordinal)
    }
  }

  private func write(_ absence: Bookkeeping.Absence) throws(StoreFailure) {
    guard let ordinal = try ordinal(ofMember: absence.member) else {
      throw failure(.unknownSubject(absence.member))
    }
    try statements("INSERT OR REPLACE INTO absence VALUES (?, ?, ?, ?)")
      .bind(Int(ordinal), at: 1).bind(absence.count, at: 2).bind(absence.exportDigest, at: 3)
      .bind(absence.countedAt, at: 4).run()
  }

  private func write(_ baseline: Bookkeeping.Baseline) throws(StoreFailure) {
    let number = try exportNumber(baseline.export)
    try statements("INSERT OR REPLACE INTO baseline VALUES (?, ?, ?, ?, ?, ?)")
      .bind(number, at: 1)
      .bind(text: JSONValue.array(baseline.columns.map { .string($0) }).bytes, at: 2)
      .bind(baseline.recordCount, at: 3).bind(baseline.fileCount, at: 4)
      .bind(baseline.digest, at: 5).bind(text: baseline.health.bytes, at: 6).run()
    try statements("DELETE FROM accepted_export WHERE export = ?").bind(number, at: 1).run()
  }

  private func write(_ reference: AwaitedReference) throws(StoreFailure) {
    // One that this very plan deleted waits for nobody any more.
    guard let ordinal = try ordinal(ofMember: reference.member) else { return }
    guard let wanted = reference.wanted else {
      try statements("DELETE FROM awaited_reference WHERE member = ? AND attribute = ?")
        .bind(Int(ordinal), at: 1).bind("\(reference.attribute)", at: 2).run()
      return
    }
    try statements("INSERT OR REPLACE INTO awaited_reference VALUES (?, ?, ?, ?, ?, ?, ?)")
      .bind(Int(ordinal), at: 1).bind("\(reference.attribute)", at: 2)
      .bind("\(wanted.key)", at: 3).bind(wanted.value, at: 4)
      .bind(try exportNumber(wanted.origin.export), at: 5).bind(wanted.origin.file, at: 6)
      .bind(wanted.origin.line, at: 7).run()
  }

  private func replaceHolds(_ holds: [Bookkeeping.HoldAge]) throws(StoreFailure) {
    try statements("DELETE FROM hold").run()
    let insert = try statements("INSERT OR REPLACE INTO hold VALUES (?, ?)")
    for hold in holds.sorted(by: { $0.subject < $1.subject }) {
      try insert.bind(hold.subject, at: 1).bind(hold.since, at: 2).run()
    }
  }

  /// Uses an approval up, at a time in seconds since 1970.
  ///
  /// Throws `approvalUsed` for one that has been used up before.
  package func use(_ approval: Approval, inRun run: Int, at time: Int) throws(StoreFailure) {
    try attempt { () throws(StoreFailure) in
      if let run = try StateQueries(statements).run(usingApproval: approval.serial) {
        throw failure(.approvalUsed(serial: approval.serial, run: run))
      }
      try statements("INSERT INTO used_approval VALUES (?, ?, ?, ?, ?)")
        .bind(approval.serial, at: 1).bind(run, at: 2).bind(approval.approver, at: 3)
        .bind(approval.reason, at: 4).bind(time, at: 5).run()
    }
  }

  /// Leaves the marker of a refused run, in the place of an earlier one.
  package func setMarker(_ marker: GuardMarker) throws(StoreFailure) {
    try attempt { () throws(StoreFailure) in
      try statements("INSERT OR REPLACE INTO marker VALUES (1, ?, ?, ?)")
        .bind(marker.at, at: 1).bind(marker.planName, at: 2).bind(marker.breached, at: 3).run()
    }
  }

  package func clearMarker() throws(StoreFailure) {
    try attempt { () throws(StoreFailure) in try statements("DELETE FROM marker").run() }
  }
}

extension StateTransaction {
  /// Forgets what the good runs of an export looked like; a person has accepted it as it is now.
  package func forgetBaseline(of export: String) throws(StoreFailure) {
    try attempt { () throws(StoreFailure) in
      try statements("INSERT OR REPLACE INTO accepted_export VALUES (?)")
        .bind(try exportNumber(export), at: 1).run()
      try statements(
        "DELETE FROM baseline WHERE export = (SELECT number FROM export WHERE name = ?)"
      )
      .bind(export, at: 1).run()
    }
  }
}
