package import Scanning

/// Why an export cannot be read at all; damage to single records is a finding instead.
package enum ReadFailure: Error, Sendable, Hashable {
  case cannotOpen(path: String, SystemFailure)
  case cannotRead(path: String, SystemFailure)
  case notAFile(path: String, InputFile.Status.Kind)
  case cannotSpool(folder: String, SystemFailure)
  /// The file is not what it was when it was opened.
  case changedWhileReading(path: String)
  /// A gzip file that cannot be unpacked.
  case gzip(path: String, GzipFailure)
  /// An XML document with a document type, which no export needs.
  case documentType(path: String, line: Int)
  case headerTooLong(path: String, limit: Int)
  case headerNotClosed(path: String, line: Int)
  case textAfterQuoteInHeader(path: String, line: Int, column: Int)
  case headerNotText(path: String, line: Int, byteOffset: Int)
  case nulInHeader(path: String, line: Int)
  case tooManyColumns(path: String, columns: Int, limit: Int)
  /// A further file of an export lacks columns that the first one has.
  case columnsMissing(path: String, first: String, missing: [String])
  /// More records than can be numbered.
  case tooManyRecords(path: String)
  case keyColumnMissing(path: String, column: String, columns: [String])
  case keyColumnAmbiguous(path: String, column: String)
  case noHeader(path: String)
  /// Only tables can be compared row by row.
  case notATable(path: String, ExportFormat)
  case duplicateNameInEnvelope(path: String, line: Int)
  case notReadToItsEnd(path: String, line: Int)
}
