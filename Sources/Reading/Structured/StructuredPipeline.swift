import Identity
import Synchronization

/// Reads the pieces of a structured export on several cores and puts the results back in order.
struct StructuredPipeline<Scanner: RecordScanner, Partial: Sendable>: Sendable {
  let source: StructuredSource<Scanner>
  let fields: FieldTable
  let collectingNames: Bool
  let jobs: Int
  /// Makes of a batch what the consumer wants.
  let transform: @Sendable (RecordBatch) -> Partial

  /// Pieces per job that may wait for a slower one before them.
  private static var lead: Int { 4 }

  /// A piece that was read.
  struct Passage: Sendable {
    let sequence: Int
    let file: Int
    let firstLine: Int
    let recordCount: Int
    let numberCount: Int
    let problems: [RecordProblem]
    let remarks: [RecordRemark]
    /// Columns whose letters look lost, or encoded twice; told of the first piece, as of a table.
    let lostLetters: [Int]
    let doublyEncoded: [Int]
    let presence: [Int]
    let names: FieldNames?
    let parts: [ListPart]
    let unfinishedSearch: String?
    let otherCount: Int
    /// Nil when no record of the piece can be delivered.
    let partial: Partial?
  }

  /// What a task comes back with.
  private enum Step: Sendable {
    case cut(StructuredSource<Scanner>.Numbered?)
    case read(Passage)
    case failed(ReadFailure)
  }

  /// What is under way.
  private struct Progress {
    /// Pieces that were cut and wait for a core.
    var pieces: [StructuredSource<Scanner>.Numbered] = []
    /// Passages that wait for one before them.
    var passages: [Int: Passage] = [:]
    var placed = 0
    var cutCount = 0
    var readers = 0
    var isCutting = false
    var isAtEnd = false
  }

  /// Runs to the end of the last file; `collect` gets the passages in order.
  ///
  /// One task at a time cuts pieces: two that wait for each other's lock turn in the kernel for as long as it takes to
  /// read a piece of XML. One profile, at real-time priority, had 38 % of its samples there; processor time of a whole
  /// run fell by less, from 9.0 s to 8.1 s for 820 MB of DSML.
  nonisolated(nonsending) func run(
    collect: (borrowing Passage) throws(ReadFailure) -> Void
  ) async throws(ReadFailure) {
    let outcome: Result<Void, ReadFailure> = await withTaskGroup(of: Step.self) { group in
      var progress = Progress()
      while true {
        start(&progress, in: &group)
        guard let step = await group.next() else { return .success(()) }
        do throws(ReadFailure) {
          switch step {
          case .failed(let failure): throw failure
          case .cut(let piece):
            progress.isCutting = false
            progress.isAtEnd = piece == nil
            if let piece {
              progress.pieces.append(piece)
              progress.cutCount += 1
            }
          case .read(let passage):
            progress.readers -= 1
            progress.passages[passage.sequence] = passage
            while let next = progress.passages.removeValue(forKey: progress.placed) {
              progress.placed += 1
              try collect(next)
            }
          }
        } catch {
          return .failure(error)
        }
      }
    }
    try outcome.get()
  }

  /// Gives the cores work: pieces first, then whatever cuts the next one.
  private func start(_ progress: inout Progress, in group: inout TaskGroup<Step>) {
    let jobs = max(1, jobs)
    while progress.readers < jobs, !progress.pieces.isEmpty {
      let piece = Handover(progress.pieces.removeFirst())
      group.addTask { .read(pass(piece)) }
      progress.readers += 1
    }
    // Whoever allows one core gets one thing after the other.
    guard !progress.isCutting, !progress.isAtEnd, jobs > 1 || progress.readers == 0,
      progress.cutCount - progress.placed < jobs * Self.lead
    else { return }
    progress.isCutting = true
    group.addTask { cut() }
  }

  private func cut() -> Step {
    do throws(ReadFailure) { return .cut(try source.next()) } catch { return .failed(error) }
  }

  private func pass(_ handover: Handover<StructuredSource<Scanner>.Numbered>) -> Passage {
    let numbered = handover.take()
    let (sequence, file) = (numbered.sequence, numbered.file)
    let piece = (consume numbered).taken()
    let firstLine = piece.firstLine
    let builder = (consume piece).read(fields, collectingNames: collectingNames)
    let (problems, presence, names) = (builder.problems, builder.presence, builder.names)
    let (numberCount, parts, remarks) = (builder.numberCount, builder.parts, builder.remarks)
    let (unfinishedSearch, otherCount) = (builder.unfinishedSearch, builder.otherCount)
    let batch = (consume builder).batch()
    let text = 0..<(sequence == 0 ? batch.bytes.count : 0)
    return Passage(
      sequence: sequence, file: file, firstLine: firstLine, recordCount: batch.count,
      numberCount: numberCount, problems: problems, remarks: remarks,
      lostLetters: text.isEmpty ? [] : LostLetters.columns(in: batch, text: text),
      doublyEncoded: text.isEmpty ? [] : LostLetters.doublyEncodedColumns(in: batch, text: text),
      presence: presence, names: names, parts: parts, unfinishedSearch: unfinishedSearch,
      otherCount: otherCount,
      partial: batch.count == 0 ? nil : transform(batch))
  }
}

/// Something that is passed on once, so that whoever gets it is the only one who holds it.
///
/// What a task captures, it holds until it ends.
private final class Handover<Content: Sendable>: Sendable {
  private let content: Mutex<Content?>

  init(_ content: consuming Content) {
    self.content = Mutex(content)
  }

  func take() -> Content {
    guard let taken = content.withLock({ $0.take() }) else {
      preconditionFailure("it is passed on once")
    }
    return taken
  }
}
