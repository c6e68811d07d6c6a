import Identity
import PlanFile
import Scanning

/// What 256 neighbouring members are called, by id and user name: one row of `member_name`.
///
/// ```
/// ends     256 × 4   where the text of each member ends, counted from behind the ends; where the one before does for nobody
/// texts    01, the 16 bytes of a UUID, the user name
///          02, the length of any other id in 4 bytes, the id, the user name
/// ```
///
/// Numbers are little-endian, but a UUID begins with its first byte. A plan names everybody whose memberships change,
/// and they stand all over the state: their resources are twenty times as long as this. Who has no user name has none
/// here, either.
struct MemberNamePage {
  static let places = MemberIndexPage.places
  private static let textStart = places * 4
  private static let uuid: UInt8 = 1
  private static let other: UInt8 = 2

  private var ends: [UInt32]
  /// From this place on there is nobody, and no end has been written.
  private var known: Int
  private var texts: [UInt8]

  /// A page without members.
  init() {
    ends = Array(repeating: 0, count: Self.places)
    known = 0
    texts = []
  }

  /// A page as it is stored; nil when it is damaged.
  init?(_ bytes: Span<UInt8>) {
    guard bytes.count >= Self.textStart else { return nil }
    ends = (0..<Self.places).map { Self.end(ofPlace: $0, in: bytes) }
    known = Self.places
    texts = Array(bytes.extracting(Self.textStart..<bytes.count))
    guard zip(ends, ends.dropFirst()).allSatisfy({ $0 <= $1 }),
      Int(ends[Self.places - 1]) == texts.count
    else { return nil }
  }

  var isEmpty: Bool { texts.isEmpty }

  /// How many members it has.
  var count: Int { (0..<Self.places).count { !range(of: $0).isEmpty } }

  /// As it is stored.
  var bytes: [UInt8] {
    [UInt8](capacity: Self.textStart + texts.count) { bytes in
      for place in 0..<Self.places {
        let end = UInt32(truncatingIfNeeded: end(place))
        for shift in stride(from: UInt32(0), to: 32, by: 8) {
          bytes.append(UInt8(truncatingIfNeeded: end >> shift))
        }
      }
      bytes.append(copying: texts.span)
    }
  }

  private func range(of place: Int) -> Range<Int> {
    (place == 0 ? 0 : end(place - 1))..<end(place)
  }

  private func end(_ place: Int) -> Int { place < known ? Int(ends[place]) : texts.count }

  /// The text of a member, as `append` makes it; empty for nobody.
  subscript(place: Int) -> ArraySlice<UInt8> { texts[range(of: place)] }

  /// Puts the text of a member at a place; an empty one is nobody's.
  ///
  /// Those of a load come one behind the other.
  mutating func set(_ place: Int, to text: Span<UInt8>) {
    guard place < known else {
      makeKnown(to: place)
      texts.append(copying: text)
      makeKnown(to: place + 1)
      return
    }
    let range = range(of: place)
    texts.replaceSubrange(range, with: Array(text))
    let grown = UInt32(truncatingIfNeeded: text.count - range.count)
    for later in place..<known { ends[later] &+= grown }
  }

  private mutating func makeKnown(to place: Int) {
    let end = UInt32(truncatingIfNeeded: texts.count)
    while known < place {
      ends[known] = end
      known += 1
    }
  }

  // MARK: One member

  /// Appends the text of a member; one without a user name has an empty one.
  static func append(id: ResourceID, name: Span<UInt8>, to text: inout [UInt8]) {
    if let (high, low) = id.halves {
      text.append(addingCapacity: 17) { text in
        text.append(uuid)
        text.append(littleEndian: high.byteSwapped)
        text.append(littleEndian: low.byteSwapped)
      }
    } else {
      let id = Array(id.description.utf8)
      text.append(other)
      for shift in stride(from: 0, to: 32, by: 8) {
        text.append(UInt8(truncatingIfNeeded: id.count >> shift))
      }
      text.append(copying: id.span)
    }
    text.append(copying: name)
  }

  /// Adds what the member at a place of a stored page is called, who has no user name by the id; false where there is
  /// none, or the page is damaged.
  static func addSubject(
    at place: Int, in bytes: Span<UInt8>, byUserName: Bool, to subjects: inout SubjectColumn
  ) -> Bool {
    guard bytes.count >= textStart else { return false }
    let start = textStart + (place == 0 ? 0 : Int(end(ofPlace: place - 1, in: bytes)))
    let end = textStart + Int(end(ofPlace: place, in: bytes))
    guard start < end, end <= bytes.count else { return false }
    let (id, nameStart): (ResourceID, Int)
    switch bytes[start] {
    case uuid where end - start >= 17:
      id = ResourceID(
        high: number(bytes.extracting(start + 1..<start + 9)),
        low: number(bytes.extracting(start + 9..<start + 17)))
      nameStart = start + 17
    case other where end - start >= 5:
      let length = Int(number(bytes, from: start + 1))
      guard length <= end - start - 5 else { return false }
      nameStart = start + 5 + length
      id = ResourceID(bytes.extracting(start + 5..<nameStart))
    default: return false
    }
    if byUserName, nameStart < end {
      subjects.append(id, name: bytes.extracting(nameStart..<end))
    } else {
      subjects.append(SubjectRef(id: id, name: id.description))
    }
    return true
  }

  private static func end(ofPlace place: Int, in bytes: Span<UInt8>) -> UInt32 {
    number(bytes, from: place * 4)
  }

  private static func number(_ bytes: Span<UInt8>, from place: Int) -> UInt32 {
    UInt32(bytes[place]) | UInt32(bytes[place + 1]) << 8 | UInt32(bytes[place + 2]) << 16
      | UInt32(bytes[place + 3]) << 24
  }

  /// Eight bytes, the first one the highest.
  private static func number(_ bytes: Span<UInt8>) -> UInt64 {
    (0..<8).reduce(0) { $0 << 8 | UInt64(bytes[$1]) }
  }
}
