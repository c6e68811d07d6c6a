/// The hashes of one record's keys, at its place in memory that all records of a batch share.
///
/// ```
/// let batch = KeyHashes.sharingMemory([[7, 0], [9, 4]])     memory [7, 0, 9, 4]
/// batch[1][0] == 9
/// ```
package struct KeyHashes: Sendable, Hashable {
  private let memory: [UInt64]
  private let start: UInt32
  private let count: UInt32

  package init(_ hashes: [UInt64]) {
    self.init(hashes, 0..<hashes.count)
  }

  private init(_ memory: [UInt64], _ range: Range<Int>) {
    self.memory = memory
    start = UInt32(range.lowerBound)
    count = UInt32(range.count)
  }

  /// One for each of some lists of the same length.
  package static func sharingMemory(_ lists: [[UInt64]]) -> [KeyHashes] {
    let memory = lists.flatMap { $0 }
    let width = lists.first?.count ?? 0
    return lists.indices.map { KeyHashes(memory, $0 * width..<($0 + 1) * width) }
  }

  package subscript(key: Int) -> UInt64 { memory[Int(start) + key] }

  /// The hashes alone.
  package var list: [UInt64] { Array(memory[Int(start)..<Int(start) + Int(count)]) }

  package static func == (left: KeyHashes, right: KeyHashes) -> Bool { left.list == right.list }

  package func hash(into hasher: inout Hasher) { hasher.combine(list) }
}
