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

  /// For each key, the row that has it plus one, or 0.
  ///
  /// Files are mostly in the same order, so a key is looked for after the one before it first. The
  /// others are looked for together, step by step: memory answers many questions at once faster
  /// than one after the other (shuffled files: 240 ns a row one by one, 60 so).
  func entries(of wanted: [UInt64]) -> [UInt32] {
    var entries = [UInt32](repeating: 0, count: wanted.count)
    var open: [Int] = []
    var guess = keys.count
    for index in wanted.indices {
      if index < Self.firstTries, guess == keys.count {
        entries[index] = search(wanted[index], from: slot(of: wanted[index]))
        if entries[index] != 0 { guess = Int(entries[index]) }
      } else if let ordinal = near(guess, wanted[index]) {
        entries[index] = UInt32(ordinal + 1)
        guess = ordinal + 1
      } else {
        open.append(index)
      }
    }
    for index in open { entries[index] = slots[slot(of: wanted[index])] }
    for index in open where entries[index] != 0 {
      if keys[Int(entries[index]) - 1] != wanted[index] {
        entries[index] = search(wanted[index], from: slot(of: wanted[index]))
      }
    }
    return entries
  }

  /// The digests of the rows with these entries; anything for 0.
  func rows(of entries: [UInt32]) -> [Digest128] {
    entries.map { $0 == 0 ? .zero : rows[Int($0) - 1] }
  }

  /// Rows at the beginning of a block that are looked for at once, to find where it stands in the old file.
  private static let firstTries = 8
  /// Old rows that may be missing between two new ones before order counts as lost.
  private static let reach = 4

  @inline(__always)
  private func near(_ guess: Int, _ key: UInt64) -> Int? {
    var ordinal = guess
    let end = min(guess &+ Self.reach, keys.count)
    while ordinal < end {
      if keys[ordinal] == key { return ordinal }
      ordinal &+= 1
    }
    return nil
  }

  @inline(__always)
  private func slot(of key: UInt64) -> Int { Int(truncatingIfNeeded: key >> shift) }

  private func search(_ key: UInt64, from first: Int) -> UInt32 {
    let mask = slots.count - 1
    var slot = first
    while true {
      let entry = slots[slot]
      if entry == 0 || keys[Int(entry) - 1] == key { return entry }
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
