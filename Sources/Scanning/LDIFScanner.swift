/// Sizes beyond which LDIF is refused.
package struct LDIFLimits: Sendable, Hashable {
  /// A longer value sets its record aside.
  package var value: Int
  /// A longer record ends the reading of its file.
  ///
  /// A group of 100 000 members has some 10 MiB.
  package var record: Int

  package init(value: Int = 4 << 20, record: Int = 128 << 20) {
    precondition(value > 0 && record > 0 && record <= 1 << 30)
    self.value = value
    self.record = record
  }
}

/// Cuts a block of LDIF (RFC 2849), which holds whole records, into records and logical lines.
///
/// Values are put into shape where they stand, since that never makes them longer:
///
/// ```
/// description: a long␤     value  a longtext       (fold taken out)
///  text␤
/// cn:: QW5u␤               value  Ann              (decoded over its own first bytes)
/// ```
///
/// So the bytes can be scanned once; for a second look they are read again. `ReferenceLDIF` in the
/// tests is the slow twin.
package struct LDIFScanner: Sendable {
  package let limits: LDIFLimits
  /// Whether `attr:< url` is delivered, unread, instead of setting its record aside.
  package let allowsURLs: Bool

  package init(limits: LDIFLimits = LDIFLimits(), allowsURLs: Bool = false) {
    self.limits = limits
    self.allowsURLs = allowsURLs
  }

  /// The end of the last blank line in a part of a file that begins at a record, nil where there is none.
  ///
  /// What stands before it are whole records, for no record has a blank line in it.
  ///
  /// Bytes before `searched` are known to hold none.
  package static func lastBoundary(
    in bytes: [UInt8], _ range: Range<Int>, searched: Int = 0
  ) -> Int? {
    var index = range.upperBound
    while index > max(range.lowerBound, searched) {
      index -= 1
      guard bytes[index] == ASCII.lineFeed else { continue }
      var before = index - 1
      if before >= range.lowerBound, bytes[before] == ASCII.carriageReturn { before -= 1 }
      if before < range.lowerBound || bytes[before] == ASCII.lineFeed { return index + 1 }
    }
    return nil
  }

  /// Behind the first blank line that ends at `least` or later; the end of the range where there is none.
  ///
  /// The range begins at a record.
  package static func boundary(
    in bytes: [UInt8], _ range: Range<Int>, least: Int
  ) -> Int {
    var start = range.lowerBound
    while start < range.upperBound {
      guard let feed = LineFeeds.first(in: bytes, start..<range.upperBound) else { break }
      let isBlank = feed == start || feed == start + 1 && bytes[start] == ASCII.carriageReturn
      start = feed + 1
      if isBlank, start >= least { return start }
    }
    return range.upperBound
  }

  /// Whether a text may hold a record that renames its entry; nearly none does.
  package static func mayRename(_ bytes: [UInt8]) -> Bool {
    let word = Array("newrdn".utf8)
    guard bytes.count > word.count else { return false }
    for start in 0..<bytes.count - word.count where bytes[start] | 0x20 == word[0] {
      var length = 1
      while length < word.count, bytes[start + length] | 0x20 == word[length] { length += 1 }
      if length == word.count { return true }
    }
    return false
  }

  /// Finds the records in `bytes[start..<end]`; what was in `block` is forgotten.
  ///
  /// If `isFirst`, the file begins here, where a `version:` line may stand.
  package func scan(
    _ bytes: inout [UInt8], from start: Int, to end: Int, isFirst: Bool, into block: inout LDIFBlock
  ) {
    precondition(start >= 0 && start <= end && end <= bytes.count)
    precondition(bytes.count < Int(UInt32.max))
    block.reset()
    // SAFETY: the pass reads and writes only in `start..<end`, which the precondition keeps inside
    // the array.
    unsafe bytes.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      var pass = unsafe LDIFPass(
        scanner: self, text: LDIFText(base: base), place: start, end: end, isFirst: isFirst)
      pass.run(into: &block)
    }
  }
}
