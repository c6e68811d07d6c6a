import Identity

/// One pass over one canonical JSON text, beside a `PathTree`.
///
/// Every function takes the offset where something begins and returns the offset behind it, or -1 for
/// a text that is not in canonical form. No byte at or past `count` is read.
/// It must not outlive the closures that lent it its pointers.
@safe
struct ResourceWalk {
  let bytes: UnsafePointer<UInt8>
  let count: Int
  let map: Map
  let places: UnsafeMutableBufferPointer<ResourceReader.Place>

  /// A `PathTree` in memory of its own, to be read without looking who else has it.
  @safe
  final class Map {
    fileprivate let nodes: UnsafeMutableBufferPointer<PathTree.Node>
    fileprivate let names: UnsafeMutableBufferPointer<UInt8>
    fileprivate let filters: UnsafeMutableBufferPointer<PathTree.Filter>

    init(_ tree: PathTree) {
      unsafe nodes = Self.copy(tree.nodes)
      unsafe names = Self.copy(tree.names)
      unsafe filters = Self.copy(tree.filters)
    }

    private static func copy<T>(_ elements: [T]) -> UnsafeMutableBufferPointer<T> {
      let memory = UnsafeMutableBufferPointer<T>.allocate(capacity: elements.count)
      _ = unsafe memory.initialize(from: elements)
      return unsafe memory
    }

    deinit {
      // SAFETY: allocated in `init`, of trivial types, and read by walks of one reader alone.
      unsafe nodes.deallocate()
      unsafe names.deallocate()
      unsafe filters.deallocate()
    }
  }

  /// Finds all places beneath the root object.
  ///
  /// What stands behind the last of them is not looked at.
  @inline(__always)
  func readRoot(_ children: Range<Int>) -> Bool {
    byte(0) == UInt8(ascii: "{") && object(at: 0, children, isRoot: true) >= 0
  }

  // MARK: - The only loads and stores

  /// The byte at an offset; 0, which no text holds, at the end.
  @inline(__always)
  private func byte(_ offset: Int) -> UInt8 {
    // SAFETY: `count` bytes stand at `bytes`; offsets only grow from 0.
    offset < count ? unsafe bytes[offset] : 0
  }

  /// Eight bytes from an offset with at least eight behind it, the first one lowest.
  @inline(__always)
  private func word(_ offset: Int) -> UInt64 {
    // SAFETY: the caller has checked `offset + 8 <= count`.
    unsafe UInt64(
      littleEndian: UnsafeRawPointer(bytes).loadUnaligned(fromByteOffset: offset, as: UInt64.self))
  }

  @inline(__always)
  private func node(_ index: Int) -> PathTree.Node {
    // SAFETY: `PathTree` only makes ranges within its nodes.
    unsafe map.nodes[index]
  }

  @inline(__always)
  private func filter(_ index: Int) -> PathTree.Filter {
    // SAFETY: `PathTree` only makes ranges within its filters.
    unsafe map.filters[index]
  }

  @inline(__always)
  private func take(
    _ start: Int, _ end: Int, isEscaped: Bool = false, isArray: Bool = false, as leaf: Int
  ) {
    // SAFETY: a leaf is the id of an attribute, and there is a place for each.
    unsafe places[leaf] = ResourceReader.Place(
      start: start, end: end, isEscaped: isEscaped, isArray: isArray)
  }

  /// Below, at or above zero as the wanted name sorts before, with or behind the one in the text.
  @inline(__always)
  private func compare(_ wanted: Range<Int>, _ start: Int, _ end: Int) -> Int {
    let count = end - start
    let shorter = min(wanted.count, count)
    var index = 0
    while index < shorter {
      // SAFETY: `wanted` lies within `names` (see `PathTree`), and `end` within the text.
      let left = unsafe map.names[wanted.lowerBound &+ index]
      let right = unsafe bytes[start &+ index]
      if left != right { return left < right ? -1 : 1 }
      index &+= 1
    }
    return wanted.count - count
  }

  // MARK: - Descending

  private func object(at start: Int, _ wanted: Range<Int>, isRoot: Bool = false) -> Int {
    var offset = start + 1
    if byte(offset) == UInt8(ascii: "}") { return offset + 1 }
    var next = wanted.lowerBound
    while true {
      if next == wanted.upperBound {
        return isRoot ? offset : endOfContainer(from: offset)
      }
      guard byte(offset) == UInt8(ascii: "\"") else { return -1 }
      let name = offset + 1
      let (end, isEscaped) = endOfString(from: name)
      guard end >= 0, byte(end + 1) == UInt8(ascii: ":") else { return -1 }
      offset = end + 2
      // A name with escapes is none of ours, and its bytes do not sort as it does.
      var order = 1
      while !isEscaped, next < wanted.upperBound {
        order = compare(node(next).name, name, end)
        if order >= 0 { break }
        next += 1
      }
      if order == 0, !isEscaped, next < wanted.upperBound {
        offset = value(at: offset, node(next))
        next += 1
      } else {
        offset = endOfValue(at: offset)
      }
      guard offset >= 0 else { return -1 }
      switch byte(offset) {
      case UInt8(ascii: ","): offset += 1
      case UInt8(ascii: "}"): return offset + 1
      default: return -1
      }
    }
  }

  /// Takes a value that is wanted, or descends into it.
  private func value(at offset: Int, _ node: PathTree.Node) -> Int {
    switch byte(offset) {
    case UInt8(ascii: "\""):
      let (end, isEscaped) = endOfString(from: offset + 1)
      guard end >= 0 else { return -1 }
      if node.leaf >= 0 {
        take(offset + 1, end, isEscaped: isEscaped, as: node.leaf)
      }
      return end + 1
    case UInt8(ascii: "{") where !node.children.isEmpty:
      return object(at: offset, node.children)
    case UInt8(ascii: "[") where node.isList || !node.filters.isEmpty:
      let end =
        node.filters.isEmpty ? endOfValue(at: offset) : array(at: offset, node.filters)
      if node.isList, end > offset { take(offset, end, isArray: true, as: node.leaf) }
      return end
    case UInt8(ascii: "{"), UInt8(ascii: "["):
      return endOfValue(at: offset)
    default:
      let end = endOfValue(at: offset)
      // `null` is no value; `true`, `false` and numbers are their own text.
      if node.leaf >= 0, end > offset, byte(offset) != UInt8(ascii: "n") {
        take(offset, end, as: node.leaf)
      }
      return end
    }
  }

  /// Descends into the first element that each filter picks.
  private func array(at start: Int, _ wanted: Range<Int>) -> Int {
    var offset = start + 1
    var done: UInt64 = 0
    if byte(offset) == UInt8(ascii: "]") { return offset + 1 }
    while true {
      if byte(offset) == UInt8(ascii: "{") {
        for index in wanted where done & 1 << UInt64(index - wanted.lowerBound) == 0 {
          let match = isPicked(at: offset, by: filter(index))
          guard match >= 0 else { return -1 }
          if match == 1 {
            done |= 1 << UInt64(index - wanted.lowerBound)
            guard object(at: offset, filter(index).children) >= 0 else { return -1 }
          }
        }
      }
      offset = endOfValue(at: offset)
      guard offset >= 0 else { return -1 }
      switch byte(offset) {
      case UInt8(ascii: ","): offset += 1
      case UInt8(ascii: "]"): return offset + 1
      default: return -1
      }
    }
  }

  /// 1 when the element at `start` is the one a filter means, 0 when not, -1 when it cannot be told.
  private func isPicked(at start: Int, by filter: PathTree.Filter) -> Int {
    var offset = start + 1
    if byte(offset) == UInt8(ascii: "}") { return 0 }
    while true {
      guard byte(offset) == UInt8(ascii: "\"") else { return -1 }
      let name = offset + 1
      let (end, _) = endOfString(from: name)
      guard end >= 0, byte(end + 1) == UInt8(ascii: ":") else { return -1 }
      offset = end + 2
      if compare(filter.attribute, name, end) == 0 {
        return isValue(at: offset, of: filter)
      }
      offset = endOfValue(at: offset)
      guard offset >= 0 else { return -1 }
      switch byte(offset) {
      case UInt8(ascii: ","): offset += 1
      case UInt8(ascii: "}"): return 0
      default: return -1
      }
    }
  }

  private func isValue(at offset: Int, of filter: PathTree.Filter) -> Int {
    switch byte(offset) {
    case UInt8(ascii: "\""):
      let (end, isEscaped) = endOfString(from: offset + 1)
      guard end >= 0, !isEscaped else { return -1 }
      return compare(filter.value, offset + 1, end) == 0 ? 1 : 0
    case UInt8(ascii: "t"): return filter.boolean == 1 ? 1 : 0
    case UInt8(ascii: "f"): return filter.boolean == 0 ? 1 : 0
    default: return 0
    }
  }

  // MARK: - Stepping over what is not wanted

  /// Where the string that is open at `start` closes, and whether there are escapes in it.
  @inline(__always)
  private func endOfString(from start: Int) -> (end: Int, isEscaped: Bool) {
    var offset = start
    var isEscaped = false
    while true {
      while offset + 8 <= count {
        let word = word(offset)
        let found =
          Self.lanes(of: word, equalTo: 0x2222_2222_2222_2222)
          | Self.lanes(of: word, equalTo: 0x5C5C_5C5C_5C5C_5C5C)
        if found != 0 {
          offset += found.trailingZeroBitCount >> 3
          break
        }
        offset += 8
      }
      switch byte(offset) {
      case UInt8(ascii: "\""): return (offset, isEscaped)
      case UInt8(ascii: "\\"):
        isEscaped = true
        offset += 2
      default:
        // Only the last seven bytes come here.
        offset += 1
      }
      if offset >= count { return (-1, isEscaped) }
    }
  }

  /// The high bit of each byte of `word` that equals that of `pattern`, exact up to and with the first.
  @inline(__always)
  private static func lanes(of word: UInt64, equalTo pattern: UInt64) -> UInt64 {
    let difference = word ^ pattern
    return (difference &- 0x0101_0101_0101_0101) & ~difference & 0x8080_8080_8080_8080
  }

  private func endOfValue(at start: Int) -> Int {
    switch byte(start) {
    case UInt8(ascii: "\""):
      let (end, _) = endOfString(from: start + 1)
      return end < 0 ? -1 : end + 1
    case UInt8(ascii: "{"), UInt8(ascii: "["):
      return endOfContainer(from: start + 1)
    default:
      var offset = start
      while offset < count {
        switch byte(offset) {
        case UInt8(ascii: ","), UInt8(ascii: "}"), UInt8(ascii: "]"):
          return offset > start ? offset : -1
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
          UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "E"):
          offset += 1
        default: return -1
        }
      }
      return -1
    }
  }

  /// Behind the bracket that closes the object or array which is open at `start`.
  private func endOfContainer(from start: Int) -> Int {
    var offset = start
    var depth = 1
    while offset < count {
      switch byte(offset) {
      case UInt8(ascii: "\""):
        let (end, _) = endOfString(from: offset + 1)
        guard end >= 0 else { return -1 }
        offset = end + 1
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        depth += 1
        offset += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        depth -= 1
        offset += 1
        if depth == 0 { return offset }
      default: offset += 1
      }
    }
    return -1
  }
}
