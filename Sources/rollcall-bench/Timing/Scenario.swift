import ArgumentParser

/// A job that is timed, by the name one asks for it with.
enum Scenario: String, CaseIterable, ExpressibleByArgument {
  case diff
  case diffShuffled = "diff-shuffled"
  case plan
  case planMissingColumn = "plan-missing-column"
  case planExpressions = "plan-expressions"
  case memberships
  case firstLoad = "first-load"
  case diffTenfold = "diff-tenfold"
  case planTenfold = "plan-tenfold"

  /// What `make bench` runs.
  static let usual: [Scenario] = [
    .diff, .plan, .planMissingColumn, .planExpressions, .firstLoad,
  ]
  /// What `make bench-long` runs: minutes, and some ten gigabytes below `.build`.
  static let long: [Scenario] = [.memberships, .diffTenfold, .planTenfold]

  /// What is done, in the words of the report.
  var title: String {
    switch self {
    case .diff: "`rollcall diff OLD NEW`, two files"
    case .diffShuffled: "the same, with the rows of NEW in another order"
    case .plan: "`rollcall plan` of NEW against a state that holds OLD"
    case .planMissingColumn: "the same, with the column `department` missing from NEW"
    case .planExpressions:
      "`rollcall plan` with 20 expressions, 5 of them with regular expressions, against the plan without"
    case .memberships: "`rollcall plan` with five memberships per person, 1 % changed"
    case .firstLoad:
      "`rollcall apply` of OLD to an empty state, against `sqlite3 .import` and two unique indexes"
    case .diffTenfold: "`rollcall diff` of ten times as many rows, against itself"
    case .planTenfold: "`rollcall plan` for ten times as many people, against itself"
    }
  }

  /// The lines of DESIGN §3.
  var budget: Budget {
    switch self {
    case .diff, .diffShuffled: Budget(timeRatio: 0.20, memoryRatio: 0.20)
    case .plan, .planMissingColumn: Budget(timeRatio: 0.30, memory: 250)
    case .planExpressions: Budget(timeRatio: 5, memory: 250)
    case .memberships: Budget(timeRatio: 0.25, memoryRatio: 0.25)
    case .firstLoad: Budget(timeRatio: 1.8, memory: 500)
    case .diffTenfold, .planTenfold: Budget(timeRatio: 11, memory: 2048)
    }
  }
}
