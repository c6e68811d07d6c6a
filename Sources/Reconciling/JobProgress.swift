/// Where a job is, for whoever watches it.
package struct JobProgress: Sendable, Hashable {
  package enum Step: Sendable, Hashable {
    case loadingState
    /// Megabytes of its two passes.
    case readingPlan(file: String)
    case checkingState
    case checkingJournal
    case readingRun
    case reading(export: String)
    case deciding
    case comparingMemberships
    case ordering
    case sealing
    case writing
    case inspecting(file: String)
    case comparing
    case exporting
    case exportingTeams
    case replacingNames
    case reporting(file: String)
  }

  package let step: Step
  /// Records or operations dealt with so far in this step.
  package let done: Int
  /// How many there are, where that is known; of records that are still being read, about how many.
  package let total: Int?

  package init(_ step: Step, done: Int = 0, total: Int? = nil) {
    self.step = step
    self.done = done
    self.total = total
  }
}
