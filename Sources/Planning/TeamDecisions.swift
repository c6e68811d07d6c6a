package import Identity
package import Matching
package import PlanFile

/// A team of the state with the values that matching needs.
package struct TeamSeat: Sendable {
  package let team: TeamFacts
  package let image: AttributeImage

  package init(team: TeamFacts, image: AttributeImage) {
    self.team = team
    self.image = image
  }
}

/// What deciding about teams needs to know.
package struct TeamInput: Sendable {
  package var rules: PlanningRules
  /// The team exports; numbers in records count over all exports of the run.
  package var exports: [Int: ExportStatus]
  package var current: [TeamSeat]
  package var records: [OpenRecord]
  /// Whether a record stands for a team that only its memberships export names.
  package var isImplicit: Bool
  /// Records that stand for a rule of the policy, and whether all exports that it looks at are believed.
  package var ruleRecords: [RecordNumber: Bool] = [:]
  /// The exports of people, whose records rules look at.
  package var peopleExports: Set<Int> = []

  package init(
    rules: PlanningRules, exports: [Int: ExportStatus], current: [TeamSeat],
    records: [OpenRecord], isImplicit: Bool
  ) {
    self.rules = rules
    self.exports = exports
    self.current = current
    self.records = records
    self.isImplicit = isImplicit
  }
}

/// What was decided about teams.
///
/// Seats are those of the state, then those of new teams.
package struct TeamDecisions: Sendable {
  /// What may happen to a team's memberships.
  package enum Standing: Sendable, Hashable {
    /// Ours: memberships come and go.
    case managed
    /// New, or adopted by this very plan: memberships are only added.
    case addsOnly
    /// Not ours, held, or gone: memberships stay as they are.
    case untouched
    /// Ours, and the policy updates no team.
    case kept
  }

  package struct Team: Sendable {
    package let subject: SubjectRef
    package let image: AttributeImage
    /// Nil for a team that this plan creates.
    package let current: TeamFacts?
    package var standing: Standing
    /// Whether a team export names it tonight.
    package var isListed: Bool
    /// Whether that export can be believed: then a team without memberships has been emptied.
    package var isListedReliably = false
    /// Whether it is there because of a rule of the policy.
    package var isByRule = false

    package init(
      subject: SubjectRef, image: AttributeImage, current: TeamFacts?, standing: Standing,
      isListed: Bool
    ) {
      self.subject = subject
      self.image = image
      self.current = current
      self.standing = standing
      self.isListed = isListed
    }
  }

  package struct Draft: Sendable {
    package let seat: Int
    package let action: Operation.Action
    package let situation: Situation
    package let classes: ChangeClass
    package let rule: String
    package let records: [RecordNumber]
  }

  package var teams: [Team] = []
  package var drafts: [Draft] = []
  package var holds: [Hold] = []
  package var situations: [Situation: Int] = [:]
  package var findings = FindingLog()
  package var ownerships: [Bookkeeping.Ownership] = []
  /// Teams of exports that the policy does not create.
  package var notCreated: [AttributeImage] = []
  /// Whether teams are known by their memberships alone, because there is no team export.
  package var isImplicit = false
}
