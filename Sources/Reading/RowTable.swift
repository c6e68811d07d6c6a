import Scanning

/// What is kept of every row of the old file: 28 bytes, and 8 for finding it.
///
/// ```
/// ordinal     0          1          2 …
/// keys        8 bytes    digest of the key
/// rows        16 bytes   digest of all that is compared
/// starts      4 bytes    place in its block
/// slots       4 bytes each, twice as many as rows: ordinal + 1, or 0
/// ```
///
/// Keys are looked for from the slot their upper bits name onwards. Equal digests count as equal keys until
/// the values themselves are compared.
struct RowTable: Sendable {
  /// A block of the file, to find its rows again.
  struct Block: Sendable {
    let firstOrdinal: Int
    let offset: Int
    let end: Int
  }

  private(set) var keys: [UInt64] = []
  private(set) var rows: [Digest128] = []
  private(set) var starts: [UInt32] = []
  private(set) var blocks: [Block] = []
  private var slots: [UInt32]
  private var shift: UInt64

  /// - Parameter expected: about how many rows there will be.
  init(expecting expected: Int) {
    let bits = max(4, Int.bitWidth - (2 * max(1, expected) - 1).leadingZeroBitCount)
    slots = [UInt32](repeating: 0, count: 1 << bits)
    shift = UInt64(UInt64.bitWidth - bits)
    keys.reserveCapacity(expected)
    rows.reserveCapacity(expected)
    starts.reserveCapacity(expected)
  }

  var count: Int { keys.count }

  /// Adds the rows of the next block.
  ///
  /// - Returns: those of its keys that were there before.
  mutating func append(
    keys newKeys: [UInt64], rows newRows: [Digest128], starts newStarts: [UInt32], block: Block
  ) -> [UInt64] {
    blocks.append(block)
    let first = keys.count
    keys.append(contentsOf: newKeys)
    rows.append(contentsOf: newRows)
    starts.append(contentsOf: newStarts)
    if keys.count * 2 > slots.count {
      grow()
      return insert(0..<first) + insert(first..<keys.count)
    }
    return insert(first..<keys.count)
  }

  /// The row with this key, looked for at `guess` first: files are mostly in the same order.
  @inline(__always)
  func ordinal(of key: UInt64, guess: Int) -> Int? {
    if guess < keys.count, keys[guess] == key { return guess }
    return search(key)
  }

  private func search(_ key: UInt64) -> Int? {
    let mask = slots.count - 1
    var slot = Int(truncatingIfNeeded: key >> shift)
    while true {
      let entry = slots[slot]
      if entry == 0 { return nil }
      let ordinal = Int(entry) - 1
      if keys[ordinal] == key { return ordinal }
      slot = (slot + 1) & mask
    }
  }

  private mutating func insert(_ ordinals: Range<Int>) -> [UInt64] {
    var repeated: [UInt64] = []
    let mask = slots.count - 1
    for ordinal in ordinals {
      let key = keys[ordinal]
      var slot = Int(truncatingIfNeeded: key >> shift)
      var isRepeated = false
      while slots[slot] != 0 {
        if keys[Int(slots[slot]) - 1] == key {
          isRepeated = true
          break
        }
        slot = (slot + 1) & mask
      }
      if isRepeated { repeated.append(key) } else { slots[slot] = UInt32(ordinal + 1) }
    }
    return repeated
  }

  private mutating func grow() {
    while keys.count * 2 > slots.count {
      slots = [UInt32](repeating: 0, count: slots.count * 2)
      shift -= 1
    }
  }
}
