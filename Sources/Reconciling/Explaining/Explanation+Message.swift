package import Identity
import PlanFile
import Reporting

// What each piece of evidence is called, and what it says: the only sentences of `explain`.

extension Explanation.Note {
  /// The stable name that scripts may rely on; that of a finding is the finding's own.
  package var code: String {
    switch self {
    case .record: "import.record"
    case .unreadable: "import.unreadable"
    case .saysGone: "import.says-gone"
    case .absent: "import.absent"
    case .notRead: "import.not-read"
    case .unreliable: "import.unreliable"
    case .knownByMemberships: "import.known-by-memberships"
    case .byRule: "import.rule"
    case .noScope: "scope.none"
    case .inScope: "scope.inside"
    case .outOfScope: "scope.outside"
    case .scopeUnknown: "scope.unknown"
    case .nothingToJudge: "scope.nothing-to-judge"
    case .teamsHaveNoScope: "scope.team"
    case .teamLeftOut: "scope.team-left-out"
    case .key, .teamKey: "match.key"
    case .keyMissing: "match.key-missing"
    case .member: "match.member"
    case .deactivatedByUs: "match.deactivated-by-us"
    case .notInState, .teamNotInState: "match.nobody"
    case .situation: "match.situation"
    case .team: "match.team"
    case .merged: "evaluate.merged"
    case .nothingToEvaluate: "evaluate.nothing"
    case .members: "evaluate.members"
    case .finding(let finding): finding.code
    case .held: "act.held"
    case .agrees: "act.agrees"
    case .absences: "act.absences"
    case .neverUpdated: "act.never-updated"
    case .neverDeactivated: "act.never-deactivated"
    case .alreadyInactive: "act.already-inactive"
    case .neverDeleted: "act.never-deleted"
    case .deletedLater: "act.deleted-later"
    case .unmanaged: "act.unmanaged"
    case .leftAloneOutOfScope: "act.out-of-scope"
    case .maybeUnreadable: "act.maybe-unreadable"
    case .teamsKept: "act.teams-kept"
    case .teamsStrippedLater: "act.teams-stripped-later"
    case .deltaIsSilent: "act.delta-is-silent"
    case .nothingFromUnreliable: "act.unreliable"
    case .setAside: "act.set-aside"
    case .teamUntouched: "act.team-untouched"
    case .teamDoesNotCount: "act.team-left-out"
    case .owned: "act.owner"
    case .refused: "act.refused"
    case .marker: "act.suspended"
    case .more: "more"
    }
  }

  package var origin: RecordOrigin? {
    switch self {
    case .record(let origin), .unreadable(let origin), .saysGone(let origin): origin
    case .finding(let finding): finding.origin
    default: nil
    }
  }

  /// Whether a person should look at it.
  package var isWarning: Bool {
    switch self {
    case .unreadable, .unreliable, .scopeUnknown, .held, .maybeUnreadable, .refused, .marker,
      .nothingFromUnreliable, .setAside:
      true
    case .finding(let finding): finding.severity != .note
    default: false
    }
  }

  /// One or two sentences, on one line.
  package var text: String {
    switch self {
    case .record(let origin): "\(origin.place), export \(origin.export)"
    case .unreadable(let origin):
      "\(origin.place), export \(origin.export): the record cannot be read; nobody whom it may be "
        + "about is removed tonight"
    case .saysGone(let origin): "\(origin.place) says that this person has gone"
    case .absent(let export, let records, let isFull):
      "no record in \(export) (\(records) records, \(isFull ? "full" : "delta"))"
    case .notRead(let export): "no file of \(export) was read"
    case .unreliable(let export, let reason): "\(export) is not believed tonight: \(reason)"
    case .knownByMemberships(let exports):
      "no export of teams: it is known by its memberships in \(list(exports))"
    case .byRule(let name, let filter, let exports, let place):
      "\(place): the rule \(name) of the policy has everybody of \(list(exports)) in it of whom this holds: \(filter)"
    case .noScope(let export): "\(export) has no scope: every record counts"
    case .inScope(let export, let filter): "in the scope of \(export): \(filter)"
    case .outOfScope(let export, let filter, let isLeaver):
      "out of the scope of \(export): \(filter). "
        + (isLeaver
          ? "That is as if the record were missing (leaving: leaver)"
          : "The member stays as it is (leaving: leave)")
    case .scopeUnknown(let export, let filter):
      "nobody can tell whether it is in the scope of \(export) (\(filter)): the cell holds a type name"
    case .nothingToJudge: "in no export, so there is nothing to judge"
    case .teamsHaveNoScope: "exports of teams have no scope"
    case .teamLeftOut(let team):
      team.setting == "exclude"
        ? "“\(team.name)” is left out by teams.exclude: \(list(team.patterns))"
        : "“\(team.name)” is left out: no pattern of teams.include fits (\(list(team.patterns)))"
    case .key(let name, let value, let holders):
      holders.isEmpty
        ? "\(name) “\(value)”: no member has it" : "\(name) “\(value)” is that of \(list(holders))"
    case .teamKey(let name, let value, let holders):
      holders.isEmpty
        ? "\(name) “\(value)”: no team has it" : "\(name) “\(value)” is that of \(list(holders))"
    case .keyMissing(let name): "\(name): the record has no value"
    case .member(let name, let isActive, let owners):
      "\(name) is in the state, \(isActive ? "active" : "inactive"), "
        + (owners.isEmpty ? "managed by no export" : "managed by \(list(owners))")
    case .deactivatedByUs(let asLeaver):
      asLeaver
        ? "Rollcall deactivated it because it was missing from its exports"
        : "Rollcall deactivated it because an export said so"
    case .notInState: "no member of the state: somebody new, if the record counts"
    case .teamNotInState: "no team of the state: a new one, if its record counts"
    case .situation(let situation): "\(situation.words): \(situation.explanation)"
    case .team(let name, let owners):
      "\(name) is in the state, "
        + (owners.isEmpty ? "managed by no export" : "managed by \(list(owners))")
    case .merged(let exports):
      "\(list(exports)) are merged; each attribute is taken from the one that has the say"
    case .nothingToEvaluate: "no record counts, so every value stays as it is"
    case .members(let asked, let current):
      "\(asked) memberships are asked for, \(current) are there now"
    case .finding(let finding): finding.message
    case .held(let subject, let situation, let since):
      "\(subject) is held (\(situation.words): \(situation.explanation)) since \(UTCTime(since).short)"
    case .agrees: "nothing to do: every value that the exports give is there already"
    case .absences(let count, let needed):
      "not deactivated: missing for \(nights(count)) of the \(nights(needed)) that "
        + "lifecycle.leavers.deactivate asks for"
    case .neverUpdated: "nothing is changed: lifecycle.update is never"
    case .neverDeactivated: "not deactivated: lifecycle.leavers.deactivate is never"
    case .alreadyInactive: "not deactivated: it is inactive already"
    case .neverDeleted: "not deleted: lifecycle.leavers.delete is never"
    case .deletedLater(let count, let needed):
      "not deleted: missing for \(nights(count)) of the \(nights(needed)) that lifecycle.leavers.delete "
        + "asks for"
    case .unmanaged: "left alone: no export manages it, and only who is managed can be a leaver"
    case .leftAloneOutOfScope: "left as it is: its record is out of scope (leaving: leave)"
    case .maybeUnreadable:
      "nothing is removed: a record that cannot be read, or does not count, may be its own"
    case .teamsKept: "memberships stay: lifecycle.leavers.stripTeams is never"
    case .teamsStrippedLater(let count, let needed):
      "memberships stay: missing for \(nights(count)) of the \(nights(needed)) that "
        + "lifecycle.leavers.stripTeams asks for"
    case .deltaIsSilent(let exports):
      "nothing is removed: \(list(exports)) is a delta, and says by a record of its own who has gone"
    case .nothingFromUnreliable(let exports):
      "nothing is done: \(list(exports)) is not believed tonight, and health.onUnreliable takes nothing "
        + "from such an export"
    case .setAside: "nothing is done because of a record that was set aside"
    case .teamUntouched:
      "its memberships stay as they are: it is not managed, held, or in no export"
    case .teamDoesNotCount:
      "nothing is done: the policy leaves this team out, so its record says nothing"
    case .owned(let export): "\(export) becomes one of the exports that manage it"
    case .refused(let verdict):
      "nothing is applied: the plan is refused by \(verdict.title) (\(verdict.amount), limit "
        + "\(verdict.limit)) until a person approves it"
    case .marker(let since):
      "nothing is applied unattended: a plan was refused on \(UTCTime(since).short), and nobody has "
        + "decided yet (rollcall resume)"
    case .more(let count): "and \(count) more"
    }
  }

  private func list(_ texts: [String]) -> String {
    texts.prefix(5).joined(separator: ", ")
      + (texts.count > 5 ? " and \(texts.count - 5) more" : "")
  }

  private func nights(_ count: Int) -> String { count == 1 ? "1 night" : "\(count) nights" }
}

extension Explanation.Membership.Outcome {
  package var words: String {
    switch self {
    case .joins: "joins"
    case .leaves: "leaves"
    case .stays: "stays"
    case .notAdded: "not added"
    case .kept: "kept, though nothing asks for it"
    }
  }
}

extension Explanation.Value.Outcome {
  package var words: String {
    switch self {
    case .new: "new"
    case .changes: "changes"
    case .same: "same"
    case .leftAlone: "left alone: the exports say nothing of it"
    case .onCreate: "left alone: it is set only when somebody is created"
    case .heldBack: "held back"
    }
  }
}
