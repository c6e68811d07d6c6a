import Identity
package import PlanFile
import Scanning

/// The whole report as one JSON document for scripts: exact values, nothing cut, nothing neutralised.
///
/// What is not seen or would steer a terminal is written as JSON's own escapes (`\u202e`), the same value to whoever
/// reads JSON.
///
/// `Reports/Schema/report-1.schema.json` describes it. Each operation, hold and finding stands on a line
/// of its own, so that `grep` and a line count work too. Fields may be added within version 1; none
/// changes its meaning or goes.
package struct JSONReport: Sendable {
  package static let schema = "rollcall.report/1"

  private let planFile: String?
  private let jobOptions: JobWords

  /// `planFile` as the operator would type it; the commands to run next name it and end in `jobOptions`.
  package init(planFile: String?, jobOptions: JobWords = "") {
    self.planFile = planFile
    self.jobOptions = jobOptions
  }

  /// `progress` is told now and then how many operations are written.
  package func write<Failure: Error>(
    _ source: ReportSource, progress: (Int) -> Void = { _ in },
    to output: ([UInt8]) throws(Failure) -> Void
  ) throws(Failure) {
    let decisions = source.plan.decisions
    let overview = Overview(source.plan)
    let grounds = GroundsIndex(source.plan)
    let visible = { (bytes: [UInt8]) throws(Failure) in try output(VisibleJSON.escaped(bytes)) }
    try ReportStream.run(to: visible) { (stream) throws(Failure) in
      try stream.append("{\n")
      for member in head(of: source, overview) {
        try stream.append { Self.write(member, to: &$0) }
        try stream.append(",\n")
      }
      try Self.write(
        "operations",
        decisions.operations.lazy.enumerated().lazy.map { index, operation in
          Self.value(of: operation, in: source, grounds: grounds[index])
        }, progress: progress, to: &stream)
      try stream.append(",\n")
      try Self.write(
        "holds", decisions.holds.lazy.map { Self.value(of: $0, since: overview.since($0)) },
        to: &stream)
      try stream.append(",\n")
      try Self.write(
        "findings",
        overview.findingGroups.lazy.flatMap(\.findings).map {
          Self.value(of: $0.finding, export: $0.export)
        },
        to: &stream)
      try stream.append("\n}\n")
    }
  }

  private func head(of source: ReportSource, _ overview: Overview) -> [JSONMember] {
    let evidence = source.plan.evidence
    return [
      JSONMember(name: "schema", value: .string(Self.schema)),
      JSONMember(name: "pseudonymous", value: .bool(source.isPseudonymous)),
      JSONMember(name: "verdict", value: verdict(of: source)),
      JSONMember(name: "plan", value: Self.plan(source)),
      JSONMember(name: "run", value: source.run.map(Self.value(of:)) ?? .null),
      JSONMember(name: "counts", value: Self.counts(source.plan, overview)),
      JSONMember(name: "guards", value: .array(evidence.verdicts.map(Self.value(of:)))),
      JSONMember(name: "exports", value: .array(overview.exports.map(Self.value(of:)))),
    ]
  }

  private static func write(_ member: JSONMember, to out: inout [UInt8]) {
    JSONValue.write(string: member.name.utf8, to: &out)
    out.append(UInt8(ascii: ":"))
    member.value.write(to: &out)
  }

  /// `"name":[`, one element per line, `]`.
  private static func write<Failure>(
    _ name: String, _ elements: some Sequence<JSONValue>, progress: (Int) -> Void = { _ in },
    to stream: inout ReportStream<Failure>
  ) throws(Failure) {
    try stream.append("\"\(name)\":[")
    var count = 0
    for element in elements {
      try stream.append(count == 0 ? "\n" : ",\n")
      try stream.append { element.write(to: &$0) }
      count += 1
      if stream.tells(count) { progress(count) }
    }
    try stream.append(count == 0 ? "]" : "\n]")
  }
}

// MARK: - The parts

extension JSONReport {
  private func verdict(of source: ReportSource) -> JSONValue {
    let verdict = Verdict(source)
    let steps = NextStep.steps(after: source, planFile: planFile, jobOptions: jobOptions)
    return .object([
      "kind": .string(verdict.name),
      "title": .string(verdict.title(of: source)),
      "explanation": .string(verdict.explanation(of: source)),
      "refusedBy": .array(verdict.refusingGuards.map { .string($0) }),
      "next": .array(
        steps.map { step in
          .object([
            "purpose": .string(step.purpose.rawValue), "command": .string(step.command),
          ])
        }),
    ])
  }

  private static func plan(_ source: ReportSource) -> JSONValue {
    let evidence = source.plan.evidence
    return .object([
      "name": .string(source.planName),
      "toolVersion": .string(evidence.toolVersion),
      "madeAt": .string(UTCTime(evidence.now).description),
      "policyDigest": .string(evidence.policyDigest),
      "lineage": .string(evidence.lineage),
      "journalHead": .string(evidence.journalHead),
      "lowerBound": .number(source.plan.decisions.lowerBound),
    ])
  }

  private static func value(of run: RunRecord) -> JSONValue {
    .object([
      "number": .number(run.number),
      "outcome": .string(run.outcome.rawValue),
      "startedAt": .string(UTCTime(run.startedAt).description),
      "finishedAt": .string(UTCTime(run.finishedAt).description),
      "planName": .string(run.planName),
      "policyDigest": .string(run.policyDigest),
      "head": .string(run.head),
      "approval": run.approval.map { .string($0) } ?? .null,
      "by": run.word.map { .string($0.by) } ?? .null,
      "reason": run.word.map { .string($0.reason) } ?? .null,
      "counts": object(
        Operation.Kind.allCases.map { ($0.rawValue, run.counts[$0] ?? 0) }),
    ])
  }

  private static func counts(_ plan: Plan, _ overview: Overview) -> JSONValue {
    let counts = plan.decisions.counts
    let situations = plan.decisions.situations
    return .object([
      "operations": .number(plan.decisions.operations.count),
      "kinds": object(Operation.Kind.allCases.map { ($0.rawValue, counts[$0] ?? 0) }),
      "classes": object([
        ("removal", overview.removals), ("grant", overview.grants), ("rekey", overview.rekeys),
      ]),
      "situations": object(
        Situation.allCases.compactMap { situation in
          situations[situation].map { (situation.rawValue, $0) }
        }),
      "holds": .number(plan.decisions.heldCount),
      "removalsWithheld": .number(plan.decisions.withheldCount),
      "unnamedWithheld": .number(plan.decisions.unnamedWithheld),
      "findings": object(
        Finding.Severity.allCases.map { ($0.rawValue, overview.findingCount($0)) }),
    ])
  }

  private static func value(of verdict: GuardVerdict) -> JSONValue {
    .object([
      "name": .string(verdict.name),
      "scope": verdict.scope.map { .string($0) } ?? .null,
      "amount": .number(verdict.amount),
      "population": .number(verdict.population),
      "limit": .string(verdict.limit),
      "allowance": verdict.allowance.map { .number($0) } ?? .null,
      "approved": verdict.approved.map { .number($0) } ?? .null,
      "passed": .bool(verdict.passed),
    ])
  }

  private static func value(of export: Overview.Export) -> JSONValue {
    .object([
      "name": .string(export.name),
      "reliable": .bool(export.isReliable),
      "records": .number(export.recordCount),
      "files": .array(
        export.inputs.map { input in
          .object([
            "file": .string(input.file), "bytes": .number(input.byteCount),
            "records": .number(input.recordCount), "sha256": .string(input.sha256),
            "format": .string(input.format),
            "encoding": input.encoding.map { .string($0) } ?? .null,
            "preset": input.preset.map { .string($0) } ?? .null,
          ])
        }),
      "findings": .array(export.findings.map { value(of: $0, export: export.name) }),
    ])
  }

  private static func value(
    of operation: Operation, in source: ReportSource, grounds: Evidence.Grounds?
  ) -> JSONValue {
    .object([
      "kind": .string(operation.kind.rawValue),
      "subject": value(of: operation.subject),
      "member": operation.edgeMember.map(value(of:)) ?? .null,
      "changes": .array(
        operation.changes(in: source.plan.decisions).map { value(of: $0, in: source) }),
      "situation": .string(operation.situation.rawValue),
      "classes": .array(operation.classes.names.map { .string($0) }),
      "rule": .string(operation.rule),
      "origins": .array((grounds?.origins ?? []).map(value(of:))),
      "stateBefore": grounds?.stateBefore.map { .string($0) } ?? .null,
    ])
  }

  private static func value(of subject: SubjectRef) -> JSONValue {
    .object(["id": .string(subject.id.description), "name": .string(subject.name)])
  }

  /// A reference has the names of the members that its ids are, too.
  private static func value(of change: AttributeChange, in source: ReportSource) -> JSONValue {
    func text(_ value: String?) -> JSONValue { value.map { .string($0) } ?? .null }
    var members = [
      JSONMember(name: "attribute", value: .string(change.attribute.path.description)),
      JSONMember(name: "before", value: text(change.before)),
      JSONMember(name: "after", value: text(change.after)),
    ]
    if change.attribute.kind == .reference {
      for (name, value) in [("beforeName", change.before), ("afterName", change.after)] {
        members.append(
          JSONMember(name: name, value: text(source.name(of: value, change.attribute))))
      }
    }
    return .object(members)
  }

  private static func value(of origin: RecordOrigin) -> JSONValue {
    let place: KeyValuePairs<String, JSONValue> = [
      "export": .string(origin.export), "file": .string(origin.file),
      "line": .number(origin.line),
    ]
    guard let byte = origin.byte else { return .object(place) }
    return .object(
      (JSONValue.object(place).members ?? []) + [JSONMember(name: "byte", value: .number(byte))])
  }

  private static func value(of hold: Hold, since: UTCTime?) -> JSONValue {
    .object([
      "subject": .string(hold.subject),
      "situation": .string(hold.situation.rawValue),
      "withholdsRemoval": .bool(hold.isRemoval),
      "since": since.map { .string($0.description) } ?? .null,
    ])
  }

  private static func value(of finding: Finding, export: String?) -> JSONValue {
    .object([
      "severity": .string(finding.severity.rawValue),
      "code": .string(finding.code),
      "message": .string(finding.message),
      "export": export.map { .string($0) } ?? .null,
      "origin": finding.origin.map(value(of:)) ?? .null,
      "repeats": .number(finding.repeats),
    ])
  }

  private static func object(_ counts: [(String, Int)]) -> JSONValue {
    .object(counts.map { JSONMember(name: $0.0, value: .number($0.1)) })
  }
}
