package import Identity
import Matching
import PlanFile

/// A value of an attribute that no two members may share; folded, as keys compare.
package struct UniqueSlot: Hashable {
  let attribute: AttributeID
  let value: [UInt8]

  package init(_ attribute: AttributeID, _ value: some Sequence<UInt8>) {
    self.attribute = attribute
    self.value = MatchKeyText.folded(value)
  }
}

extension AttributeChange {
  /// The value that comes; nil where only the case of its letters changes, or nothing is left.
  var newKeyValue: String? {
    after.flatMap { MatchKeyText.same($0.utf8, (before ?? "").utf8) ? nil : $0 }
  }
}

/// What records want that come to no draft: held, disabled, blocked.
///
/// Two records with one key value are duplicates, whatever becomes of the other one.
struct Bystanders {
  /// Wanted for members that have another value today.
  var ofMembers: [UniqueSlot: [RecordNumber]] = [:]
  /// Wanted by records of nobody.
  var ofNobody: [UniqueSlot: [RecordNumber]] = [:]
}

/// Which drafts want which unique values: the ground on which holds spread.
struct UniqueWants {
  /// A draft that would give a member this value.
  struct Want: Hashable {
    let draft: Int
    let slot: UniqueSlot
  }

  private(set) var all: [Want] = []
  private var bySlot: [UniqueSlot: [Int]] = [:]
  private var outsiders: [UniqueSlot: [RecordNumber]] = [:]
  private var bySeat: [Int: Int] = [:]
  private let drafts: [MemberDraft]
  private let unique: [AttributeID]
  private var added: Set<Int> = []

  /// Collects what updates want, and what records want that come to no draft.
  init(_ drafts: [MemberDraft], rules: PlanningRules, bystanders: Bystanders) {
    self.drafts = drafts
    unique = rules.uniqueMemberIDs
    bySeat.reserveCapacity(drafts.count)
    let paths = unique.map { (id: $0, path: rules.memberAttributes[$0].path) }
    for place in drafts.indices where drafts[place].situation != .joiner {
      bySeat[drafts[place].seat] = place
      for change in drafts[place].changes {
        guard let id = paths.first(where: { $0.path == change.attribute.path })?.id,
          let after = change.newKeyValue
        else { continue }
        add(Want(draft: place, slot: UniqueSlot(id, after.utf8)))
      }
    }
    outsiders = bystanders.ofMembers
  }

  private mutating func add(_ want: Want) {
    all.append(want)
    bySlot[want.slot, default: []].append(want.draft)
  }

  /// Adds what a create wants, once.
  mutating func addCreate(_ place: Int) {
    guard case .create(let image) = drafts[place].step, added.insert(place).inserted else { return }
    for slot in slots(of: image) { add(Want(draft: place, slot: slot)) }
  }

  /// Adds the creates that want what somebody else wants, too.
  ///
  /// The others collide with nobody: matching found no member with their key values, and no two records of nobody
  /// that share one.
  mutating func addCollidingCreates() {
    guard !bySlot.isEmpty || !outsiders.isEmpty else { return }
    for (place, draft) in drafts.enumerated() {
      guard case .create(let image) = draft.step, !added.contains(place) else { continue }
      let collides = slots(of: image).contains { bySlot[$0] != nil || outsiders[$0] != nil }
      if collides { addCreate(place) }
    }
  }

  /// Adds records that come to no draft and want what a draft wants.
  mutating func addOutsiders(_ others: [UniqueSlot: [RecordNumber]]) {
    guard !bySlot.isEmpty else { return }
    for (slot, records) in others where bySlot[slot] != nil {
      outsiders[slot, default: []] += records
    }
  }

  /// Adds a held record; what a member that it may be has already is not wanted.
  mutating func addOutsider(_ record: OpenRecord, whoMayBe images: [AttributeImage]) {
    guard !bySlot.isEmpty else { return }
    for slot in slots(of: record.image) where bySlot[slot] != nil {
      let isHad = images.contains { MatchKeyText.same($0[slot.attribute] ?? [], slot.value) }
      if !isHad { outsiders[slot, default: []].append(record.number) }
    }
  }

  private func slots(of image: AttributeImage) -> [UniqueSlot] {
    unique.compactMap { id in
      image[id].flatMap { $0.isEmpty ? nil : UniqueSlot(id, $0) }
    }
  }

  /// The first few records of others that want the same; a draft's own are not among them.
  func rivals(of want: Want) -> [RecordNumber] {
    let own = drafts[want.draft].records
    var rivals: [RecordNumber] = []
    for draft in bySlot[want.slot] ?? [] where draft != want.draft && rivals.count < 10 {
      rivals += drafts[draft].records
    }
    for record in outsiders[want.slot] ?? [] where rivals.count < 10 && !own.contains(record) {
      rivals.append(record)
    }
    return rivals.sorted()
  }

  /// The draft that changes a member of the state.
  func draft(ofSeat seat: Int) -> Int? { bySeat[seat] }
}
