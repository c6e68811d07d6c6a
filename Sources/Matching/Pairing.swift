package import Identity
import Scanning

/// Which record is which member: the outcome of matching, before anything is decided.
package struct Pairing: Sendable {
  /// A record and the one member it is.
  package struct Pair: Sendable, Hashable {
    package let record: OpenRecord
    package let seat: Int
    /// The place in the matching order of the key that found it.
    package let key: Int
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
  /// Records that are no member yet.
  package private(set) var joiners: [OpenRecord] = []
  /// By joiner, hardly ever: the member that holds a key value of it but is, by a higher key, somebody else.
  package private(set) var conflicts: [RecordNumber: Conflict] = [:]
  /// Where exports are merged: further records of a joiner, by the number of the joiner's first one.
  package private(set) var furtherRecords: [RecordNumber: [OpenRecord]] = [:]
  package private(set) var held: [Held] = []
  /// Members whom a held record may be: present, but nothing is done to them.
  package private(set) var heldSeats: Set<Int> = []
  package let attendance: Attendance
  /// Ascending.
  private var pairedSeats: [Int] = []
  /// The members that no record of this run is or may be, ascending.
  package private(set) var unseenSeats: [Int] = []
  /// A state tells so many exports apart; nobody has more records that are one person.
  private static let exportLimit = 64

  /// Whether some record of this run is, or may be, this member.
  package func isPresent(_ seat: Int) -> Bool {
    attendance.isTicked(seat) || isPaired(seat) || heldSeats.contains(seat)
  }

  private func isPaired(_ seat: Int) -> Bool {
    var (low, high) = (0, pairedSeats.count)
    while low < high {
      let middle = (low + high) / 2
      if pairedSeats[middle] < seat { low = middle + 1 } else { high = middle }
    }
    return low < pairedSeats.count && pairedSeats[low] == seat
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
    var claims: [Pair] = []
    // Into an empty state everybody is new: then the records are taken as they are.
    var unmatched = index.members.count == 0 ? open : []
    if unmatched.isEmpty {
      claims.reserveCapacity(open.count)
      for (place, match) in index.matches(of: open, details: details).enumerated() {
        switch match {
        case .pair(let seat, let key):
          claims.append(Pair(record: open[place], seat: seat, key: key))
        case .held(let held): hold(held)
        case .joiner(let conflict):
          unmatched.append(open[place])
          if let conflict { conflicts[open[place].number] = conflict }
        }
      }
    }
    settle(Self.sorted(claims), merging: merging, index, details)
    let keys = Array(index.keys.prefix(index.matchCount))
    let rivals = held.compactMap { $0.claimant(keys, details) }
    settleJoiners(unmatched, rivals: rivals, keys: keys, merging: merging)
    held.sort { $0.number < $1.number }
    unseenSeats = unseen()
  }

  /// Ascending seats, so one walk goes along those who are paired.
  private func unseen() -> [Int] {
    var paired = pairedSeats[...]
    return attendance.unticked.filter { seat in
      while let next = paired.first, next < seat { paired.removeFirst() }
      return paired.first != seat && !heldSeats.contains(seat)
    }
  }

  /// By seats, then by the numbers of records; numbers are sorted, and not the records themselves.
  private static func sorted(_ claims: [Pair]) -> [Pair] {
    var order = claims.indices.map { place in
      let (seat, number) = (claims[place].seat, claims[place].record.number)
      return LeadingLetters(
        first: UInt64(seat), second: UInt64(number.export) << 32 | UInt64(number.number),
        place: place)
    }
    order.putInOrder()
    return order.map { claims[Int($0.place)] }
  }

  private mutating func hold(_ record: Held) {
    held.append(record)
    heldSeats.formUnion(record.seats)
  }

  /// Every member that is claimed or was *same* more than once, ascending, as the claims are.
  private mutating func settle(
    _ claims: [Pair], merging: Bool, _ index: MemberIndex, _ details: SeatDetails
  ) {
    var repeated = attendance.repeated.keys.sorted()[...]
    pairs.reserveCapacity(claims.count)
    pairedSeats.reserveCapacity(claims.count)
    var start = 0
    while start < claims.count || !repeated.isEmpty {
      let seat = min(start < claims.count ? claims[start].seat : .max, repeated.first ?? .max)
      var end = start
      while end < claims.count, claims[end].seat == seat { end += 1 }
      if repeated.first == seat { repeated.removeFirst() }
      settle(seat, claims: claims[start..<end], merging: merging, index, details)
      start = end
    }
  }

  /// One member, claimed by one record (a pair) or by several (all held).
  private mutating func settle(
    _ seat: Int, claims: ArraySlice<Pair>, merging: Bool, _ index: MemberIndex,
    _ details: SeatDetails
  ) {
    if let only = claims.first, claims.count == 1, attendance.record(at: seat) == nil {
      pairs.append(only)
      pairedSeats.append(seat)
      return
    }
    let same = (attendance.record(at: seat).map { [$0] } ?? []) + (attendance.repeated[seat] ?? [])
    let numbers = (same + claims.map(\.record.number)).sorted()
    let isOneEach = Set(numbers.map(\.export)).count == numbers.count
    if numbers.count == 1 || (merging && isOneEach) {
      pairs += claims
      if !claims.isEmpty { pairedSeats.append(seat) }
      return
    }
    // A record that is *same* has the values of its member.
    let images = claims.map(\.record.image) + (same.isEmpty ? [] : [details[seat]])
    let shared = index.keys.prefix(index.matchCount).firstIndex { images.agree(on: $0.id) }
    let records = Dictionary(uniqueKeysWithValues: claims.map { ($0.record.number, $0) })
    for number in numbers {
      hold(
        Held(
          number: number, record: records[number]?.record,
          situation: shared == nil ? .contended : .duplicate,
          key: shared ?? records[number]?.key ?? 0, seats: [seat],
          others: numbers.others(than: number)))
    }
  }

  /// Records of nobody yet: joiners, unless two of them want the same key value.
  ///
  /// With `merging`, records of different exports that share a key value, and contradict each other in none, are
  /// one person.
  private mutating func settleJoiners(
    _ unmatched: [OpenRecord], rivals: [OpenRecord], keys: [MatchKey], merging: Bool
  ) {
    // Hardly any night has two records that want the same; then nothing is copied.
    if rivals.isEmpty, TwinSearch(unmatched, keys: keys).isEmpty {
      joiners = unmatched
      return
    }
    let candidates = unmatched + rivals
    let twins = TwinSearch(candidates, keys: keys)
    for (place, joiner) in unmatched.enumerated() {
      guard let group = twins.group(of: place) else {
        joiners.append(joiner)
        continue
      }
      if merging, group.count <= Self.exportLimit, group.allSatisfy({ $0 < unmatched.count }),
        group.map({ candidates[$0] }).areOnePerson(keys)
      {
        joiners.append(joiner)
        guard group[0] == place else { continue }
        furtherRecords[joiner.number] = group.dropFirst().map { candidates[$0] }
        continue
      }
      conflicts[joiner.number] = nil
      hold(
        Held(
          number: joiner.number, record: joiner, situation: .duplicate,
          key: twins.firstKey(of: place), seats: [],
          others: group.lazy.map { candidates[$0].number }.others(than: joiner.number)))
    }
  }
}

extension Pairing.Held {
  /// The record with only those keys that nobody whom it may be has already: what it wants for itself.
  fileprivate func claimant(_ keys: [MatchKey], _ details: SeatDetails) -> OpenRecord? {
    guard let record else { return nil }
    var hashes = record.keyHashes.list
    for (place, key) in keys.enumerated() {
      let isHad = seats.contains {
        MatchKeyText.same(details[$0][key.id] ?? [], record.image[key.id] ?? [])
      }
      if isHad { hashes[place] = KeyHasher.none }
    }
    return OpenRecord(number: record.number, image: record.image, keyHashes: hashes)
  }
}

extension Sequence<RecordNumber> {
  /// The first few others: every record is reported itself, and a garbled column may hold a million alike.
  fileprivate func others(than number: RecordNumber) -> [RecordNumber] {
    lazy.filter { $0 != number }.prefix(10).sorted()
  }
}

extension [Int] {
  /// In ascending order, each once.
  package var sortedOnce: [Int] {
    var list = self
    list.sort()
    var kept = 0
    for place in list.indices where place == 0 || list[place] != list[kept - 1] {
      list[kept] = list[place]
      kept += 1
    }
    list.removeLast(list.count - kept)
    return list
  }
}

extension [AttributeImage] {
  /// Whether all have the same value of an attribute.
  fileprivate func agree(on id: AttributeID) -> Bool {
    guard let value = first?[id], !value.isEmpty else { return false }
    return allSatisfy { MatchKeyText.same($0[id] ?? [], value) }
  }
}

extension [OpenRecord] {
  /// Whether there is one record to an export, and no two different values of a key.
  fileprivate func areOnePerson(_ keys: [MatchKey]) -> Bool {
    guard Set(map(\.number.export)).count == count else { return false }
    return keys.allSatisfy { key in
      let values = compactMap { $0.image[key.id] }.filter { !$0.isEmpty }
      return values.dropFirst().allSatisfy { MatchKeyText.same($0, values[0]) }
    }
  }
}

extension MemberIndex {
  /// The seats whose real values matching may need, ascending.
  ///
  /// Prepares the later keys for these records, after which look-ups of others take longer.
  package func candidateSeats(of open: [OpenRecord]) -> [Int] {
    // Keys that do not match may still be unique: whoever holds the record's value of one is a candidate, too.
    let later = Prepared<[Int]> { [self] in
      expect(open)
      return keys.indices.dropFirst().flatMap { seats(key: $0, of: open) }
    }
    return (seats(key: 0, of: open) + later.take()).sortedOnce
  }

  private func seats(key: Int, of open: [OpenRecord]) -> [Int] {
    var seats: [Int] = []
    for place in open.indices {
      prefetch(open, after: place, key: key)
      let hash = open[place].keyHashes[key]
      switch lookup(key: key, hash: hash) {
      case .none: break
      case .one(let seat): seats.append(seat)
      case .several: seats += self.seats(key: key, hash: hash)
      }
    }
    return seats
  }

  fileprivate enum Match: Sendable {
    case pair(seat: Int, key: Int)
    case held(Pairing.Held)
    case joiner(Pairing.Conflict?)
  }

  /// So many records are matched by two threads.
  private static let manyRecords = 2048

  /// Whom each record is, in their order: records do not ask for each other.
  fileprivate func matches(of records: [OpenRecord], details: SeatDetails) -> [Match] {
    guard records.count >= Self.manyRecords else {
      return matches(of: records, records.indices, details: details)
    }
    let middle = records.count / 2
    let upper = Prepared { [self] in
      matches(of: records, middle..<records.count, details: details)
    }
    return matches(of: records, 0..<middle, details: details) + upper.take()
  }

  private func matches(
    of records: [OpenRecord], _ range: Range<Int>, details: SeatDetails
  ) -> [Match] {
    range.map { place in
      prefetch(records, after: place, key: 0)
      return match(records[place], details: details)
    }
  }

  /// Tries the keys in order; the first that finds anybody decides.
  private func match(_ record: OpenRecord, details: SeatDetails) -> Match {
    for key in 0..<matchCount where record.keyHashes[key] != KeyHasher.none {
      let id = keys[key].id
      let value = record.image[id] ?? []
      let found: [Int]
      switch lookup(key: key, hash: record.keyHashes[key]) {
      case .none: continue
      case .one(let seat): found = MatchKeyText.same(details[seat][id] ?? [], value) ? [seat] : []
      case .several:
        found = seats(key: key, hash: record.keyHashes[key]).filter {
          MatchKeyText.same(details[$0][id] ?? [], value)
        }
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
        return .joiner(Pairing.Conflict(seat: seat, key: key, higherKey: higher))
      }
      return .pair(seat: seat, key: key)
    }
    return .joiner(nil)
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
