/// The managed values of one member or team, packed into one piece of memory.
///
/// ```
/// title = "Buyer" (attribute 7), userName = "ann" (attribute 9)
/// ┌───────┬─────────────┬───────────┬───────┬─────────────┬─────────┐
/// │ 7 u16 │ length 5 u32│ B u y e r │ 9 u16 │ length 3 u32│ a n n   │   little-endian
/// └───────┴─────────────┴───────────┴───────┴─────────────┴─────────┘
/// ```
///
/// Ids ascend. An attribute that is not there is *absent*: nothing is known or wanted of it. A value of
/// length 0 in a desired image means *clear*; a current image never holds one. A million images cost
/// a million allocations, not twenty million.
package struct AttributeImage: Sendable, Hashable {
  package private(set) var bytes: [UInt8] = []

  package init() {}

  /// Takes over what `bytes` of another image said; the layout is checked.
  package init?(bytes: [UInt8]) {
    self.bytes = bytes
    guard isWellFormed else { return nil }
  }

  package var isEmpty: Bool { bytes.isEmpty }

  /// Adds a value; ids must come in ascending order.
  package mutating func append(_ id: AttributeID, _ value: Span<UInt8>) {
    appendHeader(id, count: value.count)
    bytes.append(addingCapacity: value.count) { output in
      for index in value.indices { output.append(value[index]) }
    }
  }

  /// Adds a value; ids must come in ascending order.
  package mutating func append(_ id: AttributeID, _ value: some Collection<UInt8>) {
    appendHeader(id, count: value.count)
    bytes.append(contentsOf: value)
  }

  private mutating func appendHeader(_ id: AttributeID, count: Int) {
    bytes.append(UInt8(truncatingIfNeeded: id.rawValue))
    bytes.append(UInt8(truncatingIfNeeded: id.rawValue >> 8))
    var length = UInt32(count)
    for _ in 0..<4 {
      bytes.append(UInt8(truncatingIfNeeded: length))
      length >>= 8
    }
  }

  /// The value of one attribute, or nil where it is absent.
  package subscript(id: AttributeID) -> ArraySlice<UInt8>? {
    var offset = 0
    while offset + 6 <= bytes.count {
      let found = UInt16(bytes[offset]) | UInt16(bytes[offset + 1]) << 8
      guard found <= id.rawValue else { return nil }
      let start = offset + 6
      let end = start + Self.length(at: offset + 2, in: bytes)
      if found == id.rawValue { return bytes[start..<end] }
      offset = end
    }
    return nil
  }

  private static func length(at offset: Int, in bytes: [UInt8]) -> Int {
    Int(bytes[offset]) | Int(bytes[offset + 1]) << 8 | Int(bytes[offset + 2]) << 16
      | Int(bytes[offset + 3]) << 24
  }

  /// The value of one attribute as text, or nil where it is absent.
  package func text(_ id: AttributeID) -> String? {
    self[id].map { String(decoding: $0, as: UTF8.self) }
  }

  /// Each attribute with the place of its value in `bytes`, ids ascending.
  package var entries: Entries { Entries(image: self) }

  package struct Entries: Sequence, IteratorProtocol {
    private let bytes: [UInt8]
    private var offset = 0

    fileprivate init(image: AttributeImage) {
      bytes = image.bytes
    }

    package mutating func next() -> (id: AttributeID, range: Range<Int>)? {
      guard offset + 6 <= bytes.count else { return nil }
      let id = UInt16(bytes[offset]) | UInt16(bytes[offset + 1]) << 8
      let length = AttributeImage.length(at: offset + 2, in: bytes)
      let start = offset + 6
      offset = start + length
      return (AttributeID(rawValue: id), start..<offset)
    }
  }

  private var isWellFormed: Bool {
    var offset = 0
    var last = -1
    for entry in entries {
      guard entry.id.index > last, entry.range.upperBound <= bytes.count else { return false }
      last = entry.id.index
      offset = entry.range.upperBound
    }
    return offset == bytes.count
  }
}
