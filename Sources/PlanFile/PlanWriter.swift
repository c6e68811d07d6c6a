import Crypto
import Scanning

/// Writes a plan as sealed JSON Lines.
///
/// ```
/// let seal = try PlanWriter.write(plan, key: secret) { try sink.append($0) }
/// print(seal.planName)
/// ```
///
/// The same plan is the same bytes; the same decisions are the same first section.
package enum PlanWriter {
  /// How many lines are formatted and passed on together.
  private static let pieceSize = 256

  /// Hands the file to `sink` in pieces of some lines and returns its seal.
  ///
  /// `key` is the 32-byte seal secret of the state.
  package static func write<Failure: Error>(
    _ plan: Plan, key: [UInt8], progress: (_ lines: Int) -> Void = { _ in },
    to sink: ([UInt8]) throws(Failure) -> Void
  ) throws(Failure) -> PlanSeal {
    var hash = SHA256()
    var pieceCount = 0
    func passOn(_ bytes: [UInt8]) throws(Failure) {
      hash.update(data: bytes)
      try sink(bytes)
      pieceCount += 1
      progress(pieceCount * pieceSize)
    }

    try write(plan.decisions, to: passOn)
    let decisionsDigest = hash.finalize().hexadecimal
    try write(plan.evidence, to: passOn)
    let seal = PlanSeal(
      planName: hash.finalize().hexadecimal, decisionsDigest: decisionsDigest,
      key: SealKey(secret: key, purpose: .plan))
    var line = LineWriter()
    line.line(.seal, seal)
    try sink(line.bytes)
    return seal
  }

  /// SHA-256 of the decisions section, in hexadecimal, without a file or a key.
  package static func decisionsDigest(of decisions: Decisions) -> String {
    var hash = SHA256()
    write(decisions) { hash.update(data: $0) }
    return hash.finalize().hexadecimal
  }

  private static func write<Failure: Error>(
    _ decisions: Decisions, to sink: ([UInt8]) throws(Failure) -> Void
  ) throws(Failure) {
    let operations = OperationLines(
      memberAttributes: decisions.memberAttributes, teamAttributes: decisions.teamAttributes)
    try write([PlanHeader(decisions)], as: .header, to: sink)
    try write(decisions.operations, to: sink) { operation, lines in
      lines.line(.operation) { operations.write(operation, to: &$0) }
    }
    try write(decisions.holds, as: .hold, to: sink)
  }

  private static func write<Failure: Error>(
    _ evidence: Evidence, to sink: ([UInt8]) throws(Failure) -> Void
  ) throws(Failure) {
    try write([EvidenceHeader(evidence)], as: .evidence, to: sink)
    try write(evidence.inputs, as: .input, to: sink)
    try write(evidence.health, as: .health, to: sink)
    try write(evidence.verdicts, as: .verdict, to: sink)
    try write(evidence.grounds, as: .grounds, to: sink)
    try write(evidence.findings, as: .finding, to: sink)
    let book = evidence.bookkeeping
    try write(book.absences, as: .absence, to: sink)
    try write(book.presences, as: .presence, to: sink)
    try write(book.ownerships, as: .ownership, to: sink)
    try write(book.baselines, as: .baseline, to: sink)
    try write(book.deltaPositions, as: .deltaPosition, to: sink)
    try write(book.awaitedReferences, as: .awaitedReference, to: sink)
    try write(book.holds, as: .holdAge, to: sink)
    try write(book.sortedRenamedExports, as: .renamedExport, to: sink)
  }

  private static func write<Failure: Error>(
    _ values: [some LineValue & Sendable], as kind: PlanLineKind,
    to sink: ([UInt8]) throws(Failure) -> Void
  ) throws(Failure) {
    try write(values, to: sink) { value, lines in lines.line(kind, value) }
  }

  /// Formats values on all cores, some hundred lines at a time, and hands them on in their order.
  private static func write<Value: Sendable, Failure: Error>(
    _ values: [Value], to sink: ([UInt8]) throws(Failure) -> Void,
    line: @escaping @Sendable (Value, inout LineWriter) -> Void
  ) throws(Failure) {
    @Sendable func piece(_ number: Int) -> [UInt8] {
      var lines = LineWriter()
      for place in number * pieceSize..<min((number + 1) * pieceSize, values.count) {
        line(values[place], &lines)
      }
      return lines.bytes
    }
    let count = (values.count + pieceSize - 1) / pieceSize
    guard count > 1 else {
      if count == 1 { try sink(piece(0)) }
      return
    }
    var pieces = MadeAhead(count: count, make: piece)
    while let bytes = pieces.next() { try sink(bytes) }
  }
}
