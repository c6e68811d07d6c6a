import Identity
import Scanning

/// Reads `member_index`, or computes it anew from the resources, on all cores.
///
/// The ordinals are cut into pieces of equal width. Reading 1 M members takes as long as stepping through
/// the narrow table; leaving attributes out, or computing anew, steps through the resources beside it.
struct MemberScan: Sendable {
  /// Where fingerprints and key hashes come from.
  enum Source: Sendable {
    case stored
    case recomputed
  }

  /// The members of one piece.
  typealias Part = CurrentMembers

  let basis: IndexBasis
  let secret: [UInt8]
  let source: Source
  /// Attributes that the fingerprints leave out.
  let missing: [AttributeID]
  /// How many ordinals a thread takes at once.
  var pieceSize = 32768

  /// All members, in the order of their ordinals.
  func run(on read: ParallelRead) async throws(StoreFailure) -> CurrentMembers {
    let bounds = try read.store.read { statements throws(StoreFailure) in
      try Self.bounds(statements.connection)
    }
    guard let bounds else { return CurrentMembers(keyCount: basis.keys.count) }
    let count = (bounds.upperBound - bounds.lowerBound) / pieceSize + 1
    let parts = try await read.run(pieces: count) { connection, pieces throws(StoreFailure) in
      let reader = try PartReader(self, connection)
      var parts: [(number: Int, part: Part)] = []
      while let number = pieces.next() {
        let start = bounds.lowerBound + number * pieceSize
        parts.append((number, try reader.part(ordinals: start...start + pieceSize - 1)))
      }
      return parts
    }
    return Self.joined(parts, keyCount: basis.keys.count)
  }

  private static func bounds(
    _ connection: SQLConnection
  ) throws(StoreFailure) -> ClosedRange<Int>? {
    let statement = try connection.statement(
      "SELECT (SELECT min(ordinal) FROM member_index), (SELECT max(ordinal) FROM member_index)")
    return try statement.first { $0.isNull(0) ? nil : $0.integer(0)...$0.integer(1) } ?? nil
  }

  private static func joined(_ parts: [Part], keyCount: Int) -> CurrentMembers {
    if parts.count == 1 { return parts[0] }
    var members = CurrentMembers(keyCount: keyCount)
    members.reserveCapacity(parts.reduce(0) { $0 + $1.count })
    for part in parts {
      members.ordinals += part.ordinals
      members.fingerprints += part.fingerprints
      members.standings += part.standings
      members.owners += part.owners
      for key in 0..<keyCount { members.keyHashes[key] += part.keyHashes[key] }
    }
    return members
  }
}

extension CurrentMembers {
  fileprivate mutating func reserveCapacity(_ count: Int) {
    ordinals = Array(largeCapacity: count)
    fingerprints = Array(largeCapacity: count)
    standings.reserveCapacity(count)
    owners = Array(largeCapacity: count)
    for key in keyHashes.indices { keyHashes[key] = Array(largeCapacity: count) }
  }
}

/// Reads pieces on one connection.
private struct PartReader {
  private let scan: MemberScan
  private let connection: SQLConnection
  private let index: SQLStatement
  /// The resources beside the index, where they are needed.
  private let resources: SQLStatement?
  private let reader: ResourceReader
  /// The hash of each attribute that `reader` finds.
  private let hashes: [KeyedHash]
  /// Of each attribute that `reader` finds: whether a computed fingerprint has it.
  private let isCounted: [Bool]
  private let keys: KeyHasher

  init(_ scan: MemberScan, _ connection: SQLConnection) throws(StoreFailure) {
    self.scan = scan
    self.connection = connection
    index = try connection.statement(
      "SELECT ordinal, standing, owners, fingerprint, keys FROM member_index "
        + "WHERE ordinal BETWEEN ? AND ?")
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

  func part(ordinals: ClosedRange<Int>) throws(StoreFailure) -> MemberScan.Part {
    var columns = try storedColumns(ordinals)
    if resources != nil { try readResources(ordinals, into: &columns) }
    return columns.members(keyCount: scan.basis.keys.count)
  }

  /// What `member_index` says of a range of ordinals.
  ///
  /// When all is to be computed anew, fingerprints are zero and key hashes none.
  private func storedColumns(_ ordinals: ClosedRange<Int>) throws(StoreFailure) -> Columns {
    let keyCount = scan.basis.keys.count
    let isStored = scan.source == .stored
    var columns = Columns(capacity: ordinals.count, keyCount: keyCount)
    index.bind(ordinals.lowerBound, at: 1).bind(ordinals.upperBound, at: 2)
    defer { index.reset() }
    while try index.next() {
      let ordinal = index.integer(0)
      columns.ordinals.append(UInt32(truncatingIfNeeded: ordinal))
      columns.standings.append(
        MemberStanding(rawValue: UInt8(truncatingIfNeeded: index.integer(1))))
      columns.owners.append(index.exports(2))
      guard isStored else {
        columns.fingerprints.append(.zero)
        columns.keys.append(contentsOf: repeatElement(KeyHasher.none, count: keyCount))
        continue
      }
      try index.withBytes(3) { bytes throws(StoreFailure) in
        guard bytes.count == 16 else { throw damaged("fingerprint", ordinal) }
        columns.fingerprints.append(
          Fingerprint(low: Self.word(bytes, 0), high: Self.word(bytes, 8)))
      }
      try index.withBytes(4) { bytes throws(StoreFailure) in
        guard bytes.count == 8 * keyCount else { throw damaged("key hashes", ordinal) }
        for key in 0..<keyCount { columns.keys.append(Self.word(bytes, 8 * key)) }
      }
    }
    return columns
  }

  /// Eight bytes that lie within `bytes`, little-endian.
  @inline(__always)
  private static func word(_ bytes: Span<UInt8>, _ offset: Int) -> UInt64 {
    // SAFETY: the load checks its bounds, and every eight bytes are a number.
    unsafe UInt64(
      littleEndian: bytes.bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
  }

  /// Steps through the resources of the same ordinals: takes missing attributes out of stored
  /// fingerprints, or computes everything.
  private func readResources(
    _ ordinals: ClosedRange<Int>, into columns: inout Columns
  ) throws(StoreFailure) {
    guard let resources else { return }
    resources.bind(ordinals.lowerBound, at: 1).bind(ordinals.upperBound, at: 2)
    defer { resources.reset() }
    for row in columns.ordinals.indices {
      let ordinal = Int(columns.ordinals[row])
      guard try resources.next(), resources.integer(0) == ordinal else {
        throw damaged("resource", ordinal)
      }
      do {
        try resources.withBytes(1) { text throws(JSONProblem) in
          if scan.source == .stored {
            columns.fingerprints[row] &-= try digest(of: text)
          } else {
            try compute(row, of: text, into: &columns)
          }
        }
      } catch {
        throw damaged("resource", ordinal)
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

  private func compute(
    _ row: Int, of text: Span<UInt8>, into columns: inout Columns
  ) throws(JSONProblem) {
    var sum = Fingerprint.zero
    let matchKeys = scan.basis.keys
    try reader.forEachValue(in: text) { id, value in
      if isCounted[id.index] { sum &+= hashes[id.index].digest(value) }
      for (key, matchKey) in matchKeys.enumerated() where matchKey.id == id {
        columns.keys[row * matchKeys.count + key] = keys.hash(value, key: key)
      }
    }
    columns.fingerprints[row] = sum
  }

  private func damaged(_ what: String, _ ordinal: Int) -> StoreFailure {
    StoreFailure(
      .corrupt(detail: "\(what) of member \(ordinal) is damaged"), path: connection.path)
  }
}

/// The columns of one piece while it is read; key hashes stand row by row.
private struct Columns {
  var ordinals: [UInt32] = []
  var fingerprints: [Fingerprint] = []
  var standings: [MemberStanding] = []
  var owners: [ExportSet] = []
  var keys: [UInt64] = []

  init(capacity: Int, keyCount: Int) {
    ordinals.reserveCapacity(capacity)
    fingerprints.reserveCapacity(capacity)
    standings.reserveCapacity(capacity)
    owners.reserveCapacity(capacity)
    keys.reserveCapacity(capacity * keyCount)
  }

  func members(keyCount: Int) -> CurrentMembers {
    var members = CurrentMembers(keyCount: keyCount)
    members.ordinals = ordinals
    members.fingerprints = fingerprints
    members.standings = standings
    members.owners = owners
    for key in 0..<keyCount {
      members.keyHashes[key] = ordinals.indices.map { keys[$0 * keyCount + key] }
    }
    return members
  }
}
