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
  private static let pieceSize = 512
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
    // Where the cores are left to others, there is none for a digest.
    let digest = PieceDigest(isAhead: piecesAhead > 1)
    var pieceCount = 0
    func passOn(_ bytes: [UInt8]) throws(Failure) {
      digest.add(bytes)
      try sink(bytes)
      pieceCount += 1
      progress(pieceCount * pieceSize)
    }

    try write(plan.decisions, to: passOn)
    let decisionsDigest = digest.hexadecimal
    try write(plan.evidence, to: passOn)
    let seal = PlanSeal(
      planName: digest.hexadecimal, decisionsDigest: decisionsDigest,
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
    var runs = SharedRun<Memberships>.atEnds(of: operations).map { run in
      LineRun(range: run.range) { MembershipLines.write($0, of: run, to: &$1) }
    }
    if let newcomers = SharedRun<Newcomers>(of: operations, in: operations.indices) {
      runs.append(
        LineRun(range: newcomers.range) {
          NewcomerLines.write($0, of: newcomers, lines.memberText, to: &$1)
        })
    }
    try write([PlanHeader(decisions)], as: .header, to: sink)
    try write(operations.count, runs: runs, to: sink) { place, out in
      out.line(.operation) { lines.write(operations[place], to: &$0) }
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
    let runs = SharedRun<SharedOrigins>.first(2, of: grounds).map { run in
      LineRun(range: run.range) { range, out in
        let first = grounds[range.lowerBound].operation
        // They nearly always name one operation after the other.
        if range.allSatisfy({ grounds[$0].follows(first, by: $0 - range.lowerBound) }) {
          NewcomerLines.write(range, of: run, firstOperation: first, to: &out)
        } else {
          for place in range { out.line(.grounds, grounds[place]) }
        }
      }
    }
    try write(grounds.count, runs: runs, to: sink) { $1.line(.grounds, grounds[$0]) }
  }

  private static func write<Failure: Error>(
    _ ownerships: Bookkeeping.Ownerships, to sink: ([UInt8]) throws(Failure) -> Void
  ) throws(Failure) {
    let runs = [ownerships.firstNewcomers].compactMap(\.self).map { newcomers in
      LineRun(range: newcomers.range) { NewcomerLines.writeOwners($0, of: newcomers, to: &$1) }
    }
    try write(ownerships.count, runs: runs, to: sink) { $1.line(.ownership, ownerships[$0]) }
  }

  private static func write<Failure: Error>(
    _ values: [some LineValue & Sendable], as kind: PlanLineKind,
    to sink: ([UInt8]) throws(Failure) -> Void
  ) throws(Failure) {
    try write(values.count, runs: [], to: sink) { $1.line(kind, values[$0]) }
  }

  /// Lines that follow each other and are written faster together than one by one.
  private struct LineRun: Sendable {
    let range: Range<Int>
    /// Writes some of them.
    let write: @Sendable (Range<Int>, inout LineWriter) -> Void
  }

  /// Formats lines on all cores, some hundred at a time, and hands them on in their order.
  ///
  /// `line` writes one of those that are in no run; no two runs have a line in common.
  private static func write<Failure: Error>(
    _ count: Int, runs: [LineRun], to sink: ([UInt8]) throws(Failure) -> Void,
    line: @escaping @Sendable (Int, inout LineWriter) -> Void
  ) throws(Failure) {
    let runs = runs.sorted { $0.range.lowerBound < $1.range.lowerBound }
    @Sendable func piece(_ number: Int) -> [UInt8] {
      let whole = number * pieceSize..<min((number + 1) * pieceSize, count)
      var out = LineWriter()
      out.reserve(whole.count * lineRoom)
      var place = whole.lowerBound
      for run in runs {
        let own = run.range.clamped(to: whole)
        guard !own.isEmpty else { continue }
        for single in place..<own.lowerBound { line(single, &out) }
        run.write(own, &out)
        place = own.upperBound
      }
      for single in place..<whole.upperBound { line(single, &out) }
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
