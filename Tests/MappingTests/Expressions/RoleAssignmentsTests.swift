import Testing

@testable import Mapping

/// `[appRoleAssignments]`, which a table stands for.
struct RoleAssignmentsTests {
  private static let surroundings = ExpressionSurroundings(
    isStrict: true,
    assignments: RoleAssignments(
      key: "id", roles: ["A": ["Administrator", "Auditor"], "b": ["Viewer"]]))

  private static func run(
    _ text: String, id: ExpressionTrial.Input
  ) throws -> ExpressionTrial.Outcome {
    let program = try ExpressionProgram(compiling: text, in: surroundings)
    #expect(program.columns == ["id"])
    return ExpressionTrial(program, inputs: ["id": id], now: 0).outcome
  }

  @Test(arguments: [
    "AppRoleAssignments", "AppRoleAssignmentsComplex", "AssertiveAppRoleAssignmentsComplex",
  ])
  func theRolesOfAPersonAreAList(function: String) throws {
    let text = "\(function)([appRoleAssignments])"
    #expect(try Self.run(text, id: .text("a")) == .value(.list(["Administrator", "Auditor"])))
    #expect(try Self.run(text, id: .text("B")) == .value(.list(["Viewer"])))
    #expect(try Self.run(text, id: .text("c")) == .value(.list([])))
    #expect(try Self.run(text, id: .null) == .value(.list([])))
  }

  @Test func aSingleRoleIsATextAndSeveralAreAFault() throws {
    let text = "SingleAppRoleAssignment([appRoleAssignments])"
    #expect(try Self.run(text, id: .text("b")) == .value(.text("Viewer")))
    #expect(try Self.run(text, id: .text("c")) == .value(.null))
    guard case .fault(let fault) = try Self.run(text, id: .text("a")) else {
      Issue.record("two roles are not one")
      return
    }
    #expect(fault.kind == .severalValues(2))
  }

  @Test func otherFunctionsTakeTheRolesToo() throws {
    #expect(
      try Self.run(#"Join(";", [appRoleAssignments])"#, id: .text("a"))
        == .value(.text("Administrator;Auditor")))
    #expect(try Self.run("Count([appRoleAssignments])", id: .text("x")) == .value(.number(0)))
    #expect(
      try Self.run(#"IIF(IsPresent([appRoleAssignments]), "yes", "no")"#, id: .text("x"))
        == .value(.text("no")))
  }

  @Test func withoutATableItIsAColumnLikeAnyOther() throws {
    let program = try ExpressionProgram(compiling: "Count([appRoleAssignments])")
    #expect(program.columns == ["appRoleAssignments"])
  }

  /// Programs that give other roles are other programs, and so are digests of policies.
  @Test func otherRolesAreAnotherProgram() throws {
    var other = Self.surroundings
    other.assignments = RoleAssignments(key: "id", roles: ["a": ["Viewer"]])
    let text = "Count([appRoleAssignments])"
    #expect(
      try ExpressionProgram(compiling: text, in: other)
        != ExpressionProgram(compiling: text, in: Self.surroundings))
    #expect(other.assignments?.canonicalBytes != Self.surroundings.assignments?.canonicalBytes)
  }

  @Test func aColumnThatTheExportLacksIsShownWhereTheRolesAreAskedFor() throws {
    let program = try ExpressionProgram(
      compiling: #"Join("", [appRoleAssignments])"#, in: Self.surroundings)
    #expect(program.text(of: program.range(ofColumn: 0)) == "[appRoleAssignments]")
  }
}
