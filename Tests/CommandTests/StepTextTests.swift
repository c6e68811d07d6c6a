import Reconciling
import Testing

@testable import RollcallCommands

struct StepTextTests {
  @Test(arguments: [
    (JobProgress(.loadingState), 3.9, "loading the state  3 s"),
    (JobProgress(.reading(export: "staff")), 0.2, "reading staff"),
    (
      JobProgress(.reading(export: "staff"), done: 1_204_000), 2,
      "reading staff  1,204,000 records  602,000/s"
    ),
    (
      JobProgress(.reading(export: "staff"), done: 1_204_000, total: 2_400_000), 2,
      "reading staff  1,204,000 of about 2,400,000 records  602,000/s  about 2 s left"
    ),
    (
      JobProgress(.exporting, done: 500_000, total: 1_000_000), 2,
      "writing members  500,000 of 1,000,000 members  250,000/s  about 2 s left"
    ),
    (
      JobProgress(.comparingMemberships, done: 3_000, total: 12_000), 2,
      "comparing memberships  3,000 of 12,000 teams  1,500/s  about 6 s left"
    ),
    (
      JobProgress(.deciding, total: 1_204_000), 3,
      "matching and deciding  1,204,000 records  3 s"
    ),
    (
      JobProgress(.readingPlan(file: "t.plan"), done: 200, total: 800), 2,
      "reading t.plan  200 of 800 MB  100/s  about 6 s left"
    ),
    (
      JobProgress(.comparing, done: 1_000_000, total: 2_000_000), 1,
      "comparing the files  1,000,000 of about 2,000,000 records  1,000,000/s  about 1 s left"
    ),
    (
      JobProgress(.reporting(file: "run.json"), done: 10_000, total: 40_000), 2,
      "writing run.json  10,000 of 40,000 changes  5,000/s  about 6 s left"
    ),
    (
      JobProgress(.checkingJournal, done: 10_000, total: 40_000), 2,
      "checking the journal  10,000 of 40,000 operations  5,000/s  about 6 s left"
    ),
    (JobProgress(.writing, total: 650), 0, "writing  650 changes"),
    (JobProgress(.writing, total: 650), 2, "writing  650 changes  2 s"),
    (
      JobProgress(.writing, done: 12_000, total: 20_000), 3,
      "writing  12,000 of 20,000 changes  4,000/s  about 2 s left"
    ),
    (
      JobProgress(.writing, done: 1_000, total: 201_000), 1,
      "writing  1,000 of 201,000 changes  1,000/s  about 3 min left"
    ),
    (JobProgress(.writing, done: 7, total: 7), 7, "writing  7 of 7 changes  1/s"),
  ])
  func aStepSaysHowFarAndHowFast(progress: JobProgress, seconds: Double, expected: String) {
    #expect(StepText(progress, after: seconds).description == expected)
  }

  @Test(arguments: [(0, "0"), (999, "999"), (1000, "1,000"), (1_234_567, "1,234,567")])
  func numbersAreGrouped(number: Int, expected: String) {
    #expect(StepText.grouped(number) == expected)
  }
}

struct ConsoleTests {
  @Test func coloursNeedATerminalAndNobodyAgainstThem() {
    #expect(Console.isColorful([:], noColor: false, isTerminal: true))
    #expect(Console.isColorful(["NO_COLOR": ""], noColor: false, isTerminal: true))
    #expect(!Console.isColorful([:], noColor: false, isTerminal: false))
    #expect(!Console.isColorful([:], noColor: true, isTerminal: true))
    #expect(!Console.isColorful(["NO_COLOR": "1"], noColor: false, isTerminal: true))
    #expect(!Console.isColorful(["TERM": "dumb"], noColor: false, isTerminal: true))
  }

  @Test func anExpressionOfSeveralLinesIsShownAsOne() {
    #expect("Join(\n  \".\",\r\n  [a])".onOneLine == "Join( \".\", [a])")
    #expect("ToLower([a b])".onOneLine == "ToLower([a b])")
  }
}
