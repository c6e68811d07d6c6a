import Scanning

// The only place with sentences about files that cannot be read.

extension ReadFailure {
  /// What happened, where, and what to do about it.
  package var message: String {
    switch self {
    case .cannotOpen(let path, let failure):
      "Cannot open \(path): \(failure.text). Check the path and that this user may read the file."
    case .cannotRead(let path, let failure):
      "Cannot read \(path): \(failure.text). Nothing was planned from it; run again."
    case .notAFile(let path, .directory):
      "\(path) is a folder. Name the files in it, for instance \(path)/*.csv."
    case .notAFile(let path, .pipe):
      "\(path) is a pipe. Give a regular file, or “-” to read standard input."
    case .notAFile(let path, _):
      "\(path) is not a regular file. Give a regular file, or “-” to read standard input."
    case .cannotSpool(let folder, let failure):
      "Standard input cannot be kept in \(folder): \(failure.text). "
        + "Make room there, or set TMPDIR to a folder that has it."
    case .changedWhileReading(let path):
      "\(path) changed while it was being read. Run again when whoever writes it is done."
    case .gzip(let path, let failure):
      Self.message(path, failure)
    case .notATable(let path, let format):
      "\(path) is \(format.rawValue.uppercased()), and only tables (CSV) are compared row by row. `rollcall plan` "
        + "compares records of any format with the state; `rollcall inspect` shows what is in the file."
    case .documentType(let path, let line):
      "\(path):\(line): the document has a document type (DOCTYPE) or an entity of one, by which it "
        + "could read other files or grow without end. It is not read; export it without."
    case .headerTooLong(let path, let limit):
      "The header of \(path) does not end within \(limit) bytes. "
        + "Is it a CSV file, and is a quote in its first line never closed?"
    case .headerNotClosed(let path, let line):
      "\(path):\(line): a quote in the header is never closed. Export the file again."
    case .textAfterQuoteInHeader(let path, let line, let column):
      "\(path):\(line): text follows the closing quote of column \(column) of the header. "
        + "A quote inside a quoted cell is written twice."
    case .headerNotText(let path, let line, let offset):
      "\(path):\(line): byte \(offset) of the file, in the header, is not UTF-8. "
        + "Set the export's encoding if the file was not written as UTF-8."
    case .nulInHeader(let path, let line):
      "\(path):\(line): the header holds a NUL byte. "
        + "Is it a CSV file, or UTF-16 without a byte order mark? Then set the export's encoding."
    case .tooManyColumns(let path, let columns, let limit):
      "\(path) has \(columns) columns; at most \(limit) are read. Check the delimiter."
    case .columnsMissing(let path, let first, let missing):
      "\(path) lacks columns that \(first) has: \(missing.joined(separator: ", ")). "
        + "All files of one export need the same columns; export them again, or make two exports."
    case .tooManyRecords(let path):
      "\(path) takes the export beyond \(UInt32.max) records, which is more than can be numbered."
    case .keyColumnMissing(let path, let column, let columns):
      "\(path) has no column \(column). It has: \(columns.joined(separator: ", "))."
    case .keyColumnAmbiguous(let path, let column):
      "\(path) has more than one column that could be \(column). Name it exactly as the header does."
    case .duplicateNameInEnvelope(let path, let line):
      "\(path):\(line): a name stands twice in the object around the records, and two programs would "
        + "read it differently. Nothing of the file is believed; export it again."
    case .noHeader(let path):
      "\(path) is empty: there is no header to compare by."
    case .notReadToItsEnd(let path, let line):
      "\(path):\(line): the file could not be read to its end (a quote is never closed, or the "
        + "record is too long), so its missing records cannot be told from removed ones."
    }
  }

  private static func message(_ path: String, _ failure: GzipFailure) -> String {
    let place = "\(path), byte \(failure.byte):"
    return switch failure.kind {
    case .cut:
      "\(place) the gzip file ends before its text does. Copy or export it again."
    case .damaged:
      "\(place) the gzip file is damaged: its text cannot be unpacked, or its checksum does not "
        + "agree. Copy or export it again."
    case .trailingBytes:
      "\(place) something that is not gzip stands after the packed text. "
        + "Was something else appended to the file? Copy or export it again."
    case .growsTooLarge(let limit):
      "\(place) the file unpacks to more than \(limit) bytes, which no export does. "
        + "If it is really one, unpack it before the run."
    case .outOfMemory:
      "\(place) there is no memory to unpack it. Run again when there is more."
    }
  }
}
