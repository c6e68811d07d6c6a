import Identity
import Matching
import Reading
import Scanning

// What of a membership export is known before its records are read.

extension MembershipStage {
  /// Where a row names its team.
  enum TeamPlace: Sendable {
    case column(Int, key: Int, separator: [UInt8])
    /// By file of the export.
    case files([TeamDirectory.Hit])
  }

  struct Source: Sendable {
    let export: RunExport
    var reader: ExportReader
    let team: TeamPlace
    let memberColumn: Int
    let memberKey: Int
    let memberSeparator: [UInt8]
    let marker: (column: Int, words: Set<[UInt8]>)?
    let header: ExportHeader
    /// Whether rows tell all of their lists; nil where they always do.
    let lists: MembershipLists?

    /// The column that names the team; nil where the file does.
    var teamColumn: Int? {
      if case .column(let column, _, _) = team { column } else { nil }
    }

    /// Begins to read the records; hashing names takes nothing but themselves.
    func reading(by hasher: KeyHasher) throws(ReadFailure) -> ExportReading<HashedRows> {
      try reader.reading { hashed($0, by: hasher) }
    }

    /// Hashes the members that a batch names.
    func hashed(_ batch: RecordBatch, by hasher: KeyHasher) -> HashedRows {
      guard memberSeparator.isEmpty, batch.many.isEmpty else {
        return HashedRows(batch: batch, hashes: [])
      }
      let words = hasher.words(key: memberKey)
      return HashedRows(
        batch: batch,
        hashes: Source.hashes(of: memberColumn, in: batch, keyWords: words.span))
    }

    private static func hashes(
      of column: Int, in batch: RecordBatch, keyWords: Span<UInt64>
    ) -> [UInt64] {
      let (cells, bytes) = (batch.cells.span, batch.bytes.span)
      var hashes = [UInt64](repeating: KeyHasher.none, count: batch.count)
      var specials: [Int] = []
      var places = hashes.mutableSpan
      KeyedHash.foldedHashes(
        ofColumn: column, width: batch.columnCount, rows: 0..<batch.count, cells: cells,
        bytes: bytes, keyWords: keyWords, to: &places, at: 0, step: 1, beginnings: .none,
        specials: &specials)
      for row in specials {
        let cell = batch.cell(row: row, column: column)
        hashes[row] = max(
          KeyedHash.foldedDigest(bytes.extracting(cell.range), keyWords: keyWords).folded, 1)
      }
      return hashes
    }

    /// The one value that names the team; nil where the file does, or several do.
    func teamCell(of row: Int, in batch: RecordBatch) -> Range<Int>? {
      guard case .column(let column, _, _) = team,
        batch.furtherValues(row: row, column: column).isEmpty
      else { return nil }
      return batch.cell(row: row, column: column).range
    }
  }

  /// A batch before its members are looked up.
  struct HashedRows: Sendable {
    let batch: RecordBatch
    /// Of the one member that each row names; empty where rows may name several.
    let hashes: [UInt64]
  }
}
