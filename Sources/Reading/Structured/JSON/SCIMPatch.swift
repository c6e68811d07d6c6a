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
/// Real clients write op names with capitals, values without a path whose names have dots, and booleans as
/// text; all of it says what it seems to say.
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
        for member in members { set(member.name, member.value) }
        return true
      case ("replace", nil, .object(let members)?):
        for member in members { replace(member.name, member.value) }
        return true
      case ("replace", let path?, let value?) where Element(path) == nil:
        replace(Self.plain(path), value)
        return true
      case ("add", let path?, let value?), ("replace", let path?, let value?):
        return set(at: path, value)
      case ("remove", let path?, let value):
        return remove(at: path, value)
      default: return false
      }
    }
  }

  private mutating func set(at path: String, _ value: JSONValue) -> Bool {
    guard let element = Element(path) else {
      set(Self.plain(path), value)
      return true
    }
    guard let filled = element.filled(with: value) else { return false }
    set(element.list, .array([filled]))
    return true
  }

  private mutating func remove(at path: String, _ value: JSONValue?) -> Bool {
    let name = Self.plain(path)
    let isMembers = name.lowercased() == "members"
    if let element = Element(path) {
      if element.list.lowercased() == "members", element.rest == nil {
        set("members", .array([.object([element.filter, Self.removed])]))
        return true
      }
      guard let emptied = element.filled(with: .null) else { return false }
      set(element.list, .array([emptied]))
      return true
    }
    guard isMembers else {
      set(name, .null)
      return true
    }
    guard let value, value != .null else {
      replace(name, .array([]))
      return true
    }
    // Nobody can tell whether an empty list means everybody or nobody.
    guard let gone = value.elements, !gone.isEmpty else { return false }
    set(
      "members",
      .array(gone.map { .object(($0.members ?? []) + [Self.removed]) }))
    return true
  }

  /// Whoever replaces the members of a group takes everybody out of it who is not named.
  private mutating func replace(_ name: String, _ value: JSONValue) {
    guard Self.plain(name).lowercased() == "members" else { return set(name, value) }
    members.removeAll { $0.name.lowercased() == "members" }
    set(Self.plain(name), Self.replacing(value))
  }

  /// A list of members that is all there is to be; nothing but a list is taken for one.
  static func replacing(_ value: JSONValue) -> JSONValue {
    if value == .null { return .array([everybody]) }
    return value.elements.map { .array([everybody] + $0) } ?? value
  }

  /// The last value of a name counts; lists grow, for each operation is about elements of its own.
  private mutating func set(_ name: String, _ value: JSONValue) {
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
      list = String(decoding: first.name, as: UTF8.self)
      self.filter = JSONMember(
        name: String(decoding: filter.name, as: UTF8.self),
        value: .string(String(decoding: filter.value, as: UTF8.self)))
      rest = steps.count == 2 ? String(decoding: steps[1].name, as: UTF8.self) : nil
    }

    /// The element with a value; nil for a value that is none of an element.
    func filled(with value: JSONValue) -> JSONValue? {
      if let rest { return .object([filter, JSONMember(name: rest, value: value)]) }
      guard case .object(let members) = value else { return nil }
      return .object([filter] + members.filter { $0.name != filter.name })
    }
  }
}
