import Scanning

/// Reads rows of the old file again: one by one when they are few, else by going through the file.
struct RowFetch: Sendable {
  let file: ExportReader
  let table: RowTable
  let digester: RowDigester
  let places: RecordPlaces

  /// A whole file is read in the time in which one row in this many is looked up.
  private static let share = 16

  /// Reads the rows with these ordinals, which ascend, and none of whose keys stands in the file twice.
  ///
  /// - Returns: the rows, in the same order.
  /// - Throws: when the file is not what it was.
  nonisolated(nonsending) func rows(_ ordinals: [Int]) async throws(ReadFailure) -> RowStore {
    guard let layout = places.layouts[0], !ordinals.isEmpty else { return RowStore(columns: 1) }
    // Single rows can be gone to only where the file's bytes are the text.
    let isPacked = try FileContent(file.inputs[0], digest: false).isPacked
    let isScattered =
      layout.preamble.encoding == .utf8 && !isPacked && ordinals.count * Self.share < table.count
    let store =
      isScattered
      ? try await lookUp(ordinals, layout) : try await goThrough(ordinals, columns: layout.columns)
    guard store.count == ordinals.count else {
      throw .changedWhileReading(path: file.inputs[0].path)
    }
    return store
  }

  private nonisolated(nonsending) func lookUp(
    _ ordinals: [Int], _ layout: FileLayout
  ) async throws(ReadFailure) -> RowStore {
    let input = try file.inputs[0].open()
    do throws(SystemFailure) {
      guard try input.status() == layout.status else { throw SystemFailure(number: 0) }
    } catch {
      throw .changedWhileReading(path: file.inputs[0].path)
    }
    let size = max(256, (ordinals.count + file.jobs - 1) / file.jobs)
    let parts = await withTaskGroup(
      of: (Int, Result<RowStore, ReadFailure>).self
    ) { group in
      for start in stride(from: 0, to: ordinals.count, by: size) {
        let some = ordinals[start..<min(start + size, ordinals.count)]
        group.addTask { (start, lookUp(some, layout, in: input)) }
      }
      return await group.reduce(into: [Int: Result<RowStore, ReadFailure>]()) { $0[$1.0] = $1.1 }
    }
    var store = RowStore(columns: layout.columns)
    for start in parts.keys.sorted() {
      if let part = try parts[start]?.get() { store.append(contentsOf: part) }
    }
    return store
  }

  private func lookUp(
    _ ordinals: ArraySlice<Int>, _ layout: FileLayout, in input: InputFile
  ) -> Result<RowStore, ReadFailure> {
    var store = RowStore(columns: layout.columns)
    var scan = ScannedBlock(columns: layout.columns)
    let scanner = CSVScanner(dialect: layout.dialect, limits: file.options.limits)
    var bytes: [UInt8] = []
    var block = 0
    for ordinal in ordinals {
      while block + 1 < table.blocks.count, table.blocks[block + 1].firstOrdinal <= ordinal {
        block += 1
      }
      let place = table.blocks[block]
      let isLast =
        ordinal + 1 == table.count
        || (block + 1 < table.blocks.count
          && table.blocks[block + 1].firstOrdinal == ordinal + 1)
      let start = Int(table.starts[ordinal])
      let length = (isLast ? place.end : Int(table.starts[ordinal + 1])) - start
      let needed = length + CSVScanner.slack
      if bytes.count < needed {
        bytes.append(contentsOf: repeatElement(0, count: needed - bytes.count))
      }
      do throws(SystemFailure) {
        let got = try input.read(
          into: &bytes, at: 0, upTo: length, fromOffset: place.offset + start)
        for index in got..<got + CSVScanner.slack { bytes[index] = 0 }
        scanner.scan(bytes, to: got, isFinal: true, into: &scan)
      } catch {
        return .failure(.cannotRead(path: file.inputs[0].path, error))
      }
      guard scan.recordCount > 0 else { break }
      store.append(row: 0, of: scan, in: bytes)
    }
    return .success(store)
  }

  private nonisolated(nonsending) func goThrough(
    _ ordinals: [Int], columns: Int
  ) async throws(ReadFailure) -> RowStore {
    let wanted = Set(ordinals.map { table.keys[$0] })
    let digester = digester
    var store = RowStore(columns: columns)
    _ = try await file.scan(digest: false) { block, scan in
      var part = RowStore(columns: scan.columns)
      for row in 0..<scan.recordCount {
        guard let key = digester.key(row: row, of: scan, in: block.bytes), wanted.contains(key)
        else { continue }
        part.append(row: row, of: scan, in: block.bytes)
      }
      return part
    } collect: { passage, _, _ in
      store.append(contentsOf: passage.partial)
    }
    return store
  }
}
