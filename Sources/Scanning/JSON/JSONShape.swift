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
    /// Behind its last filter.
    var filterEnd: Int32 = -1
    /// The slot that marks the end of each element of a list here; -1 for none.
    var element: Int32 = -1
    /// In `slotsBelow`: the slots of what can stand in an object here; empty where none was asked for.
    var below: Int32 = 0
    var belowEnd: Int32 = 0
    /// Whether a value has come here; only where somebody wants to know.
    var isValue = false
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

  /// What becomes of the elements of one list: where `slot` has a value, those of one slot count for another.
  ///
  /// Values and pairs stand in arrays for all filters, for a list of its own would be retained for every element.
  struct Filter: Sendable {
    let slot: Int32
    /// In `filterValues`.
    let value: Range<Int32>
    /// In `pairs`.
    let pairs: Range<Int32>
  }

  /// A filter while paths are added.
  private struct DraftedFilter: Sendable {
    let slot: Int32
    let value: [UInt8]
    var pairs: [(from: Int32, to: Int32)] = []
  }

  /// The place of values nobody wants, in objects that are not kept account of.
  static let nowhere: Int32 = -1
  /// More names of one object are not learnt; nor more objects than this times 16.
  static let learntNames: Int32 = 256

  var nodes: [Node] = [Node()]
  var entries: [Entry] = []
  var names: [UInt8] = []
  private(set) var filters: [Filter] = []
  private(set) var filterValues: [UInt8] = []
  private(set) var pairs: [(from: Int32, to: Int32)] = []
  private(set) var slotsBelow: [Int32] = []
  private var drafts: [(node: Int32, filters: [DraftedFilter])] = []
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

  /// Notes what `null` in the place of an object empties, once all paths have been added.
  mutating func layOutSlotsBelow() {
    slotsBelow = []
    for node in nodes.indices.dropFirst() {
      let own = Int(nodes[node].slot)
      nodes[node].below = Int32(slotsBelow.count)
      slotsBelow += Set(slots(below: Int32(node))).subtracting([own]).sorted().map { Int32($0) }
      nodes[node].belowEnd = Int32(slotsBelow.count)
    }
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
    if !drafts.contains(where: { $0.node == node }) { drafts.append((node, [])) }
    for group in drafts.indices where drafts[group].node == node {
      if let place = drafts[group].filters.firstIndex(where: {
        $0.slot == condition && $0.value == filter.value
      }) {
        drafts[group].filters[place].pairs.append((from, slot))
      } else {
        drafts[group].filters.append(
          DraftedFilter(slot: condition, value: filter.value, pairs: [(from, slot)]))
      }
    }
    layOutFilters()
  }

  private mutating func layOutFilters() {
    filters = []
    filterValues = []
    pairs = []
    for (node, drafted) in drafts {
      nodes[Int(node)].filters = Int32(filters.count)
      for filter in drafted {
        let value = Int32(filterValues.count)
        let pair = Int32(pairs.count)
        filterValues += filter.value
        pairs += filter.pairs
        filters.append(
          Filter(
            slot: filter.slot, value: value..<Int32(filterValues.count),
            pairs: pair..<Int32(pairs.count)))
      }
      nodes[Int(node)].filterEnd = Int32(filters.count)
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
    return entries[Int(append(name, to: node, isAsked: true))].node
  }

  /// The number of a name that is known in an object; -1 for any other.
  func entry(of node: Int32, named name: ArraySlice<UInt8>) -> Int32 {
    var entry = nodes[Int(node)].firstEntry
    while entry >= 0 {
      let known = entries[Int(entry)]
      if names[Int(known.start)..<Int(known.start + known.length)].elementsEqual(name) { break }
      entry = known.sibling
    }
    return entry
  }

  private func equals(_ entry: Int32, _ name: [UInt8]) -> Bool {
    let known = entries[Int(entry)]
    return Int(known.length) == name.count
      && names[Int(known.start)..<Int(known.start + known.length)].elementsEqual(name)
  }

  /// Adds a name to an object, and a place for what stands under it.
  ///
  /// What is asked for always has a place, however many names came before.
  mutating func append(_ name: [UInt8], to node: Int32, isAsked: Bool = false) -> Int32 {
    let isFull = !isAsked && nodes.count >= Int(Self.learntNames) * 16
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

  /// The names of all places where a value has come, with dots between them.
  var valueNames: [[UInt8]] {
    var found: [[UInt8]] = []
    var left: [(node: Int32, name: [UInt8], depth: Int)] = [(0, [], 0)]
    while let (node, name, depth) = left.popLast() {
      if nodes[Int(node)].isValue { found.append(name) }
      // The name of an extension has dots of its own.
      let isExtension = depth == 1 && name.starts(with: "urn:".utf8)
      let joint = depth == 0 ? "" : isExtension ? ":" : "."
      var entry = nodes[Int(node)].firstEntry
      var children: [(node: Int32, name: [UInt8], depth: Int)] = []
      while entry >= 0 {
        let known = entries[Int(entry)]
        let own = names[Int(known.start)..<Int(known.start + known.length)]
        if known.node >= 0 { children.append((known.node, name + joint.utf8 + own, depth + 1)) }
        entry = known.sibling
      }
      left += children.reversed()
    }
    return found
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
        for filter in filters[Int(node.filters)..<Int(node.filterEnd)] {
          found += filter.pairs.map { Int(pairs[Int($0)].to) }
        }
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
