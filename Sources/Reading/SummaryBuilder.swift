import Identity
import Scanning

/// Counts lines and records over all blocks of an export, and turns problems into findings.
struct SummaryBuilder {
  /// Bad records that are listed one by one; beyond it they count as nobody's.
  static let quarantineLimit = 10_000

  private(set) var summary: ReadSummary
  private var findings = FindingList()
  private let export: String
  private let inputs: [InputPath]
  private let limits: CSVLimits

  private var file = -1
  /// The physical line on which the next block begins, from 1.
  private var line = 1
  private var number = 0
  private var recordCounts: [Int: Int] = [:]
  private var cutShort: Set<Int> = []

  init(header: ExportHeader, export: String, inputs: [InputPath], limits: CSVLimits) {
    summary = ReadSummary(header: header)
    self.export = export
    self.inputs = inputs
    self.limits = limits
    for finding in header.findings { findings.add(finding) }
  }

  /// Takes note of the next block.
  ///
  /// - Returns: where it stands.
  mutating func place<Partial>(
    _ passage: borrowing BlockPassage<Partial>
  ) throws(ReadFailure) -> BatchPlace {
    let block = passage.block
    if block.file != file { begin(block) }
    let place = BatchPlace(file: file, firstLine: line, firstNumber: number)
    for problem in passage.problems { quarantine(problem, in: block, at: place) }
    summary.places.append(
      RecordPlaces.Block(
        file: file, firstLine: line, firstNumber: number, offset: block.offset,
        marks: passage.marks), layout: block.layout)
    line += passage.lineCount
    number += passage.numberCount
    guard number <= Int(UInt32.max) else { throw .tooManyRecords(path: inputs[file].path) }
    recordCounts[file, default: 0] += passage.recordCount
    summary.recordCount += passage.recordCount
    return place
  }

  /// Example rows are records of the file, but nobody's.
  mutating func skip(examples lines: [Int], at place: BatchPlace) {
    for line in lines { findings.add(Finding(.exampleRow, at: origin(place.firstLine + line))) }
    recordCounts[file, default: 0] -= lines.count
    summary.recordCount -= lines.count
  }

  /// Records without any key cannot be compared with anything.
  mutating func noteKeyless(lines: [Int], at place: BatchPlace) {
    for line in lines { findings.add(Finding(.noKey, at: origin(place.firstLine + line))) }
  }

  mutating func noteLostLetters(columns: [Int], doublyEncoded: [Int]) {
    for column in columns {
      findings.add(Finding(.lostLetters(column: summary.header.names[column])))
    }
    for column in doublyEncoded {
      findings.add(Finding(.doublyEncoded(column: summary.header.names[column])))
    }
  }

  /// The whole export has been read.
  consuming func finished(_ files: [ReadFile]) -> ReadSummary {
    for (index, file) in files.enumerated() {
      var file = file
      file.recordCount = recordCounts[index] ?? 0
      file.endedProperly = !cutShort.contains(index)
      summary.files.append(file)
      noteHealth(of: file)
    }
    let isHeaderOnly = summary.recordCount == 0 && summary.quarantinedCount == 0
    if isHeaderOnly, files.contains(where: { !$0.isEmpty }) { findings.add(Finding(.headerOnly)) }
    summary.findings = findings.findings
    return summary
  }

  private mutating func begin(_ block: Block) {
    file = block.file
    line = block.layout.preamble.dataLine + 1
  }

  private mutating func noteHealth(of file: ReadFile) {
    let start = RecordOrigin(export: export, file: file.path, line: 1)
    if file.isEmpty {
      findings.add(Finding(.emptyFile, at: start))
      return
    }
    let known = Set(summary.header.names.map { Array($0.utf8) })
    let added = file.columns.filter { !known.contains(Array($0.utf8)) }
    if !added.isEmpty {
      findings.add(Finding(.headerChanged(missing: [], added: added), at: start))
    }
  }

  private func origin(_ line: Int) -> RecordOrigin {
    RecordOrigin(export: export, file: inputs[file].path, line: line)
  }

  private mutating func quarantine(_ problem: CSVProblem, in block: Block, at place: BatchPlace) {
    let origin = RecordOrigin(
      export: export, file: inputs[file].path, line: place.firstLine + problem.line,
      byte: block.offset(of: problem.start))
    let describer = ProblemDescriber(block: block, firstLine: place.firstLine, limits: limits)
    findings.add(Finding(describer.subject(of: problem), at: origin))
    summary.quarantinedCount += 1
    summary.quarantinedLines += problem.lineCount
    switch problem.kind {
    case .recordTooLong, .unterminatedQuote: cutShort.insert(file)
    default: break
    }
    if let cells = describer.cells(of: problem), summary.quarantined.count < Self.quarantineLimit {
      summary.quarantined.append(
        QuarantinedRecord(
          origin: origin, number: place.firstNumber + problem.number,
          lineCount: problem.lineCount, cells: cells))
    } else {
      summary.anonymousLines += problem.lineCount
    }
  }
}

/// Says of a bad record what is wrong with it, and what is not.
struct ProblemDescriber {
  let block: Block
  /// The line of the file on which the block begins.
  let firstLine: Int
  let limits: CSVLimits

  func subject(of problem: CSVProblem) -> Finding.Subject {
    switch problem.kind {
    case .ragged(let columns):
      .raggedRow(columns: columns, expected: block.layout.columns)
    case .nul(let column):
      .nulByte(column: name(column))
    case .invalidText(let column, let offset):
      invalidText(column: column, offset: block.offset(of: offset))
    case .textAfterClosingQuote(let column):
      .textAfterClosingQuote(column: name(column))
    case .fieldTooLong(let column):
      .fieldTooLong(column: name(column), limit: limits.field)
    case .recordTooLong:
      .recordTooLong(limit: limits.record, linesSwallowed: problem.lineCount)
    case .unterminatedQuote(let openedLine):
      .unterminatedQuote(
        openedLine: firstLine + openedLine, linesSwallowed: problem.lineCount)
    }
  }

  /// The values that can be read, in the export's columns; nil when the cells cannot be told apart.
  func cells(of problem: CSVProblem) -> [String?]? {
    guard problem.ends.count == block.layout.columns else { return nil }
    let order = block.layout.order ?? Array(problem.ends.indices)
    return order.map { value(of: $0, problem) }
  }

  private func value(of column: Int, _ problem: CSVProblem) -> String? {
    // From text after a closing quote on, a boundary may be anything.
    if case .textAfterClosingQuote(let bad) = problem.kind, column >= bad { return nil }
    let start = column == 0 ? problem.start : Int(problem.ends[column - 1]) + 1
    let range = start..<Int(problem.ends[column])
    let raw = block.bytes[range]
    guard range.count <= limits.field, !raw.contains(0) else { return nil }
    return String(validating: CSVCell.value(of: range, in: block.bytes.span), as: UTF8.self)
  }

  private func name(_ column: Int) -> String {
    let names = block.layout.preamble.names
    guard column < names.count else { return "\(column + 1)" }
    return names[column].isEmpty ? "\(column + 1)" : names[column]
  }

  private func invalidText(column: Int, offset: Int) -> Finding.Subject {
    let encoding = block.layout.preamble.encoding
    return encoding == .utf8
      ? .invalidUTF8(column: name(column), byteOffset: offset)
      : .invalidEncoding(encoding: encoding.rawValue, byteOffset: offset)
  }
}
