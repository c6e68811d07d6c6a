import Reading

/// Looks into files without a policy.
///
/// ```
/// let exports = try await ExportInspector(jobs: nil).inspect(["users.json", "groups.json"])
/// exports[0].preset      // entra
/// ```
package struct ExportInspector: Sendable {
  let jobs: Int?

  package init(jobs: Int?) {
    self.jobs = jobs
  }

  /// Reads each file to its end; a pattern stands for the files of one export.
  package func inspect(
    _ paths: [String], notify: @escaping @Sendable (JobProgress) -> Void = { _ in }
  ) async throws(JobFailure) -> [InspectedExport] {
    var exports: [InspectedExport] = []
    for path in paths {
      let files = ExportPaths.files(for: path)
      guard !files.isEmpty else {
        throw .unreadable(["No file matches \(path). Check the path."])
      }
      do {
        let reader = try ExportReader(
          exportName: path, paths: files, jobs: jobs ?? ExportReader.allCores)
        let step = JobProgress.Step.inspecting(file: path)
        notify(JobProgress(step))
        let content = try await reader.inspection { done in
          notify(JobProgress(step, done: done, total: reader.estimatedCount(after: done)))
        }
        exports.append(InspectedExport(path: path, content: content))
      } catch {
        throw .unreadable([error.message])
      }
    }
    return exports
  }
}
