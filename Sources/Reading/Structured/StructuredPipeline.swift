import Identity

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
    let presence: [Int]
    let names: FieldNames?
    let parts: [ListPart]
    let unfinishedSearch: String?
    /// Nil when no record of the piece can be delivered.
    let partial: Partial?
  }

  /// Runs to the end of the last file; `collect` gets the passages in order.
  nonisolated(nonsending) func run(
    collect: (borrowing Passage) throws(ReadFailure) -> Void
  ) async throws(ReadFailure) {
    let outcome: Result<Void, ReadFailure> = await withTaskGroup(
      of: Result<Passage?, ReadFailure>.self
    ) { group in
      var waiting: [Int: Passage] = [:]
      var (placed, started, running) = (0, 0, 0)
      var isAtEnd = false
      while true {
        while !isAtEnd, running < max(1, jobs), started - placed < max(1, jobs) * Self.lead {
          group.addTask { passNext() }
          running += 1
          started += 1
        }
        guard let result = await group.next() else { return .success(()) }
        running -= 1
        do throws(ReadFailure) {
          guard let passage = try result.get() else {
            isAtEnd = true
            continue
          }
          waiting[passage.sequence] = passage
          while let next = waiting.removeValue(forKey: placed) {
            placed += 1
            try collect(next)
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
      guard let next = try source.next() else { return .success(nil) }
      return .success(pass(next))
    } catch {
      return .failure(error)
    }
  }

  private func pass(_ numbered: StructuredSource<Scanner>.Numbered) -> Passage {
    let builder = numbered.piece.read(fields, collectingNames: collectingNames)
    let (problems, presence, names) = (builder.problems, builder.presence, builder.names)
    let (numberCount, parts) = (builder.numberCount, builder.parts)
    let unfinishedSearch = builder.unfinishedSearch
    let batch = builder.batch()
    return Passage(
      sequence: numbered.sequence, file: numbered.file, firstLine: numbered.piece.firstLine,
      recordCount: batch.count, numberCount: numberCount, problems: problems, presence: presence,
      names: names, parts: parts, unfinishedSearch: unfinishedSearch,
      partial: batch.count == 0 ? nil : transform(batch))
  }
}
