import Identity
package import PlanFile

/// Tables for spreadsheets and scripts, in the layout in which Entra hands out its provisioning logs.
///
/// ```
/// run-000012-2026-03-01.operations.csv   one row per change, and one per hold
/// run-000012-2026-03-01.steps.csv        how each came about: import, scope, match, evaluate, act
/// run-000012-2026-03-01.properties.csv   one row per value that changes
/// run-000012-2026-03-01.findings.csv     one row per finding
/// ```
///
/// `change_id` joins the first three. RFC 4180 with CRLF, every field quoted, UTF-8 with a byte order mark
/// (spreadsheets take it for Windows-1252 otherwise). Values that a spreadsheet would compute have a `'`
/// before them, and what would steer a terminal or is not seen is spelled `\u{1b}`; see `SpreadsheetCell` for how to
/// get the exact value back. An absent value and an empty one
/// are both an empty cell; the JSON report tells them apart.
package struct CSVReport: Sendable {
  package enum Table: String, Sendable, CaseIterable {
    case operations
    case steps
    case properties
    case findings

    var columns: [String] {
      switch self {
      case .operations:
        [
          "change_id", "time", "cycle_id", "action", "status", "error_code", "reason", "kind",
          "subject", "subject_id", "member", "member_id", "situation", "classes", "rule", "origins",
        ]
      case .steps: ["change_id", "number", "step", "type", "status", "description"]
      case .properties: ["change_id", "property", "old_value", "new_value"]
      case .findings: ["severity", "code", "message", "export", "file", "line", "repeats"]
      }
    }
  }

  package init() {}

  /// `progress` is told now and then how many operations are written.
  package func write<Failure: Error>(
    _ table: Table, of source: ReportSource, progress: (Int) -> Void = { _ in },
    to output: ([UInt8]) throws(Failure) -> Void
  ) throws(Failure) {
    try ReportStream.run(to: output) { (stream) throws(Failure) in
      try stream.append("\u{feff}")
      try Self.write(table.columns, to: &stream)
      switch table {
      case .operations: try Self.operations(of: source, progress, to: &stream)
      case .steps: try Self.steps(of: source, progress, to: &stream)
      case .properties: try Self.properties(of: source, progress, to: &stream)
      case .findings: try Self.findings(of: source, to: &stream)
      }
    }
  }

  // MARK: - The tables

  private static func operations<Failure>(
    of source: ReportSource, _ progress: (Int) -> Void, to stream: inout ReportStream<Failure>
  ) throws(Failure) {
    let cycle = ProvisioningCycle(source)
    let grounds = GroundsIndex(source.plan)
    for (index, operation) in source.plan.decisions.operations.enumerated() {
      if stream.tells(index) { progress(index) }
      let member = operation.edgeMember
      try write(
        [
          cycle.changeID(ofOperation: index), cycle.time, cycle.id, operation.kind.entraAction,
          cycle.status, "", cycle.reason, operation.kind.rawValue, operation.subject.name,
          operation.subject.id.description, member?.name ?? "", member?.id.description ?? "",
          operation.situation.rawValue, operation.classes.names.joined(separator: " "),
          operation.rule, grounds.origins(index).map(\.place).joined(separator: "; "),
        ], to: &stream)
    }
    for (index, hold) in source.plan.decisions.holds.enumerated() {
      try write(
        [
          cycle.changeID(ofHold: index), cycle.time, cycle.id, "Other", "Skipped",
          hold.situation.entraErrorCode, hold.reason, "hold", hold.subject, "", "", "",
          hold.situation.rawValue, hold.isRemoval ? "removal" : "", "", "",
        ], to: &stream)
    }
  }

  private static func steps<Failure>(
    of source: ReportSource, _ progress: (Int) -> Void, to stream: inout ReportStream<Failure>
  ) throws(Failure) {
    let cycle = ProvisioningCycle(source)
    let grounds = GroundsIndex(source.plan)
    for (index, operation) in source.plan.decisions.operations.enumerated() {
      if stream.tells(index) { progress(index) }
      let steps = cycle.steps(
        of: operation, in: source.plan.decisions, origins: grounds.origins(index))
      try write(steps, of: cycle.changeID(ofOperation: index), to: &stream)
    }
    for (index, hold) in source.plan.decisions.holds.enumerated() {
      try write(cycle.steps(of: hold), of: cycle.changeID(ofHold: index), to: &stream)
    }
  }

  private static func write<Failure>(
    _ steps: [ProvisioningStep], of change: String, to stream: inout ReportStream<Failure>
  ) throws(Failure) {
    for (index, step) in steps.enumerated() {
      try write(
        [
          change, String(index + 1), step.kind.rawValue, step.kind.entraType,
          step.status.rawValue, step.description,
        ], to: &stream)
    }
  }

  private static func properties<Failure>(
    of source: ReportSource, _ progress: (Int) -> Void, to stream: inout ReportStream<Failure>
  ) throws(Failure) {
    let cycle = ProvisioningCycle(source)
    let decisions = source.plan.decisions
    for (index, operation) in decisions.operations.enumerated() {
      if stream.tells(index) { progress(index) }
      let change = cycle.changeID(ofOperation: index)
      for property in operation.changes(in: decisions).map(source.readable) {
        try write(
          [
            change, property.attribute.path.description, property.before ?? "",
            property.after ?? "",
          ], to: &stream)
      }
    }
  }

  /// Severest first.
  private static func findings<Failure>(
    of source: ReportSource, to stream: inout ReportStream<Failure>
  ) throws(Failure) {
    for listed in Overview(source.plan).findingGroups.lazy.flatMap(\.findings) {
      let (finding, origin) = (listed.finding, listed.finding.origin)
      try write(
        [
          finding.severity.rawValue, finding.code, finding.message, listed.export ?? "",
          origin?.file ?? "", origin.map { String($0.line) } ?? "", String(finding.repeats),
        ], to: &stream)
    }
  }

  private static func write<Failure>(
    _ row: [String], to stream: inout ReportStream<Failure>
  ) throws(Failure) {
    try stream.append { out in
      for (index, value) in row.enumerated() {
        if index > 0 { out.append(UInt8(ascii: ",")) }
        SpreadsheetCell(value).write(to: &out)
      }
      out.append(contentsOf: [0x0D, 0x0A])
    }
  }
}
