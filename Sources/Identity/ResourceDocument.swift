package import Scanning

/// One SCIM resource as the state keeps it: a JSON object whose managed values are set by path.
///
/// ```
/// set(emails[type eq "work"].value, "ann@contoso.com")
///   → {"emails":[{"type":"work","value":"ann@contoso.com"}],…}
/// ```
///
/// What no path touches stays as it was. The canonical text has its members sorted by name, so that
/// the same resource is always the same bytes.
package struct ResourceDocument: Sendable, Hashable {
  package private(set) var root: JSONValue

  package init() {
    root = .object([JSONMember]())
  }

  package init(_ root: JSONValue) {
    self.root = root
  }

  /// Reads the text a state holds; throws `JSONProblem` when it is not JSON.
  package init(parsing bytes: [UInt8]) throws(JSONProblem) {
    root = try JSONParser.parse(bytes)
  }

  /// The text to store: compact, names sorted by their bytes at every level.
  package var canonicalBytes: [UInt8] { Self.sorted(root).bytes }

  /// A managed value as its bytes; nil where the resource has none.
  package func value(at path: AttributePath) -> String? {
    switch node(at: path) {
    case .string(let text): text
    case .bool(let value): value ? "true" : "false"
    case .number(let text): text
    case nil, .null, .array, .object: nil
    }
  }

  /// The same of one attribute, whose values may be several: see `ListText`.
  package func value(of attribute: ManagedAttribute) -> String? {
    guard attribute.kind == .list else { return value(at: attribute.path) }
    return node(at: attribute.path).map {
      String(decoding: ListText.bytes(of: $0), as: UTF8.self)
    }
  }

  private func node(at path: AttributePath) -> JSONValue? {
    var current: JSONValue? = root
    if let schema = path.schema { current = current?[schema] }
    current = current?[path.attribute]
    if let filter = path.filter { current = current?.elements?.first { $0.matches(filter) } }
    if let subAttribute = path.subAttribute { current = current?[subAttribute] }
    return current
  }

  /// Puts a value in place, with the objects around it that are missing.
  ///
  /// A boolean attribute's value that is neither `true` nor `false` stays text: it must not turn
  /// into the other one. So does what is not the one spelling of a number.
  package mutating func set(_ attribute: ManagedAttribute, to text: String) {
    if attribute.kind == .list, let values = ListText.values(of: Array(text.utf8)) {
      let hasElements = attribute.hasElements
      return change(attribute.path) { .array(Self.elements(values, hasElements, in: $0)) }
    }
    let value: JSONValue =
      switch (attribute.kind, text) {
      case (.boolean, "true"): .bool(true)
      case (.boolean, "false"): .bool(false)
      case (.integer, _) where attribute.kind.isSpelling(text): .number(text)
      case (.decimal, _) where attribute.kind.isSpelling(text): .number(text)
      default: .string(text)
      }
    change(attribute.path) { _ in value }
  }

  /// What an element says besides its value stays with the value.
  private static func elements(
    _ values: [String], _ hasElements: Bool, in present: JSONValue?
  ) -> [JSONValue] {
    guard hasElements else { return values.map { .string($0) } }
    let known = present?.elements ?? []
    return values.map { text in
      let value = JSONValue.string(text)
      return known.first { $0["value"] == value }
        ?? .object([JSONMember(name: "value", value: value)])
    }
  }

  /// Takes a value away, and the objects around it that are empty then.
  ///
  /// Where the resource has another shape than the path, there is nothing to take.
  package mutating func remove(_ path: AttributePath) {
    guard node(at: path) != nil else { return }
    change(path) { _ in nil }
  }

  /// The managed values as an image; absent ones are left out, empty texts too.
  package func image(of set: AttributeSet) -> AttributeImage {
    var image = AttributeImage()
    for id in set.ids {
      guard let text = value(of: set[id]), !text.isEmpty else { continue }
      image.append(id, text.utf8)
    }
    return image
  }

  /// Writes what an image says: values set, empty ones removed, absent ones untouched.
  package mutating func apply(_ image: AttributeImage, of set: AttributeSet) {
    for entry in image.entries {
      if entry.range.isEmpty {
        remove(set[entry.id].path)
      } else {
        self.set(
          set[entry.id], to: String(decoding: image.bytes[entry.range], as: UTF8.self))
      }
    }
  }

  /// Sets a top-level member that no policy manages, such as `id` or `schemas`.
  package mutating func setTopLevel(_ name: String, to value: JSONValue) {
    root = root.replacing(name) { _ in value }
  }

  private mutating func change(_ path: AttributePath, _ edit: (JSONValue?) -> JSONValue?) {
    func withinSubAttribute(_ value: JSONValue?) -> JSONValue? {
      guard let name = path.subAttribute else { return edit(value) }
      return (value ?? .object([JSONMember]())).replacing(name, with: edit).nonEmpty
    }
    func withinFilter(_ value: JSONValue?) -> JSONValue? {
      guard let filter = path.filter else { return withinSubAttribute(value) }
      return (value ?? .array([])).replacingElement(filter, with: withinSubAttribute).nonEmpty
    }
    func withinAttribute(_ value: JSONValue?) -> JSONValue? {
      (value ?? .object([JSONMember]())).replacing(path.attribute, with: withinFilter).nonEmpty
    }
    if let schema = path.schema {
      root = root.replacing(schema, with: withinAttribute)
    } else {
      root = root.replacing(path.attribute, with: withinFilter)
    }
  }

  private static func sorted(_ value: JSONValue) -> JSONValue {
    switch value {
    case .object(let members):
      .object(
        members.map { JSONMember(name: $0.name, value: sorted($0.value)) }
          .sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) })
    case .array(let elements): .array(elements.map(sorted))
    case .null, .bool, .number, .string: value
    }
  }
}

extension JSONValue {
  fileprivate func matches(_ filter: AttributePath.ValueFilter) -> Bool {
    switch self[filter.attribute] {
    case .string(let text): text.utf8.elementsEqual(filter.value.utf8)
    case .bool(let value): filter.value.lowercased() == (value ? "true" : "false")
    default: false
    }
  }

  /// This object with one member edited, added, or (nil) taken away.
  fileprivate func replacing(_ name: String, with edit: (JSONValue?) -> JSONValue?) -> JSONValue {
    var members = members ?? []
    let index = members.firstIndex { $0.name.utf8.elementsEqual(name.utf8) }
    let edited = edit(index.map { members[$0].value })
    switch (index, edited) {
    case (let index?, let edited?): members[index].value = edited
    case (let index?, nil): members.remove(at: index)
    case (nil, let edited?): members.append(JSONMember(name: name, value: edited))
    case (nil, nil): break
    }
    return .object(members)
  }

  /// This array with the element a filter picks edited, added, or taken away.
  fileprivate func replacingElement(
    _ filter: AttributePath.ValueFilter, with edit: (JSONValue?) -> JSONValue?
  ) -> JSONValue {
    var elements = elements ?? []
    let index = elements.firstIndex { $0.matches(filter) }
    let marker: JSONValue =
      filter.attribute == "primary"
      ? .bool(filter.value.lowercased() == "true") : .string(filter.value)
    let start = index.map { elements[$0] } ?? .object([filter.attribute: marker])
    let edited = edit(start)
    // Only the marker is left: the value is gone, and its type alone says nothing.
    let isSpent = edited?.members.map { $0.allSatisfy { $0.name == filter.attribute } } ?? true
    switch index {
    case let index? where isSpent: elements.remove(at: index)
    case let index?: elements[index] = edited ?? .null
    case nil where isSpent: break
    case nil: elements.append(edited ?? .null)
    }
    return .array(elements)
  }

  /// Nil for an object or array with nothing in it.
  fileprivate var nonEmpty: JSONValue? {
    switch self {
    case .object(let members): members.isEmpty ? nil : self
    case .array(let elements): elements.isEmpty ? nil : self
    default: self
    }
  }
}
