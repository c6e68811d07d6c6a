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
  /// How many bytes a line has, roughly.
  private static let lineRoom = 256

  /// How many pieces are formatted ahead of the one that is passed on; fewer leave the cores to others.
  @TaskLocal package static var piecesAhead = 3

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
    let (operations, lines) = (
      decisions.operations,
      OperationLines(
        memberAttributes: decisions.memberAttributes, teamAttributes: decisions.teamAttributes)
    )
    let newcomers = SharedRun<Newcomers>(of: operations, in: operations.indices)
    try write([PlanHeader(decisions)], as: .header, to: sink)
    try write(operations.count, hurrying: newcomers?.range, to: sink) { range, isNewcomers, out in
      if isNewcomers, let newcomers {
        NewcomerLines.write(range, of: newcomers, lines.memberText, to: &out)
        return
      }
      for place in range {
        out.line(.operation) { lines.write(operations[place], to: &$0) }
      }
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
    try write(evidence.grounds, to: sink)
    try write(evidence.findings, as: .finding, to: sink)
    let book = evidence.bookkeeping
    try write(book.absences, as: .absence, to: sink)
    try write(book.presences, as: .presence, to: sink)
    try write(book.ownerships, to: sink)
    try write(book.baselines, as: .baseline, to: sink)
    try write(book.deltaPositions, as: .deltaPosition, to: sink)
    try write(book.awaitedReferences, as: .awaitedReference, to: sink)
    try write(book.holds, as: .holdAge, to: sink)
    try write(book.sortedRenamedExports, as: .renamedExport, to: sink)
  }

  private static func write<Failure: Error>(
    _ grounds: [Evidence.Grounds], to sink: ([UInt8]) throws(Failure) -> Void
  ) throws(Failure) {
    let shared = SharedRun<SharedOrigins>(of: grounds, in: grounds.indices)
    try write(grounds.count, hurrying: shared?.range, to: sink) { range, isShared, out in
      let first = grounds[range.lowerBound].operation
      // They nearly always name one operation after the other.
      if isShared, let shared,
        range.allSatisfy({ grounds[$0].follows(first, by: $0 - range.lowerBound) })
      {
        NewcomerLines.write(range, of: shared, firstOperation: first, to: &out)
        return
      }
      for place in range { out.line(.grounds, grounds[place]) }
    }
  }

  private static func write<Failure: Error>(
    _ ownerships: Bookkeeping.Ownerships, to sink: ([UInt8]) throws(Failure) -> Void
  ) throws(Failure) {
    let newcomers = ownerships.firstNewcomers
    try write(ownerships.count, hurrying: newcomers?.range, to: sink) { range, isNewcomers, out in
      if isNewcomers, let newcomers {
        NewcomerLines.writeOwners(range, of: newcomers, to: &out)
        return
      }
      for place in range { out.line(.ownership, ownerships[place]) }
    }
  }

  private static func write<Failure: Error>(
    _ values: [some LineValue & Sendable], as kind: PlanLineKind,
    to sink: ([UInt8]) throws(Failure) -> Void
  ) throws(Failure) {
    try write(values.count, hurrying: nil, to: sink) { range, _, out in
      for place in range { out.line(kind, values[place]) }
    }
  }

  /// Formats lines on all cores, some hundred at a time, and hands them on in their order.
  ///
  /// `lines` writes those of a range, all of which are among `fast` ones, or none.
  private static func write<Failure: Error>(
    _ count: Int, hurrying fast: Range<Int>?, to sink: ([UInt8]) throws(Failure) -> Void,
    lines: @escaping @Sendable (Range<Int>, _ areFast: Bool, inout LineWriter) -> Void
  ) throws(Failure) {
    @Sendable func piece(_ number: Int) -> [UInt8] {
      let whole = number * pieceSize..<min((number + 1) * pieceSize, count)
      let hurried = (fast ?? 0..<0).clamped(to: whole)
      var out = LineWriter()
      out.reserve(whole.count * lineRoom)
      for (range, areFast) in [
        (whole.lowerBound..<hurried.lowerBound, false), (hurried, true),
        (hurried.upperBound..<whole.upperBound, false),
      ] where !range.isEmpty {
        lines(range, areFast, &out)
      }
      return out.bytes
    }
    let pieceCount = (count + pieceSize - 1) / pieceSize
    guard pieceCount > 1 else {
      if pieceCount == 1 { try sink(piece(0)) }
      return
    }
    var pieces = MadeAhead(count: pieceCount, depth: piecesAhead, make: piece)
    while let bytes = pieces.next() { try sink(bytes) }
  }
}
