package import Identity
package import Scanning

/// What became of one file of an export.
package struct ReadFile: Sendable, Hashable {
  /// As the operator wrote it.
  package let path: String
  package let byteCount: Int
  /// Nil where no digest was asked for.
  package let sha256: [UInt8]?
  /// Nothing in it but a byte order mark or blank lines.
  package let isEmpty: Bool
  /// Cleaned names in the file's own order.
  package let columns: [String]
  /// How its bytes became letters.
  package internal(set) var encoding = TextEncoding.utf8
  /// Records delivered.
  package internal(set) var recordCount = 0
  /// False where a quote was never closed, or a record was too long to be one.
  package internal(set) var endedProperly = true
  /// Whether its last line has an end of its own; nil where that says nothing.
  package internal(set) var endsLastLine: Bool?
  /// When it was last written, seconds since 1970; nil for standard input.
  package internal(set) var modified: Int?
  /// Its last line, where one was asked for.
  package internal(set) var trailer: TrailerEnd?
}

/// A record that was set aside, and what of it can still be told.
package struct QuarantinedRecord: Sendable, Hashable {
  package let origin: RecordOrigin
  /// Its number among all records of the export.
  package let number: Int
  /// Physical lines it takes up.
  package let lineCount: Int
  /// Its values in the export's columns, nil for each that cannot be read.
  package let cells: [String?]
}

/// What a reader has to say when all files of an export have been read.
package struct ReadSummary: Sendable {
  package let header: ExportHeader
  /// How the bytes were read.
  package internal(set) var format = ExportFormat.csv
  package internal(set) var files: [ReadFile] = []
  /// Records delivered.
  package internal(set) var recordCount = 0
  /// Records set aside.
  package internal(set) var quarantinedCount = 0
  /// Physical lines they take up.
  package internal(set) var quarantinedLines = 0
  /// Lines of those of which nothing can be told, not even whose they are.
  package internal(set) var anonymousLines = 0
  /// The others, for protecting whom they may be about.
  package internal(set) var quarantined: [QuarantinedRecord] = []
  /// Everything that was noticed, the header's findings too; at most `FindingList.limit` per code one by one.
  package internal(set) var findings: [Finding] = []
  /// Where each record stands.
  package internal(set) var places = RecordPlaces()

  /// In how many records each column is there; nil for a table, whose every record has all of them.
  package internal(set) var presence: [Int]?
  /// Some file says what is to change, and nothing of anybody else.
  package internal(set) var isChanges = false
  /// The export itself says that there is more than it holds.
  package internal(set) var isIncomplete = false

  /// The columns that the export has, in one record at least.
  package var presentColumns: [String] {
    guard let presence else { return header.names }
    return zip(header.names, presence).filter { $0.1 > 0 }.map(\.0)
  }

  /// The columns whose lack would be news: those that every record has.
  ///
  /// A property that one person in a thousand has comes and goes with that person.
  package var steadyColumns: [String] {
    guard let presence else { return header.names }
    return zip(header.names, presence).filter { $0.1 > 0 && $0.1 == recordCount }.map(\.0)
  }

  /// Whether every file could be read to its end; if not, a record that is missing proves nothing.
  package var endedProperly: Bool { files.allSatisfy(\.endedProperly) }

  package var byteCount: Int { files.reduce(0) { $0 + $1.byteCount } }
}
