import Identity
import PlanFile
import TestSupport
import Testing

@testable import Reporting

struct OverviewTests {
  @Test func countsComeInReadingOrder() {
    let overview = Overview(SamplePlan().source.plan)
    #expect(
      overview.counts.map(\.kind.rawValue) == [
        "create-member", "update-member", "reactivate-member", "deactivate-member",
        "delete-member", "create-team", "update-team", "add-membership", "remove-membership",
      ])
    #expect(overview.removals == 4)
    #expect(overview.grants == 2)
    #expect(overview.rekeys == 1)
  }

  @Test func everyKindHasAPlaceInTheReadingOrder() {
    #expect(Set(Operation.Kind.readingOrder) == Set(Operation.Kind.allCases))
    #expect(Operation.Kind.readingOrder.count == Operation.Kind.allCases.count)
  }

  @Test func findingsAreGroupedSeverestFirst() {
    let groups = Overview(SamplePlan().source.plan).findingGroups
    #expect(groups.map(\.severity) == groups.map(\.severity).sorted(by: >))
    #expect(groups.first { $0.code == "edge.unknown-member" }?.total == 4)
  }

  @Test func anExportThatWasOnlyJudgedIsListed() {
    var builder = PlanBuilder()
    builder.read("people", "users.csv", records: 5, bytes: 100)
    builder.health.append(
      .init(
        export: "teams", isReliable: false, findings: [Finding(.fileVanished(path: "groups*.csv"))])
    )
    let exports = Overview(builder.plan).exports
    #expect(exports.map(\.name) == ["people", "teams"])
    #expect(exports.map(\.isReliable) == [true, false])
  }

  @Test func wildNumbersOfAPlanFileDoNoHarm() {
    var builder = PlanBuilder()
    builder.deactivate("carl")
    builder.now = .max
    builder.findings = [
      Finding(.unmanaged(member: "a"), repeats: .max),
      Finding(.unmanaged(member: "b"), repeats: .max),
    ]
    builder.read("people", "a.csv", records: .max, bytes: .max)
    builder.read("people", "b.csv", records: .max, bytes: .max)
    builder.guarded("removals", .max, of: .min, limit: "", passed: false)
    builder.bookkeeping.holds = [.init(subject: "x", since: .min)]
    var plan = builder.plan
    plan.evidence.grounds = [-1, 0, 1, .max, .min].map {
      Evidence.Grounds(operation: $0, origins: [], stateBefore: nil)
    }
    var image = AttributeImage()
    image.append(AttributeID(60_000), "x".utf8)
    plan.decisions.operations.append(
      Operation(
        subject: PlanBuilder.member("x"), action: .createMember(image), situation: .joiner,
        classes: [], rule: ""))
    let source = ReportSource(plan: plan, planName: "", run: nil)
    #expect(Overview(plan).findingGroups.first?.total == .max)
    #expect(!TextReport(planFile: nil).summary(of: source).isEmpty)
    #expect(!HTMLReportTests.page(source).isEmpty)
    #expect(!JSONReportTests.bytes(source).isEmpty)
  }

  @Test func teamsListThoseWhoJoinBeforeThoseWhoLeave() {
    var builder = PlanBuilder()
    builder.leave("B", "ann")
    builder.join("B", "zoe")
    builder.join("B", "bob")
    builder.join("A", "ann")
    let operations = builder.plan.decisions.operations
    let teams = TeamChanges.all(operations.indices, in: operations)
    #expect(teams.map(\.team.name) == ["A", "B"])
    #expect(teams[1].operations.map { operations[$0].edgeMember?.name } == ["bob", "zoe", "ann"])
    #expect(teams[1].joining == 2)
    #expect(teams[1].leaving == 1)
  }
}

struct ReportStreamTests {
  @Test func piecesAreOfModerateSizeAndWhole() {
    var pieces: [[UInt8]] = []
    ReportStream.run(to: { pieces.append($0) }) { stream in
      for number in 0..<50_000 { stream.append("line \(number)\n") }
    }
    #expect(pieces.count > 5)
    #expect(pieces.allSatisfy { $0.count < 100_000 })
    let expected = (0..<50_000).map { "line \($0)\n" }.joined()
    #expect(pieces.joined().elementsEqual(expected.utf8))
  }

  @Test func theFirstFailureEndsIt() {
    struct Full: Error {}
    var count = 0
    #expect(throws: Full.self) {
      try ReportStream<Full>.run(
        to: { (_) throws(Full) in
          count += 1
          throw Full()
        }
      ) { (stream) throws(Full) in
        while true { try stream.append("more and more\n") }
      }
    }
    #expect(count == 1)
  }
}
