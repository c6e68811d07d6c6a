import Identity
import PlanFile
import TestSupport
import Testing

@testable import Storing

/// What the journal yields is kept as it is, whatever of it stands in columns.
struct JournaledOperationsTests {
  private static func origin(_ random: inout SeededGenerator) -> RecordOrigin {
    RecordOrigin(
      export: "people", file: "\(Int.random(in: 0..<3, using: &random)).csv",
      line: Int.random(in: -1..<90, using: &random) * (Bool.random(using: &random) ? 1 : 1 << 33),
      byte: Int.random(in: 0..<8, using: &random) == 0 ? 7 : nil)
  }

  @Test(arguments: UInt64(0)..<40)
  func operationsAndGroundsAreThoseThatCame(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    var kept = JournaledOperations()
    var operations = RandomMemberships(count: 60, using: &random).whole
    for number in 0..<Int.random(in: 0..<20, using: &random) {
      operations.append(
        Operation(
          subject: SubjectRef(id: ResourceID("m\(number)"), name: "ann"),
          action: .deactivateMember, situation: .leaver, classes: .removal, rule: "r"))
    }
    operations.shuffle(using: &random)
    // Somebody who has been erased keeps the id.
    operations = operations.map { operation in
      guard case .addMembership(let member) = operation.action, Bool.random(using: &random)
      else { return operation }
      return Operation(
        subject: operation.subject,
        action: .addMembership(SubjectRef(id: member.id, name: JournaledRun.erasedName)),
        situation: operation.situation, classes: operation.classes, rule: operation.rule)
    }
    var grounds: [Evidence.Grounds] = []
    for (number, operation) in operations.enumerated() {
      let origins = (0..<Int.random(in: 0..<3, using: &random)).map { _ in Self.origin(&random) }
      let stateBefore = Bool.random(using: &random) ? "present" : nil
      kept.append(operation, origins: origins, stateBefore: stateBefore)
      if !origins.isEmpty || stateBefore != nil {
        grounds.append(
          Evidence.Grounds(operation: number, origins: origins, stateBefore: stateBefore))
      }
    }
    #expect(kept.operations == operations, "seed \(seed)")
    #expect(kept.grounds == grounds, "seed \(seed)")
  }

  @Test func membershipsOfARunStandInColumns() {
    var random = SeededGenerator(seed: 7)
    let memberships = RandomMemberships(count: 60, using: &random).whole
    var kept = JournaledOperations()
    for operation in memberships { kept.append(operation, origins: [], stateBefore: nil) }
    #expect(
      SharedRun<Memberships>.atEnds(of: kept.operations).map(\.range) == [memberships.indices])
  }
}
