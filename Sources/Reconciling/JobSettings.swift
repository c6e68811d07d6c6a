/// What the command line says about a job; everything else stands in the policy.
package struct JobSettings: Sendable, Hashable {
  /// The policy file.
  package var policy: String
  /// Stands in for the policy's folder when export paths are resolved; nil = the policy's folder.
  package var exportsFolder: String?
  /// Stands in for the policy's `state:`.
  package var state: String?
  /// Seconds since 1970; nil = the clock.
  package var now: Int?
  /// How many cores to use; nil = all.
  package var jobs: Int?

  package init(
    policy: String, exportsFolder: String? = nil, state: String? = nil, now: Int? = nil,
    jobs: Int? = nil
  ) {
    self.policy = policy
    self.exportsFolder = exportsFolder
    self.state = state
    self.now = now
    self.jobs = jobs
  }
}

extension JobSettings {
  /// Where a path of the policy leads: into the exports folder if one was given.
  func resolve(_ path: String, in policy: Policy) -> String {
    guard let exportsFolder, !path.hasPrefix("/") else { return policy.resolved(path) }
    // The folder the program runs in.
    guard !exportsFolder.isEmpty else { return path }
    return exportsFolder.hasSuffix("/") ? exportsFolder + path : exportsFolder + "/" + path
  }
}
