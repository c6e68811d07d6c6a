import Identity
import PlanFile
import TestSupport
import Testing

@testable import Storing

struct JournalVerificationTests {
  private func verify(after sql: String...) throws -> JournalVerification {
    let sample = try SampleState()
    let store = try sample.open()
    try SampleJournal.write(to: store)
    try store.close()
    for statement in sql { try sample.tamper(statement) }
    return try sample.open(.reading).verifyJournal()
  }

  @Test func anUntouchedJournalIsSound() throws {
    let found = try verify()
    #expect(
      found == JournalVerification(runCount: 3, operationCount: 11, erasedCount: 0, breach: nil))
  }

  @Test func anEmptyJournalIsSound() throws {
    #expect(try SampleState().open().verifyJournal().isSound)
  }

  @Test(arguments: [
    ("UPDATE operation SET kind = 'delete-member' WHERE number = 6", 6, 2),
    ("UPDATE operation SET subject = 'id-of-bob' WHERE number = 1", 1, 1),
    ("UPDATE operation SET other = 'id-of-bob' WHERE number = 5", 5, 1),
    ("UPDATE operation SET situation = 'same' WHERE number = 2", 2, 1),
    ("UPDATE operation SET classes = 0 WHERE number = 8", 8, 2),
    ("UPDATE operation SET rule = '' WHERE number = 9", 9, 3),
    ("UPDATE operation SET origins = '[]' WHERE number = 3", 3, 1),
    ("UPDATE operation SET state_before = NULL WHERE number = 6", 6, 2),
    ("UPDATE operation SET digest = x'00' WHERE number = 11", 11, 3),
    ("UPDATE operation_value SET name = 'x' WHERE number = 7", 7, 2),
    ("UPDATE operation_value SET other_name = 'x' WHERE number = 5", 5, 1),
    ("UPDATE operation_value SET after = '{}' WHERE number = 7", 7, 2),
    ("UPDATE operation_value SET before = NULL WHERE number = 10", 10, 3),
    ("UPDATE operation_value SET salt = x'00' WHERE number = 4", 4, 1),
    ("DELETE FROM operation WHERE number = 6", 6, 2),
  ])
  func aChangedOperationIsNamed(sql: String, number: Int, run: Int) throws {
    let breach = try verify(after: sql).breach
    // A create rests on the later changes of its member, so it may be the first to disagree.
    guard case .operation(let found, let foundRun) = breach else {
      Issue.record("\(sql): \(String(describing: breach))")
      return
    }
    #expect(found <= number && foundRun <= run, "\(sql): \(found)")
  }

  @Test func twoOperationsThatChangePlacesAreFound() throws {
    let found = try verify(
      after: "UPDATE operation SET number = -1 WHERE number = 7",
      "UPDATE operation SET number = 7 WHERE number = 8",
      "UPDATE operation SET number = 8 WHERE number = -1",
      "UPDATE operation_value SET number = -1 WHERE number = 7",
      "UPDATE operation_value SET number = 7 WHERE number = 8",
      "UPDATE operation_value SET number = 8 WHERE number = -1")
    #expect(found.breach == .operation(7, run: 2))
  }

  @Test(arguments: [
    "outcome = 'refused'", "started = 1", "finished = 1", "plan = 'x'", "policy = 'x'",
    "approval = 'x'", "member_attributes = ''", "team_attributes = 'nonsense'",
    "operation_count = 2", "counts = '{}'", "evidence_digest = x'00'", "head = 'x'",
    "first_operation = 7",
  ])
  func aChangedRunIsNamed(change: String) throws {
    let breach = try verify(after: "UPDATE run SET \(change) WHERE number = 2").breach
    #expect(breach == .run(2), "\(change)")
  }

  @Test func changedEvidenceIsFoundAndErasedEvidenceIsFine() throws {
    #expect(
      try verify(after: "UPDATE run_evidence SET evidence = x'00' WHERE run = 3").breach == .run(3))
    #expect(try verify(after: "DELETE FROM run_evidence WHERE run = 3").isSound)
  }

  @Test func aRunThatIsGoneIsFound() throws {
    #expect(try verify(after: "DELETE FROM run WHERE number = 2").breach == .run(2))
    #expect(try verify(after: "DELETE FROM run WHERE number = 3").breach == .strayOperation(9))
    #expect(
      try verify(
        after: "DELETE FROM run WHERE number = 3", "DELETE FROM operation WHERE number > 8",
        "DELETE FROM operation_value WHERE number > 8", "DELETE FROM run_evidence WHERE run = 3",
        "DELETE FROM operation_value WHERE name LIKE 'ann@%' OR name LIKE 'bob@%'"
      ).breach == .head)
    #expect(
      try verify(after: "UPDATE setting SET value = 'x' WHERE name = 'journal head'").breach
        == .head)
  }

  @Test func anErasedOperationThatWasChangedIsStillFound() throws {
    let found = try verify(
      after: "DELETE FROM operation_value WHERE number = 8",
      "UPDATE operation SET rule = 'x' WHERE number = 8")
    #expect(found.breach == .run(2))
  }

  @Test func addedOperationsAreFound() throws {
    #expect(
      try verify(
        after: "INSERT INTO operation_value VALUES (99, x'00', 'x', NULL, NULL, NULL)"
      ).breach == .strayOperation(99))
  }

  @Test func aResourceChangedBehindTheJournalIsFound() throws {
    let sql =
      "UPDATE member SET resource = replace(resource, '\"title\":\"Chief\"', '\"title\":\"King\"')"
    // The title came in run 3, so what ann was at first still follows; another value does not.
    #expect(try verify(after: sql).isSound)
    let found = try verify(
      after: "UPDATE member SET resource = replace(resource, 'E-ann', 'E-eva')")
    #expect(found.breach == .operation(1, run: 1))
  }

  @Test func theFileItselfCanBeChecked() throws {
    #expect(try SampleState().open().verifyFile() == nil)
  }
}
