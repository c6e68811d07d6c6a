package import PlanFile
package import Reconciling

/// How the program ends: a promise to scripts, and the table in README and `rollcall --help`.
///
/// Thrown by a command whose result is not simply "done"; whatever there is to say has been said by then.
package enum ExitStatus: Int32, Error, Sendable, Hashable, CaseIterable {
  /// Done, or nothing to do.
  case done = 0
  case unexpected = 1
  /// There are changes; only with `--detailed-exitcode`.
  case changes = 2
  /// An export cannot be read, or is unreliable beyond what the policy allows.
  case unreadable = 3
  /// By a guard, or because an earlier refusal waits for a person.
  case refused = 4
  /// The state is no longer what the plan saw.
  case stale = 5
  /// Another run holds the lock.
  case locked = 6
  /// A seal, an approval or the journal is not what it should be.
  case unverified = 9
  /// Done, but removals were withheld or records held.
  case held = 10
  /// `EX_USAGE` of sysexits.h: flags, or a call that cannot be.
  case usage = 64
  /// `EX_CONFIG`: the policy file.
  case policyInvalid = 78
  /// SIGINT, SIGTERM or SIGHUP; always 128 + 2, as shells have it for the first.
  case interrupted = 130
}

extension ExitStatus {
  package init(_ failure: JobFailure) {
    switch failure {
    case .policy: self = .policyInvalid
    case .unreadable: self = .unreadable
    case .refused, .suspended: self = .refused
    case .stale: self = .stale
    case .locked: self = .locked
    case .unverified: self = .unverified
    case .usage: self = .usage
    case .unexpected: self = .unexpected
    }
  }
}

/// What a command was told about the codes that are matters of taste.
package struct ExitRules: Sendable, Hashable {
  /// As `--detailed-exitcode` says.
  package var tellsChanges = false
  /// As `--exit-zero-on-hold` says.
  package var forgivesHolds = false

  package init(tellsChanges: Bool = false, forgivesHolds: Bool = false) {
    self.tellsChanges = tellsChanges
    self.forgivesHolds = forgivesHolds
  }

  /// Several may apply; the one that asks most of a person wins: 4, then 10, then 2, then 0.
  package func status(of plan: Plan) -> ExitStatus {
    if plan.isRefused { return .refused }
    if plan.waitsForAPerson, !forgivesHolds { return .held }
    return tellsChanges && !plan.isEmpty ? .changes : .done
  }

  /// The same once the plan has been carried out.
  package func status(ofApplied plan: Plan) -> ExitStatus {
    plan.waitsForAPerson && !forgivesHolds ? .held : .done
  }
}

extension Plan {
  /// Whether something is held or withheld; what is protected is so on purpose and does not count.
  package var waitsForAPerson: Bool {
    decisions.unnamedWithheld > 0 || decisions.holds.contains { $0.situation != .protected }
  }
}

extension ExitStatus {
  /// Ends a command with this status; returns where it is simply "done".
  package func conclude() throws(ExitStatus) {
    guard self == .done else { throw self }
  }
}
