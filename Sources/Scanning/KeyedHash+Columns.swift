/// Where a value stands in some bytes, as the loop below reads it: two numbers of 32 bits.
package protocol BytePlace: BitwiseCopyable {}

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
  /// `isSpecial` says of the first eight bytes of a value whether the caller wants a look at it: `specials` gets the
  /// rows of such values, which are not added, and of those near the end of the bytes or longer than a piece.
  ///
  /// Returns how many cells are empty.
  @inline(__always)
  package static func addDigests<Cell: BytePlace>(
    ofColumn column: Int, width: Int, rows: Range<Int>, cells: Span<Cell>, bytes: Span<UInt8>,
    keyWords: Span<UInt64>, to sums: inout MutableSpan<Digest128>,
    isSpecial: (UInt64) -> Bool, specials: inout [Int]
  ) -> Int {
    precondition(MemoryLayout<Cell>.stride == 8 && MemoryLayout<Cell>.alignment == 4)
    precondition(column >= 0 && column < width && keyWords.count == keyWordCount)
    precondition(rows.lowerBound >= 0 && rows.upperBound <= sums.count)
    precondition(rows.upperBound * width <= cells.count)
    let last = bytes.count - roomInPlace
    var empty = 0
    // What a value has less than sixteen bytes is masked away: looked up, which is faster than shifting.
    let masks: (UInt64, UInt64, UInt64, UInt64) = (~0, ~0, 0, 0)
    // SAFETY: rows and columns are inside the cells and sums; a value is read up to `roomInPlace` bytes behind its end,
    // which must be within the bytes, and is no longer than a piece.
    unsafe withUnsafeBytes(of: masks) { masks in
      unsafe bytes.withUnsafeBytes { bytes in
        unsafe cells.withUnsafeBytes { cells in
          unsafe keyWords.withUnsafeBufferPointer { key in
            unsafe sums.withUnsafeMutableBufferPointer { sums in
              var place = (rows.lowerBound &* width &+ column) &* 8
              for row in rows {
                let start = Int(unsafe cells.loadUnaligned(fromByteOffset: place, as: UInt32.self))
                let end = Int(
                  unsafe cells.loadUnaligned(fromByteOffset: place &+ 4, as: UInt32.self))
                place &+= width &* 8
                if start == end {
                  empty &+= 1
                  continue
                }
                guard start < end, end <= last, end &- start <= pieceSize,
                  unsafe !isSpecial(
                    UInt64(
                      littleEndian: bytes.loadUnaligned(fromByteOffset: start, as: UInt64.self)))
                else {
                  specials.append(row)
                  continue
                }
                unsafe addPiece(bytes, start, end &- start, key, masks, to: &sums[row])
              }
            }
          }
        }
      }
    }
    return empty
  }

  /// Adds the digest of `count` bytes, at least one and at most `pieceSize`.
  @inline(__always)
  private static func addPiece(
    _ bytes: UnsafeRawBufferPointer, _ start: Int, _ count: Int,
    _ key: UnsafeBufferPointer<UInt64>, _ masks: UnsafeRawBufferPointer,
    to total: inout Digest128
  ) {
    var (place, left, slot) = (start, count, 2)
    var sum = total &+ Digest128(low: UInt64(count), high: 0)
    // SAFETY: see the caller; `slot` grows by two for each sixteen bytes, and masks are read at 0...16 of 32 bytes.
    var first = unsafe bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self)
    var second = unsafe bytes.loadUnaligned(fromByteOffset: place &+ 8, as: UInt64.self)
    while left > 16 {
      unsafe add(
        &sum, UInt64(littleEndian: first) &+ key[slot],
        UInt64(littleEndian: second) &+ key[slot &+ 1])
      left &-= 16
      place &+= 16
      slot &+= 2
      first = unsafe bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self)
      second = unsafe bytes.loadUnaligned(fromByteOffset: place &+ 8, as: UInt64.self)
    }
    first &= unsafe masks.loadUnaligned(fromByteOffset: 16 &- left, as: UInt64.self)
    second &= unsafe masks.loadUnaligned(fromByteOffset: 24 &- left, as: UInt64.self)
    unsafe add(
      &sum, UInt64(littleEndian: first) &+ key[slot],
      UInt64(littleEndian: second) &+ key[slot &+ 1])
    total = sum
  }
}
