import Identity
import Matching
import PlanFile
import Planning
import Scanning

/// Members by every key that memberships may name them by, as tonight's plan will leave them.
///
/// Names of tonight come first: a renamed member is found by its new name and, unless somebody else takes
/// it, by its old one.
struct MemberDirectory: Sendable {
  enum Hit: Sendable, Hashable {
    case seat(Int)
    /// A record of tonight that does not become a member, since it is held.
    case notAMember
    /// One of somebody new who is disabled at the source, and so not created.
    case disabled
    /// A record of tonight that is out of scope, of somebody who is no member.
    case outOfScope
    case several
    case unknown
  }

  /// The members of the state, by key.
  private let known: [KeyIndex]
  let hasher: KeyHasher
  private let changed: [KeyIndex]
  /// By key: the new value of each changed member.
  private let changedHashes: [[UInt64]]
  private let changedSeats: [Int]
  private let absent: [KeyIndex]
  private let disabled: [KeyIndex]
  private let outsiders: [KeyIndex]

  /// `drafts` are tonight's creates and updates; `left` the records of nobody that were not made members, and
  /// `disabled` those of them that are disabled at the source; `outsiders` has the hashes of records out of scope, key
  /// by key.
  init(
    index: MemberIndex, hasher: KeyHasher, drafts: [MemberDraft], left: [OpenRecord],
    disabled: [OpenRecord] = [], outsiders: [[UInt64]] = []
  ) {
    known = hasher.keys.indices.map { index.whole(key: $0) }
    self.hasher = hasher
    var seats: [Int] = []
    var columns = [[UInt64]](repeating: [], count: hasher.keys.count)
    for draft in drafts {
      let hashes = Self.newHashes(draft, hasher)
      guard hashes.contains(where: { $0 != KeyHasher.none }) else { continue }
      seats.append(draft.seat)
      for key in columns.indices { columns[key].append(hashes[key]) }
    }
    changedSeats = seats
    changed = columns.map { KeyIndex($0) }
    changedHashes = columns
    absent = hasher.keys.indices.map { key in KeyIndex(left.map { $0.keyHashes[key] }) }
    self.disabled = hasher.keys.indices.map { key in
      KeyIndex(disabled.map { $0.keyHashes[key] })
    }
    self.outsiders = hasher.keys.indices.map { key in
      KeyIndex(key < outsiders.count ? outsiders[key] : [])
    }
  }

  private static func newHashes(_ draft: MemberDraft, _ hasher: KeyHasher) -> [UInt64] {
    if case .create(let image) = draft.step { return hasher.hashes(of: image) }
    return hasher.keys.enumerated().map { place, key in
      draft.changes.first { $0.attribute.path == key.path }?.after
        .map { hasher.hash(Array($0.utf8).span, key: place) } ?? KeyHasher.none
    }
  }

  func hash(_ value: Span<UInt8>, key: Int) -> UInt64 { hasher.hash(value, key: key) }

  /// For each hash the seat that `lookup` finds, or -1 where it has more to say.
  func seats(of hashes: [UInt64], key: Int) -> [Int32] {
    var seats = known[key].seats(of: hashes)
    guard !changedSeats.isEmpty else { return seats }
    for (row, hash) in hashes.enumerated() where changed[key].lookup(hash) != .none {
      seats[row] = -1
    }
    return seats
  }

  /// Members of the state whose value of a key somebody else takes over tonight, with who that is.
  func displaced(key: Int) -> [Int: Hit] {
    var displaced: [Int: Hit] = [:]
    for (place, hash) in changedHashes[key].enumerated() {
      for seat in known[key].all(hash) where seat != changedSeats[place] {
        displaced[seat] = lookup(hash, key: key)
      }
    }
    return displaced
  }

  func lookup(_ hash: UInt64, key: Int) -> Hit {
    switch changed[key].lookup(hash) {
    case .one(let place): return .seat(changedSeats[place])
    case .several: return .several
    case .none: break
    }
    switch known[key].lookup(hash) {
    case .one(let seat): return .seat(seat)
    case .several: return .several
    case .none: break
    }
    guard absent[key].lookup(hash) == .none else { return .notAMember }
    guard disabled[key].lookup(hash) == .none else { return .disabled }
    return outsiders[key].lookup(hash) == .none ? .unknown : .outOfScope
  }
}
