import Identity
import Scanning

/// One attempt at comparing two files, under one set of random keys.
///
/// ```
/// old ──► digests of every row ──► table
/// new ──► digest of the key ──► same digest of the row?  yes: tick      no: keep the row
/// old ──► rows that are kept or not ticked, read again ──► values compared
/// ```
struct TableComparison: Sendable {
  let old: ExportReader
  let new: ExportReader
  let columns: TableColumns
  private let oldDigester: RowDigester
  private let newDigester: RowDigester
  private let expectedRows: Int

  init(
    old: ExportReader, new: ExportReader, columns: TableColumns, isRaw: Bool, expectedRows: Int
  ) {
    self.old = old
    self.new = new
    self.columns = columns
    self.expectedRows = expectedRows
    let hashes = RowDigester.Hashes.random(
      keys: columns.old.key.count, cells: columns.old.compared.count)
    oldDigester = RowDigester(
      hashes: hashes, keyColumns: columns.old.key,
      comparedColumns: isRaw ? nil : columns.old.compared)
    newDigester = RowDigester(
      hashes: hashes, keyColumns: columns.new.key,
      comparedColumns: isRaw ? nil : columns.new.compared)
  }

  /// - Returns: nil when two different keys had the same digest.
  nonisolated(nonsending) func changes(
    _ progress: (Int) -> Void
  ) async throws(ReadFailure) -> TableChanges? {
    let before = try await readOld(progress)
    let after = try await readNew(before.table) { progress(before.table.count + $0) }
    var held = before.repeated.union(after.repeated(before.table))
    let repeated = held
    for record in before.summary.quarantined { hold(record, oldDigester, &held) }
    for record in after.summary.quarantined { hold(record, newDigester, &held) }

    let matches = after.matches(before.table, except: held)
    let fetch = RowFetch(
      file: old, table: before.table, digester: oldDigester, places: before.summary.places)
    let oldStore = try await fetch.rows(matches.wanted)
    var changes = TableChanges(columns, oldStore, after.store)
    guard changes.take(matches) else { return nil }
    changes.sort()

    changes.heldCount = held.count
    changes.removalsAreCertain = after.summary.anonymousLines == 0
    guard
      let duplicates = try await duplicates(of: repeated)
    else { return nil }
    changes.findings = before.summary.findings + after.summary.findings + duplicates
    return changes
  }

  private struct OldRows: Sendable {
    var table: RowTable
    var repeated: Set<UInt64> = []
    var summary: ReadSummary
  }

  private struct OldPart: Sendable {
    var keys: [UInt64] = []
    var rows: [Digest128] = []
    var starts: [UInt32] = []
    var keylessLines: [Int] = []
  }

  private nonisolated(nonsending) func readOld(
    _ progress: (Int) -> Void
  ) async throws(ReadFailure) -> OldRows {
    var table = RowTable(expecting: expectedRows)
    var repeated: Set<UInt64> = []
    let digester = oldDigester
    let summary = try await old.scan(digest: false) { block, scan in
      Self.oldPart(block.bytes, scan, digester)
    } collect: { passage, place, builder in
      let part = passage.partial
      let block = passage.block
      repeated.formUnion(
        table.append(
          keys: part.keys, rows: part.rows, starts: part.starts,
          block: RowTable.Block(
            firstOrdinal: table.count, offset: block.offset, end: block.end)))
      builder.noteKeyless(lines: part.keylessLines, at: place)
      progress(place.firstNumber)
    }
    try checkEnd(of: summary, old)
    return OldRows(table: table, repeated: repeated, summary: summary)
  }

  private static func oldPart(
    _ bytes: borrowing [UInt8], _ scan: borrowing ScannedBlock, _ digester: RowDigester
  ) -> OldPart {
    var part = OldPart()
    let count = scan.recordCount
    part.keys.reserveCapacity(count)
    part.rows.reserveCapacity(count)
    part.starts.reserveCapacity(count)
    for row in 0..<count {
      guard let key = digester.key(row: row, of: scan, in: bytes) else {
        part.keylessLines.append(Int(scan.records[row].line))
        continue
      }
      part.keys.append(key)
      part.rows.append(digester.row(row, of: scan, in: bytes))
      part.starts.append(scan.records[row].start)
    }
    return part
  }

  private struct NewPart: Sendable {
    /// Rows of the old file that are here just the same.
    var same: [UInt32] = []
    /// The others of this block: their text, their keys, and the old row with that key.
    var store: RowStore
    var keys: [UInt64] = []
    var partners: [UInt32?] = []
    var keylessLines: [Int] = []
  }

  private nonisolated(nonsending) func readNew(
    _ table: RowTable, _ progress: (Int) -> Void
  ) async throws(ReadFailure) -> NewRows {
    var rows = NewRows(columns: columns.newCount, rows: table.count)
    let digester = newDigester
    rows.summary = try await new.scan(digest: false) { block, scan in
      Self.newPart(block.bytes, scan, digester, table)
    } collect: { passage, place, builder in
      let part = passage.partial
      rows.append(part.same, part.store, part.keys, part.partners)
      builder.noteKeyless(lines: part.keylessLines, at: place)
      progress(place.firstNumber)
    }
    try checkEnd(of: rows.summary, new)
    return rows
  }

  private static func newPart(
    _ bytes: borrowing [UInt8], _ scan: borrowing ScannedBlock, _ digester: RowDigester,
    _ table: borrowing RowTable
  ) -> NewPart {
    var part = NewPart(store: RowStore(columns: scan.columns))
    var rows: [Int] = []
    var keys: [UInt64] = []
    rows.reserveCapacity(scan.recordCount)
    keys.reserveCapacity(scan.recordCount)
    for row in 0..<scan.recordCount {
      if let key = digester.key(row: row, of: scan, in: bytes) {
        rows.append(row)
        keys.append(key)
      } else {
        part.keylessLines.append(Int(scan.records[row].line))
      }
    }
    let partners = table.entries(of: keys)
    let digests = table.rows(of: partners)
    part.same.reserveCapacity(rows.count)
    for index in rows.indices {
      let row = rows[index]
      if partners[index] != 0, digests[index] == digester.row(row, of: scan, in: bytes) {
        part.same.append(partners[index] - 1)
      } else {
        part.store.append(row: row, of: scan, in: bytes)
        part.keys.append(keys[index])
        part.partners.append(partners[index] == 0 ? nil : partners[index] - 1)
      }
    }
    return part
  }

  private func checkEnd(of summary: ReadSummary, _ file: ExportReader) throws(ReadFailure) {
    guard !summary.endedProperly else { return }
    let path = file.inputs[0].path
    let last = summary.findings.compactMap { $0.isAboutAnEnd ? $0.origin?.line : nil }.last
    throw .notReadToItsEnd(path: path, line: last ?? 1)
  }

  /// A record that could not be read may be the one that seems to be missing.
  private func hold(
    _ record: QuarantinedRecord, _ digester: RowDigester, _ held: inout Set<UInt64>
  ) {
    let values = digester.keyColumns.compactMap { record.cells[$0] }
    guard values.count == digester.keyColumns.count else { return }
    held.insert(digester.key(values: values.map { Array($0.utf8) }))
  }

  /// - Returns: nil when records with the same digest have different keys.
  private nonisolated(nonsending) func duplicates(
    of keys: Set<UInt64>
  ) async throws(ReadFailure) -> [Finding]? {
    if keys.isEmpty { return [] }
    var list = FindingList()
    for (file, digester) in [(old, oldDigester), (new, newDigester)] {
      let records = KeyedRecords(file: file, digester: digester)
      guard let findings = try await records.duplicates(of: keys, named: columns.keyNames) else {
        return nil
      }
      for finding in findings { list.add(finding) }
    }
    return list.findings
  }
}

extension Finding {
  fileprivate var isAboutAnEnd: Bool {
    switch subject {
    case .unterminatedQuote, .recordTooLong: true
    default: false
    }
  }
}
