import Identity

/// The attribute paths of a set as a tree of names, flattened so that it can be walked by pointers.
struct PathTree {
  /// One name of an object, with what is wanted beneath it.
  struct Node {
    /// Where the name stands in `names`.
    var name: Range<Int>
    /// The attribute that is the value itself, or -1.
    var leaf = -1
    /// Whether that attribute may have several values, so that an array is its value.
    var isList = false
    /// Names wanted in the value when it is an object: a range of `nodes`, sorted by name.
    var children = 0..<0
    /// Elements wanted of the value when it is an array: a range of `filters`.
    var filters = 0..<0
  }

  /// One `[attribute eq "value"]`, with what is wanted of the element it picks.
  struct Filter {
    var attribute: Range<Int>
    var value: Range<Int>
    /// What the filter takes a boolean for: 1 true, 0 false, both in any case of letters; else -1.
    var boolean: Int
    var children: Range<Int>
  }

  private(set) var nodes: [Node] = []
  private(set) var filters: [Filter] = []
  private(set) var names: [UInt8] = []
  private(set) var root = 0..<0
  /// Whether names and filters can be compared as bytes of the text, without escapes.
  private(set) var isExact = true

  init(_ set: AttributeSet) {
    let wanted = set.ids.map { id in
      Wanted(
        id: id.index, path: set[id].path, isList: set[id].kind == .list,
        steps: Self.steps(set[id].path))
    }
    root = add(wanted, depth: 0)
  }

  private struct Wanted {
    let id: Int
    let path: AttributePath
    var isList = false
    /// The object names from the root to the value, up to a filter if there is one.
    let steps: [String]
  }

  private static func steps(_ path: AttributePath) -> [String] {
    let head = [path.schema, path.attribute].compactMap { $0 }
    return path.filter == nil ? head + [path.subAttribute].compactMap { $0 } : head
  }

  /// Adds the nodes for one level of names and, before them, all that lies beneath.
  private mutating func add(_ wanted: [Wanted], depth: Int) -> Range<Int> {
    let groups = Dictionary(grouping: wanted.filter { $0.steps.count > depth }) { $0.steps[depth] }
    let names = groups.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    let level = names.map { name in
      let members = groups[name] ?? []
      var node = Node(name: add(name: name))
      let ends = members.filter { $0.steps.count == depth + 1 }
      if let leaf = ends.first(where: { $0.path.filter == nil }) {
        node.leaf = leaf.id
        node.isList = leaf.isList
      }
      node.filters = add(filtersOf: ends)
      node.children = add(members, depth: depth + 1)
      return node
    }
    nodes += level
    return nodes.count - level.count..<nodes.count
  }

  private mutating func add(filtersOf wanted: [Wanted]) -> Range<Int> {
    let groups = Dictionary(grouping: wanted.filter { $0.path.filter != nil }) { $0.path.filter }
    var level: [Filter] = []
    for (filter, members) in groups {
      guard let filter else { continue }
      let leaves = members.compactMap { member in
        member.path.subAttribute.map {
          Wanted(id: member.id, path: AttributePath(attribute: $0), steps: [$0])
        }
      }
      let word = filter.value.lowercased()
      level.append(
        Filter(
          attribute: add(name: filter.attribute), value: add(name: filter.value),
          boolean: word == "true" ? 1 : word == "false" ? 0 : -1,
          children: add(leaves, depth: 0)))
    }
    filters += level
    // One bit per filter of an array tells which have found their element.
    if level.count > 64 { isExact = false }
    return filters.count - level.count..<filters.count
  }

  private mutating func add(name: String) -> Range<Int> {
    if name.utf8.contains(where: { $0 < 0x20 || $0 == 0x22 || $0 == 0x5C || $0 == 0x7F }) {
      isExact = false
    }
    names += Array(name.utf8)
    return names.count - name.utf8.count..<names.count
  }
}
