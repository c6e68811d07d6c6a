import PlanFile
import TestSupport
import Testing

@testable import Storing

/// A look that counts: what it finds, and what it leaves to the whole verification.
struct JournalGlanceTests {
  private func store(after sql: String...) throws -> StateStore {
    let sample = try SampleState()
    let store = try sample.open()
    try SampleJournal.write(to: store)
    try store.close()
    for statement in sql { try sample.tamper(statement) }
    return try sample.open(.reading)
  }

  @Test(arguments: [1, 2, 3, 20, .max])
  func anUntouchedJournalPasses(count: Int) throws {
    #expect(try store().journalBreach(inLast: count) == nil)
    #expect(try SampleState().open().journalBreach(inLast: count) == nil)
  }

  @Test func operationsThatAreGoneAreCounted() throws {
    let store = try store(after: "DELETE FROM operation WHERE number IN (6, 8)")
    #expect(
      try store.journalBreach(inLast: 20) == .operationCount(run: 2, stated: 3, found: 1))
    // The last run is as it says.
    #expect(try store.journalBreach(inLast: 1) == nil)
    let failure = StoreFailure(
      .journalChanged(.operationCount(run: 2, stated: 3, found: 1)), path: "s.db")
    #expect(
      failure.message.contains("run 2 says that it carried out 3 operations, and 1 are there"))
  }

  @Test func runsThatAreGoneAreFound() throws {
    #expect(
      try store(after: "DELETE FROM run WHERE number = 2").journalBreach(inLast: 20) == .run(2))
    #expect(try store(after: "DELETE FROM run WHERE number = 3").journalBreach(inLast: 1) == .head)
    #expect(try store(after: "DELETE FROM run").journalBreach(inLast: 1) == .head)
  }

  @Test func whatARunSaysOfItselfMustAgree() throws {
    #expect(
      try store(after: "UPDATE run SET counts = '{}' WHERE number = 3").journalBreach(inLast: 1)
        == .run(3))
    #expect(
      try store(after: "UPDATE run SET first_operation = 7 WHERE number = 2")
        .journalBreach(inLast: 3) == .run(2))
    let added = try store(
      after: """
        INSERT INTO operation SELECT 99, kind, subject, other, situation, classes, rule, origins,
          state_before, digest FROM operation WHERE number = 1
        """)
    #expect(try added.journalBreach(inLast: 1) == .strayOperation(99))
  }

  @Test func oneRunIsVerifiedByItself() throws {
    let store = try store(after: "UPDATE operation SET rule = 'x' WHERE number = 7")
    #expect(try store.journalBreach(inLast: 20) == nil)
    #expect(try store.journalBreach(ofRun: 1) == nil)
    #expect(try store.journalBreach(ofRun: 2) == .operation(7, run: 2))
    #expect(try store.journalBreach(ofRun: 3) == nil)
    #expect(try store.journalBreach(ofRun: 4) == .run(4))
    #expect(
      try self.store(after: "DELETE FROM run WHERE number = 2").journalBreach(ofRun: 3) == .run(3))
  }

  @Test func theLastRunIsKnown() throws {
    #expect(try store().lastRun()?.number == 3)
    #expect(try SampleState().open().lastRun() == nil)
  }
}
