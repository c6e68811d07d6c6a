import Scanning
import TestSupport
import Testing

@testable import Reading

struct RowTableTests {
  /// Keys are found as a dictionary finds them, in order or not, while the table grows.
  @Test(arguments: UInt64(0)..<10)
  func agreesWithADictionary(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    var table = RowTable(expecting: 1)
    var dictionary: [UInt64: Int] = [:]
    var repeated: Set<UInt64> = []
    var expectedRepeated: Set<UInt64> = []
    // Few distinct upper bits, so that many keys share a slot.
    func anyKey() -> UInt64 { UInt64.random(in: 0..<400, using: &random) &* 0x0001_0000_0000_0001 }
    for _ in 0..<8 {
      let keys = (0..<Int.random(in: 0...60, using: &random)).map { _ in anyKey() }
      for (index, key) in keys.enumerated() {
        if dictionary[key] == nil {
          dictionary[key] = table.count + index
        } else {
          expectedRepeated.insert(key)
        }
      }
      repeated.formUnion(
        table.append(
          keys: keys, rows: keys.map { Digest128(low: $0, high: 1) },
          starts: keys.map { _ in 0 },
          block: RowTable.Block(firstOrdinal: table.count, offset: 0, end: 0)))
    }
    #expect(repeated == expectedRepeated, "seed \(seed)")
    let wanted = (0..<500).map { _ in anyKey() } + table.keys
    let entries = table.entries(of: wanted)
    for (key, entry) in zip(wanted, entries) {
      if let ordinal = dictionary[key] {
        #expect(entry != 0 && table.keys[Int(entry) - 1] == key, "seed \(seed)")
        if !repeated.contains(key) { #expect(Int(entry) == ordinal + 1, "seed \(seed)") }
      } else {
        #expect(entry == 0, "seed \(seed)")
      }
    }
  }
}
