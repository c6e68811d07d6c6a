import Identity
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
        var reader = try reader(of: files, named: path)
        let step = JobProgress.Step.inspecting(file: path)
        notify(JobProgress(step))
        var content = try await reader.inspection { done in
          notify(JobProgress(step, done: done, total: reader.estimatedCount(after: done)))
        }
        if content.hasChangeRecords {
          reader = try self.reader(of: files, named: path, isDelta: true)
          content = try await reader.inspection()
        }
        let isJSON = content.format == .json
        let context = isJSON ? try reader.envelope("@odata.context") : nil
        let deltaLink = isJSON ? try reader.envelope("@odata.deltaLink") : nil
        exports.append(
          InspectedExport(
            path: path, content: content, groupCount: try await groupCount(files, content),
            context: context, isDeltaPage: deltaLink != nil))
      } catch {
        throw .unreadable([error.message])
      }
    }
    try await findGroupsOfOkta(among: &exports)
    return exports
  }

  private func reader(
    of files: [String], named path: String, isDelta: Bool = false
  ) throws(ReadFailure) -> ExportReader {
    var directory = DirectoryOptions(isDelta: isDelta)
    directory.skipsBinary = true
    return try ExportReader(
      exportName: path, paths: files, format: FormatOptions(directory: directory),
      jobs: jobs ?? ExportReader.allCores)
  }

  /// Okta lists the members of a group as it lists everybody: whoever is in such a list is in that of everybody, too.
  private func findGroupsOfOkta(among exports: inout [InspectedExport]) async throws(JobFailure) {
    let places = exports.indices.filter {
      exports[$0].preset == .okta && exports[$0].kind == .people
    }
    guard places.count > 1 else { return }
    var ids: [Int: Set<String>] = [:]
    for place in places {
      do {
        ids[place] = try await self.ids(in: ExportPaths.files(for: exports[place].path))
      } catch {
        throw .unreadable([error.message])
      }
    }
    for place in places {
      guard let own = ids[place], !own.isEmpty,
        ids.values.contains(where: { own.isStrictSubset(of: $0) })
      else { continue }
      exports[place] = InspectedExport(
        path: exports[place].path, content: exports[place].content, isPartOfAnother: true)
    }
  }

  private func ids(in files: [String]) async throws(ReadFailure) -> Set<String> {
    let reader = try ExportReader(
      exportName: files[0], paths: files, format: FormatOptions(fields: [["id"]]),
      jobs: jobs ?? ExportReader.allCores)
    var ids: Set<String> = []
    _ = try await reader.read(digest: false) { batch in
      (0..<batch.count).map { batch.text(row: $0, column: 0) }
    } collect: { texts, _ in
      ids.formUnion(texts)
    }
    return ids
  }

  /// Looks once more for the groups of a file that has users: a realm of Keycloak, a BulkRequest and an export of a SCIM
  /// service hold both.
  ///
  /// Only in such a document is there anything but the same users to be found.
  ///
  /// - Returns: how many there are; nil for any other file.
  private func groupCount(
    _ files: [String], _ content: Inspection
  ) async throws(ReadFailure) -> Int? {
    guard content.format == .json, content.recordCount > 0,
      ColumnNames(content.columns.map(\.name)).has("username")
    else { return nil }
    func look(_ format: FormatOptions) async throws(ReadFailure) -> Inspection {
      try await ExportReader(
        exportName: files[0], paths: files, format: format, jobs: jobs ?? ExportReader.allCores
      ).inspection()
    }
    if !content.isChanges, Self.namesResources(content) {
      let users = try await look(FormatOptions(resource: .user))
      let groups = try await look(FormatOptions(resource: .group))
      // Records that do not say what they are count for both.
      return users.recordCount + groups.recordCount == content.recordCount
        ? groups.recordCount : nil
    }
    let groups = try await look(FormatOptions(preferredLists: ["groups"]))
    guard !ColumnNames(groups.columns.map(\.name)).has("username") else { return nil }
    return groups.recordCount
  }

  /// Whether its records say which resources of a SCIM service they are.
  private static func namesResources(_ content: Inspection) -> Bool {
    ColumnNames(content.columns.map(\.name)).hasAny(["schemas", "meta.resourceType"])
  }
}

extension Inspection {
  /// Whether it is a change log, as long as nobody has said that it may be one.
  fileprivate var hasChangeRecords: Bool {
    findings.contains { finding in
      guard case .badRecord(_, let problem, _) = finding.subject else { return false }
      return problem == .changeInFullExport
    }
  }
}
