import CScanning

/// Cuts one block of a CSV file, which begins at a record boundary, into cells.
///
/// Sixty-four bytes at a time (Langdale and Lemire, "Parsing Gigabytes of JSON per Second", 2019):
///
/// ```
/// bytes        ann,"a, b",x␤
/// quotes       ....1....1...
/// inside       ....11111....      running exclusive or of the quotes
/// boundaries   ...1......1.1      (delimiters | line ends) & ~inside
/// ```
///
/// The running exclusive or is right only while every quote opens a cell, closes one, or is doubled.
/// A quote is special only at the start of a cell, so `5" disk` breaks that. Such a record is
/// walked byte by byte instead (`CSVWalk`), and the fast way goes on after it. `ReferenceCSV` in the
/// tests judges both.
package struct CSVScanner: Sendable {
  /// Bytes that must be readable, and zero, after the block.
  package static let slack = ByteMask.width

  package let dialect: CSVDialect
  package let limits: CSVLimits
  /// With which of the processor's instructions many words are taken at once.
  let vectors: VectorInstructions

  package init(
    dialect: CSVDialect, limits: CSVLimits = CSVLimits(), vectors: VectorInstructions = .ofWords
  ) {
    self.dialect = dialect
    self.limits = limits
    self.vectors = vectors
  }

  /// Finds the records in `bytes[start..<end]`; what was in `block` is forgotten.
  ///
  /// If `isFinal`, the file ends here, and its last record needs no line end.
  package func scan(
    _ bytes: [UInt8], from start: Int = 0, to end: Int, isFinal: Bool,
    into block: inout ScannedBlock
  ) {
    precondition(start >= 0 && start <= end && end + Self.slack <= bytes.count)
    precondition(bytes.count < Int(UInt32.max))
    block.reset()
    var pass = CSVPass(
      scanner: self, columns: block.columns, start: start, end: end, isFinal: isFinal)
    var isDone = false
    while !isDone {
      block.makeRoom(after: pass, blockSize: end - start)
      // SAFETY: the precondition gives `run` a word of slack after `end`; it writes only below the
      // rooms it is given, and asks for more by returning false.
      unsafe bytes.withUnsafeBufferPointer { bytes in
        unsafe block.records.withUnsafeMutableBufferPointer { records in
          unsafe block.ends.withUnsafeMutableBufferPointer { ends in
            unsafe block.lineFeeds.withUnsafeMutableBufferPointer { lines in
              isDone = unsafe pass.run(bytes, records: records, ends: ends, lines: lines)
            }
          }
        }
      }
    }
    block.take(pass)
    if pass.sawNUL || pass.sawInvalidText {
      let wanted = BadValues(nul: pass.sawNUL, text: pass.sawInvalidText, dialect: dialect)
      wanted.setAside(in: &block, of: bytes)
    }
  }
}

extension ScannedBlock {
  /// Ends and records per word of 64 bytes cannot be more than 64.
  mutating func makeRoom(after pass: borrowing CSVPass, blockSize: Int) {
    let wantedEnds = pass.endCount + max(blockSize / 4, 1024) + columns
    if ends.count < wantedEnds {
      ends.append(contentsOf: repeatElement(0, count: wantedEnds - ends.count))
    }
    let wantedRecords = pass.recordCount + max(blockSize / 64, 256)
    if records.count < wantedRecords {
      let blank = ScannedRecord(start: 0, end: 0, line: 0, number: 0, shape: [])
      records.append(contentsOf: repeatElement(blank, count: wantedRecords - records.count))
    }
  }

  mutating func take(_ pass: borrowing CSVPass) {
    recordCount = pass.recordCount
    numberCount = pass.recordCount + pass.problems.count
    problems = pass.problems
    lineCount = pass.line
    rest = pass.rest
    isStopped = pass.isStopped
  }
}
