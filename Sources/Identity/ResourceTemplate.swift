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
  private indirect enum Content {
    case value(attribute: Int, Step.Kind)
    case object([Member])
    /// Each element begins as its filter says and counts only with a value beside that.
    case elements([[Member]])
    /// What an element's filter looks at.
    case marker([UInt8])
    case active(attribute: Int?, isBoolean: Bool)
    case id
    case schemas
  }

  private struct Member {
    /// With its quotes and colon.
    let name: [UInt8]
    let content: Content
  }

  /// One piece of the text, in the order of the text.
  fileprivate struct Step: Sendable {
    enum Kind {
      case constant
      /// An object, array or element: left out with all that is in it where no attribute of `mask` has a value.
      case open
      case close
      case value
      case boolean
      case integer
      case decimal
      /// A list of texts, and one of elements that have a `value`.
      case list
      case elements
      case active
      case id
      case schemas
    }

    let kind: Kind
    /// What is written first, in `constants`: a name with its colon, a bracket.
    let text: Range<Int>
    var attribute = -1
    var mask: UInt64 = 0
    /// Of an opening one: the step behind its closing one.
    var end = 0
  }

  private var steps: [Step] = []
  private var constants: [UInt8] = []
  /// The extension schema of each attribute, by its place in `extensions`; -1 for none.
  private let extensionOfAttribute: [Int]
  /// Where the URNs of extensions stand in `constants`, each as a JSON string.
  private var extensions: [Range<Int>] = []
  /// How many bytes one byte of a value takes at most: a list of empty texts grows most.
  private var growth = OutputText.escapeFactor

  /// As many attributes as the bits of a word.
  private static let attributeLimit = 64

  /// Nil for attributes whose paths get in each other's way; then only the order of edits tells what comes out.
  ///
  /// A resource that `hasActive` is enabled unless its image says otherwise.
  package init?(_ set: AttributeSet, schema: String, hasActive: Bool) {
    guard set.count <= Self.attributeLimit, let root = Self.root(set, hasActive: hasActive) else {
      return nil
    }
    var urns: [String] = []
    extensionOfAttribute = set.attributes.map { attribute in
      guard let urn = attribute.path.schema else { return -1 }
      if let place = urns.firstIndex(of: urn) { return place }
      urns.append(urn)
      return urns.count - 1
    }
    guard !urns.contains(schema) else { return nil }
    extensions = urns.map { addConstant([UInt8(ascii: ",")] + Self.quoted($0)) }
    addObject(root, name: [], isAlwaysThere: true, schema: Self.quoted(schema))
    if steps.contains(where: { $0.kind == .list || $0.kind == .elements }) { growth = 16 }
  }

  /// Where the values of one image stand, by attribute.
  private struct Places {
    var starts = InlineArray<64, UInt32>(repeating: 0)
    var ends = InlineArray<64, UInt32>(repeating: 0)
    /// Which attributes have a value.
    var present: UInt64 = 0
    /// Which extensions are named, if only to clear a value.
    var extensions: UInt64 = 0
  }

  private func places(in image: AttributeImage) -> Places {
    var places = Places()
    let (bytes, extensions) = (image.bytes.span, extensionOfAttribute.span)
    var steps = image.steps
    while let (index, range) = steps.next(in: bytes) {
      let urn = extensions[index]
      if urn >= 0 { places.extensions |= 1 << UInt64(urn) }
      guard !range.isEmpty else { continue }
      places.present |= 1 << UInt64(index)
      places.starts[index] = UInt32(range.lowerBound)
      places.ends[index] = UInt32(range.upperBound)
    }
    return places
  }

  /// Appends the text of a resource with this id, and says whether the resource is enabled.
  ///
  /// It goes by spans: several threads write from one template, and counters of references that two threads touch
  /// cost more than the writing.
  @discardableResult
  package func write(_ image: AttributeImage, id: ResourceID, to out: inout [UInt8]) -> Bool {
    let (places, ownID) = (places(in: image), Self.quoted(id))
    // Every constant at most once, every value with its quotes, and `active` where it has none.
    let room =
      2 * constants.count + growth * image.packed.count + 2 * steps.count + ownID.count
      + ResourceID.uuidLength + 64
    var isActive = true
    out.append(addingCapacity: room) { out in
      isActive = write(image.bytes.span, places, id: id, ownID, to: &out)
    }
    return isActive
  }

  private func write(
    _ values: Span<UInt8>, _ places: Places, id: ResourceID, _ ownID: [UInt8],
    to out: inout OutputSpan<UInt8>
  ) -> Bool {
    let (texts, steps) = (constants.span, steps.span)
    var isActive = true
    // The comma comes before all but the first member or element.
    var isFirst = true
    var place = 0
    while place < steps.count {
      let step = steps[place]
      place += 1
      if step.kind == .open, step.mask != 0, step.mask & places.present == 0 {
        place = step.end
        continue
      }
      let hasValue = step.mask & places.present != 0
      if step.kind.isValue, !hasValue { continue }
      if step.kind != .close, !isFirst { out.append(UInt8(ascii: ",")) }
      isFirst = step.kind == .open
      out.append(copying: texts.extracting(step.text))
      switch step.kind {
      case .open, .close, .constant: break
      case .id: writeID(id, ownID, to: &out)
      case .schemas: writeExtensions(places.extensions, to: &out)
      case .active where !hasValue: out.append(copying: "true")
      case .value, .boolean, .active, .integer, .decimal, .list, .elements:
        let start = Int(places.starts[step.attribute])
        let value = values.extracting(start..<Int(places.ends[step.attribute]))
        let isTrue = write(value, step, to: &out)
        if step.kind == .active { isActive = isTrue }
      }
    }
    return isActive
  }

  /// Says whether the value is `true`.
  private func write(_ value: Span<UInt8>, _ step: Step, to out: inout OutputSpan<UInt8>) -> Bool {
    switch step.kind {
    case .integer: writeNumber(value, kind: .integer, to: &out)
    case .decimal: writeNumber(value, kind: .decimal, to: &out)
    case .list, .elements: writeList(value, hasElements: step.kind == .elements, to: &out)
    case .boolean, .active:
      let isTrue = Self.says(value, "true")
      let isBoolean = step.kind == .boolean || step.end == 1
      // A boolean stands without quotes.
      if isBoolean, isTrue || Self.says(value, "false") {
        out.append(copying: value)
      } else {
        out.append(quoting: value)
      }
      return isTrue
    default: out.append(quoting: value)
    }
    return false
  }

  private static func says(_ value: Span<UInt8>, _ word: String) -> Bool {
    let word = word.utf8
    guard value.count == word.count else { return false }
    return zip(value.indices, word).allSatisfy { value[$0] == $1 }
  }

  /// What is no list stays text.
  private func writeList(
    _ value: Span<UInt8>, hasElements: Bool, to out: inout OutputSpan<UInt8>
  ) {
    let bytes = value.indices.map { value[$0] }
    guard let texts = ListText.values(of: bytes) else { return out.append(quoting: value) }
    out.append(UInt8(ascii: "["))
    for (place, text) in texts.enumerated() {
      if place > 0 { out.append(UInt8(ascii: ",")) }
      if hasElements { out.append(copying: #"{"value":"#) }
      out.append(quoting: text.utf8.span)
      if hasElements { out.append(UInt8(ascii: "}")) }
    }
    out.append(UInt8(ascii: "]"))
  }

  /// What is not the one spelling of a number stays text.
  private func writeNumber(
    _ value: Span<UInt8>, kind: ManagedAttribute.Kind, to out: inout OutputSpan<UInt8>
  ) {
    if kind.isSpelling(value) { out.append(copying: value) } else { out.append(quoting: value) }
  }

  /// An id that is no UUID as a JSON string; nothing for one that is.
  private static func quoted(_ id: ResourceID) -> [UInt8] {
    id.isUUID ? [] : quoted(id.description)
  }

  private func writeID(_ id: ResourceID, _ ownID: [UInt8], to out: inout OutputSpan<UInt8>) {
    guard id.isUUID else { return out.append(copying: ownID.span) }
    out.append(UInt8(ascii: "\""))
    _ = id.appendUUID(to: &out)
    out.append(UInt8(ascii: "\""))
  }

  private func writeExtensions(_ seen: UInt64, to out: inout OutputSpan<UInt8>) {
    for place in extensions.indices where seen & 1 << UInt64(place) != 0 {
      out.append(copying: constants.span.extracting(extensions[place]))
    }
    out.append(UInt8(ascii: "]"))
  }
}

// MARK: - From members to steps

extension ResourceTemplate {
  private mutating func addConstant(_ bytes: [UInt8]) -> Range<Int> {
    constants += bytes
    return constants.count - bytes.count..<constants.count
  }

  /// Adds a bracket, what `body` adds, and the bracket that closes it.
  private mutating func addGroup(
    _ brackets: StaticString, name: [UInt8], isAlwaysThere: Bool = false,
    _ body: (inout ResourceTemplate) -> Void
  ) {
    let letters = brackets.description.utf8.map { $0 }
    let first = steps.count
    steps.append(Step(kind: .open, text: addConstant(name + [letters[0]])))
    body(&self)
    steps.append(Step(kind: .close, text: addConstant([letters[1]])))
    let mask = steps[(first + 1)...].reduce(0) { $0 | $1.mask }
    steps[first].mask = isAlwaysThere ? 0 : mask
    steps[first].end = steps.count
  }

  private mutating func addObject(
    _ members: [Member], name: [UInt8], isAlwaysThere: Bool = false, schema: [UInt8] = []
  ) {
    addGroup("{}", name: name, isAlwaysThere: isAlwaysThere) { template in
      for member in members { template.add(member, schema: schema) }
    }
  }

  /// `schema` is the one every such resource has.
  private mutating func add(_ member: Member, schema: [UInt8]) {
    func step(_ kind: Step.Kind, _ text: [UInt8], attribute: Int = -1, end: Int = 0) {
      steps.append(
        Step(
          kind: kind, text: addConstant(text), attribute: attribute,
          mask: attribute < 0 ? 0 : 1 << UInt64(attribute), end: end))
    }
    switch member.content {
    case .value(let attribute, let kind):
      step(kind, member.name, attribute: attribute)
    case .object(let members): addObject(members, name: member.name)
    case .elements(let elements):
      addGroup("[]", name: member.name) { template in
        for element in elements { template.addObject(element, name: []) }
      }
    case .marker(let text): step(.constant, member.name + text)
    case .active(let attribute, let isBoolean):
      step(.active, member.name, attribute: attribute ?? -1, end: isBoolean ? 1 : 0)
    case .id: step(.id, member.name)
    case .schemas: step(.schemas, member.name + [UInt8(ascii: "[")] + schema)
    }
  }
}

// MARK: - From paths to members

extension ResourceTemplate {
  private typealias Placed = (index: Int, attribute: ManagedAttribute)

  private static func root(_ set: AttributeSet, hasActive: Bool) -> [Member]? {
    let all = set.ids.map { Placed($0.index, set[$0]) }
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
    .value(attribute: placed.index, Step.Kind(placed.attribute))
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

extension ResourceTemplate.Step.Kind {
  /// Whether it is left out where its attribute has no value.
  fileprivate var isValue: Bool {
    switch self {
    case .value, .boolean, .integer, .decimal, .list, .elements: true
    case .constant, .open, .close, .active, .id, .schemas: false
    }
  }

  fileprivate init(_ attribute: ManagedAttribute) {
    self =
      switch attribute.kind {
      case .string, .dateTime, .reference: .value
      case .boolean: .boolean
      case .integer: .integer
      case .decimal: .decimal
      case .list: attribute.hasElements ? .elements : .list
      }
  }
}
