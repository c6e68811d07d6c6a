/// The managed values of one member or team, packed into one piece of memory.
///
/// ```
/// title = "Buyer" (attribute 7), userName = "ann" (attribute 9)
/// ┌───┬───┬───────────┬───┬───┬───────┐
/// │ 7 │ 5 │ B u y e r │ 9 │ 3 │ a n n │   ids and lengths take a byte for each seven bits, low ones first
/// └───┴───┴───────────┴───┴───┴───────┘
/// ```
///
/// Ids ascend. An attribute that is not there is *absent*: nothing is known or wanted of it. A value of
/// length 0 in a desired image means *clear*; a current image never holds one. The images of one batch
/// share one piece of memory (`sharingMemory`): a million images cost some hundred allocations.
package struct AttributeImage: Sendable {
  /// What the places of `entries` point into; other images may stand there, too.
  package private(set) var bytes: [UInt8] = []
  private var start: UInt32 = 0
  private var end: UInt32 = 0

  package init() {}

  private init(_ bytes: [UInt8], _ range: Range<Int>) {
    self.bytes = bytes
    start = UInt32(range.lowerBound)
    end = UInt32(range.upperBound)
  }

  /// Takes over what `bytes` of another image said; the layout is checked.
  package init?(bytes: [UInt8]) {
    self.init(bytes, bytes.indices)
    guard isWellFormed else { return nil }
  }

  package var isEmpty: Bool { start == end }

  private var range: Range<Int> { Int(start)..<Int(end) }

  /// The layout above: this image alone.
  package var packed: ArraySlice<UInt8> { bytes[range] }

  /// The same images, moved into one piece of memory.
  package static func sharingMemory(_ images: [AttributeImage]) -> [AttributeImage] {
    let size = images.reduce(0) { $0 + $1.range.count }
    guard size <= Int(UInt32.max) else { return images }
    var memory: [UInt8] = []
    memory.reserveCapacity(size)
    for image in images { memory += image.packed }
    var start = 0
    return images.map { image in
      defer { start += image.range.count }
      return AttributeImage(memory, start..<start + image.range.count)
    }
  }

  /// Adds a value; ids must come in ascending order.
  package mutating func append(_ id: AttributeID, _ value: Span<UInt8>) {
    appendHeader(id, count: value.count)
    bytes.append(addingCapacity: value.count) { output in
      for index in value.indices { output.append(value[index]) }
    }
    end = UInt32(bytes.count)
  }

  /// Adds a value; ids must come in ascending order.
  package mutating func append(_ id: AttributeID, _ value: some Collection<UInt8>) {
    appendHeader(id, count: value.count)
    bytes.append(contentsOf: value)
    end = UInt32(bytes.count)
  }

  private mutating func appendHeader(_ id: AttributeID, count: Int) {
    // What others share is theirs too.
    if range != bytes.indices { self = AttributeImage(Array(packed), 0..<range.count) }
    append(number: id.index)
    append(number: count)
  }

  private mutating func append(number: Int) {
    var rest = number
    while rest > 0x7F {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(truncatingIfNeeded: rest))
  }

  /// Reads a number and steps behind it; nil where none ends before `end`.
  @inline(__always)
  private static func number(at offset: inout Int, before end: Int, in bytes: [UInt8]) -> Int? {
    guard offset < end else { return nil }
    var value = Int(bytes[offset])
    offset += 1
    guard value > 0x7F else { return value }
    value &= 0x7F
    var shift = 7
    while offset < end, shift < 35 {
      let byte = Int(bytes[offset])
      offset += 1
      value |= (byte & 0x7F) << shift
      if byte <= 0x7F { return value }
      shift += 7
    }
    return nil
  }

  /// The value of one attribute, or nil where it is absent.
  package subscript(id: AttributeID) -> ArraySlice<UInt8>? {
    var offset = Int(start)
    while let found = Self.number(at: &offset, before: Int(end), in: bytes), found <= id.index,
      let count = Self.number(at: &offset, before: Int(end), in: bytes)
    {
      let first = offset
      offset += count
      if found == id.index { return bytes[first..<offset] }
    }
    return nil
  }

  /// The same with one value more, in the place of another if there is one.
  package func with(_ value: [UInt8], for attribute: AttributeID) -> AttributeImage {
    var image = AttributeImage()
    var isAdded = false
    for entry in entries where entry.id != attribute {
      if !isAdded, entry.id > attribute {
        image.append(attribute, value)
        isAdded = true
      }
      image.append(entry.id, bytes[entry.range])
    }
    if !isAdded { image.append(attribute, value) }
    return image
  }

  /// The value of one attribute as text, or nil where it is absent.
  package func text(_ id: AttributeID) -> String? {
    self[id].map { String(decoding: $0, as: UTF8.self) }
  }

  /// Each attribute with the place of its value in `bytes`, ids ascending.
  package var entries: Entries { Entries(image: self) }

  package struct Entries: Sequence, IteratorProtocol {
    private let bytes: [UInt8]
    private var offset: Int
    private let end: Int

    fileprivate init(image: AttributeImage) {
      bytes = image.bytes
      offset = Int(image.start)
      end = Int(image.end)
    }

    package mutating func next() -> (id: AttributeID, range: Range<Int>)? {
      guard let id = AttributeImage.number(at: &offset, before: end, in: bytes),
        let count = AttributeImage.number(at: &offset, before: end, in: bytes)
      else { return nil }
      let first = offset
      offset += count
      return (AttributeID(rawValue: UInt16(truncatingIfNeeded: id)), first..<offset)
    }
  }

  /// Appends the bytes that digests are taken of: each id in two bytes, each length in four, low ones first.
  ///
  /// They stay as they are, however images are packed: journals of years ago must verify.
  package func appendDigested(to out: inout [UInt8]) {
    for entry in entries {
      out.append(addingCapacity: 6) { output in
        output.append(UInt8(truncatingIfNeeded: entry.id.rawValue))
        output.append(UInt8(truncatingIfNeeded: entry.id.rawValue >> 8))
        output.append(UInt8(truncatingIfNeeded: entry.range.count))
        output.append(UInt8(truncatingIfNeeded: entry.range.count >> 8))
        output.append(UInt8(truncatingIfNeeded: entry.range.count >> 16))
        output.append(UInt8(truncatingIfNeeded: entry.range.count >> 24))
      }
      out += bytes[entry.range]
    }
  }

  /// Whether it is as `append` would have made it.
  private var isWellFormed: Bool {
    var copy = AttributeImage()
    var last = -1
    for entry in entries {
      guard entry.id.index > last, entry.range.upperBound <= Int(end) else { return false }
      last = entry.id.index
      copy.append(entry.id, bytes[entry.range])
    }
    return copy.packed == packed
  }
}

extension AttributeImage: Hashable {
  package static func == (left: AttributeImage, right: AttributeImage) -> Bool {
    left.packed == right.packed
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(packed)
  }
}
