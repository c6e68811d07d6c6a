/// What records look like: the names that were asked for, and those that came, object by object.
///
/// ```
/// asked: userName, name.givenName         node 0 ── userName ── node 1, slot 0
///                                               └── name ────── node 2 ── givenName ── node 3, slot 1
/// came:  {"id":…,"userName":…,"name":…}         └── id ──────── node 4
/// ```
///
/// Records of one export are alike: each name remembers which one came after it, so that mostly one comparison of eight
/// bytes finds it. What has been learnt changes nothing but speed.
package struct JSONShape: Sendable {
  struct Node {
    /// Where values at this place go; -1 for nowhere.
    var slot: Int32 = -1
    var firstEntry: Int32 = -1
    var lastEntry: Int32 = -1
    var entryCount: Int32 = 0
    /// The name that began the last object here.
    var hint: Int32 = -1
    var filters: Int32 = -1
    /// The slot that marks the end of each element of a list here; -1 for none.
    var element: Int32 = -1
  }

  /// A name of an object, in a list of all names known there.
  struct Entry {
    /// The first eight bytes, zero behind the end.
    let prefix: UInt64
    let start: Int32
    let length: Int32
    let node: Int32
    /// Its number within its object.
    let ordinal: Int32
    var sibling: Int32 = -1
    /// The name that came after it the last time.
    var hint: Int32 = -1
  }

  /// What becomes of the elements of one list: values of `from` count as values of `to` where `slot` says `value`.
  struct Filter: Sendable {
    let slot: Int32
    let value: [UInt8]
    var pairs: [(from: Int32, to: Int32)] = []
  }

  /// The place of values nobody wants, in objects that are not kept account of.
  static let nowhere: Int32 = -1
  /// More names of one object are not learnt; nor more objects than this times 64.
  static let learntNames: Int32 = 64

  var nodes: [Node] = [Node()]
  var entries: [Entry] = []
  var names: [UInt8] = []
  var filters: [[Filter]] = []
  private var slotCount: Int32 = 0
  private var slots: [JSONPath: Int] = [:]

  package init() {}

  /// The slot of a path; the same for the same path.
  package mutating func slot(for path: JSONPath) -> Int {
    if let slot = slots[path] { return slot }
    let spellings = path.spellings
    let slot = known(spellings[0]) ?? newSlot()
    slots[path] = Int(slot)
    for spelling in spellings { add(spelling, slot: slot) }
    return Int(slot)
  }

  /// Has the end of every element of a list marked.
  ///
  /// - Returns: the slot of the marks, and of what stands in the elements.
  package mutating func markElements(of path: JSONPath) -> (mark: Int, inside: Set<Int>) {
    var node: Int32 = 0
    for step in path.steps { node = child(of: node, named: step.name) }
    nodes[Int(node)].element = newSlot()
    return (Int(nodes[Int(node)].element), Set(slots(below: node)))
  }

  /// The slot that a path without filters has because a filter looks at it.
  private func known(_ steps: [JSONPath.Step]) -> Int32? {
    var node: Int32 = 0
    for step in steps {
      var entry = nodes[Int(node)].firstEntry
      while entry >= 0, !equals(entry, step.name) { entry = entries[Int(entry)].sibling }
      guard entry >= 0, step.filter == nil else { return nil }
      node = entries[Int(entry)].node
    }
    return nodes[Int(node)].slot >= 0 ? nodes[Int(node)].slot : nil
  }

  private mutating func newSlot() -> Int32 {
    defer { slotCount += 1 }
    return slotCount
  }

  private mutating func add(_ steps: [JSONPath.Step], slot: Int32) {
    var node: Int32 = 0
    for (index, step) in steps.enumerated() {
      node = child(of: node, named: step.name)
      if let filter = step.filter {
        add(filter, at: node, rest: Array(steps[(index + 1)...]), to: slot)
        return
      }
    }
    // Two paths meet here only where one of them is written in another way; the first keeps the place.
    if nodes[Int(node)].slot < 0 { nodes[Int(node)].slot = slot }
  }

  private mutating func add(
    _ filter: JSONPath.Filter, at node: Int32, rest: [JSONPath.Step], to slot: Int32
  ) {
    let condition = plainSlot(below: node, [JSONPath.Step(name: filter.name, filter: nil)])
    let from = rest.isEmpty ? condition : plainSlot(below: node, rest)
    if nodes[Int(node)].filters < 0 {
      nodes[Int(node)].filters = Int32(filters.count)
      filters.append([])
    }
    let group = Int(nodes[Int(node)].filters)
    if let place = filters[group].firstIndex(where: {
      $0.slot == condition && $0.value == filter.value
    }) {
      filters[group][place].pairs.append((from, slot))
    } else {
      filters[group].append(Filter(slot: condition, value: filter.value, pairs: [(from, slot)]))
    }
  }

  private mutating func plainSlot(below node: Int32, _ steps: [JSONPath.Step]) -> Int32 {
    var node = node
    for step in steps { node = child(of: node, named: step.name) }
    if nodes[Int(node)].slot < 0 { nodes[Int(node)].slot = newSlot() }
    return nodes[Int(node)].slot
  }

  private mutating func child(of node: Int32, named name: [UInt8]) -> Int32 {
    var entry = nodes[Int(node)].firstEntry
    while entry >= 0 {
      if equals(entry, name) { return entries[Int(entry)].node }
      entry = entries[Int(entry)].sibling
    }
    return entries[Int(append(name, to: node))].node
  }

  private func equals(_ entry: Int32, _ name: [UInt8]) -> Bool {
    let known = entries[Int(entry)]
    return Int(known.length) == name.count
      && names[Int(known.start)..<Int(known.start + known.length)].elementsEqual(name)
  }

  /// Adds a name to an object, and a place for what stands under it.
  mutating func append(_ name: [UInt8], to node: Int32) -> Int32 {
    let isFull = nodes.count >= Int(Self.learntNames) * 64
    let target = twin(of: name, in: node) ?? (isFull ? Self.nowhere : Int32(nodes.count))
    if target == Int32(nodes.count) { nodes.append(Node()) }
    let entry = Int32(entries.count)
    entries.append(
      Entry(
        prefix: Self.prefix(of: name), start: Int32(names.count), length: Int32(name.count),
        node: target, ordinal: nodes[Int(node)].entryCount))
    names += name
    nodes[Int(node)].entryCount += 1
    let last = nodes[Int(node)].lastEntry
    if last >= 0 {
      entries[Int(last)].sibling = entry
    } else {
      nodes[Int(node)].firstEntry = entry
    }
    nodes[Int(node)].lastEntry = entry
    return entry
  }

  /// The place of a name that differs in the case of ASCII letters alone, which means the same.
  private func twin(of name: [UInt8], in node: Int32) -> Int32? {
    var entry = nodes[Int(node)].firstEntry
    while entry >= 0 {
      let known = entries[Int(entry)]
      if Int(known.length) == name.count {
        let bytes = names[Int(known.start)..<Int(known.start + known.length)]
        if bytes.elementsEqual(name, by: { Self.folded($0) == Self.folded($1) }) {
          return known.node
        }
      }
      entry = known.sibling
    }
    return nil
  }

  private static func folded(_ byte: UInt8) -> UInt8 {
    (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
  }

  static func prefix(of name: some Collection<UInt8>) -> UInt64 {
    var prefix: UInt64 = 0
    for (place, byte) in name.prefix(8).enumerated() { prefix |= UInt64(byte) << UInt64(place * 8) }
    return prefix
  }

  /// All slots at or below the place that a name of an object leads to.
  func slots(below node: Int32) -> [Int] {
    guard node >= 0 else { return [] }
    var found: [Int] = []
    var left = [node]
    while let next = left.popLast(), found.count < Int(slotCount) * 2 {
      let node = nodes[Int(next)]
      if node.slot >= 0 { found.append(Int(node.slot)) }
      if node.filters >= 0 {
        found += filters[Int(node.filters)].flatMap { $0.pairs.map { Int($0.to) } }
      }
      var entry = node.firstEntry
      while entry >= 0 {
        if entries[Int(entry)].node >= 0 { left.append(entries[Int(entry)].node) }
        entry = entries[Int(entry)].sibling
      }
    }
    return found
  }
}
