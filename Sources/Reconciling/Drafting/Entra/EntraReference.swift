import Identity

/// What members can be named by: the attributes that the schema gives the object id and the user principal name to.
struct EntraReferenceKeys {
  let objectID: AttributePath?
  let principalName: AttributePath?
  /// What is matched by first.
  let matched: AttributePath?

  static let none = EntraReferenceKeys(objectID: nil, principalName: nil, matched: nil)
}

/// A mapping of Entra's that refers to another object, as a reference by key.
///
/// ```
/// manager, and the export has manager.id                  column: manager.id, key: externalId
/// manager, and the export has managerUserPrincipalName    column: managerUserPrincipalName, key: userName
/// ```
///
/// A source that is no directory of Entra's, such as Workday, has the other's key in the attribute itself:
///
/// ```
/// ManagerReference → manager      column: ManagerReference, key: employeeNumber, as that is matched by
/// ```
///
/// Entra follows the reference itself. An export has the other's object id or user principal name, and by one of them the
/// member is found that the policy makes of the other.
struct EntraReference {
  /// Entra's name: `manager`.
  let name: String
  let target: String
  let columns: EntraColumns
  let keys: EntraReferenceKeys
  /// Whether the attribute has the other's key in it.
  var holdsKey = false

  enum Outcome {
    case reference(AttributePath, columns: [String], key: AttributePath)
    case left(reason: String)
  }

  /// Microsoft Graph writes the first of each when it is asked to expand the reference.
  private var idColumns: [String] {
    ["\(name).id", "\(name)Id", "\(name).objectId", "\(name)ObjectId"]
  }

  private var principalNameColumns: [String] {
    ["\(name).userPrincipalName", "\(name)UserPrincipalName", "\(name).upn", "\(name)Upn"]
  }

  var outcome: Outcome {
    guard let path else {
      return .left(
        reason:
          "\(name) refers to another object, and \(target) is no attribute that can: the manager, or one under a "
          + "URN of its own")
    }
    if holdsKey { return byKey(path) }
    guard columns.present != nil else {
      if let key = keys.objectID { return .reference(path, columns: idColumns, key: key) }
      if let key = keys.principalName {
        return .reference(path, columns: principalNameColumns, key: key)
      }
      return .left(
        reason:
          "neither the object id nor the user principal name is mapped to an attribute that \(name) could be "
          + "found by")
    }
    if let column = present(idColumns + ["\(name)@delta.id"]), let key = keys.objectID {
      return .reference(path, columns: [column], key: key)
    }
    if let column = present(principalNameColumns), let key = keys.principalName {
      return .reference(path, columns: [column], key: key)
    }
    return .left(reason: reason)
  }

  private func byKey(_ path: AttributePath) -> Outcome {
    guard let key = keys.matched else {
      return .left(reason: "nothing that is matched by is there to find the \(target) by")
    }
    guard !columns.lacks(name) else { return .left(reason: "the export has no column \(name)") }
    return .reference(path, columns: columns.columns(for: name), key: key)
  }

  private var reason: String {
    if let column = present(idColumns) {
      return
        "the export has the object id in \(column), and no attribute is mapped to the object ids of people to find "
        + "them by, as externalId: id would"
    }
    return
      "the export has no column with the object id or the user principal name of the \(name), such as \(name).id, "
      + "which Microsoft Graph adds for $expand=\(name)($select=id). Where some column has another key, map it by hand: "
      + "{column: …, key: …}"
  }

  private func present(_ names: [String]) -> String? {
    names.lazy.compactMap { columns.column(for: $0) }.first
  }

  /// Where an id of somebody may stand.
  private var path: AttributePath? {
    guard let path = try? AttributePath(parsing: target), let schema = path.schema else {
      return DraftedMapping.plain(target) == "manager" ? .manager : nil
    }
    guard schema.lowercased() == KnownAttributes.enterpriseSchema.lowercased() else {
      return path
    }
    let isManager =
      path.attribute == "manager" && path.filter == nil
      && (path.subAttribute ?? "value") == "value"
    return isManager ? .manager : nil
  }
}
