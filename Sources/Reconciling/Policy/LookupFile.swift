import Mapping
import Scanning

/// Why a file cannot be a table for `Lookup`.
package enum LookupFileProblem: Error, Sendable, Hashable {
  case unreadable
  case tooLarge(limit: Int)
  case notUTF8
  case columns(line: Int, count: Int)
  case openQuote(line: Int)
  case keyTwice(line: Int, key: String)

  // Of files of role assignments
  case cells(line: Int, count: Int, columns: Int)
  case notJSON(line: Int)
  case noList
  case morePages
  case notAssignments
  case notMembers
  case nobody(line: Int)
  case groupWithoutMembers(line: Int, group: String)
  case unnamedRole(line: Int, role: String)
}

/// Reads a table for `Lookup`: CSV with a header and two columns, key and value.
///
/// ```
/// city,office
/// Berlin,BER-1
/// ```
enum LookupFile {
  static let sizeLimit = 16 << 20

  static func table(named name: String, at path: String) throws(LookupFileProblem) -> LookupTable {
    let bytes: [UInt8]
    do {
      bytes = try SmallFile.bytes(of: path, limit: sizeLimit)
    } catch {
      throw error == .tooLarge ? .tooLarge(limit: sizeLimit) : .unreadable
    }
    return try table(named: name, in: bytes)
  }

  static func table(
    named name: String, in bytes: [UInt8]
  ) throws(LookupFileProblem) -> LookupTable {
    guard String(validating: bytes, as: UTF8.self) != nil else { throw .notUTF8 }
    var values: [[UInt8]: [UInt8]] = [:]
    var start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    let dialect = CSVDialect(delimiter: delimiter(of: bytes))
    var line = 1
    while start < bytes.count {
      let record = CSVFirstRecord(
        in: bytes, from: start, to: bytes.count, isFinal: true, dialect: dialect, limit: 3)
      guard case .complete = record.outcome else { throw .openQuote(line: line) }
      let cells = record.cells.map { CSVCell.value(of: $0, in: bytes.span) }
      let isBlank = record.cellCount == 1 && cells.first?.isEmpty == true
      if !isBlank {
        guard record.cellCount == 2 else { throw .columns(line: line, count: record.cellCount) }
        // The first line says what the columns are called.
        if line > 1, values.updateValue(cells[1], forKey: cells[0]) != nil {
          throw .keyTwice(line: line, key: String(decoding: cells[0], as: UTF8.self))
        }
      }
      line += record.quotedLines + 1
      start = record.lineEnd + 1
    }
    return LookupTable(name: name, values: values)
  }

  /// A semicolon in the header and no comma: a spreadsheet of a country with decimal commas.
  static func delimiter(of bytes: [UInt8]) -> UInt8 {
    let header = bytes.prefix { $0 != ASCII.lineFeed }
    for candidate in [UInt8(ascii: ","), UInt8(ascii: ";"), ASCII.tab]
    where header.contains(candidate) { return candidate }
    return UInt8(ascii: ",")
  }
}
