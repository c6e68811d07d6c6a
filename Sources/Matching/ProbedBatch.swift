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
    var batch = ProbedBatch(seats: Array(repeating: ProbedBatch.open, count: fingerprints.count))
    let index = firstIndex
    let width = keys.count
    let hashes = keyHashes.span
    let prints = fingerprints.span
    var skipped = setAside.makeIterator()
    var skip = skipped.next()
    for row in prints.indices {
      // Slots, and then what they lead to, are asked for some rows ahead: a million seats do not fit the cache.
      let far = (row + 2 * KeyIndex.ahead) * width
      if far < hashes.count { index.prefetch(hashes[far]) }
      let near = (row + KeyIndex.ahead) * width
      if near < hashes.count, let seat = index.candidate(hashes[near]) { view.prefetch(seat) }
      if row == skip {
        skip = skipped.next()
      } else if let seat = seat(ofRow: row, hashes, prints[row], index, view) {
        batch.seats[row] = UInt32(seat)
      } else {
        batch.openRows.append(row)
      }
    }
    return batch
  }

  /// The member that a row is, with nothing to change.
  @inline(__always)
  private func seat(
    ofRow row: Int, _ hashes: Span<UInt64>, _ print: Fingerprint, _ index: KeyIndex,
    _ view: ExportView
  ) -> Int? {
    let first = row * keys.count
    let hash = hashes[first]
    if hash != KeyHasher.none {
      guard let seat = index.candidate(hash), view.settles(seat, hash, print) else { return nil }
      return seat
    }
    // Without a value for its first key, a record is looked up by the next one it has.
    let key = (1..<matchCount).first { hashes[first + $0] != KeyHasher.none } ?? 0
    guard case .one(let seat) = lookup(key: key, hash: hashes[first + key]),
      view.settles(seat, print)
    else { return nil }
    return seat
  }
}
