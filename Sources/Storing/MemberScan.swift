import Identity
import Scanning

/// Reads `member_index`, or computes it anew from the resources, on all cores.
///
/// The pages are cut into pieces of equal width, and each goes straight to its seats. Reading 1 M members takes
/// as long as copying their pages; leaving attributes out, or computing anew, steps through the resources
/// beside them.
struct MemberScan: Sendable {
  /// Where fingerprints and key hashes come from.
  enum Source: Sendable {
    case stored
    case recomputed
  }

  let basis: IndexBasis
  let secret: [UInt8]
  let source: Source
  /// Attributes that the fingerprints leave out.
  let missing: [AttributeID]
  /// How many pages a thread takes at once.
  var pieceSize = 128

  /// All members, in the order of their ordinals.
  func run(on read: ParallelRead) throws(StoreFailure) -> CurrentMembers {
    let pages = try read.store.read { statements throws(StoreFailure) in
      try Self.pages(statements.connection)
    }
    guard let pages else { return CurrentMembers(keyCount: basis.keys.count) }
    let starts = Array(stride(from: pages.lowerBound, through: pages.upperBound, by: pieceSize))
    return try CurrentMembers(
      capacity: pages.count * MemberIndexPage.places, keyCount: basis.keys.count
    ) { seats throws(StoreFailure) in
      let counts = try read.run(pieces: starts.count) { connection, pieces throws(StoreFailure) in
        let reader = try PieceReader(self, connection, seats, first: pages.lowerBound)
        var counts: [(number: Int, part: Int)] = []
        while let number = pieces.next() {
          let end = min(starts[number] + pieceSize - 1, pages.upperBound)
          counts.append((number, try reader.read(pages: starts[number]...end)))
        }
        return counts
      }
      return closeUp(counts, in: seats)
    }
  }

  /// The first and the last page; nil when there is none.
  private static func pages(
    _ connection: SQLConnection
  ) throws(StoreFailure) -> ClosedRange<Int>? {
    let statement = try connection.statement(
      "SELECT (SELECT min(page) FROM member_index), (SELECT max(page) FROM member_index)")
    let bounds = try statement.first { $0.isNull(0) ? nil : ($0.integer(0), $0.integer(1)) }
    guard case (let first, let last)?? = bounds else { return nil }
    // Memory is taken for all ordinals up to the last page's, so a damaged number must not decide.
    let next = try Settings(connection).integer("next member")
    guard first >= 0, (0...Int(UInt32.max)).contains(next - 1),
      last <= MemberIndexPage.number(ofOrdinal: UInt32(next - 1))
    else { throw .damagedPage(last, path: connection.path) }
    return first...last
  }

  /// Closes the gaps behind pieces that have fewer members than seats, and tells how many members there are.
  private func closeUp(_ counts: [Int], in seats: MemberSeats) -> Int {
    var end = 0
    for (number, count) in counts.enumerated() {
      let start = number * pieceSize * MemberIndexPage.places
      seats.move(start..<start + count, to: end)
      end += count
    }
    return end
  }
}

/// Reads pieces on one connection.
private struct PieceReader {
  private let scan: MemberScan
  private let connection: SQLConnection
  private let seats: MemberSeats
  /// The page whose members sit in front.
  private let firstPage: Int
  private let index: SQLStatement
  /// The resources beside the index, where they are needed.
  private let resources: SQLStatement?
  private let reader: ResourceReader
  /// The hash of each attribute that `reader` finds.
  private let hashes: [KeyedHash]
  /// Of each attribute that `reader` finds: whether a computed fingerprint has it.
  private let isCounted: [Bool]
  private let keys: KeyHasher

  init(
    _ scan: MemberScan, _ connection: SQLConnection, _ seats: MemberSeats, first: Int
  ) throws(StoreFailure) {
    self.scan = scan
    self.connection = connection
    self.seats = seats
    firstPage = first
    index = try connection.statement(
      "SELECT page, entries FROM member_index WHERE page BETWEEN ? AND ?")
    let set = scan.basis.attributes
    let fingerprinter = Fingerprinter(attributes: set, secret: scan.secret)
    keys = KeyHasher(keys: scan.basis.keys, secret: scan.secret)
    let wanted: [AttributeID] =
      switch scan.source {
      case .stored: scan.missing.sorted()
      case .recomputed: set.ids
      }
    // Ids of this narrower set are places in `wanted`: both are in canonical order.
    reader = ResourceReader(attributes: AttributeSet(wanted.map { set[$0] }))
    hashes = wanted.map { fingerprinter.hash(for: $0) }
    isCounted = wanted.map { !scan.missing.contains($0) }
    resources =
      wanted.isEmpty && scan.source == .stored
      ? nil
      : try connection.statement(
        "SELECT ordinal, resource FROM member WHERE ordinal BETWEEN ? AND ?")
  }

  /// Seats the members of some pages from the first page's seat on, and tells how many they are.
  func read(pages: ClosedRange<Int>) throws(StoreFailure) -> Int {
    let start = (pages.lowerBound - firstPage) * MemberIndexPage.places
    let end = try readIndex(pages, from: start)
    if resources != nil { try readResources(pages, start..<end) }
    return end - start
  }

  /// What `member_index` says; when all is to be computed anew, fingerprints are zero and key hashes none.
  private func readIndex(
    _ pages: ClosedRange<Int>, from start: Int
  ) throws(StoreFailure) -> Int {
    index.bind(pages.lowerBound, at: 1).bind(pages.upperBound, at: 2)
    defer { index.reset() }
    let keyCount = scan.basis.keys.count
    let isStored = scan.source == .stored
    var end = start
    while try index.next() {
      let number = index.integer(0)
      end += try index.withBytes(1) { page throws(StoreFailure) in
        guard let found = MemberIndexPage.keyCount(byteCount: page.count),
          found == keyCount || !isStored
        else { throw .damagedPage(number, path: connection.path) }
        return seats.add(
          page, ordinal: UInt32(number * MemberIndexPage.places), at: end, derived: isStored)
      }
    }
    return end
  }

  /// Steps through the resources of the same ordinals: takes missing attributes out of stored
  /// fingerprints, or computes everything.
  private func readResources(
    _ pages: ClosedRange<Int>, _ range: Range<Int>
  ) throws(StoreFailure) {
    guard let resources else { return }
    resources.bind(pages.lowerBound * MemberIndexPage.places, at: 1)
      .bind((pages.upperBound + 1) * MemberIndexPage.places - 1, at: 2)
    defer { resources.reset() }
    for seat in range {
      let ordinal = seats.ordinal(at: seat)
      guard try resources.next(), resources.integer(0) == Int(ordinal) else {
        throw damaged(ordinal)
      }
      do {
        try resources.withBytes(1) { text throws(JSONProblem) in
          if scan.source == .stored {
            let digest = try digest(of: text)
            seats.changeFingerprint(at: seat) { $0 &-= digest }
          } else {
            try compute(seat, of: text)
          }
        }
      } catch {
        throw damaged(ordinal)
      }
    }
  }

  /// What the values that are looked at add to a fingerprint.
  private func digest(of text: Span<UInt8>) throws(JSONProblem) -> Fingerprint {
    var sum = Fingerprint.zero
    try reader.forEachValue(in: text) { id, value in
      sum &+= hashes[id.index].digest(value)
    }
    return sum
  }

  private func compute(_ seat: Int, of text: Span<UInt8>) throws(JSONProblem) {
    var sum = Fingerprint.zero
    try reader.forEachValue(in: text) { id, value in
      if isCounted[id.index] { sum &+= hashes[id.index].digest(value) }
      for (key, matchKey) in scan.basis.keys.enumerated() where matchKey.id == id {
        seats.setKeyHash(keys.hash(value, key: key), at: seat, key: key)
      }
    }
    seats.changeFingerprint(at: seat) { $0 = sum }
  }

  private func damaged(_ ordinal: UInt32) -> StoreFailure {
    StoreFailure(
      .corrupt(detail: "resource of member \(ordinal) is damaged"), path: connection.path)
  }
}
