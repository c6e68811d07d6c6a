import Identity

/// What SCIM says a member (RFC 7643 §4.1, §4.3) and a team (§4.2) may have, as far as a policy may
/// write it.
///
/// An attribute of any other extension schema is taken on trust; one of these must be right, for a
/// service would refuse it, or ignore it in silence, for every member.
struct KnownAttributes {
  enum Form {
    /// One value: `title`.
    case simple
    /// One value of several parts: `name.givenName`.
    case complex([String])
    /// Several values of several parts: `emails[type eq "work"].value`, or all values as one list: `emails`.
    case multiple([String])
  }

  static let enterpriseSchema = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"

  let core: [String: Form]
  let enterprise: [String: Form]
  /// What the service keeps itself, or what no export may hold.
  let notWritable: Set<String>

  static func of(_ subject: MappingSubject) -> KnownAttributes {
    switch subject {
    case .members: member
    case .teams: team
    }
  }

  private static let member = KnownAttributes(
    core: [
      "userName": .simple, "externalId": .simple, "displayName": .simple, "nickName": .simple,
      "profileUrl": .simple, "title": .simple, "userType": .simple, "preferredLanguage": .simple,
      "locale": .simple, "timezone": .simple, "active": .simple,
      "name": .complex([
        "givenName", "familyName", "formatted", "middleName", "honorificPrefix", "honorificSuffix",
      ]),
      "emails": .multiple(valueParts), "phoneNumbers": .multiple(valueParts),
      "ims": .multiple(valueParts), "photos": .multiple(valueParts),
      "entitlements": .multiple(valueParts), "roles": .multiple(valueParts),
      "x509Certificates": .multiple(valueParts),
      "addresses": .multiple([
        "formatted", "streetAddress", "locality", "region", "postalCode", "country", "primary",
      ]),
    ],
    enterprise: [
      "employeeNumber": .simple, "costCenter": .simple, "organization": .simple,
      "division": .simple, "department": .simple, "manager": .complex(["value"]),
    ],
    notWritable: ["id", "schemas", "meta", "groups", "password"])

  private static let team = KnownAttributes(
    core: ["displayName": .simple, "externalId": .simple], enterprise: [:],
    notWritable: ["id", "schemas", "meta"])

  private static let valueParts = ["value", "display", "primary"]

  /// Why `path` cannot be written, or nil when it can; `text` is how the policy has it.
  func problem(with path: AttributePath, written text: String) -> PolicyProblem.Kind? {
    guard let schema = path.schema else { return problem(with: path, in: core, written: text) }
    let folded = schema.lowercased()
    guard folded == Self.enterpriseSchema.lowercased() else { return nil }
    guard schema == Self.enterpriseSchema else {
      let rest = text.dropFirst(schema.count)
      return .unknownAttribute(text, suggestion: Self.enterpriseSchema + rest)
    }
    return problem(with: path, in: enterprise, written: text)
  }

  private func problem(
    with path: AttributePath, in forms: [String: Form], written text: String
  ) -> PolicyProblem.Kind? {
    guard let form = forms[path.attribute] else { return unknown(path, written: text) }
    switch form {
    case .simple:
      if path.filter != nil { return .takesNoFilter(path.attribute) }
      return path.subAttribute == nil ? nil : .noSubAttributes(path.attribute)
    case .complex(let parts):
      if path.filter != nil { return .takesNoFilter(path.attribute) }
      return problem(withPartOf: path, parts: parts, written: text)
    case .multiple(let parts):
      guard let filter = path.filter else {
        if path.isWholeList { return nil }
        let part = path.subAttribute.flatMap { parts.contains($0) ? $0 : nil } ?? parts[0]
        return .needsFilter(path.attribute, example: "\(path.attribute)[type eq \"work\"].\(part)")
      }
      let isPrimary = filter.attribute == "primary" && ["True", "False"].contains(filter.value)
      guard filter.attribute == "type" || isPrimary, !filter.value.isEmpty,
        filter.attribute != path.subAttribute
      else { return .filterOnOther(text) }
      return problem(withPartOf: path, parts: parts, written: text)
    }
  }

  private func problem(
    withPartOf path: AttributePath, parts: [String], written text: String
  ) -> PolicyProblem.Kind? {
    let whole = AttributePath(
      schema: path.schema, attribute: path.attribute, filter: path.filter)
    guard let part = path.subAttribute else {
      return .needsSubAttribute(text, example: "\(whole).\(parts[0])")
    }
    if parts.contains(part) { return nil }
    let near = Suggestion.nearest(to: part, among: parts).map { "\(whole).\($0)" }
    return .unknownAttribute(text, suggestion: near)
  }

  private func unknown(_ path: AttributePath, written text: String) -> PolicyProblem.Kind {
    if path.schema == nil {
      if path.attribute == "members", core["userName"] == nil { return .membersAreMemberships }
      if notWritable.contains(path.attribute) { return .attributeNotWritable(path.attribute) }
    }
    return .unknownAttribute(text, suggestion: suggestion(for: path) ?? pathOfColumn(text))
  }

  /// A whole path whose short name is near: `department` → `urn:…:User:department`.
  private func suggestion(for path: AttributePath) -> String? {
    let table = path.schema == nil ? shortNames : shortNames.filter { $0.value.hasPrefix("urn:") }
    let short = [path.attribute, path.subAttribute].compactMap(\.self).joined(separator: ".")
    for name in [short, path.attribute] {
      if let exact = table[name] { return exact }
      // In order of the names, so that two equally near ones always give the same answer.
      if let near = Suggestion.nearest(to: name, among: table.keys.sorted()) { return table[near] }
    }
    return nil
  }

  /// Where Entra's column of that name goes, for who wrote the mapping the wrong way round, or the
  /// name they know: `mail`.
  private func pathOfColumn(_ name: String) -> String? {
    let rules = core["userName"] == nil ? EntraPreset.teamRules : EntraPreset.memberRules
    return rules.first { rule in
      if case .columns(let columns) = rule.source { columns.contains(name) } else { false }
    }?.path.description
  }

  private var shortNames: [String: String] {
    var names: [String: String] = [:]
    for (attributes, prefix) in [(enterprise, Self.enterpriseSchema + ":"), (core, "")] {
      for (attribute, form) in attributes.sorted(by: { $0.key > $1.key }) {
        switch form {
        case .simple:
          names[attribute] = prefix + attribute
        case .complex(let parts):
          names[attribute] = "\(prefix)\(attribute).\(parts[0])"
          for part in parts {
            names["\(attribute).\(part)"] = "\(prefix)\(attribute).\(part)"
            if part != "value" { names[part] = "\(prefix)\(attribute).\(part)" }
          }
        case .multiple(let parts):
          names[attribute] = "\(prefix)\(attribute)[type eq \"work\"].\(parts[0])"
          for part in parts where parts[0] != "value" && part != "primary" {
            names[part] = "\(prefix)\(attribute)[type eq \"work\"].\(part)"
          }
        }
      }
    }
    return names
  }
}

extension AttributePath {
  /// Whether SCIM has `true` or `false` there, and no text.
  var isBoolean: Bool {
    (self == .active) || (filter != nil && subAttribute == "primary")
  }

  /// Whether it is all values of an attribute of SCIM's that has several: `roles`.
  var isWholeList: Bool {
    schema == nil && filter == nil && subAttribute == nil
      && [
        "emails", "phoneNumbers", "ims", "photos", "entitlements", "roles", "x509Certificates",
      ].contains(attribute)
  }

  var kind: ManagedAttribute.Kind { isBoolean ? .boolean : isWholeList ? .list : .string }
}
