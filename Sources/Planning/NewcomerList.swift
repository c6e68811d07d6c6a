import Identity
import PlanFile
import Scanning

/// Collects the drafts of new members in their order, nearly all of them as columns.
struct NewcomerList {
  private let firstSeat: Int
  private var count = 0
  private var ids: [ResourceID]
  private var images: [AttributeImage]
  private var records: [RecordNumber]
  private var seats: [UInt32]
  /// Those that rest on more than one record, by their place in the order.
  private var others: [(place: Int, draft: MemberDraft)] = []

  /// A list of up to `count` newcomers.
  init(firstSeat: Int, count: Int) {
    self.firstSeat = firstSeat
    ids = Array(largeCapacity: count)
    images = Array(largeCapacity: count)
    records = Array(largeCapacity: count)
    seats = Array(largeCapacity: count)
  }

  /// The seat of the next one: behind those of the state.
  var nextSeat: Int { firstSeat + count }

  mutating func append(_ id: ResourceID, _ image: AttributeImage, _ record: RecordNumber) {
    ids.append(id)
    images.append(image)
    records.append(record)
    seats.append(UInt32(nextSeat))
    count += 1
  }

  mutating func append(_ draft: (_ seat: Int) -> MemberDraft) {
    others.append((count, draft(nextSeat)))
    count += 1
  }

  /// All of them; no plan makes a member without a user name.
  func drafts(userName: AttributeID?, exports: [String]) -> [MemberDraft] {
    guard let userName else { return [] }
    let newcomers = Newcomers(
      ids: ids, images: images, records: records, seats: seats, userName: userName,
      exports: exports)
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
