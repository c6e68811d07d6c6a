package import Identity

/// Which record is which member: the outcome of matching, before anything is decided.
package struct Pairing: Sendable {
  /// A record and the one member it is.
  package struct Pair: Sendable, Hashable {
    package let record: OpenRecord
    package let seat: Int
    /// The place in the matching order of the key that found it.
    package let key: Int
  }

  /// A record that is no member yet.
  package struct Joiner: Sendable, Hashable {
    package let record: OpenRecord
    /// The member that holds a key value of the record but is, by a higher key, somebody else.
    package let conflict: Conflict?
  }

  /// A lower key says yes, a higher one says no.
  package struct Conflict: Sendable, Hashable {
    package let seat: Int
    package let key: Int
    package let higherKey: Int
  }

  /// A record that is nobody for certain.
  package struct Held: Sendable, Hashable {
    package let number: RecordNumber
    /// Nil for a record that was *same* until another one claimed its member, too.
    package let record: OpenRecord?
    package let situation: Situation
    package let key: Int
    /// The members it may be.
    package let seats: [Int]
    /// The other records in the same trouble.
    package let others: [RecordNumber]
  }

  /// Why a record is held.
  package enum Situation: Sendable, Hashable {
    case duplicate
    case ambiguous
    case contended
  }

  package private(set) var pairs: [Pair] = []
  package private(set) var joiners: [Joiner] = []
  package private(set) var held: [Held] = []
  /// Members whom a held record may be: present, but nothing is done to them.
  package private(set) var heldSeats: Set<Int> = []
  package let attendance: Attendance
  private var pairedSeats: Set<Int> = []

  /// Whether some record of this run is, or may be, this member.
  package func isPresent(_ seat: Int) -> Bool {
    attendance.record(at: seat) != nil || pairedSeats.contains(seat) || heldSeats.contains(seat)
  }

  /// Matches the open records against all members, in key order, on real values.
  ///
  /// `details` must hold every seat of `MemberIndex.candidateSeats(of:)`. With `merging`, records of
  /// different exports may be one person; they stay separate pairs of the same seat.
  package init(
    _ open: [OpenRecord], attendance: Attendance, index: MemberIndex, details: SeatDetails,
    merging: Bool = false
  ) {
    self.attendance = attendance
    var claims: [Int: [Pair]] = [:]
    var unmatched: [Joiner] = []
    for record in open {
      switch index.match(record, details: details) {
      case .pair(let pair): claims[pair.seat, default: []].append(pair)
      case .held(let held): hold(held)
      case .joiner(let joiner): unmatched.append(joiner)
      }
    }
    for seat in Set(claims.keys).union(attendance.repeated.keys).sorted() {
      settle(seat, claims: claims[seat] ?? [], merging: merging, index: index)
    }
    settleJoiners(unmatched, index: index, merging: merging)
    pairs.sort { ($0.seat, $0.record.number) < ($1.seat, $1.record.number) }
    held.sort { $0.number < $1.number }
  }

  private mutating func hold(_ record: Held) {
    held.append(record)
    heldSeats.formUnion(record.seats)
  }

  /// One member, claimed by one record (a pair) or by several (all held).
  private mutating func settle(
    _ seat: Int, claims: [Pair], merging: Bool, index: MemberIndex
  ) {
    let same = (attendance.record(at: seat).map { [$0] } ?? []) + (attendance.repeated[seat] ?? [])
    let numbers = (same + claims.map(\.record.number)).sorted()
    let isOneEach = Set(numbers.map(\.export)).count == numbers.count
    if numbers.count == 1 || (merging && isOneEach) {
      pairs += claims
      if !claims.isEmpty { pairedSeats.insert(seat) }
      return
    }
    let records = Dictionary(uniqueKeysWithValues: claims.map { ($0.record.number, $0) })
    // Claims by one key share that key's value; a *same* record was found by its first key.
    let usedKeys = Set(claims.map(\.key)).union(same.isEmpty ? [] : [0])
    let isDuplicate = usedKeys.count == 1
    for number in numbers {
      hold(
        Held(
          number: number, record: records[number]?.record,
          situation: isDuplicate ? .duplicate : .contended, key: records[number]?.key ?? 0,
          seats: [seat], others: numbers.filter { $0 != number }))
    }
  }

  /// Records of nobody yet: joiners, unless two of them want the same key value.
  private mutating func settleJoiners(
    _ unmatched: [Joiner], index: MemberIndex, merging: Bool
  ) {
    let candidates = unmatched.map(\.record) + held.compactMap(\.record)
    var groups: [Int: (key: Int, members: Set<Int>)] = [:]
    for key in 0..<index.matchCount {
      let hashes = candidates.map { $0.keyHashes[key] }
      let byHash = KeyIndex(hashes)
      for (place, joiner) in unmatched.enumerated() {
        guard case .several = byHash.lookup(hashes[place]) else { continue }
        let value = joiner.record.image[index.keys[key].id] ?? []
        let twins = byHash.all(hashes[place]).filter {
          MatchKeyText.same(candidates[$0].image[index.keys[key].id] ?? [], value)
        }
        let isMerge =
          merging && Set(twins.map { candidates[$0].number.export }).count == twins.count
        if twins.count > 1, !isMerge {
          groups[place, default: (key, [])].members.formUnion(twins)
        }
      }
    }
    for (place, joiner) in unmatched.enumerated() {
      guard let group = groups[place] else {
        joiners.append(joiner)
        continue
      }
      let record = joiner.record
      let others = group.members.map { candidates[$0].number }.filter { $0 != record.number }
      hold(
        Held(
          number: record.number, record: record, situation: .duplicate, key: group.key,
          seats: [], others: others.sorted()))
    }
  }
}

extension MemberIndex {
  /// The seats whose real values matching may need.
  package func candidateSeats(of open: [OpenRecord]) -> [Int] {
    var seats: Set<Int> = []
    for record in open {
      for key in 0..<matchCount {
        switch lookup(key: key, hash: record.keyHashes[key]) {
        case .none: break
        case .one(let seat): seats.insert(seat)
        case .several: seats.formUnion(self.seats(key: key, hash: record.keyHashes[key]))
        }
      }
    }
    return seats.sorted()
  }

  fileprivate enum Match {
    case pair(Pairing.Pair)
    case held(Pairing.Held)
    case joiner(Pairing.Joiner)
  }

  /// Tries the keys in order; the first that finds anybody decides.
  fileprivate func match(_ record: OpenRecord, details: SeatDetails) -> Match {
    for key in 0..<matchCount where record.keyHashes[key] != KeyHasher.none {
      let id = keys[key].id
      let found = seats(key: key, hash: record.keyHashes[key]).filter {
        MatchKeyText.same(details[$0][id] ?? [], record.image[id] ?? [])
      }
      guard let seat = found.first else { continue }
      func held(_ situation: Pairing.Situation) -> Match {
        .held(
          Pairing.Held(
            number: record.number, record: record, situation: situation, key: key, seats: found,
            others: []))
      }
      guard found.count == 1 else { return held(.ambiguous) }
      if let higher = conflict(of: record, with: details[seat], above: key) {
        let conflict = Pairing.Conflict(seat: seat, key: key, higherKey: higher)
        return .joiner(Pairing.Joiner(record: record, conflict: conflict))
      }
      return .pair(Pairing.Pair(record: record, seat: seat, key: key))
    }
    return .joiner(Pairing.Joiner(record: record, conflict: nil))
  }

  /// The first key above the one that matched for which both have a value, and not the same.
  private func conflict(
    of record: OpenRecord, with member: AttributeImage, above key: Int
  ) -> Int? {
    (0..<key).first { higher in
      guard let mine = record.image[keys[higher].id], !mine.isEmpty,
        let theirs = member[keys[higher].id], !theirs.isEmpty
      else { return false }
      return !MatchKeyText.same(mine, theirs)
    }
  }
}
