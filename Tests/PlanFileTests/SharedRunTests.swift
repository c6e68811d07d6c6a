import Identity
import PlanFile
import TestSupport
import Testing

/// A run says of its values what each of them says of itself.
struct SharedRunTests {
  private func newcomers(_ count: Int) -> Newcomers {
    var image = AttributeImage()
    image.append(AttributeID(0), "ann".utf8)
    return Newcomers(
      ids: ResourceIDs((0..<count).map { ResourceID("id-\($0)") }),
      images: Array(repeating: image, count: count),
      records: (0..<count).map { RecordNumber(export: 0, number: $0) },
      seats: (0..<count).map { UInt32($0) }, userName: AttributeID(0), exports: ["staff"])
  }

  private let other = Operation(
    subject: SubjectRef(id: ResourceID("x"), name: "x"), action: .deleteMember,
    situation: .leaver, classes: .removal, rule: "r")

  @Test func theFirstRunEndsWhereSomethingElseBegins() throws {
    let (some, more) = (newcomers(9), newcomers(9))
    let operations =
      [other, other] + [4, 0, 7].map { Operation(of: some, at: $0) }
      + [Operation(of: more, at: 1), other]
    let run = try #require(SharedRun<Newcomers>(of: operations, in: operations.indices))
    #expect(run.owner === some)
    #expect(run.range == 2..<5)
    #expect(run.range.map { run.column(of: $0) } == [4, 0, 7])
    let part = try #require(SharedRun<Newcomers>(of: operations, in: 3..<4))
    #expect(part.range == 3..<4)
    #expect(part.column(of: 3) == 0)
    #expect(SharedRun<Newcomers>(of: operations, in: 0..<2) == nil)
    #expect(SharedRun<Newcomers>(of: [], in: 0..<0) == nil)
  }

  @Test func groundsOfManyRecordsAreARunOfTheirColumns() throws {
    let origins = SharedOrigins(
      (0..<5).map { RecordOrigin(export: "staff", file: "u.csv", line: $0 + 2) })
    let grounds =
      [Evidence.Grounds(operation: 0, origins: [], stateBefore: nil)]
      + [3, 1].enumerated().map { Evidence.Grounds(operation: $0 + 1, origins, at: $1) }
    let run = try #require(SharedRun<SharedOrigins>(of: grounds, in: grounds.indices))
    #expect(run.range == 1..<3)
    for place in run.range {
      #expect(grounds[place].origins.map(\.line) == [run.owner.line(run.column(of: place))])
      #expect(run.owner.file(run.owner.fileNumber(run.column(of: place))).file == "u.csv")
    }
  }
}
