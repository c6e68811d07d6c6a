import Identity
import PlanFile

/// A plan or run in the words of Entra's provisioning logs, so that those who read these can read ours.
///
/// ```
/// cycle.changeID(ofOperation: 0)   // "12-1", or of a plan "5f0c33a1b2c4-1"
/// ```
struct ProvisioningCycle: Sendable {
  /// The number of the run, or the beginning of the plan's name.
  let id: String
  let time: String
  /// Of all operations alike: one transaction carries them out.
  let status: String
  /// Why they were not carried out; empty where they were.
  let reason: String
  private let verdict: Verdict
  /// Rows of a pseudonymous report are other rows than those of the named one, in another order.
  private let mark: String

  init(_ source: ReportSource) {
    verdict = Verdict(source)
    mark = source.isPseudonymous ? "p" : ""
    id = source.run.map { String($0.number) } ?? String(source.planName.prefix(12))
    time = UTCTime(source.run?.finishedAt ?? source.plan.evidence.now).description
    switch verdict {
    case .applied, .refreshed, .resumed, .nothingToDo, .held:
      status = "Success"
      reason = ""
    case .planned:
      status = "Planned"
      reason = "not applied yet"
    case .refused:
      status = "Skipped"
      reason = verdict.title(of: source).lowercasedFirst
    }
  }

  func changeID(ofOperation index: Int) -> String { "\(id)-\(mark)\(index + 1)" }
  func changeID(ofHold index: Int) -> String { "\(id)-hold-\(mark)\(index + 1)" }

  /// The five steps of one operation.
  func steps(
    of operation: Operation, in decisions: Decisions, origins: [RecordOrigin]
  ) -> [ProvisioningStep] {
    let count = operation.changes(in: decisions).count
    let values = count == 0 ? "" : ": \(Quantity(count).of("value"))"
    return [
      origins.isEmpty
        ? ProvisioningStep(.import, .skipped, "in no export of this run")
        : ProvisioningStep(.import, .success, origins.map(\.place).joined(separator: "; ")),
      ProvisioningStep(
        .scope, .success, origins.isEmpty ? "absent from its exports" : "asked for by its exports"),
      ProvisioningStep(
        .match, .success, "\(operation.situation.words): \(operation.situation.explanation)"),
      ProvisioningStep(.evaluate, .success, operation.rule + values),
      ProvisioningStep(
        .act, status == "Success" ? .success : .skipped,
        reason.isEmpty ? "\(operation.kind.rawValue), run \(id)" : reason),
    ]
  }

  /// What is held came as far as matching.
  func steps(of hold: Hold) -> [ProvisioningStep] {
    [
      ProvisioningStep(.match, .warning, hold.reason),
      ProvisioningStep(.act, .skipped, "held until a person has looked"),
    ]
  }
}

/// One step on the way from a record to a change.
struct ProvisioningStep: Sendable, Hashable {
  enum Kind: String, Sendable {
    case `import`
    case scope
    case match
    case evaluate
    case act

    /// As in Graph's `provisioningStep`.
    var entraType: String {
      switch self {
      case .import: "import"
      case .scope: "scoping"
      case .match: "matching"
      case .evaluate: "processing"
      case .act: "export"
      }
    }
  }

  enum Status: String, Sendable {
    case success
    case warning
    case skipped
  }

  let kind: Kind
  let status: Status
  let description: String

  init(_ kind: Kind, _ status: Status, _ description: String) {
    self.kind = kind
    self.status = status
    self.description = description
  }
}

extension Operation.Kind {
  /// As in the portal: a membership is an update of its group there.
  var entraAction: String {
    switch self {
    case .createMember, .createTeam: "Create"
    case .updateMember, .reactivateMember, .updateTeam, .addMembership, .removeMembership: "Update"
    case .deactivateMember: "Disable"
    case .deleteMember: "Delete"
    }
  }
}

extension Situation {
  /// The error or skip reason that Entra's logs would give, where it has one.
  var entraErrorCode: String {
    switch self {
    case .duplicate, .contended: "DuplicateSourceEntries"
    case .ambiguous: "DuplicateTargetEntries"
    case .conflictingKeys, .valueTaken: "EntryConflict"
    case .quarantined: "ImportSkipped"
    case .same: "RedundantExport"
    case .differs, .joiner, .found, .moved, .leaver, .sourceDisabled, .returner,
      .inactiveNotByUs, .disabledJoiner, .notCreated, .notUpdated, .unmanaged, .orphaned,
      .probableRename,
      .withheld, .protected, .emptied, .gone, .listed, .unlisted:
      "EntrySynchronizationSkipped"
    }
  }
}

extension String {
  /// For a sentence in the middle of a line: `Refused by removals` is `refused by removals`.
  fileprivate var lowercasedFirst: String { prefix(1).lowercased() + dropFirst() }
}
