import Identity

/// Unites the records of a delta that are about the same thing, for a service may name it more than once.
///
/// ```
/// id 1, mail a          id 2          id 1, title b
/// becomes               id 2          id 1, mail a, title b
/// ```
///
/// What a later record says of a field counts; of what it does not have, the one before it. Whether the thing is gone, only
/// the last one says. A delta is as small as what changed, so all of it may be held in memory.
struct RepeatedRecords {
  /// The columns that tell one thing from another.
  let key: [Int]
  /// The column that says that it is gone; only that of the last record counts.
  let marker: Int?

  typealias PlacedBatch = (batch: RecordBatch, place: BatchPlace)

  private struct Row {
    let batch: Int
    let row: Int
  }

  /// - Parameters:
  ///   - merging: what the options say.
  ///   - fields: the columns.
  init?(_ merging: FormatOptions.Merging?, fields: [[String]]) {
    guard let merging else { return nil }
    let key = merging.key.compactMap { fields.firstIndex(of: $0) }
    guard key.count == merging.key.count, !key.isEmpty else { return nil }
    self.key = key
    marker = merging.marker.flatMap { fields.firstIndex(of: $0) }
  }

  /// The same records in the same batches, each thing once, where it was named last.
  func united(_ batches: [PlacedBatch]) -> [PlacedBatch] {
    var rows: [[[UInt8]]: [Row]] = [:]
    for (index, placed) in batches.enumerated() {
      for row in 0..<placed.batch.count {
        guard let key = keyValues(row, of: placed.batch) else { continue }
        rows[key, default: []].append(Row(batch: index, row: row))
      }
    }
    var dropped = [Set<Int>](repeating: [], count: batches.count)
    var united: [Int: [Int: [Row]]] = [:]
    for places in rows.values where places.count > 1 {
      guard let last = places.last else { continue }
      for place in places.dropLast() { dropped[place.batch].insert(place.row) }
      united[last.batch, default: [:]][last.row] = places.dropLast()
    }
    return batches.indices.map { index in
      guard !dropped[index].isEmpty || united[index] != nil else { return batches[index] }
      let batch = batch(
        batches[index].batch, without: dropped[index], earlier: united[index] ?? [:], batches)
      return (batch, batches[index].place)
    }
  }

  private func keyValues(_ row: Int, of batch: RecordBatch) -> [[UInt8]]? {
    var values: [[UInt8]] = []
    for column in key {
      let cell = batch.cell(row: row, column: column)
      if cell.isEmpty { return nil }
      values.append(Array(batch.bytes[cell.range]))
    }
    return values
  }

  private func batch(
    _ batch: RecordBatch, without dropped: Set<Int>, earlier: [Int: [Row]],
    _ batches: [PlacedBatch]
  ) -> RecordBatch {
    var bytes = batch.bytes
    var cells: [RecordBatch.Cell] = []
    var many = ManyValues()
    let kept = (0..<batch.count).filter { !dropped.contains($0) }
    for row in kept {
      for column in 0..<batch.columnCount {
        var values = values(row, column, of: batch)
        if values.isEmpty, column != marker,
          let source = (earlier[row] ?? []).last(where: {
            !batches[$0.batch].batch.isAbsent(row: $0.row, column: column)
          })
        {
          let other = batches[source.batch].batch
          values = self.values(source.row, column, of: other).map { cell in
            // With the byte before it, which tells a text of JSON from `true`.
            bytes.append(other.bytes[max(1, Int(cell.start)) - 1])
            let start = UInt32(bytes.count)
            bytes += other.bytes[cell.range]
            // An empty value stays behind the first byte, where it is not taken for an absent one.
            return RecordBatch.Cell(start: start, end: UInt32(bytes.count))
          }
        }
        if values.count > 1 { many.append(cell: cells.count, values: values) }
        cells.append(values.first ?? .absent)
      }
    }
    return RecordBatch(
      bytes: bytes, columnCount: batch.columnCount, cells: cells,
      lines: kept.map { batch.lines[$0] }, numbers: kept.map { batch.numbers[$0] },
      isSparse: true, many: many, hasLiterals: batch.hasLiterals)
  }

  private func values(_ row: Int, _ column: Int, of batch: RecordBatch) -> [RecordBatch.Cell] {
    guard !batch.isAbsent(row: row, column: column) else { return [] }
    return [batch.cell(row: row, column: column)] + batch.furtherValues(row: row, column: column)
  }
}
