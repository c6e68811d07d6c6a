package import Identity

/// The reading of an export in two halves, of which the first may begin before the second is possible.
///
/// ```
/// let reading = reader.reading { batch in mapped(batch) }
/// async let ahead = reading.ahead(atMost: 32) { !index.isLoaded }
/// …                                       the index is loaded meanwhile
/// let summary = try await reading.run(after: await ahead) { mapped in
///   found(mapped, index)                  // on any core, for any batch
/// } collect: { part, place in … }         // here, in the order of the file
/// ```
///
/// What comes out does not depend on how much was read ahead.
package struct ExportReading<Partial: Sendable>: Sendable {
  /// Blocks of a table that have been through the first half.
  package struct Beginning: Sendable {
    fileprivate var blocks = Ahead<BatchWork<Partial>>()

    package init() {}

    package var blockCount: Int { blocks.count }
  }

  private let reader: ExportReader
  private let digest: Bool
  private let transform: @Sendable (RecordBatch) -> Partial
  /// Only tables are read ahead: of other formats nothing says where the second piece begins.
  private let table: TableReading<Partial>?

  init(
    _ reader: ExportReader, digest: Bool, transform: @escaping @Sendable (RecordBatch) -> Partial
  ) throws(ReadFailure) {
    self.reader = reader
    self.digest = digest
    self.transform = transform
    table =
      try reader.detectedFormat() == .csv
      ? TableReading(reader, digest: digest, transform: transform) : nil
  }

  /// Takes up to `limit` blocks through the first half, and begins another one only while `isWanted`.
  package func ahead(
    atMost limit: Int, while isWanted: @escaping @Sendable () -> Bool
  ) async -> Beginning {
    var beginning = Beginning()
    if let table { beginning.blocks = await table.ahead(atMost: limit, while: isWanted) }
    return beginning
  }

  /// Reads all files to their end; see `ExportReader.read`.
  nonisolated(nonsending) package func run<Final: Sendable>(
    after beginning: Beginning = Beginning(), finish: @escaping @Sendable (Partial) -> Final,
    collect: (Final, BatchPlace) -> Void
  ) async throws(ReadFailure) -> ReadSummary {
    guard let table else {
      let transform = transform
      return try await reader.read(
        digest: digest, transform: { finish(transform($0)) }, collect: collect)
    }
    var summary = try await table.run(
      after: beginning.blocks, finish: finish, collect: collect)
    summary.format = .csv
    return summary
  }
}

extension ExportReader {
  /// Begins to read all files; SHA-256 of each is computed.
  ///
  /// - Throws: when a file cannot be opened.
  package func reading<Partial: Sendable>(
    transform: @escaping @Sendable (RecordBatch) -> Partial
  ) throws(ReadFailure) -> ExportReading<Partial> {
    try ExportReading(self, digest: true, transform: transform)
  }
}
