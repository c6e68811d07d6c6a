import Scanning

/// All fields of a JSON record with the names by which they can be asked for.
///
/// ```
/// {"id":1,"name":{"givenName":"Ann"},"emails":[{"type":"work","value":"a@x"}],"tags":["a","b"]}
///
/// id  1                     emails.type                        work
/// name.givenName  Ann       emails.value                       a@x
/// tags  a                   emails[type eq "work"].value       a@x
/// tags  b
/// ```
///
/// The slow and plain way, for looking at what is there; `JSONFieldReader` takes the fields that were asked for.
struct JSONFields: Sendable {
  struct Field: Sendable, Hashable {
    let name: String
    /// Nil for a field that is there with nothing in it.
    let value: String?
  }

  private(set) var all: [Field] = []

  init(of record: JSONValue) {
    add(record, name: "", depth: 0)
  }

  private mutating func add(_ value: JSONValue, name: String, depth: Int) {
    switch value {
    case .null: all.append(Field(name: name, value: nil))
    case .bool(let flag): all.append(Field(name: name, value: flag ? "true" : "false"))
    case .number(let text), .string(let text): all.append(Field(name: name, value: text))
    case .object(let members):
      // The name of an extension has dots of its own.
      let joint = depth == 0 ? "" : depth == 1 && name.hasPrefix("urn:") ? ":" : "."
      for member in members {
        add(member.value, name: name + joint + member.name, depth: depth + 1)
      }
    case .array(let elements):
      if elements.isEmpty { all.append(Field(name: name, value: nil)) }
      for element in elements {
        add(element, name: name, depth: depth)
        if let members = element.members { addTyped(members, name: name, depth: depth) }
      }
    }
  }

  /// The members of an element once more, by its type.
  private mutating func addTyped(_ members: [JSONMember], name: String, depth: Int) {
    guard let type = members.first(where: { $0.name.utf8.elementsEqual("type".utf8) })?.value.text,
      !type.isEmpty, !type.contains(where: { "\"[]\\".contains($0) })
    else { return }
    for member in members where !member.name.utf8.elementsEqual("type".utf8) {
      add(
        member.value, name: "\(name)[type eq \"\(type)\"].\(member.name)", depth: depth + 1)
    }
  }
}
