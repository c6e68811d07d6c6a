/// What the beginning of a JSON file tells about the whole of it.
///
/// ```
/// {"@odata.context":"…","value":[{"id":…    one object with a list of records: names `@odata.context`, `value`
/// {"id":1,"mail":"a"}␤{"id":2,…             a record to a line
/// [{"id":1,…                                a list of records, or of pages
/// ```
struct JSONLook: Sendable {
  /// A member of the first object.
  struct Member: Sendable, Hashable {
    let name: String
    /// The beginning of its value.
    let start: [UInt8]

    /// Whether its value is a list of objects, or an empty one.
    var isListOfObjects: Bool {
      guard start.first == UInt8(ascii: "[") else { return false }
      let next = start.dropFirst().first { !$0.isJSONSpace }
      return next == UInt8(ascii: "{") || next == UInt8(ascii: "]")
    }

    var text: String { String(decoding: start, as: UTF8.self) }
  }

  private static let startLength = 256

  /// The members of the first object, or of the first object in the list, as far as they can be seen.
  private(set) var members: [Member] = []
  /// Whether every line is a document.
  private(set) var isLines = false

  private let text: [UInt8]
  private let end: Int
  private var place: Int

  init(_ text: [UInt8], to end: Int) {
    self.text = text
    self.end = end
    place = text[..<end].starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    skipSpace()
    guard place < end else { return }
    if text[place] == UInt8(ascii: "[") {
      place += 1
      skipSpace()
      lookAtMembers()
    } else {
      let start = place
      lookAtMembers()
      place = start
      isLines = endsWithItsLine()
    }
  }

  subscript(name: String) -> Member? { members.first { $0.name == name } }

  private mutating func skipSpace() {
    while place < end, text[place].isJSONSpace { place += 1 }
  }

  /// Whether the value that begins here and its line end together.
  private mutating func endsWithItsLine() -> Bool {
    let start = place
    guard skipValue(), !text[start..<place].contains(0x0A) else { return false }
    while place < end, text[place] == 0x20 || text[place] == 0x0D || text[place] == 0x09 {
      place += 1
    }
    return place >= end || text[place] == 0x0A
  }

  private mutating func lookAtMembers() {
    guard place < end, text[place] == UInt8(ascii: "{") else { return }
    place += 1
    while true {
      skipSpace()
      let start = place
      guard place < end, text[place] == UInt8(ascii: "\""), skipValue() else { return }
      let name = String(decoding: text[(start + 1)..<(place - 1)], as: UTF8.self)
      skipSpace()
      guard place < end, text[place] == UInt8(ascii: ":") else { return }
      place += 1
      skipSpace()
      members.append(
        Member(name: name, start: Array(text[place..<min(end, place + Self.startLength)])))
      guard skipValue() else { return }
      skipSpace()
      guard place < end, text[place] == UInt8(ascii: ",") else { return }
      place += 1
    }
  }

  /// Steps over the value that begins here; false when its end is not in sight.
  private mutating func skipValue() -> Bool {
    var depth = 0
    while place < end {
      switch text[place] {
      case UInt8(ascii: "\""):
        place += 1
        while place < end, text[place] != UInt8(ascii: "\"") {
          place += text[place] == UInt8(ascii: "\\") ? 2 : 1
        }
        guard place < end else { return false }
        place += 1
        if depth == 0 { return true }
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        depth += 1
        place += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        if depth == 0 { return true }
        depth -= 1
        place += 1
        if depth == 0 { return true }
      case UInt8(ascii: ","), 0x0A, 0x20:
        if depth == 0 { return true }
        place += 1
      default:
        place += 1
      }
    }
    return false
  }
}
