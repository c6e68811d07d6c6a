package import Identity
package import Scanning

/// What is in an export, before anybody has decided what to do with it.
package struct Inspection: Sendable {
  /// One column, or one field of records that are no table.
  package struct Column: Sendable, Hashable {
    package let name: String
    /// Records in which it is there, empty or not.
    package let present: Int
    /// Records in which it has a value.
    package let filled: Int
    /// Records in which it has more than one.
    package let several: Int
    /// How many different values there are; about so many where `isExact` is false.
    package let distinct: Int
    package let isExact: Bool
    /// Whether no value was seen twice.
    package let isUnique: Bool
    /// Whether it holds passwords or the like, going by its name; of such a column no value is told.
    package let isSecret: Bool
    /// The first values.
    package let examples: [String]
    /// All values where they are few; nil where they are not.
    package let vocabulary: [String]?
  }

  package let format: ExportFormat
  package let encoding: TextEncoding
  package let files: [ReadFile]
  package let recordCount: Int
  package let quarantinedCount: Int
  package let endedProperly: Bool
  /// It says what is to change, and nothing of anybody else.
  package let isChanges: Bool
  package let columns: [Column]
  /// Columns that nobody counted, for a hostile document may have a name of its own in every record.
  package let leftOutColumns: Int
  package let findings: [Finding]

  /// More are not counted.
  package static let columnLimit = 1_000

  /// Nothing at all is in it: whoever was to write it did not.
  package var isBlank: Bool { files.allSatisfy(\.isEmpty) }

  /// Columns that every record has a value of, no two the same.
  package var keyCandidates: [Column] {
    columns.filter { $0.isUnique && !$0.isSecret && $0.filled == recordCount && recordCount > 0 }
  }
}

extension ExportReader {
  /// Reads everything and counts what is in each column.
  nonisolated(nonsending) package func inspection(
    progress: (_ done: Int) -> Void = { _ in }
  ) async throws(ReadFailure) -> Inspection {
    let format = try detectedFormat()
    var reader = self
    var leftOut = 0
    if format != .csv {
      let names = try await allFieldNames()
      let looked = Self.outermost(names, upTo: Inspection.columnLimit)
      leftOut = names.count - looked.count
      reader = ExportReader(self, fields: looked.map { [$0] })
    }
    var counts: [ColumnCount] = []
    let summary = try await reader.read { batch in
      ColumnCount.counts(in: batch)
    } collect: { part, place in
      progress(place.firstNumber)
      if counts.isEmpty {
        counts = part
      } else {
        for column in counts.indices { counts[column].add(part[column]) }
      }
    }
    let names = summary.header.names
    if counts.isEmpty { counts = names.map { _ in ColumnCount() } }
    return Inspection(
      format: format, encoding: summary.header.encoding, files: summary.files,
      recordCount: summary.recordCount, quarantinedCount: summary.quarantinedCount,
      endedProperly: summary.endedProperly && !summary.isIncomplete, isChanges: summary.isChanges,
      columns: zip(names, counts).map { $1.column(named: $0) }, leftOutColumns: leftOut,
      findings: summary.findings)
  }

  /// Some names in their order: of a map whose keys are data, the fields around it stay.
  private static func outermost(_ names: [String], upTo limit: Int) -> [String] {
    guard names.count > limit else { return names }
    let depths = names.map { name in name.utf8.count { $0 == UInt8(ascii: ".") } }
    let chosen = names.indices.sorted { (depths[$0], $0) < (depths[$1], $1) }.prefix(limit)
    return chosen.sorted().map { names[$0] }
  }
}
