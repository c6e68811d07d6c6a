/// Walks through JSON text of any length and finds the records in it, one after the other.
///
/// ```
/// {"@odata.context":"…","value":[{"id":1},{"id":2}]}      records at `value`: {"id":1}  {"id":2}
///                                                         envelope: {"@odata.context":"…","value":[]}
/// [{"id":1},{"id":2}]                                     a list of records
/// [{"value":[…]},{"value":[…]}]                           a list of pages
/// {"id":1}␤{"id":2}                                       documents one after the other
/// ```
///
/// What stands around the records is kept and read strictly when the document ends; what is in a record is
/// read by `JSONFieldReader`. The walk itself holds commas, colons and brackets to the grammar.
package struct JSONOutline: Sendable {
  package enum Step: Sendable, Hashable {
    /// A value in the list of records; it need not be an object.
    case record(Range<Int>)
    /// A document or page is complete: its text without the records, and whether it had a list of them.
    case envelope([UInt8], hasList: Bool)
    /// More bytes are needed, or this was all.
    case needsMore
    case broken(JSONProblem)
  }

  private enum Frame: Sendable {
    case list
    case pages
    /// An object in which the name at this place of the path leads on.
    case object(level: Int)
  }

  private enum Expected: Sendable {
    /// A value, a name, or at once the end.
    case first
    /// A value, or a name.
    case value
    case colon
    /// The value of a name.
    case member
    /// A comma or the end.
    case next
  }

  private enum Skipping: Sendable {
    case record(start: Int)
    case other
  }

  private let path: [[UInt8]]
  private let envelopeLimit: Int
  private var frames: [Frame] = []
  private var expected = Expected.first
  private var skip = JSONSkip()
  private var skipping: Skipping?
  private var isWanted = false
  private var hasList = false
  private var envelope: [UInt8] = []
  private var pending: Step?
  /// Between documents: whether one came before, how it ended, and whether a line has ended since.
  private var documents = 0
  private var lastByte: UInt8 = 0
  private var hasLineEnd = false
  private var isFirst = true
  /// The next byte to look at.
  package private(set) var place = 0

  /// Outlines files whose records stand in the list that the names of `path` lead to; without names, documents are records
  /// or lists of them.
  package init(path: [[UInt8]], envelopeLimit: Int = 64 << 20) {
    self.path = path
    self.envelopeLimit = envelopeLimit
  }

  /// Where the record begins whose end has not been found yet.
  package var openRecord: Int? {
    guard case .record(let start) = skipping else { return nil }
    return start
  }

  /// Whether the text may end here.
  package var isComplete: Bool { frames.isEmpty && skipping == nil }

  /// Whether nothing but white space has come.
  package var isBlank: Bool { documents == 0 && isComplete }

  /// The first `count` bytes of the buffer have been taken out.
  package mutating func drop(_ count: Int) {
    place -= count
    if case .record(let start) = skipping { skipping = .record(start: start - count) }
  }

  /// The next step in the bytes up to `end`, after which 64 more must follow.
  package mutating func next(in bytes: [UInt8], to end: Int) -> Step {
    precondition(end + 64 <= bytes.count)
    if let step = pending {
      pending = nil
      return step
    }
    // SAFETY: all places stay below `end`, and 64 bytes follow it.
    return unsafe bytes.withUnsafeBufferPointer { buffer in
      guard let start = buffer.baseAddress else { return .needsMore }
      return unsafe next(start, end)
    }
  }

  private mutating func next(_ bytes: UnsafePointer<UInt8>, _ end: Int) -> Step {
    while true {
      if skipping != nil {
        if let step = unsafe goOnSkipping(bytes, end) { return step }
        if skipping != nil { return .needsMore }
        continue
      }
      unsafe skipSpace(bytes, end)
      guard place < end else { return .needsMore }
      let byte = unsafe bytes[place]
      let step: Step?
      switch frames.last {
      case nil: step = unsafe document(byte, bytes, end)
      case .list: step = unsafe listItem(byte, bytes, end, isPages: false)
      case .pages: step = unsafe listItem(byte, bytes, end, isPages: true)
      case .object(let level): step = unsafe member(byte, level, bytes, end)
      }
      if let step { return step }
    }
  }

  private mutating func skipSpace(_ bytes: UnsafePointer<UInt8>, _ end: Int) {
    if isFirst, place + 3 <= end {
      // A byte order mark is no JSON, but Windows tools write one.
      if unsafe bytes[0] == 0xEF && bytes[1] == 0xBB && bytes[2] == 0xBF { place = 3 }
      isFirst = false
    }
    while place < end {
      let byte = unsafe bytes[place]
      guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return }
      if byte == 0x0A { hasLineEnd = true }
      place &+= 1
    }
  }

  private func broken(_ kind: JSONProblem.Kind, at place: Int) -> Step {
    .broken(JSONProblem(kind: kind, offset: place))
  }

  // MARK: - Documents and lists

  /// The beginning of a document; those after the first stand on lines of their own, or are objects end to end.
  private mutating func document(
    _ byte: UInt8, _ bytes: UnsafePointer<UInt8>, _ end: Int
  ) -> Step? {
    let isObject = byte == UInt8(ascii: "{")
    let isList = byte == UInt8(ascii: "[")
    if documents > 0 {
      let isApart = hasLineEnd || (isObject && lastByte == UInt8(ascii: "}"))
      guard isApart, isObject || isList else { return broken(.trailingText, at: place) }
    }
    documents += 1
    if isList {
      place += 1
      frames.append(path.isEmpty ? .list : .pages)
      expected = .first
      return nil
    }
    if isObject, !path.isEmpty { return open(level: 0) }
    return unsafe beginRecord(byte, bytes, end)
  }

  private mutating func listItem(
    _ byte: UInt8, _ bytes: UnsafePointer<UInt8>, _ end: Int, isPages: Bool
  ) -> Step? {
    switch (expected, byte) {
    case (.first, UInt8(ascii: "]")), (.next, UInt8(ascii: "]")):
      place += 1
      return close(byte)
    case (.next, UInt8(ascii: ",")):
      place += 1
      expected = .value
      return nil
    case (.first, _), (.value, _):
      expected = .next
      guard isPages else { return unsafe beginRecord(byte, bytes, end) }
      guard byte == UInt8(ascii: "{") else { return broken(.unexpectedByte, at: place) }
      return open(level: 0)
    default:
      return broken(.unexpectedByte, at: place)
    }
  }

  private mutating func beginRecord(
    _ byte: UInt8, _ bytes: UnsafePointer<UInt8>, _ end: Int
  ) -> Step? {
    if byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[") {
      skipping = .record(start: place)
      return nil
    }
    guard let stop = unsafe scalarEnd(bytes, end) else {
      // A number at the end of the text may have come to its end, too; a record it is not anyhow.
      if frames.isEmpty { documents -= 1 } else { expected = .value }
      return .needsMore
    }
    guard stop > place else { return broken(.unexpectedByte, at: place) }
    let range = place..<stop
    place = stop
    return recordEnds(range, lastByte: 0)
  }

  private mutating func recordEnds(_ range: Range<Int>, lastByte byte: UInt8) -> Step {
    if frames.isEmpty {
      lastByte = byte
      hasLineEnd = false
    }
    return .record(range)
  }

  /// A list or object ends: back to what is around it.
  private mutating func close(_ byte: UInt8) -> Step? {
    let closed = frames.removeLast()
    expected = .next
    if case .list = closed, !frames.isEmpty { envelope.append(byte) }
    if frames.isEmpty {
      lastByte = byte
      hasLineEnd = false
      expected = .first
    }
    guard case .object(level: 0) = closed else { return nil }
    defer {
      envelope = []
      hasList = false
    }
    return .envelope(envelope, hasList: hasList)
  }

  // MARK: - Envelopes

  private mutating func open(level: Int) -> Step? {
    frames.append(.object(level: level))
    expected = .first
    place += 1
    envelope.append(UInt8(ascii: "{"))
    return nil
  }

  private mutating func member(
    _ byte: UInt8, _ level: Int, _ bytes: UnsafePointer<UInt8>, _ end: Int
  ) -> Step? {
    guard envelope.count <= envelopeLimit else { return broken(.tooLong, at: place) }
    switch (expected, byte) {
    case (.first, UInt8(ascii: "}")), (.next, UInt8(ascii: "}")):
      place += 1
      envelope.append(byte)
      return close(byte)
    case (.first, UInt8(ascii: "\"")), (.value, UInt8(ascii: "\"")):
      guard let stop = unsafe textEnd(bytes, end) else { return .needsMore }
      isWanted = unsafe equals(path[level], bytes + place + 1, stop - place - 2)
      unsafe take(bytes, to: stop)
      expected = .colon
      return nil
    case (.colon, UInt8(ascii: ":")):
      unsafe take(bytes, to: place + 1)
      expected = .member
      return nil
    case (.next, UInt8(ascii: ",")):
      unsafe take(bytes, to: place + 1)
      expected = .value
      return nil
    case (.member, _):
      return unsafe memberValue(byte, level, bytes, end)
    default:
      return broken(.unexpectedByte, at: place)
    }
  }

  private mutating func memberValue(
    _ byte: UInt8, _ level: Int, _ bytes: UnsafePointer<UInt8>, _ end: Int
  ) -> Step? {
    expected = .next
    let isLast = level + 1 == path.count
    if isWanted, isLast, byte == UInt8(ascii: "[") {
      unsafe take(bytes, to: place + 1)
      hasList = true
      frames.append(.list)
      expected = .first
      return nil
    }
    if isWanted, !isLast, byte == UInt8(ascii: "{") { return open(level: level + 1) }
    if byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[") {
      skipping = .other
      return nil
    }
    guard let stop = unsafe scalarEnd(bytes, end) else {
      expected = .member
      return .needsMore
    }
    guard stop > place else { return broken(.unexpectedByte, at: place) }
    unsafe take(bytes, to: stop)
    return nil
  }

  /// Moves on to `stop` and keeps the text.
  private mutating func take(_ bytes: UnsafePointer<UInt8>, to stop: Int) {
    // SAFETY: `place..<stop` lies below the end of the buffer.
    let range = unsafe UnsafeBufferPointer(start: bytes + place, count: stop - place)
    unsafe envelope.append(contentsOf: range)
    place = stop
  }

  // MARK: - Values

  private mutating func goOnSkipping(_ bytes: UnsafePointer<UInt8>, _ end: Int) -> Step? {
    let stop = unsafe skip.end(in: bytes, from: place, to: end)
    switch skipping {
    case .record(let start):
      place = stop ?? end
      guard let stop else { return nil }
      skipping = nil
      return recordEnds(start..<stop, lastByte: UInt8(ascii: "}"))
    case .other, nil:
      unsafe take(bytes, to: stop ?? end)
      if envelope.count > envelopeLimit { return broken(.tooLong, at: place) }
      if stop != nil { skipping = nil }
      return nil
    }
  }

  /// The place after a text that begins here; nil when it does not end before `end`.
  private func textEnd(_ bytes: UnsafePointer<UInt8>, _ end: Int) -> Int? {
    var index = place + 1
    while index < end {
      let byte = unsafe bytes[index]
      if byte == UInt8(ascii: "\"") { return index + 1 }
      index += byte == UInt8(ascii: "\\") ? 2 : 1
    }
    return nil
  }

  /// The place after a text, number or word that begins here; nil when that is not before `end`.
  private func scalarEnd(_ bytes: UnsafePointer<UInt8>, _ end: Int) -> Int? {
    if unsafe bytes[place] == UInt8(ascii: "\"") { return unsafe textEnd(bytes, end) }
    var index = place
    while index < end {
      switch unsafe bytes[index] {
      case UInt8(ascii: ","), UInt8(ascii: "]"), UInt8(ascii: "}"), UInt8(ascii: ":"), 0x20, 0x0A,
        0x0D, 0x09:
        return index
      default: index += 1
      }
    }
    return nil
  }

  private func equals(_ name: [UInt8], _ bytes: UnsafePointer<UInt8>, _ count: Int) -> Bool {
    guard name.count == count else { return false }
    return name.indices.allSatisfy { unsafe name[$0] == bytes[$0] }
  }
}
