import Identity
import Scanning

/// What is made of one block.
struct BatchWork<Partial: Sendable>: Sendable {
  /// Nil when the block holds no records.
  let partial: Partial?
  let exampleLines: [Int]
  let lostLetters: [Int]
  let doublyEncoded: [Int]

  init(
    _ isSample: Bool, _ scan: borrowing ScannedBlock, _ block: inout Block,
    _ transform: (RecordBatch) -> Partial
  ) {
    let examples = block.layout.preamble.isTemplate ? Self.examples(in: scan, block) : []
    exampleLines = examples.map { Int(scan.records[$0].line) }
    let count = scan.recordCount
    guard count > examples.count else {
      partial = nil
      (lostLetters, doublyEncoded) = ([], [])
      return
    }
    let rows = examples.isEmpty ? nil : (0..<count).filter { !examples.contains($0) }
    let text = block.start..<block.end
    let batch = BatchBuilder.batch(of: scan, in: &block, rows: rows)
    lostLetters = isSample ? LostLetters.columns(in: batch, text: text) : []
    doublyEncoded =
      isSample ? LostLetters.doublyEncodedColumns(in: batch, text: text) : []
    partial = transform(batch)
  }

  private init<Earlier>(_ other: BatchWork<Earlier>, _ partial: Partial?) {
    self.partial = partial
    exampleLines = other.exampleLines
    lostLetters = other.lostLetters
    doublyEncoded = other.doublyEncoded
  }

  func map<Final>(_ finish: (Partial) -> Final) -> BatchWork<Final> {
    BatchWork<Final>(self, partial.map(finish))
  }

  private static func examples(in scan: borrowing ScannedBlock, _ block: Block) -> [Int] {
    let prefix = "Example:".utf8
    return (0..<scan.recordCount).filter { row in
      let record = scan.records[row]
      let cell = Int(record.start)..<Int(scan.ends[row * scan.columns])
      let (content, _) = CSVCell.content(of: cell, in: block.bytes.span)
      return block.bytes[content].starts(with: prefix)
    }
  }
}

extension Block {
  /// Whether this is the block that stands for all of its export.
  func sampled() -> Bool { sequence == 0 }
}
