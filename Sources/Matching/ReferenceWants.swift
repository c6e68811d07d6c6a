package import Identity
import Scanning

/// Which other members open records name, until it is known who those are.
///
/// ```
/// record people 17, manager: "E-bob"     attribute 12, key externalId, hash of "e-bob"
/// record people 18, manager: ""          clear, where the policy says that an empty cell takes the value away
/// ```
///
/// Columns, because a first load has one of them for nearly everybody: 19 bytes and the text.
package struct ReferenceWants: Sendable {
  /// What one record wants of one attribute.
  package struct Want: Sendable, Hashable {
    package let attribute: AttributeID
    /// The place among the keys of the index by which the member is named.
    package let key: Int
    /// `KeyHasher.none` for a value that is to be cleared.
    package let hash: UInt64
    /// The cell.
    package let text: String
  }

  private var records: [RecordNumber] = []
  private var attributes: [AttributeID] = []
  private var keys: [UInt8] = []
  private var hashes: [UInt64] = []
  private var ends: [Int] = []
  private var bytes: [UInt8] = []

  package init() {}

  package var isEmpty: Bool { records.isEmpty }

  /// Adds what a record wants; records come in the order of their numbers.
  package mutating func append(
    _ record: RecordNumber, _ attribute: AttributeID, key: Int, hash: UInt64, text: Span<UInt8>
  ) {
    precondition(records.last.map { $0 <= record } ?? true, "records come in order")
    records.append(record)
    attributes.append(attribute)
    keys.append(UInt8(key))
    hashes.append(hash)
    bytes.append(addingCapacity: text.count) { output in
      for index in text.indices { output.append(text[index]) }
    }
    ends.append(bytes.count)
  }

  /// Adds those of a batch, whose records were numbered from its first one.
  package mutating func append(contentsOf batch: ReferenceWants, from firstNumber: Int) {
    records += batch.records.map {
      RecordNumber(export: Int($0.export), number: firstNumber + Int($0.number))
    }
    attributes += batch.attributes
    keys += batch.keys
    hashes += batch.hashes
    ends += batch.ends.map { bytes.count + $0 }
    bytes += batch.bytes
  }

  /// What one record wants, in the order of the columns.
  package func wants(of record: RecordNumber) -> [Want] {
    var low = 0
    var high = records.count
    while low < high {
      let middle = (low + high) / 2
      if records[middle] < record { low = middle + 1 } else { high = middle }
    }
    var found: [Want] = []
    while low < records.count, records[low] == record {
      let start = low == 0 ? 0 : ends[low - 1]
      found.append(
        Want(
          attribute: attributes[low], key: Int(keys[low]), hash: hashes[low],
          text: String(decoding: bytes[start..<ends[low]], as: UTF8.self)))
      low += 1
    }
    return found
  }
}
