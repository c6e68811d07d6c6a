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

  /// A block that went through, with what is needed to put it in its place.
  struct Passage: Sendable {
    var block: Block
    let partial: Partial
    let rest: ScannedBlock.Rest?
    let isStopped: Bool
    let problems: [CSVProblem]
    let recordCount: Int
    let numberCount: Int
    let lineCount: Int
    let marks: [RecordPlaces.Mark]
  }

  /// Runs to the end of the last file; `collect` gets the passages in order.
  nonisolated(nonsending) func run(
    collect: (borrowing Passage) throws(ReadFailure) -> Void
  ) async throws(ReadFailure) {
    let outcome: Result<Void, ReadFailure> = await withTaskGroup(
      of: Result<Passage?, ReadFailure>.self
    ) { group in
      var order = PassageOrder(pipeline: self)
      var running = 0
      var started = 0
      var isAtEnd = false
      while true {
        while !isAtEnd, running < jobs, started - order.placed < jobs * Self.lead {
          group.addTask { passNext() }
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

  private func passNext() -> Result<Passage?, ReadFailure> {
    do throws(ReadFailure) {
      guard let block = try source.next() else { return .success(nil) }
      return .success(pass(block))
    } catch {
      return .failure(error)
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

/// Puts passages in order, and joins what a block left over with the block after it.
private struct PassageOrder<Partial: Sendable> {
  private let pipeline: BlockPipeline<Partial>
  private var waiting: [Int: BlockPipeline<Partial>.Passage] = [:]
  private var next = 0
  /// How many passages have been placed.
  var placed: Int { next }
  /// The unfinished record at the end of the block before, as the beginning of a block.
  private var left: Block?
  private var stoppedFile: Int?

  init(pipeline: BlockPipeline<Partial>) {
    self.pipeline = pipeline
  }

  mutating func place(
    _ passage: consuming BlockPipeline<Partial>.Passage,
    collect: (borrowing BlockPipeline<Partial>.Passage) throws(ReadFailure) -> Void
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
    _ passage: inout BlockPipeline<Partial>.Passage,
    collect: (borrowing BlockPipeline<Partial>.Passage) throws(ReadFailure) -> Void
  ) throws(ReadFailure) {
    if stoppedFile == passage.block.file { return }
    if let left {
      passage = pipeline.pass(left.joined(with: passage.block))
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
