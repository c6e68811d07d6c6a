import Identity

/// What is counted of one column.
///
/// Different values are told apart by a hash. Where there are very many, only those whose hash ends in so many
/// zeros are kept, and stand for all; which those are does not depend on the order of records.
struct ColumnCount: Sendable {
  private static let examples = 3
  private static let vocabulary = 12
  private static let longest = 80
  private static let capacity = 1 << 16

  private var present = 0
  private var filled = 0
  private var several = 0
  /// How often each kept hash was seen.
  private var seen: [UInt64: UInt32] = [:]
  /// How many zeros a kept hash ends in.
  private var level = 0
  /// The first different values, with their hashes.
  private var first: [(hash: UInt64, text: String)] = []

  /// The counts of each column of a batch.
  static func counts(in batch: RecordBatch) -> [ColumnCount] {
    (0..<batch.columnCount).map { column in
      var count = ColumnCount()
      for row in 0..<batch.count where !batch.isAbsent(row: row, column: column) {
        count.present += 1
        let cell = batch.cell(row: row, column: column)
        if cell.isEmpty { continue }
        count.filled += 1
        count.note(batch.bytes[cell.range])
        let further = batch.furtherValues(row: row, column: column)
        if !further.isEmpty { count.several += 1 }
        for value in further { count.note(batch.bytes[value.range]) }
      }
      return count
    }
  }

  /// Adds the counts of a later batch.
  mutating func add(_ other: ColumnCount) {
    present += other.present
    filled += other.filled
    several += other.several
    level = max(level, other.level)
    seen = seen.filter { isKept($0.key) }
    for (hash, count) in other.seen where isKept(hash) { seen[hash, default: 0] += count }
    for value in other.first { keep(value.hash, value.text) }
    thinOut()
  }

  func column(named name: String) -> Inspection.Column {
    let distinct = seen.count << level
    let isSecret = SecretName.isOne(name, values: first.map(\.text))
    let isFew =
      !isSecret && level == 0 && seen.count <= Self.vocabulary && first.count == seen.count
    return Inspection.Column(
      name: name, present: present, filled: filled, several: several,
      distinct: min(distinct, max(filled, seen.count)), isExact: level == 0,
      isUnique: several == 0 && seen.values.allSatisfy { $0 == 1 },
      isSecret: isSecret, examples: isSecret ? [] : first.prefix(Self.examples).map(\.text),
      vocabulary: isFew ? first.map(\.text) : nil)
  }

  private mutating func note(_ value: ArraySlice<UInt8>) {
    let hash = Self.hash(value)
    if first.count < Self.vocabulary + 1 {
      keep(hash, String(decoding: value.prefix(Self.longest), as: UTF8.self))
    }
    guard isKept(hash) else { return }
    seen[hash, default: 0] += 1
    if seen.count > Self.capacity { thinOut() }
  }

  private mutating func keep(_ hash: UInt64, _ text: String) {
    guard first.count < Self.vocabulary + 1, !first.contains(where: { $0.hash == hash }) else {
      return
    }
    first.append((hash, text))
  }

  private func isKept(_ hash: UInt64) -> Bool { hash.trailingZeroBitCount >= level }

  private mutating func thinOut() {
    while seen.count > Self.capacity {
      level += 1
      seen = seen.filter { isKept($0.key) }
    }
  }

  /// The same on every machine: FNV-1a, and a last stir so that its low bits depend on all.
  private static func hash(_ value: ArraySlice<UInt8>) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in value { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    hash ^= hash >> 32
    hash &*= 0x9E37_79B9_7F4A_7C15
    return hash ^ (hash >> 29)
  }
}
