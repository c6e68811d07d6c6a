package import Identity
import Scanning

/// Reads the files of one export, whatever their format, as batches of records.
///
/// ```
/// let people = try ExportReader(exportName: "people", paths: ["users.csv"])
/// let header = try people.header()
/// let summary = try await people.read { batch in
///   batch.count                         // on any core, for any batch
/// } collect: { count, place in
///   total += count                      // here, in the order of the file
/// }
/// ```
///
/// Memory holds a few blocks per job. What comes out depends neither on the block size nor on `jobs`.
package struct ExportReader: Sendable {
  package let exportName: String
  let inputs: [InputPath]
  let options: CSVOptions
  /// For columns that name entries of a directory: what those are known by.
  package var references = EntryReferences()
  private(set) var format: FormatOptions
  let jobs: Int
  private let meter: ReadMeter

  /// Makes a reader of files in the order of `paths`, where `-` is standard input; it scans `jobs`
  /// blocks at a time.
  ///
  /// - Throws: when standard input cannot be kept for a second look.
  package init(
    exportName: String, paths: [String], options: CSVOptions = CSVOptions(),
    format: FormatOptions = FormatOptions(), jobs: Int = ExportReader.allCores
  ) throws(ReadFailure) {
    self.exportName = exportName
    let meter = ReadMeter()
    self.meter = meter
    var inputs: [InputPath] = []
    for path in paths { inputs.append(try InputPath(path, meter: meter)) }
    self.inputs = inputs
    self.options = options
    self.format = format
    self.jobs = jobs
  }

  /// The same reader asking for these fields.
  init(_ other: ExportReader, fields: [[String]]) {
    self = other
    format.fields = fields
  }

  /// The columns: of a table, those of the first file that has any; else those that were asked for.
  ///
  /// - Throws: when a file cannot be opened, or its header cannot be understood.
  package func header() throws(ReadFailure) -> ExportHeader {
    switch try detectedFormat() {
    case .csv: try tableHeader()
    case .ldif: try ldif.header()
    case .xml: try xml.header()
    case .json: try json().header()
    }
  }

  private func tableHeader() throws(ReadFailure) -> ExportHeader {
    guard let block = try beginning(upTo: 1 << 16) else {
      return ExportHeader(
        names: [], delimiter: options.delimiter ?? UInt8(ascii: ","),
        encoding: options.encoding ?? .utf8, isTemplate: false, findings: [])
    }
    return ExportHeader(
      block.layout.preamble, export: exportName, path: inputs[block.file].path)
  }

  /// The first block of the first file that has a header.
  func beginning(upTo size: Int) throws(ReadFailure) -> Block? {
    var short = options
    short.blockSize = min(options.blockSize, size)
    let source = BlockSource(inputs, options: short, digest: false)
    while let block = try source.next() {
      if !block.layout.preamble.isEmpty { return block }
    }
    return nil
  }

  /// Reads all files to their end.
  ///
  /// - Parameters:
  ///   - digest: whether to compute SHA-256 of each file.
  ///   - transform: what to make of a batch. It runs on several cores at once, and now and then for
  ///     a piece of text that turns out to be cut wrongly; what it returned for that is dropped.
  ///   - collect: takes the results one by one, in the order of the records.
  /// - Returns: what became of the files, and all findings.
  /// - Throws: when a file cannot be read to its end. Bad records are findings of the summary.
  nonisolated(nonsending) package func read<Partial: Sendable>(
    digest: Bool = true, transform: @escaping @Sendable (RecordBatch) -> Partial,
    collect: (Partial, BatchPlace) -> Void
  ) async throws(ReadFailure) -> ReadSummary {
    var summary = try await records(digest: digest, transform: transform, collect: collect)
    summary.format = try detectedFormat()
    return summary
  }

  nonisolated(nonsending) private func records<Partial: Sendable>(
    digest: Bool, transform: @escaping @Sendable (RecordBatch) -> Partial,
    collect: (Partial, BatchPlace) -> Void
  ) async throws(ReadFailure) -> ReadSummary {
    switch try detectedFormat() {
    case .csv:
      let table = TableReading(self, digest: digest, transform: transform)
      return try await table.run(after: Ahead(), finish: { $0 }, collect: collect)
    case .ldif: return try await ldif.read(digest: digest, transform: transform, collect: collect)
    case .xml: return try await xml.read(digest: digest, transform: transform, collect: collect)
    case .json:
      return try await json().read(digest: digest, transform: transform, collect: collect)
    }
  }

  /// What `read` does for tables, for work on scanned blocks instead of batches.
  nonisolated(nonsending) func scan<Partial: Sendable>(
    digest: Bool, transform: @escaping @Sendable (inout Block, borrowing ScannedBlock) -> Partial,
    collect: (
      borrowing BlockPassage<Partial>, BatchPlace, inout SummaryBuilder
    ) throws(ReadFailure) -> Void
  ) async throws(ReadFailure) -> ReadSummary {
    var builder = SummaryBuilder(
      header: try tableHeader(), export: exportName, inputs: inputs, limits: options.limits)
    let source = BlockSource(inputs, options: options, digest: digest)
    let pipeline = BlockPipeline(
      source: source, limits: options.limits, jobs: jobs, transform: transform)
    try await pipeline.run { (passage) throws(ReadFailure) in
      let place = try builder.place(passage)
      try collect(passage, place, &builder)
    }
    return builder.finished(source.files)
  }

  /// How many records there will be in all, by the bytes that the first `done` of them took; nil while nobody can tell.
  package func estimatedCount(after done: Int) -> Int? { meter.estimate(after: done, of: inputs) }

  /// Reads some records again, and only the few blocks they stand in.
  ///
  /// - Parameters:
  ///   - numbers: ascending.
  ///   - places: what the summary of `read` says.
  /// - Returns: the records in the same order, in batches that hold nothing else. A record that was
  ///   set aside is in none of them.
  /// - Throws: when a file is not what it was.
  package func records(
    numbered numbers: [Int], places: RecordPlaces
  ) throws(ReadFailure) -> [(batch: RecordBatch, place: BatchPlace)] {
    switch try detectedFormat() {
    case .csv:
      var look = SecondLook(inputs: inputs, options: options, places: places)
      return try look.records(numbered: numbers)
    case .ldif: return try ldif.records(numbered: numbers, places: places)
    case .xml: return try xml.records(numbered: numbers, places: places)
    case .json:
      return try json().records(numbered: numbers, places: places)
    }
  }

  /// Where a record stands; nil if there is no such record.
  package func origin(
    ofRecord number: Int, places: RecordPlaces
  ) throws(ReadFailure) -> RecordOrigin? {
    guard let (batch, place) = try records(numbered: [number], places: places).first else {
      return nil
    }
    return RecordOrigin(
      export: exportName, file: inputs[place.file].path, line: place.line(of: 0, in: batch))
  }
}

extension ExportHeader {
  init(_ preamble: FilePreamble, export: String, path: String) {
    let origin = RecordOrigin(export: export, file: path, line: preamble.dataLine)
    let names = preamble.names
    var findings: [Finding] = []
    for (position, name) in names.enumerated() where name.isEmpty {
      findings.append(Finding(.emptyHeader(position: position + 1), at: origin))
    }
    let bare = ExportHeader(
      names: names, delimiter: preamble.dialect.delimiter, encoding: preamble.encoding,
      isTemplate: preamble.isTemplate, findings: [])
    for name in bare.ambiguousNames {
      findings.append(Finding(.duplicateHeader(name: name), at: origin))
    }
    self.init(
      names: names, delimiter: preamble.dialect.delimiter, encoding: preamble.encoding,
      isTemplate: preamble.isTemplate, findings: findings)
  }
}
