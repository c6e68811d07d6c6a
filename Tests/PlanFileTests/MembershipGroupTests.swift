import Identity
import PlanFile
import TestSupport
import Testing

/// A membership of a group says what the whole operation would say.
struct MembershipGroupTests {
  @Test(arguments: UInt64(0)..<30)
  func operationsAreEqualToWholeOnes(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let isAddition = Bool.random(using: &random)
    let team = SubjectRef(id: ResourceID("t"), name: "Téam \"\(seed)\"")
    let group = MembershipGroup(
      team: team, isAddition: isAddition, situation: isAddition ? .listed : .unlisted,
      classes: ChangeClass(rawValue: UInt8.random(in: 0..<8, using: &random)),
      rule: "memberships, roles: \(seed)")
    for number in 0..<5 {
      let member = SubjectRef(id: ResourceID("m\(number)"), name: "Mémber \(number)")
      let operation = Operation(in: group, of: SharedSubject(member))
      let expected = Operation(
        subject: team, action: isAddition ? .addMembership(member) : .removeMembership(member),
        situation: group.situation, classes: group.classes, rule: group.rule)
      #expect(operation == expected, "seed \(seed)")
      #expect(operation.hashValue == expected.hashValue, "seed \(seed)")
      #expect(operation.kind == (isAddition ? .addMembership : .removeMembership))
      #expect(operation.newcomer == nil)
      for one in [operation, expected] {
        #expect(one.subjectID == team.id && one.otherID == member.id, "seed \(seed)")
        #expect(one.withName { Self.bytes($0) } == Array(team.name.utf8), "seed \(seed)")
        #expect(one.withOtherName { Self.bytes($0) } == Array(member.name.utf8), "seed \(seed)")
      }
    }
  }

  @Test func theOtherEndOfWhatHasNoneIsItsSubject() {
    let subject = SubjectRef(id: ResourceID("m"), name: "ann")
    let operation = Operation(
      subject: subject, action: .deactivateMember, situation: .leaver, classes: .removal, rule: "r")
    #expect(operation.otherID == subject.id)
    #expect(operation.withOtherName { Self.bytes($0) } == Array("ann".utf8))
  }

  private static func bytes(_ span: Span<UInt8>) -> [UInt8] { span.indices.map { span[$0] } }
}
