package import Identity

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

/// Which rows of a batch are certainly *same*, and which must be looked at.
package struct ProbedBatch: Sendable {
  /// The seat of each row; `ProbedBatch.open` where there is none, or the row was set aside.
  package fileprivate(set) var seats: [UInt32]
  package fileprivate(set) var openRows: [Int] = []
  /// Means nothing; keeps the look-ups ahead from being optimised away.
  fileprivate var warmed: UInt64 = 0

  package static let open = UInt32.max
}

extension MemberIndex {
  /// Probes every row of a batch by its first key that has a value.
  ///
  /// `keyHashes` holds `keys.count` hashes to a row; `setAside` lists rows to skip, ascending.
  package func probe(
    fingerprints: [Fingerprint], keyHashes: [UInt64], setAside: [Int], as view: ExportView
  ) -> ProbedBatch {
    var batch = ProbedBatch(seats: Array(repeating: ProbedBatch.open, count: fingerprints.count))
    let width = keys.count
    let index = firstIndex
    let entries = view.entries.span
    let hashes = keyHashes.span
    let prints = fingerprints.span
    var skipped = setAside.makeIterator()
    var skip = skipped.next()
    // Slots are asked for some rows ahead, so that memory answers while other rows are compared.
    var warmed: UInt64 = 0
    for row in prints.indices {
      let ahead = row + 16
      if ahead < prints.count { warmed ^= index.firstSlot(of: hashes[ahead * width]) }
      if row == skip {
        skip = skipped.next()
        continue
      }
      let hash = hashes[row * width]
      if hash != KeyHasher.none {
        if let seat = index.candidate(hash), entries[seat].settles(hash, prints[row]) {
          batch.seats[row] = UInt32(seat)
        } else {
          batch.openRows.append(row)
        }
        continue
      }
      // Without a value for its first key, a record is looked up by the next one it has.
      let key = (1..<matchCount).first { hashes[row * width + $0] != KeyHasher.none } ?? 0
      if case .one(let seat) = lookup(key: key, hash: hashes[row * width + key]),
        entries[seat].settles(prints[row])
      {
        batch.seats[row] = UInt32(seat)
      } else {
        batch.openRows.append(row)
      }
    }
    batch.warmed = warmed
    return batch
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
    ticks = Array(repeating: 0, count: memberCount)
    exports = Array(repeating: 0, count: memberCount)
  }

  /// The first record that is *same* as this member.
  package func record(at seat: Int) -> RecordNumber? {
    ticks[seat] == 0 ? nil : RecordNumber(export: Int(exports[seat]), number: Int(ticks[seat]) - 1)
  }

  /// Ticks the seats of one batch; batches come in order.
  package mutating func tick(
    _ batch: ProbedBatch, export: Int, firstNumber: Int, numbers: [UInt32]
  ) {
    for row in batch.seats.indices where batch.seats[row] != ProbedBatch.open {
      let seat = Int(batch.seats[row])
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
