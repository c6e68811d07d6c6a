import Identity
import PlanFile

/// Which drafts want which key values: the ground on which holds spread.
struct UniqueWants {
  /// A draft that would give a member this value of a unique attribute.
  struct Want: Hashable {
    let draft: Int
    let attribute: AttributeID
    /// Folded, as keys compare.
    let value: [UInt8]

    func hash(_ hasher: KeyHasher, key: Int) -> UInt64 { hasher.hash(value.span, key: key) }
  }

  enum Obstacle: Hashable {
    /// Another draft wants the same value.
    case rival(String, Want)
    /// A member has it and keeps it.
    case holder(Int, Want)
  }

  private struct Slot: Hashable {
    let attribute: AttributeID
    let value: [UInt8]
  }

  private(set) var all: [Want] = []
  private var bySlot: [Slot: [Want]] = [:]
  private var bySeat: [Int: Int] = [:]
  private let unique: [AttributeID]

  /// Collects what updates want; pure creates are added only where they can collide.
  init(drafts: [MemberDraft], rules: PlanningRules) {
    unique = Array(
      Set(rules.memberKeys.map(\.id) + [rules.memberAttributes.id(of: .userName)].compactMap { $0 })
    ).sorted()
    for (place, draft) in drafts.enumerated() where draft.situation != .joiner {
      bySeat[draft.seat] = place
      for change in draft.changes {
        guard let id = rules.memberAttributes.id(of: change.attribute.path), unique.contains(id),
          let after = change.after
        else { continue }
        add(Want(draft: place, attribute: id, value: MatchKeyText.folded(after.utf8)))
      }
    }
  }

  private mutating func add(_ want: Want) {
    all.append(want)
    bySlot[Slot(attribute: want.attribute, value: want.value), default: []].append(want)
  }

  /// Adds what a create wants.
  mutating func addCreate(_ draft: MemberDraft, at place: Int) {
    guard case .create(let image) = draft.step else { return }
    for id in unique {
      guard let value = image[id], !value.isEmpty else { continue }
      let want = Want(draft: place, attribute: id, value: MatchKeyText.folded(value))
      if bySlot[Slot(attribute: id, value: want.value)]?.contains(want) != true { add(want) }
    }
  }

  /// Adds the creates that want what an update wants; the others collide with nobody, for matching
  /// found no member with their values and no two records that share one.
  mutating func addCollidingCreates(_ drafts: [MemberDraft]) {
    guard !bySlot.isEmpty else { return }
    for (place, draft) in drafts.enumerated() {
      guard case .create(let image) = draft.step else { continue }
      let collides = unique.contains { id in
        image[id].map { bySlot[Slot(attribute: id, value: MatchKeyText.folded($0))] != nil }
          ?? false
      }
      if collides { addCreate(draft, at: place) }
    }
  }

  func rivals(of want: Want) -> [Want] {
    (bySlot[Slot(attribute: want.attribute, value: want.value)] ?? [])
      .filter { $0.draft != want.draft }
  }

  /// The draft that changes a member of the state.
  func draft(ofSeat seat: Int) -> Int? { bySeat[seat] }
}
