import Scanning

/// The operations of a PATCH (RFC 7644 §3.5.2) as what they say of the resource.
///
/// ```
/// Replace active "False"                          {"active":"False"}
/// add emails[type eq "work"].value "a@x"          {"emails":[{"type":"work","value":"a@x"}]}
/// remove title                                    {"title":null}
/// remove members[value eq "26"]                   {"members":[{"value":"26","@removed":{"reason":"deleted"}}]}
/// replace members [{"value":"7"}]                 {"members":[{"@removed":{"reason":"everybody"}},{"value":"7"}]}
/// ```
///
/// Real clients write op names with capitals, values without a path whose names have dots, managers as mere ids, and
/// booleans as text; all of it says what it seems to say. A filter that asks for more than one thing being equal to
/// another, a path that is none, and members that are no list of references cannot be followed.
struct SCIMPatch {
  /// What the marker of a delta says of somebody who has gone.
  static let removed = JSONMember(
    name: "@removed", value: .object([JSONMember(name: "reason", value: .string("deleted"))]))

  /// An element that takes everybody out of a list who is not named after it (`ListReset`).
  static let everybody = JSONValue.object([
    JSONMember(
      name: "@removed",
      value: .object([JSONMember(name: "reason", value: .string("\(ListReset.word)"))]))
  ])

  private static let coreSchemas = [
    "urn:ietf:params:scim:schemas:core:2.0:User:", "urn:ietf:params:scim:schemas:core:2.0:Group:",
  ]

  private(set) var members: [JSONMember] = []

  /// Applies the operations in their order.
  ///
  /// - Returns: whether all of them could be understood.
  mutating func apply(_ data: JSONValue) -> Bool {
    guard let operations = data.member("Operations")?.elements else { return false }
    return operations.allSatisfy { operation in
      guard let verb = operation.member("op")?.text?.lowercased() else { return false }
      let value = operation.member("value")
      switch (verb, operation.member("path")?.text, value) {
      case ("add", nil, .object(let members)?):
        return members.allSatisfy { add(Self.plain($0.name), $0.value) }
      case ("replace", nil, .object(let members)?):
        return members.allSatisfy { replace($0.name, $0.value) }
      case ("replace", let path?, let value?) where !Self.isFiltered(path):
        return replace(Self.plain(path), value)
      case ("add", let path?, let value?), ("replace", let path?, let value?):
        return set(at: path, value)
      case ("remove", let path?, let value):
        return remove(at: path, value)
      default: return false
      }
    }
  }

  private mutating func set(at path: String, _ value: JSONValue) -> Bool {
    guard Self.isFiltered(path) else { return add(Self.plain(path), value) }
    guard let element = Element(path), let filled = element.filled(with: value) else {
      return false
    }
    set(element.list, .array([filled]))
    return true
  }

  private mutating func remove(at path: String, _ value: JSONValue?) -> Bool {
    let name = Self.plain(path)
    let isMembers = name.lowercased() == "members"
    if Self.isFiltered(path) {
      guard let element = Element(path) else { return false }
      if element.list.lowercased() == "members", element.rest == nil {
        set("members", .array([.object([element.filter, Self.removed])]))
        return true
      }
      set(element.list, .array([element.emptied]))
      return true
    }
    guard isMembers else {
      set(name, .null)
      return true
    }
    guard let value, value != .null else { return replace(name, .array([])) }
    // Nobody can tell whether an empty list means everybody or nobody.
    guard let gone = Self.references(value), !gone.isEmpty else { return false }
    set(
      "members",
      .array(gone.map { .object(($0.members ?? []) + [Self.removed]) }))
    return true
  }

  private mutating func add(_ name: String, _ value: JSONValue) -> Bool {
    guard name.lowercased() == "members" else {
      set(name, value)
      return true
    }
    guard let added = Self.references(value) else { return false }
    set(name, .array(added))
    return true
  }

  /// Whoever replaces the members of a group takes everybody out of it who is not named.
  private mutating func replace(_ name: String, _ value: JSONValue) -> Bool {
    let plain = Self.plain(name)
    guard plain.lowercased() == "members" else {
      set(plain, value)
      return true
    }
    guard let replacing = Self.replacing(value) else { return false }
    members.removeAll { $0.name.lowercased() == "members" }
    set(plain, replacing)
    return true
  }

  /// A list of members that is all there is to be; nil for anything but a list of references.
  ///
  /// `null` is no list: serialisers write it that could not load one.
  static func replacing(_ value: JSONValue) -> JSONValue? {
    references(value).map { .array([everybody] + $0) }
  }

  /// The elements of a list of members, each of which says who it is.
  private static func references(_ value: JSONValue) -> [JSONValue]? {
    guard let elements = value.elements,
      elements.allSatisfy({ !($0.member("value")?.text ?? "").isEmpty })
    else { return nil }
    return elements
  }

  /// The last value of a name counts; lists grow, for each operation is about elements of its own.
  private mutating func set(_ name: String, _ value: JSONValue) {
    let value = Self.complex(value, named: name)
    guard let place = members.firstIndex(where: { $0.name.lowercased() == name.lowercased() })
    else {
      members.append(JSONMember(name: name, value: value))
      return
    }
    if let old = members[place].value.elements, let new = value.elements {
      members[place].value = .array(old + new)
    } else {
      members[place].value = value
    }
  }

  /// A manager is an object with the id of another member (RFC 7643 §4.3); clients write the id alone.
  private static func complex(_ value: JSONValue, named name: String) -> JSONValue {
    let name = name.lowercased()
    if case .string = value, name == "manager" || name.hasSuffix(":manager") {
      return .object([JSONMember(name: "value", value: value)])
    }
    guard name.hasPrefix("urn:"), case .object(let members) = value else { return value }
    return .object(
      members.map { JSONMember(name: $0.name, value: complex($0.value, named: $0.name)) })
  }

  private static func isFiltered(_ path: String) -> Bool {
    path.contains("[") || path.contains("]")
  }

  private static func plain(_ path: String) -> String {
    let schema = coreSchemas.first { path.lowercased().hasPrefix($0.lowercased()) }
    return schema.map { String(path.dropFirst($0.count)) } ?? path
  }

  /// What a path picks out of a list, as in `emails[type eq "work"].value`.
  private struct Element {
    let list: String
    let filter: JSONMember
    let rest: String?

    init?(_ path: String) {
      let steps = JSONPath(SCIMPatch.plain(path)).steps
      guard let first = steps.first, let filter = first.filter, steps.count <= 2 else { return nil }
      // `value eq "26" or value eq "27"` is not the value `26" or value eq "27`.
      let isQuoted = path.contains("\"\(String(decoding: filter.value, as: UTF8.self))\"]")
      guard !filter.value.contains(UInt8(ascii: "\"")),
        isQuoted || !filter.value.contains(UInt8(ascii: " "))
      else { return nil }
      list = String(decoding: first.name, as: UTF8.self)
      self.filter = JSONMember(
        name: String(decoding: filter.name, as: UTF8.self),
        value: .string(String(decoding: filter.value, as: UTF8.self)))
      rest = steps.count == 2 ? String(decoding: steps[1].name, as: UTF8.self) : nil
    }

    /// The element with nothing in it.
    var emptied: JSONValue {
      let names =
        rest.map { [$0] } ?? (list.lowercased() == "addresses" ? Self.ofAddress : ["value"])
      return .object([filter] + names.map { JSONMember(name: $0, value: .null) })
    }

    private static let ofAddress = [
      "formatted", "streetAddress", "locality", "region", "postalCode", "country",
    ]

    /// The element with a value; nil for a value that is none of an element.
    func filled(with value: JSONValue) -> JSONValue? {
      if let rest { return .object([filter, JSONMember(name: rest, value: value)]) }
      guard case .object(let members) = value else { return nil }
      return .object([filter] + members.filter { $0.name != filter.name })
    }
  }
}
