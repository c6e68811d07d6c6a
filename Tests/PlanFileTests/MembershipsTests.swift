import Identity
import PlanFile
import TestSupport
import Testing

/// A membership in columns says what the whole operation would say.
struct MembershipsTests {
  @Test(arguments: UInt64(0)..<30)
  func operationsAreEqualToWholeOnes(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let memberships = RandomMemberships(count: 40, using: &random)
    for (operation, whole) in zip(memberships.operations, memberships.whole) {
      #expect(operation == whole, "seed \(seed)")
      #expect(operation.hashValue == whole.hashValue, "seed \(seed)")
      #expect(operation.kind == whole.kind && operation.newcomer == nil, "seed \(seed)")
      #expect(operation.guards == whole.guards, "seed \(seed)")
      #expect(operation.subjectID == whole.subjectID, "seed \(seed)")
      #expect(operation.otherID == whole.otherID, "seed \(seed)")
      #expect(operation.withName { Self.bytes($0) } == Array(whole.subject.name.utf8))
    }
  }

  @Test func theOtherEndOfWhatHasNoneIsItsSubject() {
    let subject = SubjectRef(id: ResourceID("m"), name: "ann")
    let operation = Operation(
      subject: subject, action: .deactivateMember, situation: .leaver, classes: .removal, rule: "r")
    #expect(operation.otherID == subject.id)
  }

  @Test(arguments: UInt64(0)..<30)
  func theRunsOfAPlanAreWhatGoesAndWhatComes(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let memberships = RandomMemberships(count: 12, using: &random)
    let all = memberships.operations
    let (gone, come) = (
      all.filter { $0.kind == .removeMembership }, all.filter { $0.kind == .addMembership }
    )
    let between = (0..<Int.random(in: 0..<3, using: &random)).map { number in
      Operation(
        subject: SubjectRef(id: ResourceID("\(number)"), name: "ann"), action: .deactivateMember,
        situation: .leaver, classes: .removal, rule: "r")
    }
    let plan = gone + between + come
    let runs = SharedRun<Memberships>.atEnds(of: plan)
    var found = [Bool](repeating: false, count: plan.count)
    for run in runs {
      #expect(run.owner === memberships.columns)
      for place in run.range {
        #expect(!found[place], "seed \(seed)")
        found[place] = true
        #expect(Operation(of: run.owner, at: run.column(of: place)) == plan[place], "seed \(seed)")
      }
    }
    #expect(
      found == plan.indices.map { $0 < gone.count || $0 >= gone.count + between.count },
      "seed \(seed)")
  }

  private static func bytes(_ span: Span<UInt8>) -> [UInt8] { span.indices.map { span[$0] } }
}
