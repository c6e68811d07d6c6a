import Identity

/// What the values of one rule are: `type:`, `multiValued:` and, of references, `key:`.
///
/// ```yaml
/// urn:contoso:hr:1.0:User:badge: { column: badge, type: integer }
/// urn:contoso:hr:1.0:User:skills: { expression: 'Split([skills], ";")', multiValued: true }
/// urn:contoso:hr:1.0:User:mentor: { column: mentorId, type: reference, key: externalId }
/// urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager: { column: managerId, key: externalId }
/// ```
///
/// SCIM says itself what its own attributes are; under any other URN the policy does, and text is the default.
struct RuleType {
  /// The types of RFC 7643 §2.3 that one value can have.
  private enum Name: String, CaseIterable {
    case string
    case boolean
    case integer
    case decimal
    case dateTime
    case reference
  }

  var kind: ManagedAttribute.Kind
  var references: AttributePath?

  init(kind: ManagedAttribute.Kind) {
    self.kind = kind
  }

  init(reading section: PolicySection, path: AttributePath) {
    kind = path.kind
    references = section["key"]?.attributePath()
    if let type = section["type"], let name = type.word(of: Name.self),
      let stated = ManagedAttribute.Kind(rawValue: name.rawValue)
    {
      let isFree = path.schema.map { $0 != KnownAttributes.enterpriseSchema } ?? false
      if isFree || stated == path.kind || stated == .reference {
        kind = stated
      } else {
        type.report(.typeIsFixed(path.description, path.kind.rawValue))
      }
      if stated == .reference, section["key"] == nil { type.report(.missingKey("key", .keyStated)) }
      if stated != .reference, section["key"] != nil {
        section["key"]?.report(.notTogether("type: \(name.rawValue)", "key"))
      }
    }
    if section["multiValued"]?.trueOrFalse() == true { takeSeveral(section, path: path) }
    guard let key = section["key"] else { return }
    section["multiValued"]?.report(.notTogether("multiValued", "key"))
    kind = .reference
    if path.schema == nil { key.report(.notAReference(path.description)) }
    for other in ["constant", "expression", "default", "apply"] where section[other] != nil {
      section[other]?.report(.notTogether("key", other))
    }
  }
}

extension RuleType {
  /// Several texts; SCIM's own attributes have them or have not.
  private mutating func takeSeveral(_ section: PolicySection, path: AttributePath) {
    guard kind == .string || kind == .list else {
      section["multiValued"]?.report(.severalTyped(path.description))
      return
    }
    let isFree =
      path.schema.map { $0 != KnownAttributes.enterpriseSchema } ?? path.isWholeList
    guard isFree, path.filter == nil, path.subAttribute == nil else {
      section["multiValued"]?.report(.severalOfOne(path.description))
      return
    }
    kind = .list
  }
}

extension PolicyValue {
  /// The one spelling of a value of the policy; notes a text that is none.
  func spelling(of text: String, as kind: ManagedAttribute.Kind) -> String {
    // One text is a list of one.
    if kind == .list {
      return String(decoding: ListText.bytes(of: [Array(text.utf8)]), as: UTF8.self)
    }
    guard let spelling = kind.spelling(of: text.utf8.span) else {
      report(
        kind == .boolean ? .badBooleanConstant(text) : .badTypedConstant(text, kind.rawValue))
      return text
    }
    return String(decoding: spelling, as: UTF8.self)
  }
}
