import Identity

/// Puts a plan together from its lines, and refuses lines that are out of their place.
struct PlanDecoder {
  private var last: PlanLineKind?
  private var header: PlanHeader?
  private var evidenceHeader: EvidenceHeader?
  private var operationLines: OperationLines?
  private var operations: [Operation] = []
  private var holds: [Hold] = []
  private var inputs: [Evidence.Input] = []
  private var health: [Evidence.Health] = []
  private var verdicts: [GuardVerdict] = []
  private var grounds: [Evidence.Grounds] = []
  private var findings: [Finding] = []
  private var bookkeeping = Bookkeeping()
  private var lastRenamed: String?

  /// Takes in the next line and says what kind it is; the seal is none of its lines.
  mutating func read(_ line: inout LineScanner) throws(LineProblem) -> PlanLineKind {
    let start = line
    let kind = try line.openLine()
    guard isInPlace(kind) else { throw start.problem(.outOfPlace(kind, after: last)) }
    last = kind
    if kind.rank < PlanLineKind.evidence.rank {
      try readDecision(kind, from: &line)
    } else {
      try readEvidence(kind, from: &line)
    }
    try line.closeLine()
    return kind
  }

  /// The plan, or nil where sections are missing or do not hold what their header says.
  func finish() -> Plan? {
    guard let header, let evidenceHeader else { return nil }
    let decisions = Decisions(
      memberAttributes: header.memberAttributes, teamAttributes: header.teamAttributes,
      operations: operations, holds: holds, unnamedWithheld: header.unnamedWithheld,
      situations: header.situations, lowerBound: header.lowerBound)
    guard decisions.counts == header.counts, holds.count == header.holdCount else { return nil }
    let evidence = Evidence(
      toolVersion: evidenceHeader.toolVersion, now: evidenceHeader.now,
      policyDigest: evidenceHeader.policyDigest, lineage: evidenceHeader.lineage,
      journalHead: evidenceHeader.journalHead, inputs: inputs, health: health, verdicts: verdicts,
      grounds: grounds, findings: findings, bookkeeping: bookkeeping,
      redacted: evidenceHeader.redacted)
    return Plan(decisions: decisions, evidence: evidence)
  }

  private func isInPlace(_ kind: PlanLineKind) -> Bool {
    guard kind != .seal, let last else { return kind == .header }
    guard evidenceHeader != nil || kind.rank <= PlanLineKind.evidence.rank else { return false }
    return kind.isSingle ? kind.rank > last.rank : kind.rank >= last.rank
  }

  private mutating func readDecision(
    _ kind: PlanLineKind, from line: inout LineScanner
  ) throws(LineProblem) {
    if kind == .header {
      let header = try PlanHeader.read(from: &line)
      self.header = header
      operationLines = OperationLines(
        memberAttributes: header.memberAttributes, teamAttributes: header.teamAttributes)
    } else if kind == .operation, let operationLines {
      operations.append(try operationLines.operation(from: &line))
    } else {
      holds.append(try .read(from: &line))
    }
  }

  private mutating func readEvidence(
    _ kind: PlanLineKind, from line: inout LineScanner
  ) throws(LineProblem) {
    switch kind {
    case .evidence: evidenceHeader = try .read(from: &line)
    case .input: inputs.append(try .read(from: &line))
    case .health: health.append(try .read(from: &line))
    case .verdict: verdicts.append(try .read(from: &line))
    case .grounds: grounds.append(try readGrounds(from: &line))
    case .finding: findings.append(try .read(from: &line))
    case .absence: bookkeeping.absences.append(try .read(from: &line))
    case .presence: bookkeeping.presences.append(try .read(from: &line))
    case .ownership: bookkeeping.ownerships.append(try .read(from: &line))
    case .baseline: bookkeeping.baselines.append(try .read(from: &line))
    case .deltaPosition: bookkeeping.deltaPositions.append(try .read(from: &line))
    case .awaitedReference: bookkeeping.awaitedReferences.append(try .read(from: &line))
    case .holdAge: bookkeeping.holds.append(try .read(from: &line))
    case .renamedExport: try readRenamedExport(from: &line)
    case .header, .operation, .hold, .seal:
      preconditionFailure("\(kind.rawValue) is no line of evidence")
    }
  }

  private func readGrounds(from line: inout LineScanner) throws(LineProblem) -> Evidence.Grounds {
    let grounds = try Evidence.Grounds.read(from: &line)
    guard operations.indices.contains(grounds.operation) else { throw line.problem(.outOfRange) }
    return grounds
  }

  private mutating func readRenamedExport(from line: inout LineScanner) throws(LineProblem) {
    let renamed = try RenamedExport.read(from: &line)
    if let lastRenamed, !lastRenamed.utf8.lexicographicallyPrecedes(renamed.from.utf8) {
      throw line.problem(.outOfRange)
    }
    lastRenamed = renamed.from
    bookkeeping.renamedExports[renamed.from] = renamed.to
  }
}
