package import Identity
package import Matching
import PlanFile

/// Whom a key value means, as tonight's plan will leave the members.
package enum ReferenceHit: Sendable, Hashable {
  case seat(Int)
  /// A record of tonight that does not become a member: held, or disabled.
  case notAMember
  case outOfScope
  case several
  case unknown
}

/// What deciding about references needs to know.
package struct ReferenceInput: Sendable {
  /// A member whose record was *same*, but whom the key value that it names means somebody else from tonight on.
  package struct Displaced: Sendable {
    package let seat: Int
    package let record: RecordNumber
    package let attribute: AttributeID
    package let hit: ReferenceHit

    package init(seat: Int, record: RecordNumber, attribute: AttributeID, hit: ReferenceHit) {
      self.seat = seat
      self.record = record
      self.attribute = attribute
      self.hit = hit
    }
  }

  /// A member who waits for somebody whom a record of an earlier night has named.
  package struct Awaited: Sendable, Hashable {
    package let seat: Int
    package let attribute: AttributeID
    /// The place among the keys of the index by which the other member is named.
    package let key: Int
    package let hash: UInt64
    /// Its origin is that of the earlier record.
    package let record: RecordNumber
    /// Whether a record of tonight is *same* as the member.
    package let isSame: Bool
    /// Whether that record says itself whom the member refers to.
    package let isStated: Bool

    package init(
      seat: Int, attribute: AttributeID, key: Int, hash: UInt64, record: RecordNumber,
      isSame: Bool, isStated: Bool
    ) {
      self.seat = seat
      self.attribute = attribute
      self.key = key
      self.hash = hash
      self.record = record
      self.isSame = isSame
      self.isStated = isStated
    }
  }

  package var rules: PlanningRules
  /// The attributes by which members are named.
  package var keys: [AttributePath]
  package var exports: [ExportStatus]
  package var members: CurrentMembers
  /// The values of every seat that has a draft, is displaced, or waits.
  package var details: SeatDetails
  /// By seat.
  package var ids: [ResourceID]
  package var wants: ReferenceWants
  package var displaced: [Displaced]
  package var awaited: [Awaited]

  package init(
    rules: PlanningRules, keys: [AttributePath], exports: [ExportStatus], members: CurrentMembers,
    details: SeatDetails, ids: [ResourceID], wants: ReferenceWants, displaced: [Displaced],
    awaited: [Awaited] = []
  ) {
    self.rules = rules
    self.keys = keys
    self.exports = exports
    self.members = members
    self.details = details
    self.ids = ids
    self.wants = wants
    self.displaced = displaced
    self.awaited = awaited
  }
}

/// Adds to the decisions about members whom they refer to: managers, mentors.
///
/// ```
/// ann   manager "E-bob"   bob is created by this plan     create ann with the id that bob gets
/// cy    manager "E-dan"   dan is held                     a finding; cy keeps the manager she has, and waits
///                                                         for dan if only an export of changes says so
/// eve   manager "E-eve"   she is her own                  her own id
/// ```
///
/// It comes after everything else, because only then is it known who becomes a member: a circle is no trouble,
/// as ids are known before anybody is created.
package struct ReferencePlanning {
  let input: ReferenceInput
  private let locate: (RecordNumber) -> RecordOrigin
  let resolve: (_ key: Int, _ hash: UInt64) -> ReferenceHit
  var decisions: MemberDecisions
  /// Who is deleted by this plan.
  private let deleted: Set<Int>
  /// The ids of new members, by how far their seats lie behind those of the state.
  private let newIDs: [Int: ResourceID]
  /// What tonight's records say of members of the state, whatever comes of it.
  var stated: Set<Reference> = []
  /// Members whose drafts came to nothing.
  var unchanged: Set<Int> = []

  /// One attribute of one member that names another.
  struct Reference: Hashable {
    let seat: Int
    let attribute: AttributeID
  }

  package static func decide(
    _ decisions: MemberDecisions, _ input: ReferenceInput,
    locate: @escaping (RecordNumber) -> RecordOrigin,
    resolve: @escaping (_ key: Int, _ hash: UInt64) -> ReferenceHit
  ) -> MemberDecisions {
    var planning = ReferencePlanning(
      input: input, locate: locate, resolve: resolve, decisions: decisions,
      deleted: Set(decisions.drafts.lazy.filter { $0.step == .delete }.map(\.seat)),
      newIDs: Dictionary(
        uniqueKeysWithValues: decisions.drafts.lazy.filter { $0.seat >= input.members.count }
          .map { ($0.seat, $0.id) }))
    planning.addToDrafts()
    if input.rules.updatesMembers {
      planning.decideDisplaced()
      planning.decideAwaited()
    }
    return planning.decisions
  }

  private mutating func addToDrafts() {
    var images: [Int: AttributeImage] = [:]
    var kept: [MemberDraft] = []
    kept.reserveCapacity(decisions.drafts.count)
    for draft in decisions.drafts {
      var draft = draft
      switch draft.step {
      case .create(let image):
        guard let whole = whole(image, of: draft) else { break }
        if let (_, place) = draft.newcomer {
          images[place] = whole
        } else {
          draft.step = .create(whole)
        }
      case .update where !input.rules.updatesMembers: break
      case .reactivate where !input.rules.updatesMembers: break
      case .update(let changes):
        draft.step = .update(changes.merging(self.changes(of: draft)))
      case .reactivate(let changes):
        draft.step = .reactivate(changes.merging(self.changes(of: draft)))
      case .deactivate, .delete: break
      }
      if draft.isWithoutEffect {
        decisions.count(.same)
        unchanged.insert(draft.seat)
      } else {
        kept.append(draft)
      }
    }
    decisions.drafts = kept.replacingImages(images, rules: input.rules)
  }

  // MARK: - One member

  /// Who has the say on an attribute, where several records are one person.
  private func wants(of draft: MemberDraft) -> [(want: ReferenceWants.Want, record: RecordNumber)] {
    let all = draft.records.flatMap { record in
      input.wants.wants(of: record).map { (want: $0, record: record) }
    }
    guard draft.records.count > 1, let merge = input.rules.merge else { return all }
    return Set(all.map(\.want.attribute)).sorted().compactMap { attribute in
      merge.authorities(for: attribute).lazy.compactMap { export in
        all.first { $0.want.attribute == attribute && Int($0.record.export) == export }
      }.first
    }
  }

  /// The image of somebody new with all references that can be told; nil when none can.
  private mutating func whole(
    _ image: AttributeImage, of draft: MemberDraft
  ) -> AttributeImage? {
    var whole: AttributeImage?
    for (want, record) in wants(of: draft) where want.hash != KeyHasher.none {
      guard let id = id(of: want, record: record, for: draft) else { continue }
      whole = (whole ?? image).with(Array(id.description.utf8), for: want.attribute)
    }
    return whole
  }

  private mutating func changes(of draft: MemberDraft) -> [AttributeChange] {
    wants(of: draft).compactMap { want, record in
      stated.insert(Reference(seat: draft.seat, attribute: want.attribute))
      guard want.hash != KeyHasher.none else { return change(of: want.attribute, draft.seat, nil) }
      guard let id = id(of: want, record: record, for: draft) else { return nil }
      return change(of: want.attribute, draft.seat, id)
    }
  }

  func change(
    of attribute: AttributeID, _ seat: Int, _ id: ResourceID?
  ) -> AttributeChange? {
    let before = input.details[seat].text(attribute)
    guard before != id?.description else { return nil }
    return AttributeChange(
      attribute: input.rules.memberAttributes[attribute], before: before, after: id?.description)
  }

  /// The id that a reference stands for; notes why there is none.
  private mutating func id(
    of want: ReferenceWants.Want, record: RecordNumber, for draft: MemberDraft
  ) -> ResourceID? {
    let reason: Finding.UnresolvedReason
    switch resolve(want.key, want.hash) {
    case .seat(let seat):
      if let id = id(ofSeat: seat) { return id }
      reason = .leaving
    case .notAMember: reason = .notAMember
    case .outOfScope: reason = .outOfScope
    case .several: reason = .several
    case .unknown: reason = .unknown
    }
    let (path, origin) = (input.rules.memberAttributes[want.attribute].path, locate(record))
    decisions.findings.note(
      .unresolvedReference(
        attribute: "\(path)", member: draft.subject.name, reference: want.text, reason: reason),
      at: origin)
    if !input.exports[Int(record.export)].isFull {
      decisions.bookkeeping.awaitedReferences.append(
        AwaitedReference(
          member: draft.id, attribute: path,
          wanted: AwaitedReference.Wanted(
            key: input.keys[want.key], value: want.text, origin: origin)))
    }
    return nil
  }

  /// Nil for somebody whom this plan deletes.
  func id(ofSeat seat: Int) -> ResourceID? {
    guard !deleted.contains(seat) else { return nil }
    return seat < input.ids.count ? input.ids[seat] : newIDs[seat]
  }

  // MARK: - Members whose records were the same

  /// Somebody else has got the key value by which these name whom they refer to.
  private mutating func decideDisplaced() {
    var places: [Int: Int] = [:]
    for displaced in input.displaced {
      let status = input.exports[Int(displaced.record.export)]
      guard !decisions.frozenSeats.contains(displaced.seat),
        !input.members.owners[displaced.seat].isEmpty,
        input.rules.updatesFromUnreliable || status.isReliable,
        case .seat(let seat) = displaced.hit, let id = id(ofSeat: seat),
        let change = change(of: displaced.attribute, displaced.seat, id)
      else { continue }
      if let place = places[displaced.seat] {
        let changes = decisions.drafts[place].changes + [change]
        decisions.drafts[place].step = .update(
          changes.sorted { $0.attribute.path < $1.attribute.path })
        continue
      }
      places[displaced.seat] = decisions.drafts.count
      decisions.drafts.append(
        MemberDraft(
          subject: subject(ofSeat: displaced.seat), seat: displaced.seat, step: .update([change]),
          situation: .differs, classes: [], rule: "mapping", records: [displaced.record],
          newOwners: []))
      decisions.situations[.same, default: 1] -= 1
    }
  }

  func subject(ofSeat seat: Int) -> SubjectRef {
    let name = input.rules.memberAttributes.id(of: .userName)
      .flatMap { input.details[seat].text($0) }
    return SubjectRef(
      id: input.ids[seat], name: name ?? input.ids[seat].description)
  }
}

extension MemberDraft {
  /// Whether it was only kept until its references were known.
  fileprivate var isWithoutEffect: Bool {
    situation == .differs && step == .update([]) && newOwners.isEmpty
  }

  fileprivate var id: ResourceID {
    if let (newcomers, place) = newcomer { newcomers.ids[place] } else { subject.id }
  }
}

extension [AttributeChange] {
  /// With further changes, in the order of the paths.
  func merging(_ others: [AttributeChange]) -> [AttributeChange] {
    others.isEmpty ? self : (self + others).sorted { $0.attribute.path < $1.attribute.path }
  }
}

extension [MemberDraft] {
  /// So many images share one piece of memory.
  private static let imagesToAPiece = 4096

  /// The same drafts with other values of some newcomers, by their places.
  func replacingImages(
    _ images: [Int: AttributeImage], rules: PlanningRules
  ) -> [MemberDraft] {
    guard !images.isEmpty, let name = rules.memberAttributes.id(of: .userName),
      let newcomers = lazy.compactMap({ $0.newcomer?.newcomers }).first
    else { return self }
    var whole = newcomers.images
    let places = images.keys.sorted()
    for start in stride(from: 0, to: places.count, by: Self.imagesToAPiece) {
      let piece = places[start..<Swift.min(start + Self.imagesToAPiece, places.count)]
      let packed = AttributeImage.sharingMemory(piece.compactMap { images[$0] })
      for (place, image) in zip(piece, packed) { whole[place] = image }
    }
    let changed = Newcomers(
      ids: newcomers.ids, images: whole, records: newcomers.records, seats: newcomers.seats,
      userName: name, exports: newcomers.exports)
    return map { draft in draft.newcomer.map { MemberDraft(of: changed, at: $0.place) } ?? draft }
  }
}
