import CScanning

extension KeyedHash {
  /// Adds the digests of one column's values to the sums of their records: what `digest(of:from:to:keyWords:)` gives
  /// for each.
  ///
  /// ```
  /// cells    [0..<3] [4..<9] [10..<16] [17..<17]     two to a record; column 1
  /// sums     + digest of bytes 4..<9, then nothing: what is empty counts for nothing
  /// ```
  ///
  /// `cells` holds starts and ends of 32 bits each, `width` pairs to a record; `keyWords` are `keyWordCount`.
  /// Of a value that begins in one of the ways that the caller wants to see, `specials` gets the row, and nothing is
  /// added; so it does of one that is longer than a piece, or may be, of one that stands near the end of the bytes or
  /// has such a beginning only with what stands behind it.
  ///
  /// Returns how many cells are empty. With `.baseline` it is done value by value.
  package static func addDigests<Cell: BytePlace>(
    ofColumn column: Int, width: Int, rows: Range<Int>, cells: Span<Cell>, bytes: Span<UInt8>,
    keyWords: Span<UInt64>, to sums: inout MutableSpan<Digest128>,
    beginnings: ValueBeginnings, specials: inout [Int], vectors: VectorInstructions = .ofColumns
  ) -> Int {
    precondition(rows.lowerBound >= 0 && rows.upperBound <= sums.count)
    precondition(keyWords.count == keyWordCount)
    var empty = 0
    // SAFETY: the sums hold two words for each row. Cells, rows and key are checked here and in `forEachValue` and
    // `forEachPart`; a value is read up to `roomInPlace` bytes behind its end, which must be within the bytes.
    unsafe sums.withUnsafeMutableBufferPointer { sums in
      unsafe keyWords.withUnsafeBufferPointer { key in
        guard vectors > .baseline else {
          empty = unsafe forEachValue(
            column, width, rows, cells, bytes, beginnings, &specials
          ) { bytes, row, start, count in
            unsafe sums[row] &+= pieceDigest(bytes, from: start, count: count, key) { $0 }
          }
          return
        }
        unsafe forEachPart(column, width, rows, cells, bytes, &specials) { part, row in
          unsafe UnsafeMutableRawPointer(sums.baseAddress).map {
            unsafe rollcall_add_digests(
              vectors.inC, part, key.baseAddress, beginnings.ways,
              ($0 + row * 16).assumingMemoryBound(to: UInt64.self), &empty)
          } ?? 0
        }
      }
    }
    return empty
  }

  /// Writes the hashes of one column's values, taken as match keys: what `foldedDigest(of:from:to:keyWords:)` gives for
  /// each, folded, and 1 instead of 0.
  ///
  /// The hash of row 3 comes to place `3 * step + first`. Of what is empty none is written, nor of what `specials` gets,
  /// for which see `addDigests`.
  package static func foldedHashes<Cell: BytePlace>(
    ofColumn column: Int, width: Int, rows: Range<Int>, cells: Span<Cell>, bytes: Span<UInt8>,
    keyWords: Span<UInt64>, to hashes: inout MutableSpan<UInt64>, at first: Int, step: Int,
    beginnings: ValueBeginnings, specials: inout [Int], vectors: VectorInstructions = .ofColumns
  ) {
    guard !rows.isEmpty else { return }
    precondition(rows.lowerBound >= 0 && first >= 0 && step > 0)
    precondition((rows.upperBound - 1) * step + first < hashes.count)
    precondition(keyWords.count == keyWordCount)
    // SAFETY: the hashes of all rows are within theirs; see `addDigests`.
    unsafe hashes.withUnsafeMutableBufferPointer { hashes in
      unsafe keyWords.withUnsafeBufferPointer { key in
        guard vectors > .baseline else {
          _ = unsafe forEachValue(
            column, width, rows, cells, bytes, beginnings, &specials
          ) { bytes, row, start, count in
            let digest = unsafe pieceDigest(bytes, from: start, count: count, key) {
              $0.asciiFolded
            }
            unsafe hashes[row &* step &+ first] = max(digest.folded, 1)
          }
          return
        }
        unsafe forEachPart(column, width, rows, cells, bytes, &specials) { part, row in
          unsafe hashes.baseAddress.map {
            unsafe rollcall_folded_hashes(
              vectors.inC, part, key.baseAddress, beginnings.ways, $0 + row * step + first, step)
          } ?? 0
        }
      }
    }
  }

  /// Calls `body` with the bytes and the place of the value of each row, but for those that are special; how many rows
  /// have none.
  @inline(__always)
  private static func forEachValue<Cell: BytePlace>(
    _ column: Int, _ width: Int, _ rows: Range<Int>, _ cells: Span<Cell>, _ bytes: Span<UInt8>,
    _ beginnings: ValueBeginnings, _ specials: inout [Int],
    _ body: (UnsafeRawBufferPointer, _ row: Int, _ start: Int, _ count: Int) -> Void
  ) -> Int {
    check(column, width, rows, cells)
    var empty = 0
    // SAFETY: rows and columns are inside the cells; a value is looked at only where `roomInPlace` bytes follow it.
    unsafe bytes.withUnsafeBytes { bytes in
      unsafe cells.withUnsafeBytes { cells in
        var place = (rows.lowerBound &* width &+ column) &* 8
        for row in rows {
          let start = Int(unsafe cells.loadUnaligned(fromByteOffset: place, as: UInt32.self))
          let end = Int(unsafe cells.loadUnaligned(fromByteOffset: place &+ 4, as: UInt32.self))
          place &+= width &* 8
          guard start < end, end <= bytes.count - roomInPlace, end &- start <= pieceSize,
            unsafe !beginnings.fit(
              UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: start, as: UInt64.self)))
          else {
            if start == end { empty &+= 1 } else { specials.append(row) }
            continue
          }
          unsafe body(bytes, row, start, end &- start)
        }
      }
    }
    return empty
  }

  /// Calls `body` with the rows that are left, which says how many of them it took; the one it did not take is special.
  @inline(__always)
  private static func forEachPart<Cell: BytePlace>(
    _ column: Int, _ width: Int, _ rows: Range<Int>, _ cells: Span<Cell>, _ bytes: Span<UInt8>,
    _ specials: inout [Int], _ body: (rollcall_column, _ row: Int) -> Int
  ) {
    check(column, width, rows, cells)
    // SAFETY: rows and columns are inside the cells; what is no place within the bytes is not taken.
    unsafe bytes.withUnsafeBufferPointer { bytes in
      unsafe cells.withUnsafeBytes { cells in
        guard let cells = cells.baseAddress else { return }
        var row = rows.lowerBound
        while row < rows.upperBound {
          let first = unsafe cells + (row * width + column) * 8
          let part = unsafe rollcall_column(
            bytes: bytes.baseAddress, byte_count: bytes.count,
            cells: first.assumingMemoryBound(to: UInt32.self), stride: width * 2,
            rows: rows.upperBound - row)
          row += unsafe body(part, row)
          guard row < rows.upperBound else { return }
          specials.append(row)
          row += 1
        }
      }
    }
  }

  private static func check<Cell: BytePlace>(
    _ column: Int, _ width: Int, _ rows: Range<Int>, _ cells: Span<Cell>
  ) {
    precondition(MemoryLayout<Cell>.stride == 8 && MemoryLayout<Cell>.alignment == 4)
    precondition(column >= 0 && column < width && rows.upperBound * width <= cells.count)
  }
}
