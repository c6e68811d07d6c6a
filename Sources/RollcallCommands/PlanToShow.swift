import Foundation
import PlanFile
import Reconciling

/// A plan that somebody wants to look at, here or on a machine that has neither policy nor state.
struct PlanToShow: Sendable {
  let planned: PlannedJob
  /// Nil where there is no policy.
  let job: Job?

  /// Where the state is not at hand the seal cannot be checked, which is said.
  init(at path: String, _ options: JobOptions, _ console: Console) throws(JobFailure) {
    let hasPolicy =
      options.policy != nil || FileManager.default.fileExists(atPath: JobOptions.usualPolicy)
    job = hasPolicy ? try options.job() : nil
    if let job {
      planned = try job.load(planAt: path)
    } else {
      planned = try Self.unchecked(path)
    }
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

  private static func unchecked(_ path: String) throws(JobFailure) -> PlannedJob {
    do {
      let sealed = try PlanReader.read(path: path, key: nil)
      return PlannedJob(plan: sealed.plan, name: sealed.planName, path: path)
    } catch {
      if case .unreadable = error.reason { throw .usage(error.description) }
      throw .unverified(error.description)
    }
  }
}
