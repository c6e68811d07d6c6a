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
    let bounds = try read.store.read { connection throws(StoreFailure) in
      try Self.bounds(connection)
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
    ordinals.reserveCapacity(count)
    fingerprints.reserveCapacity(count)
    standings.reserveCapacity(count)
    owners.reserveCapacity(count)
    for key in keyHashes.indices { keyHashes[key].reserveCapacity(count) }
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
    var members = CurrentMembers(keyCount: scan.basis.keys.count)
    members.reserveCapacity(ordinals.count)
    index.bind(ordinals.lowerBound, at: 1).bind(ordinals.upperBound, at: 2)
    resources?.bind(ordinals.lowerBound, at: 1).bind(ordinals.upperBound, at: 2)
    defer {
      index.reset()
      resources?.reset()
    }
    while try index.next() {
      let ordinal = index.integer(0)
      members.ordinals.append(UInt32(truncatingIfNeeded: ordinal))
      members.standings.append(
        MemberStanding(rawValue: UInt8(truncatingIfNeeded: index.integer(1))))
      members.owners.append(ExportSet(rawValue: UInt64(bitPattern: Int64(index.integer(2)))))
      switch scan.source {
      case .stored:
        var fingerprint = try storedFingerprint(ordinal)
        if resources != nil { fingerprint &-= try missingDigest(ordinal) }
        members.fingerprints.append(fingerprint)
        try appendStoredKeys(ordinal, to: &members)
      case .recomputed:
        try recompute(ordinal, into: &members)
      }
    }
    return members
  }

  @inline(__always)
  private func storedFingerprint(_ ordinal: Int) throws(StoreFailure) -> Fingerprint {
    try index.withBytes(3) { bytes throws(StoreFailure) in
      guard bytes.count == 16 else { throw damaged("fingerprint", ordinal) }
      return Fingerprint(low: Self.word(bytes, 0), high: Self.word(bytes, 8))
    }
  }

  @inline(__always)
  private func appendStoredKeys(
    _ ordinal: Int, to members: inout CurrentMembers
  ) throws(StoreFailure) {
    let keyCount = members.keyHashes.count
    try index.withBytes(4) { bytes throws(StoreFailure) in
      guard bytes.count == 8 * keyCount else { throw damaged("key hashes", ordinal) }
      for key in 0..<keyCount { members.keyHashes[key].append(Self.word(bytes, 8 * key)) }
    }
  }

  /// Eight bytes that lie within `bytes`, little-endian.
  @inline(__always)
  private static func word(_ bytes: Span<UInt8>, _ offset: Int) -> UInt64 {
    // SAFETY: the load checks its bounds, and every eight bytes are a number.
    unsafe UInt64(
      littleEndian: bytes.bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
  }

  /// Moves to the resource of the row that `index` stands on.
  @inline(__always)
  private func resourceStatement(_ ordinal: Int) throws(StoreFailure) -> SQLStatement {
    guard let resources, try resources.next(), resources.integer(0) == ordinal else {
      throw damaged("resource", ordinal)
    }
    return resources
  }

  /// What the missing attributes have added to the stored fingerprint.
  private func missingDigest(_ ordinal: Int) throws(StoreFailure) -> Fingerprint {
    var sum = Fingerprint.zero
    let resource = try resourceStatement(ordinal)
    do {
      try resource.withBytes(1) { text throws(JSONProblem) in
        try reader.forEachValue(in: text) { id, value in
          sum &+= hashes[id.index].digest(value)
        }
      }
    } catch {
      throw damaged("resource", ordinal)
    }
    return sum
  }

  private func recompute(
    _ ordinal: Int, into members: inout CurrentMembers
  ) throws(StoreFailure) {
    var sum = Fingerprint.zero
    let resource = try resourceStatement(ordinal)
    let row = members.ordinals.count - 1
    for key in members.keyHashes.indices { members.keyHashes[key].append(KeyHasher.none) }
    do {
      try resource.withBytes(1) { text throws(JSONProblem) in
        try reader.forEachValue(in: text) { id, value in
          if isCounted[id.index] { sum &+= hashes[id.index].digest(value) }
          for (key, matchKey) in scan.basis.keys.enumerated() where matchKey.id == id {
            members.keyHashes[key][row] = keys.hash(value, key: key)
          }
        }
      }
    } catch {
      throw damaged("resource", ordinal)
    }
    members.fingerprints.append(sum)
  }

  private func damaged(_ what: String, _ ordinal: Int) -> StoreFailure {
    StoreFailure(
      .corrupt(detail: "\(what) of member \(ordinal) is damaged"), path: connection.path)
  }
}
