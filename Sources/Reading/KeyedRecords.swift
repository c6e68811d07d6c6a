import Identity
import Scanning

/// Finds all records of a file that have one of some keys: to say where a duplicate stands.
struct KeyedRecords: Sendable {
  let file: ExportReader
  let digester: RowDigester

  private struct Sighting: Sendable {
    let key: UInt64
    let line: Int
    let value: [[UInt8]]
  }

  /// - Returns: a finding for each key that stands in the file more than once, by first line; nil when
  ///   one digest stands for two different keys.
  nonisolated(nonsending) func duplicates(
    of keys: Set<UInt64>, named names: [String]
  ) async throws(ReadFailure) -> [Finding]? {
    var sightings: [UInt64: [Sighting]] = [:]
    let digester = digester
    _ = try await file.scan(digest: false) { block, scan in
      Self.sightings(of: keys, digester, block.bytes, scan)
    } collect: { passage, place, _ in
      for seen in passage.partial {
        sightings[seen.key, default: []].append(
          Sighting(key: seen.key, line: place.firstLine + seen.line, value: seen.value))
      }
    }
    var findings: [(line: Int, finding: Finding)] = []
    for seen in sightings.values {
      guard seen.allSatisfy({ $0.value == seen[0].value }) else { return nil }
      if seen.count > 1 { findings.append((seen[0].line, finding(seen, names))) }
    }
    return findings.sorted { $0.line < $1.line }.map(\.finding)
  }

  private static func sightings(
    of keys: Set<UInt64>, _ digester: RowDigester, _ bytes: borrowing [UInt8],
    _ scan: borrowing ScannedBlock
  ) -> [Sighting] {
    var sightings: [Sighting] = []
    for row in 0..<scan.recordCount {
      guard let key = digester.key(row: row, of: scan, in: bytes), keys.contains(key) else {
        continue
      }
      var store = RowStore(columns: scan.columns)
      store.append(row: row, of: scan, in: bytes)
      sightings.append(
        Sighting(
          key: key, line: Int(scan.records[row].line),
          value: digester.keyColumns.map { store.value(row: 0, column: $0) }))
    }
    return sightings
  }

  private func finding(_ seen: [Sighting], _ names: [String]) -> Finding {
    let origins = seen.map {
      RecordOrigin(export: file.exportName, file: file.inputs[0].path, line: $0.line)
    }
    let value = seen[0].value.map { String(decoding: $0, as: UTF8.self) }.joined(separator: ", ")
    return Finding(
      .duplicate(
        key: names.joined(separator: ", "), value: value, others: Array(origins.dropFirst())),
      at: origins[0])
  }
}
