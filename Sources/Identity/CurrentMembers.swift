import Scanning

/// What of a member must be at hand to match and judge it, in a few bytes.
package struct MemberStanding: OptionSet, Sendable, Hashable, BitwiseCopyable {
  package let rawValue: UInt8

  @inlinable
  package init(rawValue: UInt8) {
    self.rawValue = rawValue
  }

  package static let active = MemberStanding(rawValue: 1)
  /// Rollcall deactivated it, by absence or by a value from an export; it may come back.
  package static let deactivatedByUs = MemberStanding(rawValue: 2)
  /// Of those we deactivated: it was missing from its exports (and not disabled by a value).
  package static let leaver = MemberStanding(rawValue: 8)

  // Written out, because a million seats are asked: what OptionSet gives is called through its protocol.

  package func contains(_ other: MemberStanding) -> Bool {
    rawValue & other.rawValue == other.rawValue
  }
}

/// Exports as bits: which exports own a member, or have claimed a team.
package struct ExportSet: OptionSet, Sendable, Hashable, BitwiseCopyable {
  package let rawValue: UInt64

  @inlinable
  package init(rawValue: UInt64) {
    self.rawValue = rawValue
  }

  /// Every export there may be.
  package static let all = ExportSet(rawValue: .max)

  /// The set of one export, by its number in the state (0 ..< 64).
  package init(export number: Int) {
    precondition((0..<64).contains(number))
    rawValue = 1 << UInt64(number)
  }

  // Written out, because a million seats are asked: what OptionSet gives is called through its protocol.

  package init(arrayLiteral elements: ExportSet...) {
    rawValue = elements.reduce(0) { $0 | $1.rawValue }
  }

  package var isEmpty: Bool { rawValue == 0 }

  package func contains(_ other: ExportSet) -> Bool {
    rawValue & other.rawValue == other.rawValue
  }

  package func isSuperset(of other: ExportSet) -> Bool { contains(other) }

  package func intersection(_ other: ExportSet) -> ExportSet {
    ExportSet(rawValue: rawValue & other.rawValue)
  }

  /// The numbers of the exports in it, ascending.
  package var numbers: [Int] { (0..<64).filter { contains(ExportSet(export: $0)) } }
}

/// The members a state holds, as columns: enough to say *same* of nearly all of them.
///
/// Seats are dense (0 ..< count) and in the order of the state's ordinals. Values are not here; the
/// few that differ are read by ordinal. 1 M members with two keys take 16 + 2 × 8 + 8 + 4 + 1 bytes
/// each, 45 MB.
package struct CurrentMembers: Sendable {
  package var ordinals: [UInt32] = []
  package var fingerprints: [Fingerprint] = []
  package var standings: [MemberStanding] = []
  /// The exports that manage the member; empty = unmanaged.
  package var owners: [ExportSet] = []
  /// One column per match key, in matching order; `KeyHasher.none` where there is no value.
  package var keyHashes: [[UInt64]] = []

  package init(keyCount: Int) {
    keyHashes = Array(repeating: [], count: keyCount)
  }

  package var count: Int { ordinals.count }

  /// How many members are active and managed by one of the exports.
  package func activeCount(ownedBy exports: ExportSet) -> Int {
    var count = 0
    let (owners, standings) = (owners.span, standings.span)
    let (wanted, active) = (exports.rawValue, MemberStanding.active.rawValue)
    for seat in owners.indices {
      let isCounted = owners[seat].rawValue & wanted != 0 && standings[seat].rawValue & active != 0
      count += isCounted ? 1 : 0
    }
    return count
  }

  /// The first ordinal, where every ordinal from it on to the last is a member's: then seats need no table.
  package var firstOfUnbroken: UInt32? {
    guard let first = ordinals.first, let last = ordinals.last, Int(last - first) == count - 1
    else { return nil }
    return first
  }

  /// The seat of an ordinal, or nil when no member has it.
  package func seat(ofOrdinal ordinal: UInt32) -> Int? {
    guard let first = ordinals.first, ordinal >= first else { return nil }
    // Ordinals ascend, so nobody sits further back than this; where nobody was deleted, this is the seat.
    let last = Int(ordinal - first)
    if last < ordinals.count, ordinals[last] == ordinal { return last }
    var low = 0
    var high = min(last, ordinals.count)
    while low < high {
      let middle = (low + high) / 2
      if ordinals[middle] < ordinal { low = middle + 1 } else { high = middle }
    }
    return low < ordinals.count && ordinals[low] == ordinal ? low : nil
  }
}

/// One member or team read in full.
package struct CurrentResource: Sendable, Hashable {
  package let ordinal: UInt32
  package let id: ResourceID
  package let document: ResourceDocument

  package init(ordinal: UInt32, id: ResourceID, document: ResourceDocument) {
    self.ordinal = ordinal
    self.id = id
    self.document = document
  }
}

/// A team of the state with its document.
package struct CurrentTeam: Sendable, Hashable {
  package let resource: CurrentResource
  /// The exports that created or adopted it; empty = unmanaged.
  package let owners: ExportSet
  /// The membership exports that ever claimed it.
  package let claims: ExportSet
  /// Sum of `EdgeHasher` digests of its members' ordinals.
  package let edgeFingerprint: Fingerprint
  package let edgeCount: Int

  package init(
    resource: CurrentResource, owners: ExportSet, claims: ExportSet,
    edgeFingerprint: Fingerprint, edgeCount: Int
  ) {
    self.resource = resource
    self.owners = owners
    self.claims = claims
    self.edgeFingerprint = edgeFingerprint
    self.edgeCount = edgeCount
  }

  /// All of it but the document.
  package var facts: TeamFacts {
    TeamFacts(
      ordinal: resource.ordinal, id: resource.id, owners: owners, claims: claims,
      edgeFingerprint: edgeFingerprint, edgeCount: edgeCount)
  }
}

/// What of a team must be at hand to judge it and its memberships; its values stand beside it.
package struct TeamFacts: Sendable, Hashable {
  package let ordinal: UInt32
  package let id: ResourceID
  /// The exports that created or adopted it; empty = unmanaged.
  package let owners: ExportSet
  /// The membership exports that ever claimed it.
  package let claims: ExportSet
  /// Sum of `EdgeHasher` digests of its members' ordinals.
  package let edgeFingerprint: Fingerprint
  package let edgeCount: Int

  package init(
    ordinal: UInt32, id: ResourceID, owners: ExportSet, claims: ExportSet,
    edgeFingerprint: Fingerprint, edgeCount: Int
  ) {
    self.ordinal = ordinal
    self.id = id
    self.owners = owners
    self.claims = claims
    self.edgeFingerprint = edgeFingerprint
    self.edgeCount = edgeCount
  }
}

/// One membership as the state holds it.
package struct CurrentEdge: Sendable, Hashable {
  package let member: UInt32
  /// Whether Rollcall added it; an edge it did not add is not its to remove.
  package let isOurs: Bool

  package init(member: UInt32, isOurs: Bool) {
    self.member = member
    self.isOurs = isOurs
  }

  /// The memberships that words of 32 bits stand for, little-endian: an ordinal each, of which the highest bit says that
  /// Rollcall did not add it.
  ///
  /// They must ascend by ordinal; nil where they do not, or where they do not end with a word.
  package static func ascending(packed bytes: Span<UInt8>) -> [CurrentEdge]? {
    guard bytes.count % 4 == 0 else { return nil }
    var (next, isAscending): (UInt32, Bool) = (0, true)
    let edges = [CurrentEdge](capacity: bytes.count / 4) { edges in
      for start in stride(from: 0, to: bytes.count, by: 4) {
        let word = bytes.halfWord(at: start)
        let member = word & ~(1 << 31)
        if member < next { isAscending = false }
        next = member + 1
        edges.append(CurrentEdge(member: member, isOurs: word == member))
      }
    }
    return isAscending ? edges : nil
  }
}

/// Fingerprints of memberships: order-independent, so an unchanged team costs one comparison.
package struct EdgeHasher: Sendable {
  private let hash: KeyedHash

  package init(secret: [UInt8]) {
    hash = KeyedHash(secret: secret, purpose: "edge")
  }

  /// What the membership of the member with this ordinal adds to its team's fingerprint.
  package func digest(ofMember ordinal: UInt32) -> Fingerprint {
    hash.digest(of: UInt64(ordinal))
  }

  /// What the members with these ordinals, each `base` higher than it says, add together.
  package func digest(ofMembers ordinals: Span<UInt32>, above base: UInt32) -> Fingerprint {
    hash.sum(of: ordinals, above: base)
  }
}
