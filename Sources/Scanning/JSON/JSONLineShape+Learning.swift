import CScanning

/// Goes along a record that has been read and found right, and takes note of what stands between its values.
extension JSONLineShape {
  /// Learns from a line that `reader` has read and found nothing wrong with.
  package mutating func learn(
    _ bytes: [UInt8], _ line: Range<Int>, from reader: borrowing JSONFieldReader
  ) {
    let end = bytes[line].last == UInt8(ascii: "\r") ? line.upperBound - 1 : line.upperBound
    var walk = JSONLineWalk(bytes: bytes, line: line.lowerBound..<end, shape: reader.shape)
    walk.run(&self)
  }
}

/// One walk along a line.
private struct JSONLineWalk {
  /// An object or a list that is open.
  private struct Frame {
    let container: JSONLineShape.Container
    let number: Int
    /// The place of an object, or of the elements of a list.
    let node: Int32
    /// The member that has come last, and its place.
    var entry: Int32 = -1
    var child: Int32
    /// Whether a name comes next.
    var wantsName: Bool
    /// Whether it was open at the last value.
    var isOld = false
  }

  private let bytes: [UInt8]
  private let line: Range<Int>
  private let shape: JSONShape
  private var at: Int
  private var start: Int
  private var spot = 0
  private var step = JSONLineStep()
  private var frames: [Frame] = []

  init(bytes: [UInt8], line: Range<Int>, shape: JSONShape) {
    self.bytes = bytes
    self.line = line
    self.shape = shape
    at = line.lowerBound
    start = line.lowerBound
  }

  /// Goes to the end, or to where there is more than can be learnt.
  mutating func run(_ lines: inout JSONLineShape) {
    while at < line.upperBound {
      switch bytes[at] {
      case UInt8(ascii: "{"), UInt8(ascii: "["): open(&lines)
      case UInt8(ascii: "}"), UInt8(ascii: "]"): close()
      case UInt8(ascii: ","):
        if let last = frames.indices.last {
          frames[last].wantsName = frames[last].container.isObject
        }
        at += 1
      case UInt8(ascii: "\""):
        if frames.last?.wantsName ?? false {
          guard name(&lines) else { return }
        } else {
          at += 1
          guard value(isText: true, &lines) else { return }
          skipText()
        }
      case UInt8(ascii: ":"): at += 1
      case ...0x20: at += 1
      default:
        if isOfNothing {
          addNothing()
          at += 4
        } else {
          guard !hasSlotsBelow, value(isText: false, &lines) else { return }
          skipWord()
        }
      }
    }
    step.next = UInt32(ROLLCALL_JSON_END)
    _ = lines.add(step, of: bytes[start..<line.upperBound], from: spot)
  }

  private mutating func open(_ lines: inout JSONLineShape) {
    let isObject = bytes[at] == UInt8(ascii: "{")
    let node = frames.last?.child ?? 0
    let container = JSONLineShape.Container(
      parent: frames.last?.number ?? -1, entry: frames.last?.entry ?? -1, isObject: isObject)
    let number = lines.number(of: container)
    frames.append(
      Frame(
        container: container, number: number, node: node, child: isObject ? -1 : node,
        wantsName: isObject))
    if isObject { step.begun.append(number) }
    if isObject, node >= 0, shape.nodes[Int(node)].filters >= 0 { step.deeds.append(.open) }
    at += 1
    guard !isObject, bytes[at..<line.upperBound].first(where: { $0 > 0x20 }) == UInt8(ascii: "]")
    else { return }
    addNothing()
  }

  /// Whether values can stand in an object here.
  private var hasSlotsBelow: Bool {
    guard let node = frames.last?.child, node >= 0 else { return false }
    return shape.nodes[Int(node)].below < shape.nodes[Int(node)].belowEnd
  }

  /// Whether `null` comes in the place of such an object: it belongs to what stands between values then.
  private var isOfNothing: Bool {
    hasSlotsBelow && bytes[at..<line.upperBound].starts(with: "null".utf8)
  }

  private mutating func addNothing() {
    guard let node = frames.last?.child, node >= 0 else { return }
    let place = shape.nodes[Int(node)]
    if place.slot >= 0 { step.deeds.append(.nothing(slot: place.slot)) }
    for below in place.below..<place.belowEnd {
      step.deeds.append(.nothing(slot: shape.slotsBelow[Int(below)]))
    }
  }

  private mutating func close() {
    at += 1
    guard let frame = frames.popLast(), frame.container.isObject, frame.node >= 0 else { return }
    let node = shape.nodes[Int(frame.node)]
    if node.filters >= 0 {
      step.deeds.append(.close(filters: Int(node.filters)..<Int(node.filterEnd)))
    }
  }

  /// Steps over the name that begins here; false for one that is spelt with escapes, or not kept account of.
  private mutating func name(_ lines: inout JSONLineShape) -> Bool {
    guard var frame = frames.popLast(), frame.node >= 0 else { return false }
    let begin = at + 1
    at = begin
    while bytes[at] != UInt8(ascii: "\"") {
      guard bytes[at] != UInt8(ascii: "\\") else { return false }
      at += 1
    }
    frame.entry = shape.entry(of: frame.node, named: bytes[begin..<at])
    at += 1
    guard frame.entry >= 0,
      let number = lines.number(
        of: JSONLineShape.Name(container: frame.number, entry: frame.entry))
    else { return false }
    frame.child = shape.entries[Int(frame.entry)].node
    frame.wantsName = false
    step.named.append(number)
    if frame.isOld { step.added.append(number) }
    frames.append(frame)
    return true
  }

  /// Ends the step at the value that begins here; false where there are too many.
  private mutating func value(isText: Bool, _ lines: inout JSONLineShape) -> Bool {
    guard let frame = frames.last else { return false }
    step.next = UInt32((isText ? ROLLCALL_JSON_TEXT : ROLLCALL_JSON_WORD))
    step.slot = frame.child < 0 ? -1 : shape.nodes[Int(frame.child)].slot
    step.target = JSONLineShape.Spot(
      container: frame.number, entry: frame.entry, isText: isText)
    guard let next = lines.add(step, of: bytes[start..<at], from: spot) else { return false }
    spot = next
    step = JSONLineStep()
    for index in frames.indices { frames[index].isOld = true }
    return true
  }

  /// Steps over a text, and begins the next step with its quote.
  private mutating func skipText() {
    while bytes[at] != UInt8(ascii: "\"") { at += bytes[at] == UInt8(ascii: "\\") ? 2 : 1 }
    start = at
    at += 1
  }

  private mutating func skipWord() {
    while at < line.upperBound, bytes[at] > 0x20,
      ![UInt8(ascii: ","), UInt8(ascii: "}"), UInt8(ascii: "]")].contains(bytes[at])
    {
      at += 1
    }
    start = at
  }
}
