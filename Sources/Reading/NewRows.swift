import Identity
import Scanning

/// What the new file said: which old rows are there just the same, and all other rows.
struct NewRows: Sendable {
  /// Rows of the new file that are in the old one under the same key, or not at all.
  private(set) var store: RowStore
  var summary = ReadSummary(header: .nothing)
  private var keys: [UInt64] = []
  private var partners: [UInt32?] = []
  /// Per old row: seen once, and the same.
  private var isSame: [Bool]
  private var isSeen: [Bool]
  /// Old rows whose key came more than once.
  private var seenAgain: [Int] = []

  init(columns: Int, rows: Int) {
    store = RowStore(columns: columns)
    isSame = [Bool](repeating: false, count: rows)
    isSeen = isSame
  }

  /// Takes the rows of the next block.
  mutating func append(
    _ same: [UInt32], _ rows: borrowing RowStore, _ keys: [UInt64], _ partners: [UInt32?]
  ) {
    for ordinal in same {
      see(Int(ordinal))
      isSame[Int(ordinal)] = true
    }
    for case let ordinal? in partners { see(Int(ordinal)) }
    store.append(contentsOf: rows)
    self.keys.append(contentsOf: keys)
    self.partners.append(contentsOf: partners)
  }

  private mutating func see(_ ordinal: Int) {
    if isSeen[ordinal] { seenAgain.append(ordinal) }
    isSeen[ordinal] = true
  }

  /// Keys that the new file holds more than once.
  func repeated(_ table: RowTable) -> Set<UInt64> {
    var repeated = Set(seenAgain.map { table.keys[$0] })
    var created: Set<UInt64> = []
    for (key, partner) in zip(keys, partners) where partner == nil {
      if !created.insert(key).inserted { repeated.insert(key) }
    }
    return repeated
  }

  /// Rows of the two files that have to be looked at.
  struct Matches: Sendable {
    /// Old rows to read again, ascending.
    var wanted: [Int] = []
    /// Positions in `wanted`, and rows of the new store.
    var changed: [(old: Int, new: Int)] = []
    var created: [Int] = []
    /// Positions in `wanted`.
    var removed: [Int] = []
    var sameCount = 0
  }

  func matches(_ table: RowTable, except held: Set<UInt64>) -> Matches {
    var matches = Matches()
    var partnerOf: [(old: Int, new: Int)] = []
    for row in keys.indices where !held.contains(keys[row]) {
      if let partner = partners[row] {
        partnerOf.append((Int(partner), row))
      } else {
        matches.created.append(row)
      }
    }
    partnerOf.sort { $0.old < $1.old }
    var next = partnerOf[...]
    for ordinal in 0..<table.count {
      if isSame[ordinal] {
        if held.isEmpty || !held.contains(table.keys[ordinal]) { matches.sameCount += 1 }
      } else if let pair = next.first, pair.old == ordinal {
        matches.changed.append((matches.wanted.count, pair.new))
        matches.wanted.append(ordinal)
        next = next.dropFirst()
      } else if held.isEmpty || !held.contains(table.keys[ordinal]) {
        matches.removed.append(matches.wanted.count)
        matches.wanted.append(ordinal)
      }
    }
    return matches
  }
}
