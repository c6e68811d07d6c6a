package import PlanFile

/// The `protected:` of a policy: whom no plan may remove, demote or rekey.
///
/// ```yaml
/// protected:
///   members: ["breakglass@contoso.com", "svc-*"]
///   teams: [Admins]
/// ```
///
/// Each is compared with every match key a member or team has; see `ProtectedPattern`.
package struct Protection: Sendable, Hashable {
  /// `members:` Default none.
  package let members: [ProtectedPattern]
  /// `teams:` Default none.
  ///
  /// An edge into one of them is a grant.
  package let teams: [ProtectedPattern]

  package func patterns(for subject: MappingSubject) -> [ProtectedPattern] {
    subject == .members ? members : teams
  }
}

extension Protection {
  static let none = Protection(members: [], teams: [])

  init(reading value: PolicyValue) {
    let section = value.section("members", "teams")
    self.init(
      members: section?["members"]?.protectedPatterns() ?? [],
      teams: section?["teams"]?.protectedPatterns() ?? [])
  }
}

extension PolicyValue {
  fileprivate func protectedPatterns() -> [ProtectedPattern]? {
    guard let texts = texts(allowingEmptyList: true) else { return nil }
    for item in items() ?? [] {
      guard let text = item.scalar, text.contains("*") else { continue }
      // `*` alone would block every removal for ever, and nobody would see why.
      if !text.contains(where: { $0.isLetter || $0.isNumber }) { item.report(.protectsAll(text)) }
    }
    return texts.map { ProtectedPattern($0) }
  }
}
