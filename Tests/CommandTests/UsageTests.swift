import Testing

/// Calls that cannot be: code 64, one clear sentence on standard error, nothing on standard output.
struct UsageTests {
  private static let wrong: [(String, String)] = [
    ("frobnicate", "frobnicate"),
    ("plan --out", "Missing value for '--out"),
    ("plan --out -", "--out takes the name of a file"),
    ("plan tonight.plan", "Unexpected argument"),
    ("plan --jobs 0", "--jobs takes a number from 1 to 1024"),
    ("plan --jobs many", "many"),
    ("plan --now yesterday", "“yesterday” is not a time"),
    ("plan --now 2026-02-30T00:00Z", "There is no such time"),
    ("plan --output yaml", "yaml"),
    ("plan --quiet --verbose", "--quiet and --verbose"),
    ("plan --compare b.yaml --out p", "--compare writes no plan"),
    ("plan --compare b.yaml --exit-zero-on-hold", "--compare writes no plan"),
    ("explain", "Missing expected argument '<who>'"),
    ("init", "Name the files"),
    ("init --from-entra", "Missing value for '--from-entra"),
    ("show", "Missing expected argument '<plan>'"),
    ("apply --approval a", "name the plan as well"),
    ("approve p --until 2h --reason why", "--let"),
    ("approve p --let removals=1 --until 2h", "--reason"),
    ("approve p --let removals=1 --reason why", "--until"),
    ("approve p --let removals=1 --until 8d --reason why", "at most seven days"),
    ("approve p --let removal=1 --until 2h --reason why", "There is no guard “removal”"),
    ("approve p --let removals --until 2h --reason why", "write it like removals=240"),
    ("approve p --let removals=-1 --until 2h --reason why", "write it like removals=240"),
    ("approve p --let removals=1 --let removals=2 --until 2h --reason why", "names a guard twice"),
    ("resume", "--reason"),
    ("report p --run 3", "a plan or a run, not both"),
    ("report --format pdf", "“pdf” is none of html, json, csv, markdown and text"),
    ("report --to -", "Standard output takes one report"),
    ("history --last 0", "--last takes a number above 0"),
    ("export", "--format"),
    ("export --format ldif", "ldif"),
    ("refresh", "--from"),
    ("diff a.csv b.csv", "--key"),
    ("diff a.csv --key id", "<new>"),
    ("diff a.csv b.csv --key id,", "--key takes the names of columns"),
    ("diff a.csv b.csv --key id,id", "names a column twice"),
    ("expr", "Missing expected argument '<expression>'"),
    ("expr [a] --record users.csv", "a file and a line, such as users.csv:42"),
    ("expr [a] --set a", "--set takes a column and its value"),
    ("expr [a] --set-json a={}", "is not a JSON text"),
    ("expr [a] --now soon", "“soon” is not a time"),
    ("expr ToLowr([a])", "Did you mean `ToLower`?"),
    ("expr Trim([a]) --strict", "`Trim` is not in Entra"),
    ("diff - - --key id", "Only one of the two files"),
  ]

  @Test(arguments: wrong)
  func isAnsweredWith64(call: String, sentence: String) throws {
    let run = try ProgramRun(call.split(separator: " ").map(String.init))
    #expect(run.code == 64, "\(run.complaints)")
    #expect(run.complaints.contains(sentence), "\(run.complaints)")
    #expect(run.output.isEmpty)
  }

  @Test func aReasonOfBlanksIsNone() throws {
    let run = try ProgramRun(["resume", "--reason", "  "])
    #expect(run.code == 64)
    #expect(run.complaints.contains("say why"))
  }

  @Test(arguments: [
    "check", "plan", "show", "apply", "approve", "resume", "history", "report", "export", "diff",
    "expr", "refresh",
  ])
  func everyCommandExplainsItselfWithAnExample(command: String) throws {
    for call in [["help", command], [command, "--help"]] {
      let run = try ProgramRun(call)
      #expect(run.code == 0)
      #expect(run.complaints.isEmpty)
      #expect(run.output.contains("  rollcall \(command)"), "no example: \(run.output)")
      #expect(run.output.contains("USAGE: rollcall \(command)"))
    }
  }

  @Test func theVersionIsPrintedAlone() throws {
    let run = try ProgramRun(["--version"])
    #expect(run.code == 0)
    #expect(run.output.wholeMatch(of: #/\d+\.\d+\.\d+\n/#) != nil)
  }

  @Test func withoutACommandTheOverviewIsShown() throws {
    let run = try ProgramRun([])
    #expect(run.code == 0)
    #expect(run.output.contains("Exit codes:"))
  }
}
