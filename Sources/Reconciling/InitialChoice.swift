import Identity
import Mapping
import Matching
import Planning
import Storing

/// Adds to members of a directory what only somebody new gets, such as a user name that `SelectUniqueValue` chose.
///
/// The directory's export has no column that says which of the values it was. The first that nobody here has is
/// taken, as a plan would; without it the person would not be known at all, and be created a second time.
struct InitialChoice {
  private let index: MemberIndex
  private let keyHasher: KeyHasher
  private var taken: Set<UniqueSlot> = []

  init(index: MemberIndex, keyHasher: KeyHasher) {
    self.index = index
    self.keyHasher = keyHasher
  }

  mutating func image(of record: OpenRecord, _ initials: [InitialValue]) -> AttributeImage {
    var image = record.image
    for initial in initials where image[initial.attribute]?.isEmpty ?? true {
      guard let value = initial.values.first(where: { isFree($0, initial) }) else { continue }
      if initial.isUnique { taken.insert(UniqueSlot(initial.attribute, value)) }
      image = image.with(value, for: initial.attribute)
    }
    return image
  }

  private func isFree(_ value: [UInt8], _ initial: InitialValue) -> Bool {
    guard initial.isUnique else { return true }
    guard !taken.contains(UniqueSlot(initial.attribute, value)) else { return false }
    guard let key = index.keys.firstIndex(where: { $0.id == initial.attribute }) else {
      return true
    }
    return index.seats(key: key, hash: keyHasher.hash(value.span, key: key)).isEmpty
  }
}
