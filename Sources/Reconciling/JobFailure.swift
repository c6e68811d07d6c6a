package import PlanFile
import Scanning

/// Why a job cannot go on.
///
/// Each case belongs to one exit code (DESIGN §8); data that is merely
/// wrong is a finding, not a failure.
package enum JobFailure: Error, Sendable {
  /// 78: the policy file is invalid; one line per problem, with file, line and column.
  case policy([String])
  /// 3: an export cannot be read, or nothing could be planned from it.
  case unreadable([String])
  /// 4: a guard refused the plan, or an earlier refusal waits for a person.
  case refused(PlannedJob)
  case suspended(since: Int, planName: String, reason: String)
  /// 5: the state is not what the plan saw.
  case stale([String])
  /// 6: another run holds the lock.
  case locked(String)
  /// 9: a seal, an approval or the journal does not verify.
  case unverified(String)
  /// 64: the call asks for something that cannot be.
  case usage(String)
  /// 1: anything else (a full disk, a broken state), in one clear sentence.
  case unexpected(String)
}

/// A plan that has been made, with its name and whether it may be applied.
package struct PlannedJob: Sendable, Hashable {
  package var plan: Plan
  /// SHA-256 of the plan's text, hexadecimal.
  ///
  /// Where the plan is still being sealed, asking for it waits.
  package var name: String { lateName.text }
  let lateName: LateText
  /// Where the plan was written; nil when it was not.
  package var path: String?

  package init(plan: Plan, name: String, path: String? = nil) {
    self.init(plan: plan, lateName: LateText(name), path: path)
  }

  init(plan: Plan, lateName: LateText, path: String? = nil) {
    self.plan = plan
    self.lateName = lateName
    self.path = path
  }
}

/// An apply that came to its end.
package struct AppliedJob: Sendable, Hashable {
  package let planned: PlannedJob
  package let run: RunRecord

  package init(planned: PlannedJob, run: RunRecord) {
    self.planned = planned
    self.run = run
  }
}
