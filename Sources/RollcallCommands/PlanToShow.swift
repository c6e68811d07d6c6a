import Foundation
import PlanFile
import Reconciling

/// A plan that somebody wants to look at, here or on a machine that has neither policy nor state.
struct PlanToShow: Sendable {
  let planned: PlannedJob
  /// Nil where there is no policy.
  let job: Job?

  /// Where the state is not at hand the seal cannot be checked, which is said.
  init(at path: String, _ options: JobOptions, _ console: Console) throws {
    let hasPolicy =
      options.policy != nil || FileManager.default.fileExists(atPath: JobOptions.usualPolicy)
    job = hasPolicy ? try options.job() : nil
    let watch = RunWatch(console)
    if let job {
      planned = try job.load(planAt: path, notify: watch.notify)
    } else {
      planned = try Job.load(planAt: path, key: nil, notify: watch.notify)
    }
    try watch.end()
    let isChecked = job.map { FileManager.default.fileExists(atPath: $0.statePath) } ?? false
    if !isChecked {
      console.remark("The state is not at hand, so nobody can tell who sealed this plan.")
    }
  }

  /// The plan with what the state knows besides, where that is at hand.
  var source: ReportSource {
    guard let job else {
      var source = planned.reportSource
      source.nameReferences()
      return source
    }
    return job.withBackground(planned.reportSource)
  }
}
