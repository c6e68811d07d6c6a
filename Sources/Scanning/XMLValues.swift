import CScanning

/// Names and values of records of XML, as places in bytes that hold all of them.
///
/// ```
/// bytes   ␀ objectClass top uid ann mail ann@x.com
/// names   [1..<12] [15..<18] [21..<25]
/// items   0 [12..<15]   1 [18..<21]   2 [25..<34]
/// ```
///
/// A name that comes with every record stands there once.
package struct XMLValues: Sendable {
  package struct Item: Sendable, Hashable {
    /// How a value is written.
    package enum Form: Sendable, Hashable {
      case text
      case base64
      /// It stands elsewhere (`xsd:anyURI`), which is never read.
      case location
    }

    /// Its place among the names.
    package let name: Int
    package let value: Range<Int>
    package let form: Form
  }

  /// The values; until `finish`, with room for others behind them.
  package private(set) var bytes: [UInt8]
  package private(set) var byteCount = 1
  package private(set) var itemCount = 0
  package private(set) var nameCount = 0

  private var items: [rollcall_xml_item_t]
  private var names: [rollcall_xml_name_t]
  /// The name that most likely comes next.
  private var guess = 0
  /// The places of names beyond those that are compared one by one.
  private var others: [[UInt8]: Int] = [:]

  private static let compared = 64
  private static let mostOthers = 10_000

  /// Makes empty values with room for about `capacity` bytes.
  package init(capacity: Int) {
    bytes = [UInt8](zeros: max(capacity, 64), capacity: max(capacity, 64))
    items = []
    names = []
  }

  package subscript(place: Int) -> Item {
    let item = items[place]
    let form: Item.Form =
      switch Int(item.kind) {
      case Int(ROLLCALL_XML_BASE64): .base64
      case Int(ROLLCALL_XML_LOCATION): .location
      default: .text
      }
    return Item(name: Int(item.name), value: Int(item.start)..<Int(item.end), form: form)
  }

  package func name(at place: Int) -> Range<Int> {
    Int(names[place].start)..<Int(names[place].end)
  }

  /// Appends a value.
  package mutating func add(name: [UInt8], value: some Collection<UInt8>) {
    let place = place(ofName: name)
    let range = append(value)
    makeRoom(bytes: 0)
    items[itemCount] = rollcall_xml_item_t(
      name: UInt32(place), start: range.start, end: range.end, kind: UInt32(ROLLCALL_XML_PLAIN))
    itemCount += 1
  }

  /// Forgets items that were appended last.
  package mutating func dropItems(from count: Int) {
    itemCount = min(itemCount, count)
  }

  /// Gives up the room for others.
  package mutating func finish() {
    bytes.removeSubrange(byteCount...)
  }

  /// Decodes a value that is written in base64, with or without white space, where it stands.
  ///
  /// - Returns: whether it was base64.
  package mutating func decode(at place: Int) -> Bool {
    let range = self[place].value
    guard let value = Base64.decoded(Self.withoutSpace(bytes[range])) else { return false }
    let end = range.lowerBound + value.count
    bytes.replaceSubrange(range.lowerBound..<end, with: value)
    items[place].end = UInt32(end)
    return true
  }

  private static func withoutSpace(_ text: ArraySlice<UInt8>) -> [UInt8] {
    text.filter { $0 != 0x20 && $0 != 0x09 && $0 != 0x0A && $0 != 0x0D }
  }

  private mutating func place(ofName name: [UInt8]) -> Int {
    let most = min(nameCount, Self.compared)
    if guess >= most || !isName(guess, name) {
      guess = (0..<most).first { isName($0, name) } ?? others[name] ?? nameCount
    }
    if guess == nameCount {
      let range = append(name)
      makeRoom(bytes: 0)
      names[nameCount] = range
      if nameCount >= Self.compared, others.count < Self.mostOthers { others[name] = nameCount }
      nameCount += 1
    }
    defer { guess += 1 }
    return guess
  }

  private func isName(_ place: Int, _ name: [UInt8]) -> Bool {
    let known = self.name(at: place)
    guard known.count == name.count else { return false }
    for index in 0..<name.count where bytes[known.lowerBound + index] != name[index] {
      return false
    }
    return true
  }

  private mutating func append(_ value: some Collection<UInt8>) -> rollcall_xml_name_t {
    let (start, count) = (byteCount, value.count)
    makeRoom(bytes: count)
    bytes.replaceSubrange(start..<start + count, with: value)
    byteCount += count
    return rollcall_xml_name_t(start: UInt32(start), end: UInt32(byteCount))
  }

  /// Sees to it that there is room for that many bytes, an item and a name.
  private mutating func makeRoom(bytes needed: Int) {
    if bytes.count - byteCount < needed {
      let count = max(bytes.count * 2, byteCount + needed)
      precondition(count < Int(UInt32.max))
      var larger = [UInt8](zeros: count, capacity: count)
      larger.replaceSubrange(0..<byteCount, with: bytes[..<byteCount])
      bytes = larger
    }
    if itemCount == items.count {
      items.append(
        contentsOf: repeatElement(rollcall_xml_item_t(), count: max(64, items.count)))
    }
    if nameCount == names.count {
      names.append(
        contentsOf: repeatElement(rollcall_xml_name_t(), count: max(64, names.count)))
    }
  }

  /// Reads an entry to its end, or as far as it goes; where there is no room for it, room is made.
  mutating func read(_ entry: inout rollcall_xml_entry_t) -> rollcall_xml_step_t {
    var step = ROLLCALL_XML_ROOM
    while step == ROLLCALL_XML_ROOM {
      unsafe makeRoom(bytes: entry.needed)
      // SAFETY: pointers and counts are those of the same arrays, which stay as they are until the call ends.
      step = unsafe bytes.withUnsafeMutableBufferPointer { bytes in
        unsafe items.withUnsafeMutableBufferPointer { items in
          unsafe names.withUnsafeMutableBufferPointer { names in
            var room = unsafe rollcall_xml_room_t(
              bytes: bytes.baseAddress, byte_count: byteCount, byte_capacity: bytes.count,
              items: items.baseAddress, item_count: itemCount, item_capacity: items.count,
              names: names.baseAddress, name_count: nameCount, name_capacity: names.count,
              guess: guess)
            defer { unsafe (byteCount, itemCount) = (room.byte_count, room.item_count) }
            defer { unsafe (nameCount, guess) = (room.name_count, room.guess) }
            return unsafe rollcall_xml_entry(&entry, &room)
          }
        }
      }
    }
    return step
  }
}
