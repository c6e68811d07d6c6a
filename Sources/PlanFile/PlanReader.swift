import Crypto

/// A plan as it was read, and what is known of its seal.
package struct SealedPlan: Sendable, Hashable {
  package let plan: Plan
  package let seal: PlanSeal
  /// Whether the seal was checked under a key; without one only accidents are noticed.
  package let isSealChecked: Bool

  package var planName: String { seal.planName }
}

/// Reads plan files back, and believes nothing in them before the seal has been checked.
///
/// ```
/// let sealed = try PlanReader.read(path: "tonight.plan", key: secret)
/// ```
///
/// The file is read twice: once to hash it and check the seal, once to decode it. The second pass
/// hashes too, so that a file rewritten between the passes is refused.
package struct PlanReader {
  private let key: [UInt8]?
  private var bytes: PlanBytes

  /// Reads a file; without `key` (on a machine without the state) the seal stays unchecked.
  ///
  /// `key` is the 32-byte seal secret of the state.
  /// `progress` is told how many bytes of the two passes are read, and of how many.
  package static func read(
    path: String, key: [UInt8]?,
    progress: @escaping (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) throws(PlanFileFailure) -> SealedPlan {
    var reader = PlanReader(key: key, bytes: try PlanBytes(path: path, progress: progress))
    return try reader.read()
  }

  /// Reads a file that is in memory already.
  package static func read(
    _ bytes: [UInt8], named name: String, key: [UInt8]?
  ) throws(PlanFileFailure) -> SealedPlan {
    var reader = PlanReader(key: key, bytes: PlanBytes(bytes, named: name))
    return try reader.read()
  }

  private mutating func read() throws(PlanFileFailure) -> SealedPlan {
    let seal = try checkedSeal()
    try bytes.rewind()
    let plan = try plan(under: seal)
    return SealedPlan(plan: plan, seal: seal, isSealChecked: key != nil)
  }

  private func failure(
    _ reason: PlanFileFailure.Reason, line: Int? = nil
  ) -> PlanFileFailure {
    PlanFileFailure(file: bytes.name, line: line, reason: reason)
  }
}

// MARK: - The first pass: the seal

extension PlanReader {
  private mutating func checkedSeal() throws(PlanFileFailure) -> PlanSeal {
    var hash = SHA256()
    // The line that may turn out to be the last; it has no line end but perhaps its own.
    var tail = try bytes.next()
    try checkVersion(tail)
    var searched = 0
    while true {
      if let end = tail[searched...].dropLast().lastIndex(of: UInt8(ascii: "\n")) {
        hash.update(data: tail[...end])
        tail.removeFirst(end + 1)
      }
      try bytes.checkLineLength(tail.count, line: nil)
      let block = try bytes.next()
      guard !block.isEmpty else { break }
      searched = max(tail.count - 1, 0)
      tail.append(contentsOf: block)
    }
    let seal = try seal(in: tail)
    guard seal.planName == hash.finalize().hexadecimal else { throw failure(.damaged) }
    if let key, !seal.isGenuine(under: SealKey(secret: key, purpose: .plan)) {
      throw failure(.wrongSeal)
    }
    return seal
  }

  /// A file of another version may have another seal, so this much is looked at first.
  private func checkVersion(_ block: [UInt8]) throws(PlanFileFailure) {
    var line = LineScanner(block)
    guard (try? line.openLine()) == .header, line.take("{"),
      let version = try? line.member("version", as: Int.self)
    else { throw failure(.notAPlan, line: 1) }
    guard version == PlanHeader.version else {
      throw failure(.unknownVersion(version, known: PlanHeader.version), line: 1)
    }
  }

  private mutating func seal(in tail: [UInt8]) throws(PlanFileFailure) -> PlanSeal {
    guard tail.last == UInt8(ascii: "\n") else { throw failure(.noSeal, line: try lineCount()) }
    var line = LineScanner(tail, 0..<tail.count - 1)
    guard (try? line.openLine()) == .seal else { throw failure(.noSeal, line: try lineCount()) }
    do throws(LineProblem) {
      let seal = try PlanSeal.read(from: &line)
      try line.closeLine()
      return seal
    } catch {
      throw failure(.malformed(error), line: try lineCount())
    }
  }

  /// The number of the last line, counted only for a message.
  private mutating func lineCount() throws(PlanFileFailure) -> Int {
    try bytes.rewind()
    var lines = PlanLines(bytes)
    while try lines.next() != nil {}
    return lines.number
  }
}

// MARK: - The second pass: the lines

extension PlanReader {
  private func plan(under seal: PlanSeal) throws(PlanFileFailure) -> Plan {
    var lines = PlanLines(bytes)
    var decoder = PlanDecoder()
    var hash = SHA256()
    var decisionsDigest: String?
    let texts = TextPool()
    while let place = try lines.next() {
      var line = LineScanner(lines.buffer, place.dropLast(), texts: texts)
      if line.isSeal { break }
      let kind: PlanLineKind
      do throws(LineProblem) {
        kind = try decoder.read(&line)
      } catch {
        throw failure(.malformed(error), line: lines.number)
      }
      if kind == .evidence { decisionsDigest = hash.finalize().hexadecimal }
      hash.update(data: lines.buffer[place])
    }
    guard decisionsDigest == seal.decisionsDigest,
      hash.finalize().hexadecimal == seal.planName
    else { throw failure(.damaged) }
    guard let plan = decoder.finish() else { throw failure(.incomplete) }
    return plan
  }
}

extension LineScanner {
  /// Whether this is the line that ends the file; the first pass has read it.
  fileprivate var isSeal: Bool {
    var line = self
    return (try? line.openLine()) == .seal
  }
}
