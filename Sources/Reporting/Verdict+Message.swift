import Identity
package import PlanFile

// The sentences of reports: verdicts, situations, operations. Findings bring their own.

extension Verdict {
  /// A few words for the banner.
  func title(of source: ReportSource) -> String {
    let operations = Quantity(source.plan.decisions.operations.count)
    let held = source.plan.decisions.heldCount
    let andHeld = held == 0 ? "" : ", \(Quantity(held)) held"
    switch self {
    case .planned: return "Planned: \(operations.of("change"))\(andHeld)"
    case .refused:
      let names = refusingGuards
      return names.isEmpty ? "Refused" : "Refused by \(names.joined(separator: ", "))"
    case .held:
      return "Nothing to apply, \(Quantity(held)) held for a person"
    case .nothingToDo: return "Nothing to do"
    case .applied: return "Applied: \(operations.of("change"))\(andHeld)"
    case .refreshed: return "Refreshed"
    case .resumed: return "Resumed"
    }
  }

  /// What it means, in one or two sentences.
  func explanation(of source: ReportSource) -> String {
    switch self {
    case .planned: return "Nothing has been changed yet. Every guard passes." + doubts(source)
    case .refused(let verdicts):
      let limits = verdicts.map(\.sentence).joined(separator: " ")
      return (limits.isEmpty ? "The run was refused before its first write." : limits)
        + " Nothing was changed." + waiting(source) + doubts(source)
    case .held: return "Everything that could be decided agrees with the exports." + doubts(source)
    case .nothingToDo:
      let situations = source.plan.decisions.situations
      // Differences that the policy wants are differences all the same.
      let leavesSome = [Situation.protected, .notCreated, .notUpdated, .leaver, .orphaned]
        .contains { situations[$0] ?? 0 > 0 }
      return leavesSome
        ? "Everything agrees with the exports, but for what the policy leaves as it is."
        : "Everything agrees with the exports."
    case .applied: return runSentence(source.run) + letPass(source) + doubts(source)
    case .refreshed:
      return "The current members and teams were read anew. " + runSentence(source.run)
    case .resumed: return "Unattended runs may apply again. " + runSentence(source.run)
    }
  }

  /// Good only when nothing waits for a person.
  func tone(of source: ReportSource) -> Style.Tone {
    switch self {
    case .refused: .bad
    case .held: .changed
    case .planned, .applied: source.plan.decisions.heldCount == 0 ? .good : .changed
    case .nothingToDo, .refreshed, .resumed: .good
    }
  }

  /// One sign for the banner; the words beside it say the same.
  func mark(of source: ReportSource) -> String {
    switch self {
    case .refused: "✕"
    case .held: "!"
    case .planned: "→"
    case .applied where source.plan.decisions.heldCount > 0: "!"
    case .nothingToDo, .applied, .refreshed, .resumed: "✓"
    }
  }

  /// Of a run that was refused: what later ones do, and where its changes are.
  private func waiting(_ source: ReportSource) -> String {
    let place =
      source.plan.decisions.operations.isEmpty
      ? " The journal has no changes of a run that was refused; they are in the plan "
        + "\(source.planName.prefix(12))." : ""
    return place + (source.waits ? " Unattended runs wait until somebody has decided." : "")
  }

  /// The guards that would have refused without an approval.
  private func letPass(_ source: ReportSource) -> String {
    source.plan.evidence.verdicts.filter { $0.approved != nil }
      .map { " \($0.sentence)" }.joined()
  }

  /// Exports that nobody loses anything for.
  private func doubts(_ source: ReportSource) -> String {
    let names = source.plan.evidence.health.filter { !$0.isReliable }.map(\.export)
    guard let last = names.last else { return "" }
    let list =
      names.count == 1
      ? "The export \(last)"
      : "The exports " + names.dropLast().joined(separator: ", ") + " and \(last)"
    return " \(list) cannot be relied on this time: nobody loses anything because of "
      + (names.count == 1 ? "it." : "them.")
  }

  private func runSentence(_ run: RunRecord?) -> String {
    guard let run else { return "" }
    let approval = run.approval.map { " Approval \($0) was used." } ?? ""
    let word = run.word.map { " \($0.by) gave the reason: \($0.reason)\($0.stop)" } ?? ""
    return "Run \(run.number) finished at \(UTCTime(run.finishedAt)).\(approval)\(word)"
  }
}

extension RunRecord.Word {
  /// What ends the sentence, unless the reason does.
  fileprivate var stop: String { reason.last.map { ".!?".contains($0) } == true ? "" : "." }
}

extension GuardVerdict {
  /// The name with its scope: `removals`, or `team-removals of Buyers`.
  package var title: String { scope.map { "\(name) of \($0)" } ?? name }

  /// One sentence: `removals: 240 of 25,000, limit at most 200 and 5 %.`.
  var sentence: String {
    "\(title): \(Quantity(amount)) of \(Quantity(population)), limit \(limit)\(approval)."
  }

  /// `; up to 240 by approval`, where the limit alone would refuse.
  var approval: String { approved.map { "; up to \(Quantity($0)) by approval" } ?? "" }

  /// Whether the limit alone would refuse.
  var exceedsLimit: Bool { !passed || approved != nil }

  /// What it says in one word.
  var word: String { !passed ? "refused" : approved == nil ? "passed" : "approved" }

  var tone: Style.Tone { !passed ? .bad : approved == nil ? .good : .changed }
}

extension NextStep.Purpose {
  var sentence: String {
    switch self {
    case .save: "Save the plan"
    case .show: "See every change"
    case .approve: "Let it pass once"
    case .apply: "Apply it"
    case .resume: "Or let later runs go on"
    case .accept: "If it is meant so"
    case .explain: "Ask why"
    }
  }
}

extension Operation.Kind {
  /// One sign and one word; the sign alone is never the meaning.
  var sign: String {
    switch self {
    case .createMember, .createTeam: "+"
    case .updateMember, .updateTeam: "~"
    case .deactivateMember, .deleteMember: "-"
    case .reactivateMember: "^"
    case .addMembership: ">"
    case .removeMembership: "<"
    }
  }

  /// What happens to the subject of one operation.
  var verb: String {
    switch self {
    case .createMember, .createTeam: "create"
    case .updateMember, .updateTeam: "update"
    case .deactivateMember: "deactivate"
    case .deleteMember: "delete"
    case .reactivateMember: "reactivate"
    case .addMembership: "joins"
    case .removeMembership: "leaves"
    }
  }

  /// The heading over all operations of the kind, before or after they were applied.
  func heading(isApplied: Bool) -> String {
    let (noun, todo, done) =
      switch self {
      case .createMember: ("Members", "create", "created")
      case .updateMember: ("Members", "update", "updated")
      case .deactivateMember: ("Members", "deactivate", "deactivated")
      case .deleteMember: ("Members", "delete", "deleted")
      case .reactivateMember: ("Members", "reactivate", "reactivated")
      case .createTeam: ("Teams", "create", "created")
      case .updateTeam: ("Teams", "update", "updated")
      case .addMembership: ("Memberships", "add", "added")
      case .removeMembership: ("Memberships", "remove", "removed")
      }
    return isApplied ? "\(noun) \(done)" : "\(noun) to \(todo)"
  }

  /// The order in which people read them; apply has its own.
  static let readingOrder: [Operation.Kind] = [
    .createMember, .updateMember, .reactivateMember, .deactivateMember, .deleteMember, .createTeam,
    .updateTeam, .addMembership, .removeMembership,
  ]

  var tone: Style.Tone {
    switch self {
    case .createMember, .createTeam, .reactivateMember, .addMembership: .good
    case .updateMember, .updateTeam: .changed
    case .deactivateMember, .deleteMember, .removeMembership: .bad
    }
  }
}

extension Situation {
  /// `conflicting keys`: the name in words, for people; scripts get the name itself.
  package var words: String {
    rawValue.reduce(into: "") { words, letter in
      words += letter.isUppercase ? " " + letter.lowercased() : String(letter)
    }
  }

  /// The situation in words people use: `sourceDisabled` is “disabled at the source”.
  package var explanation: String {
    switch self {
    case .same: "agrees with the exports"
    case .differs: "values differ"
    case .joiner: "new in the exports"
    case .found: "exists already, but is not managed"
    case .moved: "now also in another export"
    case .leaver: "missing from all its exports"
    case .sourceDisabled: "disabled at the source"
    case .returner: "back in the exports"
    case .inactiveNotByUs: "inactive, but not by Rollcall"
    case .disabledJoiner: "new, but disabled at the source"
    case .notCreated: "new, but the policy creates none"
    case .notUpdated: "differs, but the policy updates none"
    case .unmanaged: "not managed"
    case .orphaned: "its export is no longer in the policy"
    case .duplicate: "several records with one key"
    case .ambiguous: "matches several members"
    case .contended: "several records match one member"
    case .conflictingKeys: "keys point at different people"
    case .valueTaken: "a value it needs belongs to somebody else"
    case .probableRename: "looks like somebody renamed"
    case .quarantined: "record could not be read"
    case .withheld: "its removal is withheld"
    case .protected: "protected"
    case .emptied: "team without members in the exports"
    case .gone: "team in no export any more"
    case .listed: "listed in an export"
    case .unlisted: "listed in no export any more"
    }
  }
}

extension Hold {
  /// The situation and its meaning: `duplicate · several records with one key`.
  var reason: String {
    situation == .withheld
      ? situation.explanation
      : "\(situation.words) · \(situation.explanation)" + (isRemoval ? " · removal withheld" : "")
  }
}

extension Decisions {
  /// `8,181 further members whose removals are withheld are not named`, or nil where all are.
  var unnamedSentence: String? {
    guard unnamedWithheld > 0 else { return nil }
    let verb = unnamedWithheld == 1 ? "removal is withheld is" : "removals are withheld are"
    return "\(Quantity(unnamedWithheld).of("further member")) whose \(verb) not named"
  }
}

extension Overview.FindingGroup {
  /// Whether it tells of an operation that was kept from happening.
  var isBlock: Bool {
    switch findings.first?.finding.subject {
    case .protected, .removalWithheld: true
    default: false
    }
  }

  var heading: String {
    switch findings.first?.finding.subject {
    case .protected: "Blocked by protection (\(code))"
    case .removalWithheld: "Removals withheld (\(code))"
    default: "\(severity.rawValue) \(code)"
    }
  }
}

extension Finding.Severity {
  var tone: Style.Tone {
    switch self {
    case .error: .bad
    case .warning: .changed
    case .note: .quiet
    }
  }
}

/// A number as people read it: `1,284`.
struct Quantity: Sendable, Hashable, CustomStringConvertible {
  let value: Int

  init(_ value: Int) {
    self.value = value
  }

  var description: String {
    var digits = String(value.magnitude)[...]
    var groups: [Substring] = []
    while digits.count > 3 {
      groups.append(digits.suffix(3))
      digits = digits.dropLast(3)
    }
    groups.append(digits)
    return (value < 0 ? "-" : "") + groups.reversed().joined(separator: ",")
  }

  /// `1 change`, `2 changes`.
  func of(_ noun: String) -> String {
    "\(self) \(noun)\(value == 1 ? "" : "s")"
  }
}
