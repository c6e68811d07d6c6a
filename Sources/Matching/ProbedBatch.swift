package import Identity
import Scanning

/// Which rows of a batch are certainly *same*, and which must be looked at.
package struct ProbedBatch: Sendable {
  /// The seat of each row; `ProbedBatch.open` where there is none, or the row was set aside.
  package fileprivate(set) var seats: [UInt32]
  package fileprivate(set) var openRows: [Int] = []

  package static let open = UInt32.max
}

extension MemberIndex {
  /// Probes every row of a batch by its first key that has a value.
  ///
  /// `keyHashes` holds `keys.count` hashes to a row; `setAside` lists rows to skip, ascending.
  package func probe(
    fingerprints: [Fingerprint], keyHashes: [UInt64], setAside: [Int], as view: ExportView
  ) -> ProbedBatch {
    var batch = ProbedBatch(seats: candidates(keyHashes, rowCount: fingerprints.count))
    let prints = fingerprints.span
    var skipped = setAside.makeIterator()
    var skip = skipped.next()
    for row in prints.indices {
      if row + KeyIndex.ahead < prints.count {
        view.prefetch(Int(batch.seats[row + KeyIndex.ahead]))
      }
      if row == skip {
        skip = skipped.next()
        batch.seats[row] = ProbedBatch.open
        continue
      }
      let seat = batch.seats[row]
      if seat == ProbedBatch.open || !view.settles(Int(seat), prints[row]) {
        batch.seats[row] = ProbedBatch.open
        batch.openRows.append(row)
      }
    }
    return batch
  }

  /// The one member that each row may be, by its first key that has a value.
  ///
  /// Slots are asked for some rows ahead, as fingerprints are after that: a million seats do not fit the cache.
  private func candidates(_ keyHashes: [UInt64], rowCount: Int) -> [UInt32] {
    let index = firstIndex
    var later = LaterIndexes(self)
    let (width, none) = (keys.count, KeyHasher.none)
    let hashes = keyHashes.span
    return Array(capacity: rowCount) { seats in
      for row in 0..<rowCount {
        let ahead = (row + KeyIndex.ahead) * width
        if ahead < hashes.count { index.prefetch(hashes[ahead]) }
        let hash = hashes[row * width]
        let seat =
          hash == none
          ? seat(ofKeys: row * width, in: hashes, &later) : index.candidate(hash)
        seats.append(seat.map { UInt32($0) } ?? ProbedBatch.open)
      }
    }
  }

  /// Without a value for its first key, a record is looked up by the next one it has.
  private func seat(
    ofKeys first: Int, in hashes: Span<UInt64>, _ later: inout LaterIndexes
  ) -> Int? {
    guard let key = (1..<matchCount).first(where: { hashes[first + $0] != KeyHasher.none }),
      case .one(let seat) = later[key].lookup(hashes[first + key])
    else { return nil }
    return seat
  }
}

/// The indexes of later keys, as far as the rows of one batch want them.
private struct LaterIndexes {
  private let index: MemberIndex
  private var wanted: [Int: KeyIndex] = [:]

  init(_ index: MemberIndex) {
    self.index = index
  }

  subscript(key: Int) -> KeyIndex {
    mutating get {
      if let known = wanted[key] { return known }
      let whole = index.whole(key: key)
      wanted[key] = whole
      return whole
    }
  }
}
