import Identity

/// What a well-known directory's columns mean, so that a policy need not say it.
///
/// ```yaml
/// preset: entra     # for all exports; or below one export
/// ```
package enum Preset: String, Sendable, Hashable, CaseIterable {
  /// Nothing is mapped but what the policy maps.
  case none
  /// The CSV files of the Entra admin center and of Microsoft Graph's PowerShell, and the pages and deltas
  /// of Microsoft Graph.
  case entra
  case okta
  /// Google Workspace's Directory API.
  case google
  case keycloak
  /// AWS IAM Identity Center.
  case aws
  /// Invicti Enterprise, once Netsparker.
  case invicti
  /// Resources of RFC 7643.
  case scim
  /// The entries of Active Directory, as ldifde and DSML have them.
  case activeDirectory = "active-directory"
  /// OpenLDAP and others that hold `inetOrgPerson`, `groupOfNames` and `posixGroup`.
  case openldap
  /// Reports of Workday (RaaS) as XML, JSON or CSV.
  case workday

  /// The preset's rules, in canonical order.
  func rules(
    for subject: MappingSubject, content: ExportSettings.Content = .full
  ) -> [MappingRule] {
    switch (self, subject) {
    case (.entra, .members) where content == .delta: EntraPreset.changedMemberRules
    case (.entra, .members): EntraPreset.memberRules
    case (.entra, .teams): EntraPreset.teamRules
    case (_, .members): table?.memberRules ?? []
    case (_, .teams): table?.teamRules ?? []
    }
  }

  private var table: PresetTable? {
    switch self {
    case .none, .entra: nil
    case .okta: .okta
    case .google: .google
    case .keycloak: .keycloak
    case .aws: .aws
    case .invicti: .invicti
    case .scim: .scim
    case .activeDirectory: .activeDirectory
    case .openldap: .openLDAP
    case .workday: .workday
    }
  }

  /// The lists that name memberships, in documents with several.
  ///
  /// In a realm of Keycloak, it is the users who name their groups.
  var membershipLists: [String] {
    self == .keycloak ? ["users"] : ["members", "groups", "GroupMemberships"]
  }

  /// The list in each record of a delta whose elements are memberships of their own.
  private var deltaList: String? {
    switch self {
    case .entra: "members@delta"
    case .scim: "members"
    default: nil
    }
  }

  /// Where its files name teams and members.
  func memberships(_ content: ExportSettings.Content) -> PresetTable.Memberships? {
    guard self == .entra else { return table?.memberships }
    let list = content == .delta ? "members@delta" : "members"
    return PresetTable.Memberships(
      team: MembershipsExport.Reference(columns: ["id"], key: .externalID, separator: nil),
      member: MembershipsExport.Reference(
        columns: ["\(list).id"], key: .externalID, separator: nil))
  }

  /// The list of each record whose elements are memberships of their own.
  func each(_ content: ExportSettings.Content) -> String? {
    content == .delta ? deltaList : nil
  }

  /// How its deltas say that a resource, or a membership, is gone.
  func removed(ofMemberships: Bool) -> ExportSettings.RemovalMarker? {
    if self == .activeDirectory || self == .openldap {
      return ExportSettings.RemovalMarker(
        columns: ["changetype"], values: ["delete"], origin: .preset)
    }
    guard let deltaList else { return nil }
    return ExportSettings.RemovalMarker(
      columns: [ofMemberships ? "\(deltaList).@removed.reason" : "@removed.reason"],
      values: ["changed", "deleted"], origin: .preset)
  }

  /// The match keys it suggests, most trustworthy first.
  func matchKeys(for subject: MappingSubject) -> [AttributePath] {
    switch subject {
    case .members: [.externalID, .userName]
    case .teams: [.externalID, .displayName]
    }
  }
}
