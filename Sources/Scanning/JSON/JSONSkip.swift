import CScanning

/// Finds the end of an object or list, 64 bytes at a time, without looking at what is in it.
///
/// ```
/// {"a":"}\"","b":[1]},…
/// quotes not escaped    1 . 1 . 1 . . . . 1 …
/// inside a text         bits between them
/// brackets elsewhere    { [ ] }             depth 1 2 1 0: the end
/// ```
///
/// It can stop at the end of a buffer and go on in the next one. Whether the brackets match, and everything else, is for the reader
/// of the record to say.
struct JSONSkip: Sendable {
  private var depth = 0
  private var isInText = false
  private var isEscaped = false

  /// How deep in brackets the place is.
  var openBrackets: Int { depth }

  /// Goes on from `start`, and returns the place after the closing bracket.
  ///
  /// At least 64 bytes must follow `end`. Nil when it is not before `end`; go on from there then.
  mutating func end(in bytes: UnsafePointer<UInt8>, from start: Int, to end: Int) -> Int? {
    var place = start
    while place < end {
      let count = min(64, end &- place)
      // SAFETY: the caller sees to it that 64 bytes follow `end`, so those from `place` on are there.
      if let found = unsafe look(bytes + place, count) { return place &+ found }
      place &+= count
    }
    return nil
  }

  @inline(__always)
  private mutating func look(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> Int? {
    let masks = unsafe rollcall_json_masks(bytes)
    let valid = count == 64 ? UInt64.max : (1 &<< UInt64(count)) &- 1
    let escaped = escaped(masks.backslashes & valid, count)
    let quotes = masks.quotes & valid & ~escaped
    let text = quotes.prefixXor ^ (isInText ? UInt64.max : 0)
    let opens = masks.opens & valid & ~text
    let closes = masks.closes & valid & ~text
    if closes.nonzeroBitCount >= depth, let place = closing(opens, closes) {
      self = JSONSkip()
      return place &+ 1
    }
    depth &+= opens.nonzeroBitCount &- closes.nonzeroBitCount
    if quotes.nonzeroBitCount & 1 == 1 { isInText.toggle() }
    return nil
  }

  /// The place of the bracket that closes the first one, if it is here.
  private func closing(_ opens: UInt64, _ closes: UInt64) -> Int? {
    var depth = depth
    var left = opens | closes
    while left != 0 {
      let place = left.trailingZeroBitCount
      left &= left &- 1
      if opens & (1 &<< UInt64(place)) != 0 {
        depth &+= 1
      } else {
        depth &-= 1
        if depth == 0 { return place }
      }
    }
    return nil
  }

  /// The bytes that a backslash before them takes for itself; backslashes are rare.
  private mutating func escaped(_ backslashes: UInt64, _ count: Int) -> UInt64 {
    var escaped: UInt64 = isEscaped ? 1 : 0
    isEscaped = false
    var left = backslashes & ~escaped
    while left != 0 {
      let place = left.trailingZeroBitCount
      if place == count - 1 {
        isEscaped = true
        break
      }
      escaped |= 1 &<< UInt64(place + 1)
      left &= ~(UInt64(3) &<< UInt64(place))
    }
    return escaped
  }
}
