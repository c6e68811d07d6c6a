import Identity
import Scanning

/// Reads an export of a format whose records may each have other fields.
///
/// What `ExportReader` does for such formats, whichever it is.
struct StructuredReader<Scanner: RecordScanner>: Sendable {
  let exportName: String
  let inputs: [InputPath]
  let jobs: Int
  /// The fields that become columns; nil: those that the beginning shows.
  let fields: [[String]]?
  /// How records about the same thing are united; nil for an export that holds each thing once.
  var merging: FormatOptions.Merging?
  /// Opens one file, with or without a digest of it.
  let open: @Sendable (_ input: InputPath, _ digest: Bool) throws(ReadFailure) -> Scanner

  /// How much of the export is looked at to see which fields there are.
  static var lookLength: Int { 1 << 20 }

  /// The columns that were asked for, and all fields that the beginning of the export shows.
  func header() throws(ReadFailure) -> ExportHeader {
    var names = FieldNames()
    let source = source(digest: false)
    var length = 0
    var isWhole = true
    while let next = try source.next() {
      let builder = next.piece.read(FieldTable([]), collectingNames: true)
      if let found = builder.names { names.formUnion(found) }
      length += builder.byteCount
      if length >= Self.lookLength {
        isWhole = false
        break
      }
    }
    let asked = fields ?? names.texts.map { [$0] }
    let table = FieldTable(asked)
    var header = ExportHeader(
      names: asked.map { $0.first ?? "" }, delimiter: UInt8(ascii: ","),
      encoding: source.encoding ?? .utf8, isTemplate: false,
      findings: isWhole ? findings(of: source.files) : [])
    let filtered = FilteredFields(asked)
    var seen: Set<Int> = []
    var others: [String] = []
    for name in names.ordered {
      let columns = table.targets(of: name).map(\.column) + filtered.columns(of: name)
      seen.formUnion(columns)
      if columns.isEmpty { others.append(String(decoding: name, as: UTF8.self)) }
    }
    header.fields = ExportHeader.Fields(
      alternatives: asked, others: others, seen: seen, isWhole: isWhole)
    return header
  }

  /// Why documents broke off.
  private func findings(of files: [StructuredSource<Scanner>.FinishedFile]) -> [Finding] {
    files.compactMap { finished in
      finished.ending.broken.map { subject, line in
        Finding(
          subject, at: RecordOrigin(export: exportName, file: finished.file.path, line: line))
      }
    }
  }

  /// The names of all fields of all records, in the order in which they first come.
  nonisolated(nonsending) func allNames() async throws(ReadFailure) -> [String] {
    let header = ExportHeader.nothing
    return try await tally(header, digest: false, collectingNames: true) { _ in
    } collect: { _, _ in
    }.names.texts
  }

  nonisolated(nonsending) func read<Partial: Sendable>(
    digest: Bool, transform: @escaping @Sendable (RecordBatch) -> Partial,
    collect: (Partial, BatchPlace) -> Void
  ) async throws(ReadFailure) -> ReadSummary {
    let header = try header()
    let repeats = RepeatedRecords(merging, fields: header.fields?.alternatives ?? [])
    guard let repeats else {
      return try await tally(
        header, digest: digest, collectingNames: false, transform: transform, collect: collect
      ).summary
    }
    var batches: [RepeatedRecords.PlacedBatch] = []
    let summary = try await tally(header, digest: digest, collectingNames: false) {
      $0
    } collect: { batch, place in
      batches.append((batch, place))
    }.summary
    for (batch, place) in repeats.united(batches) where batch.count > 0 {
      collect(transform(batch), place)
    }
    return summary
  }

  nonisolated(nonsending) private func tally<Partial: Sendable>(
    _ header: ExportHeader, digest: Bool, collectingNames: Bool,
    transform: @escaping @Sendable (RecordBatch) -> Partial,
    collect: (Partial, BatchPlace) -> Void
  ) async throws(ReadFailure) -> (summary: ReadSummary, names: FieldNames) {
    var tally = StructuredTally(header: header, export: exportName, inputs: inputs)
    let source = source(digest: digest)
    let pipeline = StructuredPipeline(
      source: source, fields: FieldTable(header.fields?.alternatives ?? []),
      collectingNames: collectingNames, jobs: jobs, transform: transform)
    try await pipeline.run { (passage) throws(ReadFailure) in
      let place = try tally.place(passage)
      if let partial = passage.partial { collect(partial, place) }
    }
    let names = tally.names
    return (tally.finished(source.files), names)
  }

  /// Reads the files again as far as the last of these records.
  ///
  /// A document has no place in its middle from which it could be read, and hardly ever is a record
  /// wanted again.
  func records(
    numbered numbers: [Int], places: RecordPlaces
  ) throws(ReadFailure) -> [(batch: RecordBatch, place: BatchPlace)] {
    var found: [(batch: RecordBatch, place: BatchPlace)] = []
    guard let last = numbers.last else { return found }
    let table = FieldTable(try header().fields?.alternatives ?? [])
    let source = source(digest: false)
    var rest = numbers[...]
    var number = 0
    while number <= last, let next = try source.next() {
      let builder = next.piece.read(table, collectingNames: false)
      let range = number..<number + builder.numberCount
      let wanted = rest.prefix { range.contains($0) }
      rest = rest.dropFirst(wanted.count)
      if !wanted.isEmpty {
        let place = BatchPlace(
          file: next.file, firstLine: next.piece.firstLine, firstNumber: number)
        let offsets = Set(wanted.map { UInt32($0 - number) })
        let batch = builder.batch().filtered { offsets.contains($0) }
        if batch.count > 0 { found.append((batch, place)) }
      }
      number = range.upperBound
    }
    try checkUnchanged(places)
    return found
  }

  private func checkUnchanged(_ places: RecordPlaces) throws(ReadFailure) {
    for (file, opened) in places.opened {
      let now: InputFile.Status?
      let input = try inputs[file].open()
      do throws(SystemFailure) { now = try input.status() } catch { now = nil }
      guard now == opened else { throw .changedWhileReading(path: inputs[file].path) }
    }
  }

  private func source(digest: Bool) -> StructuredSource<Scanner> {
    StructuredSource(inputs) { (input) throws(ReadFailure) in try open(input, digest) }
  }
}

extension RecordBatch {
  /// The records whose numbers are wanted, and nothing else.
  fileprivate func filtered(_ isWanted: (UInt32) -> Bool) -> RecordBatch {
    let rows = (0..<count).filter { isWanted(numbers[$0]) }
    var many = ManyValues()
    var kept: [Cell] = []
    for row in rows {
      for column in 0..<columnCount {
        let values = self.many.values(ofCell: row * columnCount + column)
        if !values.isEmpty { many.append(cell: kept.count, values: values) }
        kept.append(cell(row: row, column: column))
      }
    }
    return RecordBatch(
      bytes: bytes, columnCount: columnCount, cells: kept, lines: rows.map { lines[$0] },
      numbers: rows.map { numbers[$0] }, isSparse: isSparse, many: many,
      hasLiterals: hasLiterals)
  }
}
