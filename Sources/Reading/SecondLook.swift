import Identity
import Scanning

/// Reads single records again.
struct SecondLook {
  private let inputs: [InputPath]
  private let options: CSVOptions
  private let places: RecordPlaces
  private var open: (number: Int, file: InputFile)?

  init(inputs: [InputPath], options: CSVOptions, places: RecordPlaces) {
    self.inputs = inputs
    self.options = options
    self.places = places
  }

  mutating func records(
    numbered numbers: [Int]
  ) throws(ReadFailure) -> [(batch: RecordBatch, place: BatchPlace)] {
    var found: [(batch: RecordBatch, place: BatchPlace)] = []
    var rest = numbers[...]
    while let first = rest.first {
      guard let stretch = places.stretch(with: first) else {
        rest = rest.dropFirst()
        continue
      }
      let wanted = rest.prefix { places.stretch(with: $0) == stretch }
      rest = rest.dropFirst(wanted.count)
      if let batch = try batch(in: stretch, wanted: wanted.map { $0 - stretch.number }) {
        let place = BatchPlace(
          file: stretch.file, firstLine: stretch.line, firstNumber: stretch.number)
        found.append((batch, place))
      }
    }
    return found
  }

  private mutating func batch(
    in stretch: RecordPlaces.Stretch, wanted: [Int]
  ) throws(ReadFailure) -> RecordBatch? {
    guard let layout = places.layouts[stretch.file] else { return nil }
    let file = try file(stretch.file, layout.status)
    let scanner = CSVScanner(dialect: layout.dialect, limits: options.limits)
    var scan = ScannedBlock(columns: layout.columns)
    var length = stretch.end.map { $0 - stretch.offset } ?? options.blockSize
    while true {
      var (block, isAtEnd) = try block(stretch, length: length, layout, of: file)
      scanner.scan(block.bytes, to: block.end, isFinal: isAtEnd, into: &scan)
      if isAtEnd || stretch.end != nil || scan.numberCount > (wanted.last ?? 0) {
        let rows = rows(of: scan, wanted: wanted)
        return rows.isEmpty ? nil : BatchBuilder.batch(of: scan, in: &block, rows: rows)
      }
      length *= 2
    }
  }

  private func rows(of scan: borrowing ScannedBlock, wanted: [Int]) -> [Int] {
    var rows: [Int] = []
    var row = 0
    for number in wanted {
      while row < scan.recordCount, Int(scan.records[row].number) < number { row += 1 }
      if row < scan.recordCount, Int(scan.records[row].number) == number { rows.append(row) }
    }
    return rows
  }

  /// The text of a stretch, and whether it goes to the end of the file.
  private func block(
    _ stretch: RecordPlaces.Stretch, length: Int, _ layout: FileLayout, of file: InputFile
  ) throws(ReadFailure) -> (Block, Bool) {
    var bytes = [UInt8](repeating: 0, count: length)
    var count = 0
    do throws(SystemFailure) {
      count = try file.read(into: &bytes, at: 0, upTo: length, fromOffset: stretch.offset)
    } catch {
      throw .cannotRead(path: inputs[stretch.file].path, error)
    }
    let isAtEnd = stretch.end == nil && count < length
    bytes.removeSubrange(count...)
    if layout.preamble.encoding != .utf8 {
      var text: [UInt8] = []
      var transcoder = Transcoder(layout.preamble.encoding)
      transcoder.append(bytes.span, to: &text)
      if isAtEnd { transcoder.finish(into: &text) }
      bytes = text
    }
    let end = bytes.count
    bytes.append(contentsOf: repeatElement(0, count: CSVScanner.slack))
    let block = Block(
      sequence: 0, file: stretch.file, bytes: bytes, start: 0, end: end, offset: stretch.offset,
      isFinal: isAtEnd, layout: layout)
    return (block, isAtEnd)
  }

  private mutating func file(
    _ number: Int, _ status: InputFile.Status
  ) throws(ReadFailure) -> InputFile {
    if let open, open.number == number { return open.file }
    let file = try inputs[number].open()
    let now: InputFile.Status?
    do throws(SystemFailure) { now = try file.status() } catch { now = nil }
    guard now == status else { throw .changedWhileReading(path: inputs[number].path) }
    open = (number, file)
    return file
  }
}
