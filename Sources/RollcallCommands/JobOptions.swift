import ArgumentParser
import Reconciling
import Reporting

/// Which job: the policy, and what stands in for parts of it tonight.
struct JobOptions: ParsableArguments {
  static let usualPolicy = "rollcall.yaml"

  @Option(
    help: ArgumentHelp(
      "The policy file. (default: \(Self.usualPolicy))", valueName: "file"))
  var policy: String?

  @Option(
    help: ArgumentHelp(
      "Read the policy's export files from this folder instead of the policy's own.",
      valueName: "folder"))
  var exports: String?

  @Option(
    help: ArgumentHelp("The state's file, instead of the one the policy names.", valueName: "file"))
  var state: String?

  @Option(
    help: ArgumentHelp(
      "The time that counts as now, such as 2026-03-01T02:00Z. (default: the clock)",
      valueName: "time"),
    transform: { try Moment(parsing: $0) })
  var now: Moment?

  @Option(
    help: ArgumentHelp(
      "How many processor cores to use; the result is the same. (default: all)",
      valueName: "count"))
  var jobs: Int?

  func validate() throws {
    try Self.check(jobs: jobs)
  }

  static func check(jobs: Int?) throws {
    guard let jobs, !(1...1024).contains(jobs) else { return }
    throw ValidationError("--jobs takes a number from 1 to 1024.")
  }

  var settings: JobSettings {
    JobSettings(
      policy: policy ?? Self.usualPolicy, exportsFolder: exports, state: state, now: now?.seconds,
      jobs: jobs)
  }

  func job() throws(JobFailure) -> Job {
    try Job(settings)
  }

  /// What a command to run next needs to be about the same job.
  var forNextCommand: JobWords {
    func words(_ options: KeyValuePairs<String, String?>) -> String {
      options.compactMap { name, value in value.map { "\(name) \(ShellWord($0))" } }
        .joined(separator: " ")
    }
    return JobWords(
      ofState: words(["--policy": policy, "--state": state]),
      ofExports: words(["--exports": exports]))
  }
}
