import Scanning

/// A piece of a file that is believed to begin at a record.
///
/// It ends after a line end. Whether that is the end of a record too, or stands inside quotes, only
/// the scan of all blocks before it can tell.
struct Block: Sendable {
  /// Counts the blocks of an export.
  let sequence: Int
  let file: Int
  /// More than the block: at least `CSVScanner.slack` bytes of zero follow it.
  var bytes: [UInt8]
  /// Where the records begin; in the first block of a file the header stands before them.
  var start: Int
  var end: Int
  /// Where in the file `bytes[0]` stands.
  var offset: Int
  /// The last one of its file.
  let isFinal: Bool
  let layout: FileLayout

  /// Where in the file a byte of the block stands.
  func offset(of place: Int) -> Int {
    let before = bytes.span.extracting(0..<place)
    return offset + Transcoder.originalLength(of: before, in: layout.preamble.encoding)
  }
}

/// How the columns of one file map to those of its export.
struct FileLayout: Sendable {
  let preamble: FilePreamble
  /// The file's column for each column of the export; nil where they are the same.
  let order: [Int]?
  /// What the file was when it was opened.
  let status: InputFile.Status

  var dialect: CSVDialect { preamble.dialect }
  /// Columns of this file.
  var columns: Int { preamble.names.count }

  /// - Throws: when the file lacks a column of the export.
  init(
    _ preamble: FilePreamble, of status: InputFile.Status, path: String, in export: [String],
    first: String
  ) throws(ReadFailure) {
    self.preamble = preamble
    self.status = status
    if preamble.names.elementsEqual(export, by: { $0.utf8.elementsEqual($1.utf8) }) {
      order = nil
      return
    }
    var places: [[UInt8]: [Int]] = [:]
    for (position, name) in preamble.names.enumerated() {
      places[Array(name.utf8), default: []].append(position)
    }
    var order: [Int] = []
    var missing: [String] = []
    for name in export {
      if let place = places[Array(name.utf8)]?.first {
        places[Array(name.utf8)]?.removeFirst()
        order.append(place)
      } else {
        missing.append(name)
      }
    }
    guard missing.isEmpty else {
      throw .columnsMissing(path: path, first: first, missing: missing)
    }
    self.order = order
  }
}
