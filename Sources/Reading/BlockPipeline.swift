import Scanning
import Synchronization

/// Scans the blocks of an export on several cores and puts the results back in order.
///
/// ```
/// source ──► scan, transform (block 7)  ─┐
///        ──► scan, transform (block 8)  ─┼─► in order: check, count, collect
/// ```
///
/// Each block is scanned as if it began at a record. It does if the block before it ended outside
/// quotes, which is checked in order; if it did not, what is left of that block and the next one are
/// scanned again as one. So the outcome is exact, and neither block size nor `jobs` changes it.
struct BlockPipeline<Partial: Sendable>: Sendable {
  let source: BlockSource
  let limits: CSVLimits
  let jobs: Int
  /// Makes of a scanned block what the consumer wants.
  ///
  /// It may be called for a block that is then scanned again, so it must leave nothing behind.
  let transform: @Sendable (inout Block, borrowing ScannedBlock) -> Partial

  private let spare = SpareScans()

  /// Blocks per job that may wait for a slower one before them.
  private static var lead: Int { 4 }

  init(
    source: BlockSource, limits: CSVLimits, jobs: Int,
    transform: @escaping @Sendable (inout Block, borrowing ScannedBlock) -> Partial
  ) {
    self.source = source
    self.limits = limits
    self.jobs = max(1, jobs)
    self.transform = transform
  }

  typealias Passage = BlockPassage<Partial>

  /// Runs to the end of the last file; `collect` gets the passages in order.
  nonisolated(nonsending) func run(
    collect: (borrowing Passage) throws(ReadFailure) -> Void
  ) async throws(ReadFailure) {
    try await run(finish: { $0 }, collect: collect)
  }

  /// Runs to the end of the last file; `collect` gets the passages in order.
  ///
  /// `ahead` is what `passages` has returned before. `finish` is the second half of `transform`, for
  /// what could not be known when the first blocks went through it.
  nonisolated(nonsending) func run<Final: Sendable>(
    after ahead: Ahead<Partial> = Ahead(), finish: @escaping @Sendable (Partial) -> Final,
    collect: (borrowing BlockPassage<Final>) throws(ReadFailure) -> Void
  ) async throws(ReadFailure) {
    let outcome: Result<Void, ReadFailure> = await withTaskGroup(
      of: Result<BlockPassage<Final>?, ReadFailure>.self
    ) { group in
      var order = PassageOrder(pipeline: self, finish: finish)
      var running = 0
      var started = 0
      var isAtEnd = false
      // The first come first, whatever order they came in.
      var waiting = ahead.take().sorted { $0.block.sequence > $1.block.sequence }
      while true {
        while running < jobs, let passage = waiting.popLast() {
          group.addTask { .success(passage.map(finish)) }
          running += 1
          started += 1
        }
        while !isAtEnd, running < jobs, started - order.placed < jobs * Self.lead {
          group.addTask { passNext(finish) }
          running += 1
          started += 1
        }
        guard let result = await group.next() else { return .success(()) }
        running -= 1
        do throws(ReadFailure) {
          if let passage = try result.get() {
            try order.place(passage, collect: collect)
          } else {
            isAtEnd = true
          }
        } catch {
          return .failure(error)
        }
      }
    }
    try outcome.get()
  }

  private func passNext<Final>(
    _ finish: (Partial) -> Final
  ) -> Result<BlockPassage<Final>?, ReadFailure> {
    do throws(ReadFailure) {
      guard let block = try source.next() else { return .success(nil) }
      return .success(pass(block).map(finish))
    } catch {
      return .failure(error)
    }
  }

  /// Takes up to `limit` blocks through the first half, as long as `isWanted` says so.
  ///
  /// A file that cannot be read says so again when the pipeline runs.
  func passages(atMost limit: Int, while isWanted: @escaping @Sendable () -> Bool) async -> Ahead<
    Partial
  > {
    await withTaskGroup(of: Passage?.self) { group in
      var passages: [Passage] = []
      var (running, started, isAtEnd) = (0, 0, false)
      while true {
        while !isAtEnd, running < max(1, jobs - 1), started < limit, isWanted() {
          group.addTask {
            // Handed on, not lent: a second owner would make the batch copy the whole block.
            guard let block = try? source.next() else { return nil }
            return pass(block)
          }
          running += 1
          started += 1
        }
        guard let passage = await group.next() else { return Ahead(passages) }
        running -= 1
        if let passage { passages.append(passage) } else { isAtEnd = true }
      }
    }
  }

  /// Scans and transforms one block.
  func pass(_ block: consuming Block) -> Passage {
    var block = block
    var scan = spare.take(columns: max(1, block.layout.columns))
    let scanner = CSVScanner(dialect: block.layout.dialect, limits: limits)
    scanner.scan(
      block.bytes, from: block.start, to: block.end, isFinal: block.isFinal, into: &scan)
    let marks = marks(of: scan, in: block)
    let partial = transform(&block, scan)
    let passage = Passage(
      block: block, partial: partial, rest: scan.rest, isStopped: scan.isStopped,
      problems: scan.problems, recordCount: scan.recordCount, numberCount: scan.numberCount,
      lineCount: scan.lineCount, marks: marks)
    spare.giveBack(scan)
    return passage
  }

  private func marks(of scan: borrowing ScannedBlock, in block: Block) -> [RecordPlaces.Mark] {
    var marks: [RecordPlaces.Mark] = []
    let encoding = block.layout.preamble.encoding
    var place = 0
    var offset = 0
    for index in stride(from: 0, to: scan.recordCount, by: RecordPlaces.step) {
      let record = scan.records[index]
      let between = block.bytes.span.extracting(place..<Int(record.start))
      offset += Transcoder.originalLength(of: between, in: encoding)
      place = Int(record.start)
      marks.append(
        RecordPlaces.Mark(number: record.number, line: record.line, offset: UInt32(offset)))
    }
    return marks
  }
}

/// A block that went through, with what is needed to put it in its place.
struct BlockPassage<Partial: Sendable>: Sendable {
  var block: Block
  let partial: Partial
  let rest: ScannedBlock.Rest?
  let isStopped: Bool
  let problems: [CSVProblem]
  let recordCount: Int
  let numberCount: Int
  let lineCount: Int
  let marks: [RecordPlaces.Mark]

  consuming func map<Final>(_ finish: (Partial) -> Final) -> BlockPassage<Final> {
    BlockPassage<Final>(
      block: block, partial: finish(partial), rest: rest, isStopped: isStopped, problems: problems,
      recordCount: recordCount, numberCount: numberCount, lineCount: lineCount, marks: marks)
  }
}

/// Passages of the first blocks of an export, made before anybody could collect them.
///
/// Whoever takes them is their only owner, so that the memory of each goes back when it is done.
final class Ahead<Partial: Sendable>: Sendable {
  let count: Int
  private let passages: Mutex<[BlockPassage<Partial>]>

  init(_ passages: [BlockPassage<Partial>] = []) {
    count = passages.count
    self.passages = Mutex(passages)
  }

  /// All of them, once.
  func take() -> [BlockPassage<Partial>] {
    passages.withLock { passages in
      defer { passages = [] }
      return passages
    }
  }
}

/// Puts passages in order, and joins what a block left over with the block after it.
private struct PassageOrder<Partial: Sendable, Final: Sendable> {
  private let pipeline: BlockPipeline<Partial>
  private let finish: (Partial) -> Final
  private var waiting: [Int: BlockPassage<Final>] = [:]
  private var next = 0
  /// How many passages have been placed.
  var placed: Int { next }
  /// The unfinished record at the end of the block before, as the beginning of a block.
  private var left: Block?
  private var stoppedFile: Int?

  init(pipeline: BlockPipeline<Partial>, finish: @escaping (Partial) -> Final) {
    self.pipeline = pipeline
    self.finish = finish
  }

  mutating func place(
    _ passage: consuming BlockPassage<Final>,
    collect: (borrowing BlockPassage<Final>) throws(ReadFailure) -> Void
  ) throws(ReadFailure) {
    waiting[passage.block.sequence] = passage
    while var passage = waiting.removeValue(forKey: next) {
      next += 1
      try take(&passage, collect: collect)
      // Nothing else refers to the buffer now, so that it can be filled again without a copy.
      var buffer: [UInt8] = []
      swap(&buffer, &passage.block.bytes)
      pipeline.source.recycle(buffer)
    }
  }

  private mutating func take(
    _ passage: inout BlockPassage<Final>,
    collect: (borrowing BlockPassage<Final>) throws(ReadFailure) -> Void
  ) throws(ReadFailure) {
    if stoppedFile == passage.block.file { return }
    if let left {
      passage = pipeline.pass(left.joined(with: passage.block)).map(finish)
      self.left = nil
    }
    try collect(passage)
    if passage.isStopped {
      stoppedFile = passage.block.file
      pipeline.source.stop(file: passage.block.file)
    } else if let rest = passage.rest {
      left = passage.block.dropping(to: rest.start)
    }
  }
}

extension Block {
  /// What is left of a block from `place` on.
  func dropping(to place: Int) -> Block {
    Block(
      sequence: sequence, file: file, bytes: Array(bytes[place..<end]), start: 0,
      end: end - place, offset: offset(of: place), isFinal: isFinal, layout: layout)
  }

  /// This block and the one after it, as one.
  func joined(with next: Block) -> Block {
    var joined = Array(bytes[start..<end])
    joined.reserveCapacity(end - start + next.end + CSVScanner.slack)
    joined.append(contentsOf: next.bytes[0..<next.end])
    joined.append(contentsOf: repeatElement(0, count: CSVScanner.slack))
    return Block(
      sequence: next.sequence, file: file, bytes: joined, start: 0,
      end: end - start + next.end, offset: offset, isFinal: next.isFinal, layout: layout)
  }
}

/// The memory of scans, used again.
private final class SpareScans: Sendable {
  private let scans = Mutex<[ScannedBlock]>([])

  func take(columns: Int) -> ScannedBlock {
    let scan = scans.withLock { $0.popLast() }
    guard let scan, scan.columns == columns else { return ScannedBlock(columns: columns) }
    return scan
  }

  func giveBack(_ scan: consuming ScannedBlock) {
    let scan = scan
    scans.withLock { $0.append(scan) }
  }
}
