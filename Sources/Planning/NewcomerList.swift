import Identity
import PlanFile
import Scanning

/// Collects the drafts of new members in their order, nearly all of them as columns.
struct NewcomerList {
  private let firstSeat: Int
  private var count = 0
  private var ids: ResourceIDs
  private var images: [AttributeImage]
  private var records: [RecordNumber]
  private var seats: [UInt32]
  private var names: [Range<UInt32>]
  /// Nil where no plan makes a member, for want of user names.
  private var look: Newcomers.Look?
  /// Those that rest on more than one record, by their place in the order.
  private var others: [(place: Int, draft: MemberDraft)] = []

  /// A list of up to `count` newcomers.
  init(firstSeat: Int, count: Int, userName: AttributeID?) {
    self.firstSeat = firstSeat
    look = userName.map { Newcomers.Look(userName: $0) }
    names = Array(largeCapacity: count)
    ids = ResourceIDs(capacity: count)
    images = Array(largeCapacity: count)
    records = Array(largeCapacity: count)
    seats = Array(largeCapacity: count)
  }

  /// The seat of the next one: behind those of the state.
  var nextSeat: Int { firstSeat + count }

  mutating func append(_ id: ResourceID, _ image: AttributeImage, _ record: RecordNumber) {
    append(id, image, record, name: look?.name(in: image) ?? 0..<0)
  }

  /// The same where the values have been looked at (`noteValues`).
  mutating func append(
    _ id: ResourceID, _ image: AttributeImage, _ record: RecordNumber, name: Range<UInt32>
  ) {
    ids.append(id)
    images.append(image)
    records.append(record)
    seats.append(UInt32(nextSeat))
    names.append(name)
    count += 1
  }

  /// Takes what was found in the values of some of them.
  mutating func noteValues(_ found: Newcomers.Look) { look?.add(found) }

  mutating func append(_ draft: (_ seat: Int) -> MemberDraft) {
    others.append((count, draft(nextSeat)))
    count += 1
  }

  /// All of them; no plan makes a member without a user name.
  consuming func drafts(exports: [String]) -> [MemberDraft] {
    guard let look else { return [] }
    let newcomers = Newcomers(
      ids: ids, images: images, records: records, seats: seats, exports: exports, names: names,
      attributes: look.attributes)
    var drafts: [MemberDraft] = []
    drafts.reserveCapacity(count)
    var rest = others[...]
    var next = 0
    for place in 0..<count {
      if let other = rest.first, other.place == place {
        drafts.append(other.draft)
        rest.removeFirst()
      } else {
        drafts.append(MemberDraft(of: newcomers, at: next))
        next += 1
      }
    }
    return drafts
  }
}
