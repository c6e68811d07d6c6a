import Identity
import Scanning

/// Reads single records again.
struct SecondLook {
  private let inputs: [InputPath]
  private let options: CSVOptions
  private let places: RecordPlaces
  private var open: (number: Int, file: FileContent)?

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
    try open(stretch.file, layout.status)
    let scanner = CSVScanner(dialect: layout.dialect, limits: options.limits)
    var scan = ScannedBlock(columns: layout.columns)
    var length = stretch.end.map { $0 - stretch.offset } ?? options.blockSize
    while true {
      var (block, isAtEnd) = try block(stretch, length: length, layout)
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
  private mutating func block(
    _ stretch: RecordPlaces.Stretch, length: Int, _ layout: FileLayout
  ) throws(ReadFailure) -> (Block, Bool) {
    var bytes = [UInt8](repeating: 0, count: length)
    let count =
      try open?.file.read(into: &bytes, at: 0, upTo: length, fromOffset: stretch.offset) ?? 0
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

  private mutating func open(
    _ number: Int, _ status: InputFile.Status
  ) throws(ReadFailure) {
    if let open, open.number == number { return }
    let file = try FileContent(inputs[number], digest: false)
    guard file.opened == status else { throw .changedWhileReading(path: file.path) }
    open = (number, file)
  }
}
