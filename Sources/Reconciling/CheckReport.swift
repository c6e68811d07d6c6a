package import Identity
import Mapping
import Reading
import Storing

/// What a job would read, column by column, without reading more than the headers.
package struct CheckReport: Sendable {
  /// One export as it lies there now.
  package struct Export: Sendable {
    package let name: String
    /// `people`, `teams` or `memberships`.
    package let kind: String
    package let content: String
    package let files: [String]
    /// Attribute and the column it comes from, or the constant in quotes.
    package let mapped: [(attribute: String, source: String)]
    /// Attributes that no column of this export gives.
    package let unmapped: [String]
    /// Columns that nothing uses.
    package let unusedColumns: [String]
    /// What its removals depend on, one clause each.
    package let trust: [String]
    package let findings: [Finding]
    /// What must be mended before a run, one sentence each.
    package let errors: [String]
  }

  package let exports: [Export]
  package let notes: [String]

  /// Whether a run could read everything it needs.
  package var isGood: Bool { exports.allSatisfy(\.errors.isEmpty) }
}

extension ExportHeader {
  /// The names that nothing uses.
  fileprivate func names(besides used: Set<String>) -> [String] {
    fields?.others ?? names.filter { !$0.isEmpty && !used.contains($0) }
  }
}

extension Job {
  /// Opens every export and resolves its columns; reads no records and touches no state.
  package func check() throws(JobFailure) -> CheckReport {
    let roster = try ExportRoster(
      policy.exports, teamRules: policy.teams.rules, book: .init(),
      resolve: { settings.resolve($0, in: policy) })
    var exports: [CheckReport.Export] = []
    let columns =
      unknownColumns(roster.people, policy.exports.people.map(\.mapping))
      + unknownColumns(roster.teams, policy.exports.teams.map(\.mapping))
    guard columns.isEmpty else { throw .policy(columns) }
    for (export, people) in zip(roster.people, policy.exports.people) {
      exports.append(
        check(
          export, "people", people.mapping, policy.attributeSet(for: .members), people.scope))
    }
    for (export, teams) in zip(roster.teams, policy.exports.teams) {
      exports.append(check(export, "teams", teams.mapping, policy.attributeSet(for: .teams)))
    }
    for (export, memberships) in zip(roster.memberships, policy.exports.memberships) {
      // What cannot be read is told of the export.
      if let reader = try? export.reader(jobs: 1),
        (try? reader.detectedFormat().namesEntries) == true
      {
        try roster.refuseEntriesOfDeltas(named: export.settings)
      }
      exports.append(check(export, memberships))
    }
    return CheckReport(
      exports: exports, notes: policy.notes.map { $0.line(in: policy.path) })
  }

  /// The lines about columns of expressions that no export has.
  private func unknownColumns(_ exports: [RunExport], _ mappings: [[MappingRule]]) -> [String] {
    UnknownColumns(
      exports: zip(exports, mappings).compactMap { export, mapping in
        // What cannot be read is told of each export.
        guard let reader = try? export.reader(jobs: 1), let header = try? reader.header() else {
          return nil
        }
        return UnknownColumns.Export(mapping: mapping, header: header)
      }
    ).lines(in: policy.path)
  }

  private func check(
    _ export: RunExport, _ kind: String, _ mapping: [MappingRule], _ attributes: AttributeSet,
    _ scope: ExportScope? = nil
  ) -> CheckReport.Export {
    opened(export, kind) { header in
      let columns = try ColumnRules(
        mapping, header: header, attributes: attributes, file: export.files[0], now: now)
      // What a document may have, but shows nowhere in its beginning, is no column.
      let found = columns.rules.filter { rule in
        if case .constant = rule.source { true } else { columns.columns[rule.attribute] != nil }
      }
      let mapped = found.map { rule -> (attribute: String, source: String) in
        let path = "\(attributes[rule.attribute].path)"
        switch rule.source {
        case .column, .expression, .reference: return (path, columns.columns[rule.attribute] ?? "")
        case .constant(let value):
          return (path, "“\(String(decoding: value, as: UTF8.self))”")
        }
      }
      let covered = Set(found.map(\.attribute))
      var used = columns.usedColumns
      if let scope {
        _ = try ResolvedScope(scope, header: header, file: export.files[0])
        used.formUnion(scope.filter?.columns ?? [])
      }
      if kind == "people" {
        let rules = policy.teams.rules.filter { $0.exports?.contains(export.settings.name) ?? true }
        _ = try TeamRuleColumns(
          rules, export: export.settings, header: header, file: export.files[0])
        used.formUnion(rules.flatMap(\.filter.columns))
      }
      return (
        mapped, attributes.ids.filter { !covered.contains($0) }.map { "\(attributes[$0].path)" },
        header.names(besides: used), columns.findings
      )
    }
  }

  private func check(
    _ export: RunExport, _ memberships: MembershipsExport
  ) -> CheckReport.Export {
    opened(export, "memberships") { header in
      var mapped: [(attribute: String, source: String)] = []
      var references = [("member", memberships.member)]
      switch memberships.team {
      case .reference(let reference): references.insert(("team", reference), at: 0)
      case .name(let name): mapped.append(("team", "“\(name)”"))
      case .fileName(let pattern, _): mapped.append(("team", "file name \(pattern.text)"))
      }
      for (role, reference) in references {
        guard
          let (_, name) = try ColumnRules.column(
            reference.columns, in: header, file: export.files[0])
        else {
          throw JobFailure.unreadable([
            "\(export.files[0]): there is no column \(reference.columns.joined(separator: " or "))."
          ])
        }
        mapped.append(("\(role) by \(reference.key)", name))
      }
      let used = Set(mapped.map(\.source))
      return (mapped, [], header.names(besides: used), [])
    }
  }

  private static func recordsHint(_ path: [String]) -> String {
    " Nothing stands at records: \(path.joined(separator: "."))."
  }

  private typealias Columns = (
    mapped: [(attribute: String, source: String)], unmapped: [String], unused: [String],
    findings: [Finding]
  )

  private func opened(
    _ export: RunExport, _ kind: String, _ resolve: (ExportHeader) throws -> Columns
  ) -> CheckReport.Export {
    var columns: Columns = ([], [], [], [])
    var findings: [Finding] = []
    var errors: [String] = []
    do {
      if let reader = try export.reader(jobs: 1) {
        let header = try reader.header()
        findings += header.findings.filter { !header.isEmpty || $0.severity != .error }
        // Without its list of records a document has nothing that a column could be looked for in.
        let broken = header.isEmpty ? header.findings.filter { $0.severity == .error } : []
        if !broken.isEmpty {
          errors += broken.map { finding in
            let place = finding.origin.map { "\($0.place): " } ?? ""
            return place + finding.message + (export.settings.records.map(Self.recordsHint) ?? "")
          }
        } else if header.isEmpty {
          findings.append(Finding(.emptyFile))
        } else {
          columns = try resolve(header)
        }
        findings += try ExportOutlook(export, now: now, limits: policy.health).findings
      } else if export.settings.content == .full {
        errors.append(Finding(.fileVanished(path: export.settings.path)).message)
      }
    } catch let failure as ReadFailure {
      errors.append(failure.message)
    } catch let JobFailure.unreadable(sentences) {
      errors += sentences
    } catch {
      errors.append("\(error)")
    }
    return CheckReport.Export(
      name: export.settings.name, kind: kind, content: export.settings.content.rawValue,
      files: export.files, mapped: columns.mapped, unmapped: columns.unmapped,
      unusedColumns: columns.unused, trust: export.settings.trust(policy.health),
      findings: findings + columns.findings, errors: errors)
  }
}
