import PlanFile
import Testing

struct PlanFileFailureTests {
  private static let reasons: [PlanFileFailure.Reason] = [
    .unreadable("No such file"), .notAPlan, .notAnApproval, .notAnAttestation,
    .unknownVersion(2, known: 1), .noSeal,
    .damaged, .wrongSeal, .lineTooLong(limit: 10, fileBytes: 20),
    .malformed(LineProblem(kind: .expected("}"), column: 3)),
    .malformed(LineProblem(kind: .badText, column: 3)),
    .malformed(LineProblem(kind: .badNumber, column: 3)),
    .malformed(
      LineProblem(kind: .unknownWord("\u{1b}[31m\n" + String(repeating: "x", count: 99)), column: 3)
    ),
    .malformed(LineProblem(kind: .unknownAttribute, column: 3)),
    .malformed(LineProblem(kind: .outOfRange, column: 3)),
    .malformed(LineProblem(kind: .outOfPlace(.hold, after: .evidence), column: 3)),
    .malformed(LineProblem(kind: .outOfPlace(.hold, after: nil), column: 3)),
    .incomplete, .otherPlan(approved: "a", given: "b"), .expired(until: 1, now: 9),
    .unknownGuard("\u{7}x"),
  ]

  @Test(arguments: reasons)
  func everySentenceNamesTheFileAndIsOneLine(reason: PlanFileFailure.Reason) {
    let text = PlanFileFailure(file: "a.plan", line: 7, reason: reason).description
    #expect(text.hasPrefix("a.plan:7: "))
    #expect(text.hasSuffix(".") || text.hasSuffix("No such file"))
    #expect(text.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control })
  }

  @Test func withoutALineOnlyTheFileIsNamed() {
    let text = PlanFileFailure(file: "a.plan", reason: .damaged).description
    #expect(text.hasPrefix("a.plan: The file was changed"))
  }
}
