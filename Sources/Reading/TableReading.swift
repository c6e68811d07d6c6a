import Identity
import Scanning

/// A table that is being read: its first blocks may go through the first half of the work before the
/// second half is possible.
struct TableReading<Partial: Sendable>: Sendable {
  private let reader: ExportReader
  private let pipeline: BlockPipeline<BatchWork<Partial>>

  init(
    _ reader: ExportReader, digest: Bool, transform: @escaping @Sendable (RecordBatch) -> Partial
  ) {
    self.reader = reader
    pipeline = BlockPipeline(
      source: BlockSource(reader.inputs, options: reader.options, digest: digest),
      limits: reader.options.limits, jobs: reader.jobs
    ) { BatchWork($0.sampled(), $1, &$0, transform) }
  }

  /// Reads some blocks, as long as somebody wants that.
  func ahead(
    atMost limit: Int, while isWanted: @escaping @Sendable () -> Bool
  ) async -> Ahead<BatchWork<Partial>> {
    await pipeline.passages(atMost: limit, while: isWanted)
  }

  /// Reads everything that has not been read ahead.
  nonisolated(nonsending) func run<Final: Sendable>(
    after ahead: Ahead<BatchWork<Partial>>, finish: @escaping @Sendable (Partial) -> Final,
    collect: (Final, BatchPlace) -> Void
  ) async throws(ReadFailure) -> ReadSummary {
    var builder = SummaryBuilder(
      header: try reader.header(), export: reader.exportName, inputs: reader.inputs,
      limits: reader.options.limits)
    try await pipeline.run(after: ahead) {
      $0.map(finish)
    } collect: { (passage) throws(ReadFailure) in
      let place = try builder.place(passage)
      let work = passage.partial
      builder.skip(examples: work.exampleLines, at: place)
      builder.noteLostLetters(columns: work.lostLetters, doublyEncoded: work.doublyEncoded)
      if let partial = work.partial { collect(partial, place) }
    }
    return builder.finished(pipeline.source.files)
  }
}
