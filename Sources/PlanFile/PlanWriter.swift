import Crypto

/// Writes a plan as sealed JSON Lines.
///
/// ```
/// let seal = try PlanWriter.write(plan, key: secret) { try sink.append($0) }
/// print(seal.planName)
/// ```
///
/// The same plan is the same bytes; the same decisions are the same first section.
package enum PlanWriter {
  /// What is collected before it is passed on, bytes.
  private static let pieceSize = 1 << 16

  /// Hands the file to `sink` in pieces of some 64 KiB and returns its seal.
  ///
  /// `key` is the 32-byte seal secret of the state.
  package static func write<Failure: Error>(
    _ plan: Plan, key: [UInt8], to sink: ([UInt8]) throws(Failure) -> Void
  ) throws(Failure) -> PlanSeal {
    var hash = SHA256()
    var lines = LineWriter()
    func passOn(_ lines: inout LineWriter) throws(Failure) {
      hash.update(data: lines.bytes)
      try sink(lines.bytes)
      lines.clear()
    }
    func relieve(_ lines: inout LineWriter) throws(Failure) {
      if lines.bytes.count >= pieceSize { try passOn(&lines) }
    }

    try write(plan.decisions, to: &lines, afterEach: relieve)
    try passOn(&lines)
    let decisionsDigest = hash.finalize().hexadecimal
    try write(plan.evidence, to: &lines, afterEach: relieve)
    try passOn(&lines)
    let seal = PlanSeal(
      planName: hash.finalize().hexadecimal, decisionsDigest: decisionsDigest,
      key: SealKey(secret: key, purpose: .plan))
    lines.line(.seal, seal)
    try sink(lines.bytes)
    return seal
  }

  /// SHA-256 of the decisions section, in hexadecimal, without a file or a key.
  package static func decisionsDigest(of decisions: Decisions) -> String {
    var hash = SHA256()
    var lines = LineWriter()
    write(decisions, to: &lines) { lines in
      guard lines.bytes.count >= pieceSize else { return }
      hash.update(data: lines.bytes)
      lines.clear()
    }
    hash.update(data: lines.bytes)
    return hash.finalize().hexadecimal
  }

  private static func write<Failure: Error>(
    _ decisions: Decisions, to lines: inout LineWriter,
    afterEach: (inout LineWriter) throws(Failure) -> Void
  ) throws(Failure) {
    lines.line(.header, PlanHeader(decisions))
    let operations = OperationLines(
      memberAttributes: decisions.memberAttributes, teamAttributes: decisions.teamAttributes)
    for operation in decisions.operations {
      lines.line(.operation) { operations.write(operation, to: &$0) }
      try afterEach(&lines)
    }
    try write(decisions.holds, as: .hold, to: &lines, afterEach: afterEach)
  }

  private static func write<Failure: Error>(
    _ evidence: Evidence, to lines: inout LineWriter,
    afterEach: (inout LineWriter) throws(Failure) -> Void
  ) throws(Failure) {
    lines.line(.evidence, EvidenceHeader(evidence))
    try write(evidence.inputs, as: .input, to: &lines, afterEach: afterEach)
    try write(evidence.health, as: .health, to: &lines, afterEach: afterEach)
    try write(evidence.verdicts, as: .verdict, to: &lines, afterEach: afterEach)
    try write(evidence.grounds, as: .grounds, to: &lines, afterEach: afterEach)
    try write(evidence.findings, as: .finding, to: &lines, afterEach: afterEach)
    let book = evidence.bookkeeping
    try write(book.absences, as: .absence, to: &lines, afterEach: afterEach)
    try write(book.presences, as: .presence, to: &lines, afterEach: afterEach)
    try write(book.ownerships, as: .ownership, to: &lines, afterEach: afterEach)
    try write(book.baselines, as: .baseline, to: &lines, afterEach: afterEach)
    try write(book.deltaPositions, as: .deltaPosition, to: &lines, afterEach: afterEach)
    try write(book.holds, as: .holdAge, to: &lines, afterEach: afterEach)
    try write(book.sortedRenamedExports, as: .renamedExport, to: &lines, afterEach: afterEach)
  }

  private static func write<Failure: Error>(
    _ values: [some LineValue], as kind: PlanLineKind, to lines: inout LineWriter,
    afterEach: (inout LineWriter) throws(Failure) -> Void
  ) throws(Failure) {
    for value in values {
      lines.line(kind, value)
      try afterEach(&lines)
    }
  }
}
