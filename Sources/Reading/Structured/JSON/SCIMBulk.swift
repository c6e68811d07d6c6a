import Scanning

/// The operations of a SCIM BulkRequest (RFC 7644 §3.7) as records of the resources they are about.
///
/// ```
/// POST /Users   bulkId q, data {externalId: E1, userName: ann}    {"id":"E1","externalId":"E1","userName":"ann"}
/// PATCH /Groups/7   add members [{value: bulkId:q}]               {"id":"7","members":[{"value":"E1"}]}
/// DELETE /Users/26                                                {"id":"26","@removed":{"reason":"deleted"}}
/// ```
///
/// A request changes what it names and says nothing of anybody else, as a delta does. A PUT that lists the members of a
/// group takes out whoever is not in the list; one without a list says nothing of them. A resource without an id
/// yet is known by its `externalId`, else by its `userName` or `displayName`: a `bulkId` means something in one
/// request only (RFC 7644 §3.7.2), and the next request may give it to somebody else.
struct SCIMBulk {
  /// One operation of the request.
  struct Operation {
    let value: JSONValue
    let line: Int
    let offset: Int
  }

  /// What is to be read instead of it; nil for what cannot be understood.
  struct Record {
    let value: JSONValue?
    let line: Int
    let offset: Int
  }

  enum Resource: String {
    case users
    case groups
  }

  private let operations: [Operation]
  /// What a resource with a `bulkId` is called in other operations of the request.
  private let names: [String: String]

  init(_ operations: [Operation]) {
    self.operations = operations
    var names: [String: String] = [:]
    for operation in operations {
      guard let id = operation.value.member("bulkId")?.text else { continue }
      names[id] = Self.name(of: operation)
    }
    self.names = names
  }

  /// A record for each operation on resources of one kind, or of both.
  ///
  /// Of a resource that has been deleted there is nothing more to say: what a later operation says of it cannot be
  /// followed, unless it makes it anew.
  func records(of wanted: Resource?) -> [Record] {
    var deleted: Set<[String]> = []
    return operations.compactMap { operation in
      guard let target = Self.resource(of: operation) else {
        return Record(value: nil, line: operation.line, offset: operation.offset)
      }
      guard wanted == nil || target.resource == wanted else { return nil }
      let isDeleted = isDeleted(operation, target, &deleted)
      return Record(
        value: isDeleted ? nil : record(operation, id: target.id), line: operation.line,
        offset: operation.offset)
    }
  }

  /// Whether an operation is about a resource that one before it has deleted.
  private func isDeleted(
    _ operation: Operation, _ target: (resource: Resource, id: String?),
    _ deleted: inout Set<[String]>
  ) -> Bool {
    guard let id = target.id.map({ resolved($0) }) ?? Self.name(of: operation) else { return false }
    let resource = [target.resource.rawValue, id]
    switch operation.value.member("method")?.text?.uppercased() {
    case "DELETE": deleted.insert(resource)
    case "POST": deleted.remove(resource)
    default: return deleted.contains(resource)
    }
    return false
  }

  /// What stands for the id of a resource; nil for one that nothing tells from others.
  private static func name(of operation: Operation) -> String? {
    let target = resource(of: operation)
    let data = operation.value.member("data")
    let name = target?.resource == .groups ? "displayName" : "userName"
    return data?.member("externalId")?.text ?? target?.id ?? data?.member(name)?.text
  }

  /// What `/Users/26` names; nil for anything but users and groups.
  private static func resource(of operation: Operation) -> (resource: Resource, id: String?)? {
    let segments = (operation.value.member("path")?.text ?? "").split(separator: "/")
    for (place, segment) in segments.enumerated() {
      guard let resource = Resource(rawValue: segment.lowercased()) else { continue }
      let rest = segments[(place + 1)...]
      return rest.count > 1 ? nil : (resource, rest.first.map(String.init))
    }
    return nil
  }

  private func record(_ operation: Operation, id: String?) -> JSONValue? {
    let data = operation.value.member("data").map { resolved($0) }
    let id = id.map { resolved($0) }
    switch (operation.value.member("method")?.text?.uppercased(), id, data) {
    case ("POST", nil, .object(let members)?):
      return resource(Self.name(of: operation), members)
    case ("PUT", let id?, .object(let members)?):
      // A list that is `null` is not there (RFC 7643 §2.5), and so says nothing.
      var kept: [JSONMember] = []
      for member in members {
        guard member.name.lowercased() == "members" else {
          kept.append(member)
          continue
        }
        if member.value == .null { continue }
        guard let list = SCIMPatch.replacing(member.value) else { return nil }
        kept.append(JSONMember(name: member.name, value: list))
      }
      return resource(id, kept)
    case ("PATCH", let id?, let data?):
      var patch = SCIMPatch()
      guard patch.apply(data) else { return nil }
      return resource(id, patch.members)
    case ("DELETE", let id?, _):
      return resource(id, [SCIMPatch.removed])
    default: return nil
    }
  }

  private func resource(_ id: String?, _ members: [JSONMember]) -> JSONValue {
    let others = members.filter { $0.name.lowercased() != "id" }
    return .object((id.map { [JSONMember(name: "id", value: .string($0))] } ?? []) + others)
  }

  private func resolved(_ text: String) -> String {
    guard text.hasPrefix("bulkId:") else { return text }
    return names[String(text.dropFirst("bulkId:".count))] ?? text
  }

  private func resolved(_ value: JSONValue) -> JSONValue {
    switch value {
    case .string(let text): .string(resolved(text))
    case .array(let elements): .array(elements.map { resolved($0) })
    case .object(let members):
      .object(members.map { JSONMember(name: $0.name, value: resolved($0.value)) })
    case .null, .bool, .number: value
    }
  }
}

extension JSONValue {
  /// A member whose name is `name` but for the case of letters, as SCIM has it (RFC 7643 §2.1).
  func member(_ name: String) -> JSONValue? {
    members?.first { $0.name.lowercased() == name.lowercased() }?.value
  }
}
