import Scanning

/// Writes the canonical text of a new resource straight from an image, without a tree of it in between.
///
/// ```
/// image     active = true, emails[type eq "work"].value = ann@contoso.com, userName = ann
/// template  {"active":▢,"emails":[{"type":"work","value":▢}],"id":▢,"schemas":[…],"userName":▢}
/// ```
///
/// What the image does not have is left out, with the objects around it that would be empty. It writes what
/// `ResourceDocument` would, byte for byte (the tests compare them), at a tenth of the time: a first load
/// spent more time on trees of values than in SQLite.
package struct ResourceTemplate: Sendable {
  /// What stands behind one name.
  private indirect enum Content: Sendable {
    case value(attribute: Int, isBoolean: Bool)
    case object([Member])
    /// Each element begins as its filter says and counts only with a value beside that.
    case elements([[Member]])
    /// What an element's filter looks at.
    case marker([UInt8])
    case active(attribute: Int?, isBoolean: Bool)
    case id
    case schemas
  }

  private struct Member: Sendable {
    /// With its quotes and colon.
    let name: [UInt8]
    let content: Content
  }

  private let members: [Member]
  private let attributeCount: Int
  /// The schema every such resource has, as a JSON string.
  private let coreSchema: [UInt8]
  /// The extension schema of each attribute, by its place in `extensions`.
  private let extensionOfAttribute: [Int?]
  private let extensions: [[UInt8]]
  /// Whether a resource of this kind can be disabled, and is enabled unless the image says otherwise.
  private let hasActive: Bool

  /// Nil for attributes whose paths get in each other's way; then only the order of edits tells what comes out.
  package init?(_ set: AttributeSet, schema: String, hasActive: Bool) {
    guard let root = Self.root(set, hasActive: hasActive) else { return nil }
    members = root
    attributeCount = set.count
    coreSchema = Self.quoted(schema)
    self.hasActive = hasActive
    var urns: [String] = []
    extensionOfAttribute = set.attributes.map { attribute in
      guard let urn = attribute.path.schema else { return nil }
      if let place = urns.firstIndex(of: urn) { return place }
      urns.append(urn)
      return urns.count - 1
    }
    guard !urns.contains(schema) else { return nil }
    extensions = urns.map(Self.quoted)
  }

  /// Appends the text of a resource with this id.
  package func write(_ image: AttributeImage, id: ResourceID, to out: inout [UInt8]) {
    var places = [Range<Int>](repeating: 0..<0, count: attributeCount)
    var extensionsSeen: UInt64 = 0
    for entry in image.entries {
      places[entry.id.index] = entry.range
      if let place = extensionOfAttribute[entry.id.index] { extensionsSeen |= 1 << UInt64(place) }
    }
    let writing = Writing(
      template: self, bytes: image.bytes, places: places, id: id, extensionsSeen: extensionsSeen)
    writing.writeObject(members, to: &out)
  }

  /// Whether the resource of an image is enabled.
  package func isActive(_ image: AttributeImage) -> Bool {
    for case let member in members {
      guard case .active(let attribute?, _) = member.content else { continue }
      guard let value = image[AttributeID(attribute)], !value.isEmpty else { return true }
      return value.elementsEqual("true".utf8)
    }
    return true
  }

  private struct Writing {
    let template: ResourceTemplate
    let bytes: [UInt8]
    let places: [Range<Int>]
    let id: ResourceID
    let extensionsSeen: UInt64

    /// Whether anything but a marker has been written; if not, nothing has.
    @discardableResult
    func writeObject(_ members: [Member], to out: inout [UInt8]) -> Bool {
      let start = out.count
      var hasValue = false
      out.append(UInt8(ascii: "{"))
      for member in members {
        let beginning = out.count
        if beginning > start + 1 { out.append(UInt8(ascii: ",")) }
        out.append(contentsOf: member.name)
        if write(member.content, to: &out) {
          if case .marker = member.content { continue }
          hasValue = true
        } else {
          out.removeSubrange(beginning...)
        }
      }
      out.append(UInt8(ascii: "}"))
      if !hasValue { out.removeSubrange(start...) }
      return hasValue
    }

    private func write(_ content: Content, to out: inout [UInt8]) -> Bool {
      switch content {
      case .value(let attribute, let isBoolean):
        return writeValue(places[attribute], isBoolean: isBoolean, to: &out)
      case .object(let members): return writeObject(members, to: &out)
      case .elements(let elements): return writeElements(elements, to: &out)
      case .marker(let text):
        out.append(contentsOf: text)
        return true
      case .active(let attribute, let isBoolean):
        if let attribute, writeValue(places[attribute], isBoolean: isBoolean, to: &out) {
          return true
        }
        out.append(contentsOf: "true".utf8)
        return true
      case .id:
        guard id.isUUID else {
          JSONValue.write(string: id.description.utf8, to: &out)
          return true
        }
        out.append(UInt8(ascii: "\""))
        id.append(to: &out)
        out.append(UInt8(ascii: "\""))
        return true
      case .schemas:
        writeSchemas(to: &out)
        return true
      }
    }

    private func writeValue(
      _ range: Range<Int>, isBoolean: Bool, to out: inout [UInt8]
    ) -> Bool {
      guard !range.isEmpty else { return false }
      let value = bytes[range]
      if isBoolean, value.elementsEqual("true".utf8) || value.elementsEqual("false".utf8) {
        out.append(contentsOf: value)
      } else {
        JSONValue.write(string: value.span, to: &out)
      }
      return true
    }

    private func writeElements(_ elements: [[Member]], to out: inout [UInt8]) -> Bool {
      let start = out.count
      out.append(UInt8(ascii: "["))
      for element in elements {
        let beginning = out.count
        if beginning > start + 1 { out.append(UInt8(ascii: ",")) }
        if !writeObject(element, to: &out) { out.removeSubrange(beginning...) }
      }
      guard out.count > start + 1 else {
        out.removeSubrange(start...)
        return false
      }
      out.append(UInt8(ascii: "]"))
      return true
    }

    private func writeSchemas(to out: inout [UInt8]) {
      out.append(UInt8(ascii: "["))
      out.append(contentsOf: template.coreSchema)
      for (place, urn) in template.extensions.enumerated()
      where extensionsSeen & 1 << UInt64(place) != 0 {
        out.append(UInt8(ascii: ","))
        out.append(contentsOf: urn)
      }
      out.append(UInt8(ascii: "]"))
    }
  }
}

// MARK: - From paths to members

extension ResourceTemplate {
  private typealias Placed = (index: Int, attribute: ManagedAttribute)

  private static func root(_ set: AttributeSet, hasActive: Bool) -> [Member]? {
    let all = set.ids.map { Placed($0.index, set[$0]) }
    guard Set(all.compactMap(\.attribute.path.schema)).count <= 64 else { return nil }
    var members = [
      Member(name: name("id"), content: .id), Member(name: name("schemas"), content: .schemas),
    ]
    var names: Set<String> = ["id", "schemas"]
    let core = all.filter { $0.attribute.path.schema == nil }
    for (name, group) in groups(core, by: \.attribute.path.attribute) {
      guard names.insert(name).inserted else { return nil }
      if hasActive, name == "active" {
        guard group.count == 1, isPlain(group[0]) else { return nil }
        members.append(
          Member(
            name: Self.name(name),
            content: .active(
              attribute: group[0].index, isBoolean: group[0].attribute.kind == .boolean)))
      } else {
        guard let content = content(group) else { return nil }
        members.append(Member(name: Self.name(name), content: content))
      }
    }
    if hasActive, names.insert("active").inserted {
      members.append(
        Member(name: name("active"), content: .active(attribute: nil, isBoolean: true)))
    }
    let extended = all.filter { $0.attribute.path.schema != nil }
    for (urn, group) in groups(extended, by: { $0.attribute.path.schema ?? "" }) {
      guard names.insert(urn).inserted, let inner = object(group) else { return nil }
      members.append(Member(name: name(urn), content: .object(inner)))
    }
    return sorted(members)
  }

  private static func object(_ attributes: [Placed]) -> [Member]? {
    var members: [Member] = []
    for (name, group) in groups(attributes, by: \.attribute.path.attribute) {
      guard let content = content(group) else { return nil }
      members.append(Member(name: Self.name(name), content: content))
    }
    return sorted(members)
  }

  /// What stands behind the one name that these attributes begin with.
  private static func content(_ group: [Placed]) -> Content? {
    if group.count == 1, isPlain(group[0]) { return value(group[0]) }
    guard group.allSatisfy({ $0.attribute.path.subAttribute != nil }) else { return nil }
    let filters = group.map(\.attribute.path.filter)
    if filters.allSatisfy({ $0 == nil }) {
      return .object(
        sorted(
          group.map { placed in
            Member(name: name(placed.attribute.path.subAttribute ?? ""), content: value(placed))
          }))
    }
    return elements(group)
  }

  /// Elements come in the order in which their first values would be set, which is that of the paths.
  private static func elements(_ group: [Placed]) -> Content? {
    var order: [AttributePath.ValueFilter] = []
    var members: [AttributePath.ValueFilter: [Member]] = [:]
    for placed in group {
      guard let filter = placed.attribute.path.filter,
        let subAttribute = placed.attribute.path.subAttribute, subAttribute != filter.attribute,
        filter.attribute == order.first?.attribute ?? filter.attribute
      else { return nil }
      if members[filter] == nil { order.append(filter) }
      members[filter, default: []].append(
        Member(name: name(subAttribute), content: value(placed)))
    }
    // `[primary eq "true"]` and `[primary eq "True"]` would be one element.
    guard order.count == 1 || order[0].attribute != "primary" else { return nil }
    return .elements(
      order.map { filter in
        let isPrimary = filter.attribute == "primary"
        let text =
          isPrimary
          ? Array((filter.value.lowercased() == "true" ? "true" : "false").utf8)
          : quoted(filter.value)
        return sorted(
          (members[filter] ?? []) + [Member(name: name(filter.attribute), content: .marker(text))])
      })
  }

  private static func isPlain(_ placed: Placed) -> Bool {
    placed.attribute.path.filter == nil && placed.attribute.path.subAttribute == nil
  }

  private static func value(_ placed: Placed) -> Content {
    .value(attribute: placed.index, isBoolean: placed.attribute.kind == .boolean)
  }

  private static func groups(
    _ attributes: [Placed], by key: (Placed) -> String
  ) -> [(name: String, group: [Placed])] {
    Dictionary(grouping: attributes, by: key).map { (name: $0.key, group: $0.value) }
  }

  private static func sorted(_ members: [Member]) -> [Member] {
    members.sorted { $0.name.dropLast(2).lexicographicallyPrecedes($1.name.dropLast(2)) }
  }

  private static func name(_ text: String) -> [UInt8] { quoted(text) + [UInt8(ascii: ":")] }

  private static func quoted(_ text: String) -> [UInt8] {
    var bytes: [UInt8] = []
    JSONValue.write(string: text.utf8, to: &bytes)
    return bytes
  }
}
