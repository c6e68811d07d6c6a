package import Identity

/// What became of one apply, as the journal tells it.
package struct RunRecord: Sendable, Hashable {
  package enum Outcome: String, Sendable, Hashable {
    case applied
    case nothingToDo = "nothing-to-do"
    case refused
    case refreshed
    case resumed
  }

  /// Who let the run be, and why: of an approval that it used, or of `resume`.
  package struct Word: Sendable, Hashable {
    /// The name of the system's user.
    package let by: String
    package let reason: String

    package init(by: String, reason: String) {
      self.by = by
      self.reason = reason
    }
  }

  /// 1, 2, 3 … in this state.
  package let number: Int
  package let outcome: Outcome
  /// Seconds since 1970.
  package let startedAt: Int
  package let finishedAt: Int
  /// The plan's name; empty for a refresh.
  package let planName: String
  package let policyDigest: String
  /// Digest over this run's journal and the head before it.
  package let head: String
  package let approval: String?
  package let counts: [Operation.Kind: Int]
  /// Nil where no person had to say anything, or where it has been erased.
  package var word: Word?
  /// How much was held for a person; nil where nobody has looked, or it has been erased.
  package var held: Int?

  package init(
    number: Int, outcome: Outcome, startedAt: Int, finishedAt: Int, planName: String,
    policyDigest: String, head: String, approval: String?, counts: [Operation.Kind: Int],
    word: Word? = nil
  ) {
    self.number = number
    self.outcome = outcome
    self.startedAt = startedAt
    self.finishedAt = finishedAt
    self.planName = planName
    self.policyDigest = policyDigest
    self.head = head
    self.approval = approval
    self.counts = counts
    self.word = word
  }
}

/// What a report is written from: a plan alone, or a run and the plan it carried out.
package struct ReportSource: Sendable, Hashable {
  /// Without the values that its policy hides.
  package var plan: Plan
  /// The plan's SHA-256 in hexadecimal.
  package let planName: String
  /// Nil for a plan that has not been applied.
  package var run: RunRecord?
  /// The last runs before it and its own, the latest last; empty where the journal is not at hand.
  package var history: [RunRecord]
  /// Where members that operations touch belong, as the state has it; what the plan itself says comes
  /// before it.
  package var departments: [ResourceID: String]
  /// What the members are called that values refer to, by id; as far as the plan or the state tells.
  package var names: [ResourceID: String] = [:]
  /// Whether unattended runs wait until somebody has decided about it.
  package var waits = false
  /// Whether later runs have followed.
  package var isPast = false
  /// Whether values of people have been replaced.
  package var isPseudonymous = false

  package init(
    plan: Plan, planName: String, run: RunRecord?, history: [RunRecord] = [],
    departments: [ResourceID: String] = [:]
  ) {
    self.plan = Redaction(plan.evidence.redacted).replacing(plan)
    self.planName = planName
    self.run = run
    self.history = history
    self.departments = departments
  }

  /// Adds the changes of the plan that it is about, where the journal has none of them.
  package mutating func take(_ plan: Plan) {
    self.plan.decisions = plan.decisions
    self.plan.evidence.grounds = plan.evidence.grounds
  }
}
