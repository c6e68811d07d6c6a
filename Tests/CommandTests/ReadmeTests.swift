import Foundation
import RollcallCommands
import Testing

/// What the README promises is what the program does.
struct ReadmeTests {
  private let text: String

  init() throws {
    text = try String(
      contentsOf: ProgramRun.repository.appending(path: "README.md"), encoding: .utf8)
  }

  @Test func everyExitCodeStandsInTheTable() {
    let codes = text.matches(of: #/\n\| (\d+) \|/#).compactMap { Int32($0.1) }
    #expect(codes == ExitStatus.allCases.map(\.rawValue))
  }

  @Test func everyExitCodeStandsInTheHelp() throws {
    let help = try ProgramRun(["help"]).output.replacing("\n", with: " ")
    for status in ExitStatus.allCases {
      #expect(help.contains(" \(status.rawValue) "), "\(status)")
    }
  }

  @Test func everyCommandStandsInTheTable() throws {
    let listed = Set(text.matches(of: #/\n\| `([a-z]+)[^`]*` \|/#).map { String($0.1) })
    let help = try ProgramRun(["help"]).output
    let known = Set(help.matches(of: #/\n  ([a-z]+) {2,}[A-Z]/#).map { String($0.1) })
    #expect(listed == known)
    #expect(known.count == 17)
  }
}
