package import Identity

/// One record of a file, by the line it stands on.
///
/// ```
/// let record = try await RecordOnLine(42, of: "users.csv")
/// record.value(of: "givenName")       .text("Ann")
/// ```
///
/// A record of several lines stands on each of them. Where several records begin on one line, as in JSON without line
/// ends, `nth` says which is meant.
package struct RecordOnLine: Sendable {
  /// Why there is no such record.
  package enum Problem: Error, Sendable, Hashable {
    case failure(ReadFailure)
    /// The record on that line could not be read.
    case setAside(Finding)
    /// It is the header, a blank line, or past the end.
    case noRecord(line: Int)
    /// More than one begins on it.
    case several(line: Int, count: Int)
  }

  /// What a record has in one column.
  package enum Value: Sendable, Hashable {
    /// Nothing, or no such field.
    case nothing
    case text(String)
    /// `true` or `false` of JSON.
    case truth(Bool)
    case list([String])
  }

  package let columns: [String]
  /// What was asked for, in the order of the values.
  private let asked: [String]
  private let values: [Value]

  /// Reads the file up to its end.
  ///
  /// - Parameters:
  ///   - line: counted from 1.
  ///   - nth: which of the records that begin on the line, counted from 1; nil for the only one.
  ///   - path: the file.
  ///   - fields: what may be asked for although no record has it by this name, such as `emails[type eq "work"].value`.
  ///   - options: how a table is read.
  /// - Throws: why there is no such record.
  nonisolated(nonsending) package init(
    _ line: Int, nth: Int? = nil, of path: String, fields: [String] = [],
    options: CSVOptions = CSVOptions()
  ) async throws(Problem) {
    var look = LineLook(line: line)
    let isTable: Bool
    let names: [String]
    let summary: ReadSummary
    do throws(ReadFailure) {
      var reader = try ExportReader(exportName: path, paths: [path], options: options, jobs: 1)
      isTable = try reader.detectedFormat() == .csv
      names = try await reader.allFieldNames()
      if !isTable {
        let known = Set(names)
        reader = ExportReader(
          reader, fields: (names + fields.filter { !known.contains($0) }).map { [$0] })
      }
      summary = try await reader.read(digest: false) {
        $0
      } collect: { batch, place in
        look.take(batch, place)
      }
    } catch {
      throw .failure(error)
    }
    if let finding = summary.findings.first(where: { $0.origin?.line == line }),
      finding.severity == .error
    {
      throw .setAside(finding)
    }
    let known = Set(names)
    columns = names
    asked = isTable ? names : names + fields.filter { !known.contains($0) }
    values = try look.values(nth: nth, isTable: isTable)
  }

  /// As exports are read: by the exact name, or without regard to case; nil where the file has no such column.
  package func value(of name: String) -> Value? {
    let place =
      asked.firstIndex { $0.utf8.elementsEqual(name.utf8) }
      ?? asked.firstIndex { $0.lowercased() == name.lowercased() }
    guard let place, place < values.count else { return nil }
    guard columns.contains(asked[place]) || values[place] != .nothing else { return nil }
    return values[place]
  }
}

/// The records that begin on a line, or last before it.
private struct LineLook {
  let line: Int
  private var begin = 0
  private var found: [[RecordOnLine.Value]] = []
  /// The next record begins behind the line.
  private var isFollowed = false

  init(line: Int) {
    self.line = line
  }

  mutating func take(_ batch: RecordBatch, _ place: BatchPlace) {
    for row in 0..<batch.count {
      let first = place.line(of: row, in: batch)
      guard first <= line else {
        isFollowed = true
        return
      }
      if first != begin { (begin, found) = (first, []) }
      // More than anybody could count on one line need not be kept.
      if found.count < 10_000 {
        found.append((0..<batch.columnCount).map { Self.value(row, $0, of: batch) })
      }
    }
  }

  private static func value(_ row: Int, _ column: Int, of batch: RecordBatch) -> RecordOnLine.Value
  {
    let cell = batch.cell(row: row, column: column)
    func text(_ cell: RecordBatch.Cell) -> String {
      batch.truth(of: cell).map { $0 ? "True" : "False" }
        ?? String(decoding: batch.bytes[cell.range], as: UTF8.self)
    }
    let further = batch.furtherValues(row: row, column: column)
    if !further.isEmpty { return .list(([cell] + further).map(text)) }
    if let truth = batch.truth(of: cell) { return .truth(truth) }
    return cell.isEmpty ? .nothing : .text(text(cell))
  }

  /// The values of the one record that is meant.
  func values(nth: Int?, isTable: Bool) throws(RecordOnLine.Problem) -> [RecordOnLine.Value] {
    guard let last = found.last else { throw .noRecord(line: line) }
    if let nth {
      guard begin == line, nth <= found.count else { throw .noRecord(line: line) }
      return found[nth - 1]
    }
    guard begin == line else {
      guard isTable else {
        // A record of JSON ends somewhere before the next one begins.
        guard isFollowed else { throw .noRecord(line: line) }
        return last
      }
      // A line feed inside quotes makes a record a line longer.
      let feeds = last.reduce(0) { sum, value in
        if case .text(let text) = value { sum + text.utf8.count { $0 == 0x0A } } else { sum }
      }
      guard line <= begin + feeds else { throw .noRecord(line: line) }
      return last
    }
    guard found.count == 1 else { throw .several(line: line, count: found.count) }
    return last
  }
}
