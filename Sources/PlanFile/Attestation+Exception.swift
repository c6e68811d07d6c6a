import Identity

extension Attestation {
  /// Why something in a clean state is not as the exports have it.
  ///
  /// Each is a decision of the policy or of a person; what waits for one keeps a state from being clean.
  package enum Exception: String, Sendable, Hashable, CaseIterable {
    /// Members, teams and memberships that the exports would have removed or changed.
    case protected
    /// Members that no export names and nobody manages.
    case unmanaged
    /// Members of exports that the policy does not have any more.
    case orphaned
    /// Members missing from their exports, where the policy never deactivates anybody.
    case keptLeavers = "kept-leavers"
    /// Records out of the scope of their export, or left out by an expression.
    case outOfScope = "out-of-scope"
    /// Records that are disabled and whose members were not created.
    case disabledRecords = "disabled-records"
    /// Records of somebody new, where the policy creates nobody.
    case notCreated = "not-created"
    /// Members and teams that differ, where the policy updates none.
    case notUpdated = "not-updated"
    /// Teams that no export names any more.
    case goneTeams = "gone-teams"
    /// Memberships that differ from the exports: of people who are not managed or not created, or not written by
    /// Rollcall.
    case keptMemberships = "kept-memberships"
    /// Memberships and values that name a team or somebody that nobody knows.
    case unknownReferences = "unknown-references"
  }
}

extension Attestation.Exception: LineWord {}

extension Attestation.Exception {
  /// How many of each there are in a plan; zeros left out.
  static func counts(in plan: Plan) -> [Self: Int] {
    let situations = plan.decisions.situations
    var counts: [Self: Int] = [
      .protected: situations[.protected] ?? 0, .unmanaged: situations[.unmanaged] ?? 0,
      .orphaned: situations[.orphaned] ?? 0, .keptLeavers: situations[.leaver] ?? 0,
      .disabledRecords: situations[.disabledJoiner] ?? 0,
      .notCreated: situations[.notCreated] ?? 0, .notUpdated: situations[.notUpdated] ?? 0,
    ]
    for finding in plan.evidence.findings {
      guard let (exception, amount) = counted(finding) else { continue }
      counts[exception, default: 0] += amount
    }
    return counts.filter { $0.value > 0 }
  }

  private static func counted(_ finding: Finding) -> (exception: Self, amount: Int)? {
    let amount = finding.repeats + 1
    return switch finding.subject {
    case .outOfScope(_, let count): (.outOfScope, count)
    case .leftOut: (.outOfScope, amount)
    case .teamGone: (.goneTeams, amount)
    case .edgeOfUnmanagedMember, .edgeOfDisabled, .edgeOfOutsider, .edgeNotWrittenByUs,
      .edgeWithheld:
      (.keptMemberships, amount)
    case .edgeToUnknownMember, .edgeToUnknownTeam, .unresolvedReference:
      (.unknownReferences, amount)
    default: nil
    }
  }
}
