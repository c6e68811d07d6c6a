import Identity

/// What a well-known directory's columns mean, so that a policy need not say it.
///
/// ```yaml
/// preset: entra     # for all exports; or below one export
/// ```
package enum Preset: String, Sendable, Hashable, CaseIterable {
  /// Nothing is mapped but what the policy maps.
  case none
  /// The CSV files of the Entra admin center and of Microsoft Graph's PowerShell.
  case entra

  /// The preset's rules, in canonical order.
  func rules(for subject: MappingSubject) -> [MappingRule] {
    switch (self, subject) {
    case (.none, _): []
    case (.entra, .members): EntraPreset.memberRules
    case (.entra, .teams): EntraPreset.teamRules
    }
  }

  /// The match keys it suggests, most trustworthy first.
  func matchKeys(for subject: MappingSubject) -> [AttributePath] {
    switch subject {
    case .members: [.externalID, .userName]
    case .teams: [.externalID, .displayName]
    }
  }
}
