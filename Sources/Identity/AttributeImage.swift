import Scanning

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
    var collected = Pack(count: images.count)
    for image in images { collected.append(image) }
    return collected.images
  }

  /// Images that are made one after the other and come to share one piece of memory.
  package struct Pack {
    private var memory: [UInt8] = []
    private var ends: [Int] = []

    package init(count: Int) {
      ends.reserveCapacity(count)
    }

    /// Takes a copy of an image.
    package mutating func append(_ image: AttributeImage) {
      memory.append(copying: image.bytes.span.extracting(image.range))
      ends.append(memory.count)
    }

    package var images: [AttributeImage] {
      // No more memory than it takes: the images live as long as the plan that is made of them, which goes by names and
      // keys and so looks at them in no order.
      var exact = [UInt8](largeCapacity: memory.count)
      exact.append(copying: memory.span)
      precondition(exact.count <= Int(UInt32.max), "a batch is smaller than 4 GiB")
      var start = 0
      return ends.map { end in
        defer { start = end }
        return AttributeImage(exact, start..<end)
      }
    }
  }

  /// Forgets all values and keeps the memory for others.
  package mutating func removeAll() {
    if range == bytes.indices { bytes.removeAll(keepingCapacity: true) } else { bytes = [] }
    (start, end) = (0, 0)
  }

  /// Adds a value; ids must come in ascending order.
  package mutating func append(_ id: AttributeID, _ value: Span<UInt8>) {
    appendHeader(id, count: value.count)
    bytes.append(copying: value)
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

  /// The value of one attribute, or nil where it is absent.
  package subscript(id: AttributeID) -> ArraySlice<UInt8>? { range(of: id).map { bytes[$0] } }

  /// Where the value of one attribute stands in `bytes`, or nil where it is absent.
  package func range(of id: AttributeID) -> Range<Int>? {
    let memory = bytes.span
    var steps = steps
    while let (index, range) = steps.next(in: memory), index <= id.index {
      if index == id.index { return range }
    }
    return nil
  }

  /// Walks over an image whose memory somebody else holds: a loop over a million images that counts references at every
  /// value spends more time on that than on the values.
  ///
  /// ```
  /// let memory = image.bytes.span
  /// var steps = image.steps
  /// while let (index, range) = steps.next(in: memory) { take(index, memory.extracting(range)) }
  /// ```
  package struct Steps {
    @usableFromInline var offset: Int
    @usableFromInline let end: Int

    @usableFromInline
    init(_ range: Range<Int>) {
      (offset, end) = (range.lowerBound, range.upperBound)
    }

    /// The next attribute and the place of its value in the image's `bytes`, ids ascending.
    @inlinable @inline(__always)
    package mutating func next(in bytes: Span<UInt8>) -> (index: Int, range: Range<Int>)? {
      guard let index = number(in: bytes), let count = number(in: bytes) else { return nil }
      let first = offset
      offset += count
      return (index, first..<offset)
    }

    /// Reads a number and steps behind it; nil where none ends before `end`.
    @inlinable @inline(__always)
    mutating func number(in bytes: Span<UInt8>) -> Int? {
      guard offset < end else { return nil }
      let value = Int(bytes[offset])
      offset += 1
      return value <= 0x7F ? value : longNumber(value & 0x7F, in: bytes)
    }

    @usableFromInline
    mutating func longNumber(_ start: Int, in bytes: Span<UInt8>) -> Int? {
      var value = start
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
  }

  package var steps: Steps { Steps(range) }

  /// Asks for the memory of the values some steps before they are looked at.
  package func prefetch() {
    let memory = bytes.span
    for line in stride(from: Int(start), to: Int(end), by: 64) { memory.prefetch(line) }
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
    private var steps: Steps

    fileprivate init(image: AttributeImage) {
      bytes = image.bytes
      steps = image.steps
    }

    package mutating func next() -> (id: AttributeID, range: Range<Int>)? {
      let memory = bytes
      guard let (index, range) = steps.next(in: memory.span) else { return nil }
      return (AttributeID(rawValue: UInt16(truncatingIfNeeded: index)), range)
    }
  }

  /// Appends the bytes that digests are taken of: each id in two bytes, each length in four, low ones first.
  ///
  /// They stay as they are, however images are packed: journals of years ago must verify.
  package func appendDigested(to out: inout [UInt8]) {
    out.append(addingCapacity: digestedRoom) { appendDigested(to: &$0) }
  }

  /// How many bytes `appendDigested` adds.
  package var digestedCount: Int {
    var (count, steps) = (0, steps)
    let memory = bytes.span
    while let (_, range) = steps.next(in: memory) { count += 6 + range.count }
    return count
  }

  /// How many bytes `appendDigested` adds at most: six where the image has two.
  package var digestedRoom: Int { 3 * range.count }

  /// The same where there is room for `digestedRoom`.
  package func appendDigested(to out: inout OutputSpan<UInt8>) {
    let memory = bytes.span
    var steps = steps
    while let (index, range) = steps.next(in: memory) {
      out.append(UInt8(truncatingIfNeeded: index))
      out.append(UInt8(truncatingIfNeeded: index >> 8))
      out.append(UInt8(truncatingIfNeeded: range.count))
      out.append(UInt8(truncatingIfNeeded: range.count >> 8))
      out.append(UInt8(truncatingIfNeeded: range.count >> 16))
      out.append(UInt8(truncatingIfNeeded: range.count >> 24))
      out.append(copying: memory.extracting(range))
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
