package import Identity
import Scanning

/// A record that is not certainly *same*: kept with its values until all exports have been read.
package struct OpenRecord: Sendable, Hashable {
  package let number: RecordNumber
  package let image: AttributeImage
  /// One hash per key of the index.
  package let keyHashes: KeyHashes

  package init(number: RecordNumber, image: AttributeImage, keyHashes: KeyHashes) {
    self.number = number
    self.image = image
    self.keyHashes = keyHashes
  }

  package init(number: RecordNumber, image: AttributeImage, keyHashes: [UInt64]) {
    self.init(number: number, image: image, keyHashes: KeyHashes(keyHashes))
  }
}

/// Who has been seen in the exports: one tick per member, and the record that made it.
package struct Attendance: Sendable {
  private var ticks: [UInt32]
  private var exports: [UInt8]
  /// Records that claim a seat another record has claimed before.
  package private(set) var repeated: [Int: [RecordNumber]] = [:]
  package private(set) var sameCount = 0

  package init(memberCount: Int) {
    ticks = Array(largeCapacity: memberCount)
    ticks.append(contentsOf: repeatElement(0, count: memberCount))
    exports = Array(repeating: 0, count: memberCount)
  }

  /// The first record that is *same* as this member.
  package func record(at seat: Int) -> RecordNumber? {
    ticks[seat] == 0 ? nil : RecordNumber(export: Int(exports[seat]), number: Int(ticks[seat]) - 1)
  }

  /// Whether some record is *same* as this member.
  package func isTicked(_ seat: Int) -> Bool { ticks[seat] != 0 }

  /// The members that no record is *same* as.
  package var unticked: [Int] {
    var seats: [Int] = []
    let ticks = ticks.span
    for seat in ticks.indices where ticks[seat] == 0 { seats.append(seat) }
    return seats
  }

  /// Ticks the seats of one batch; batches come in order.
  package mutating func tick(
    _ batch: ProbedBatch, export: Int, firstNumber: Int, numbers: [UInt32]
  ) {
    let seats = batch.seats.span
    // Taken out for the loop, which then does not ask at each seat whether somebody else holds them.
    var (ownTicks, ownExports) = (self.ticks, self.exports)
    (self.ticks, self.exports) = ([], [])
    defer { (self.ticks, self.exports) = (ownTicks, ownExports) }
    var ticks = ownTicks.mutableSpan
    var exports = ownExports.mutableSpan
    for row in seats.indices where seats[row] != ProbedBatch.open {
      if row + KeyIndex.ahead < seats.count {
        ticks.span.prefetch(Int(seats[row + KeyIndex.ahead]))
      }
      let seat = Int(seats[row])
      let number = firstNumber + Int(numbers[row])
      if ticks[seat] == 0 {
        ticks[seat] = UInt32(number + 1)
        exports[seat] = UInt8(export)
        sameCount += 1
      } else {
        repeated[seat, default: []].append(RecordNumber(export: export, number: number))
      }
    }
  }
}
