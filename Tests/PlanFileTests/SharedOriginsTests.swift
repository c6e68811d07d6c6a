import Identity
import TestSupport
import Testing

@testable import PlanFile

struct SharedOriginsTests {
  /// The list is the slow twin; files come and go, and come back.
  @Test(arguments: UInt64(0)..<20)
  func areTheOriginsTheyWereMadeOf(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let list = (0..<200).map { _ in
      RecordOrigin(
        export: ["people", "guests"].randomElement(using: &random) ?? "",
        file: "\(Int.random(in: 0..<5, using: &random)).csv",
        line: Int.random(in: 1..<90, using: &random))
    }
    let shared = SharedOrigins(list)
    #expect(list.indices.map { shared[$0] } == list, "seed \(seed)")
  }

  /// An export may be a file for each team, more than sixteen bits tell apart.
  @Test func takesMoreFilesThanThereAreShortNumbers() {
    let list = (0..<70_000).map { RecordOrigin(export: "teams", file: "\($0).csv", line: $0) }
    let shared = SharedOrigins(list)
    #expect(shared[69_999] == list[69_999])
    #expect(shared[0] == list[0])
  }
}
