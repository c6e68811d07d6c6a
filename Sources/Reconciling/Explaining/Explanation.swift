package import Identity
package import PlanFile

/// Why one person or team stands as it does: the five steps of a run, each with its evidence.
///
/// ```
/// import    success   night-2/users.csv:136, export staff
/// scope     success   staff has no scope: every record counts
/// match     success   externalId “E1001” is that of ann@contoso.com
/// evaluate  success   title: "Buyer" → "Senior buyer"
/// act       skipped   not applied: the plan is refused by removals
/// ```
///
/// Everything in it was decided by the stages that `plan` uses; nothing is decided for its sake.
package struct Explanation: Sendable {
  package enum Kind: String, Sendable {
    case person
    case team
  }

  /// The steps of Entra's provisioning logs, in this order.
  package enum StepName: String, Sendable, CaseIterable {
    case `import`
    case scope
    case match
    case evaluate
    case act
  }

  package enum Status: String, Sendable {
    case success
    /// Something a person should look at.
    case warning
    /// There was nothing to do here.
    case skipped
  }

  package struct Step: Sendable {
    package let name: StepName
    package var status: Status
    package var notes: [Note] = []
    /// Of `evaluate` only.
    package var values: [Value] = []
    /// Of `evaluate` only.
    package var memberships: [Membership] = []
    /// Of `act` only: what the plan does.
    package var operations: [PlannedOperation] = []
  }

  /// One attribute, from the record to the member.
  package struct Value: Sendable {
    package enum Outcome: String, Sendable {
      case new
      case changes
      case same
      /// The exports say nothing of it.
      case leftAlone
      /// It is set when somebody is created, and never again.
      case onCreate
      /// It differs, and is not written tonight.
      case heldBack
    }

    package let attribute: AttributePath
    /// The column or expression; nil for a constant, and where no export gives it.
    package let source: String?
    /// What the exports ask for; nil where they say nothing.
    package let export: String?
    /// What the member has; nil for nothing.
    package let current: String?
    package let outcome: Outcome
  }

  /// One team of a person, or one member of a team that comes or goes.
  package struct Membership: Sendable {
    package enum Outcome: String, Sendable {
      case joins
      case leaves
      case stays
      /// An export asks for it, and it is not added tonight.
      case notAdded
      /// No export asks for it, and it is not removed.
      case kept
    }

    /// The team of a person, or the member of a team.
    package let name: String
    package let origins: [RecordOrigin]
    package let outcome: Outcome
  }

  /// Why a team of an export does not count.
  package struct LeftOutTeam: Sendable, Hashable {
    /// As the export has it.
    package let name: String
    /// `include` or `exclude`.
    package let setting: String
    /// The one that leaves it out, or those of which none fits.
    package let patterns: [String]
  }

  package struct PlannedOperation: Sendable {
    package let operation: Operation
    package let origins: [RecordOrigin]
  }

  /// One person or team that WHO may mean.
  package struct Subject: Sendable {
    package let kind: Kind
    package let name: String
    /// Nil for what is not in the state.
    package let id: ResourceID?
    package let steps: [Step]
  }

  package let who: String
  package let subjects: [Subject]
  /// The guards that refuse the plan that all this would be part of.
  package let refusals: [GuardVerdict]
  package let memberAttributes: AttributeSet
  /// Of the members that values refer to.
  package var names = ReferenceNames()
}

extension Explanation {
  /// One piece of evidence, or one reason why something does not happen.
  package enum Note: Sendable, Hashable {
    // Import
    case record(RecordOrigin)
    case unreadable(RecordOrigin)
    case saysGone(RecordOrigin)
    case absent(export: String, records: Int, isFull: Bool)
    case notRead(export: String)
    case unreliable(export: String, reason: String)
    case knownByMemberships(exports: [String])
    case byRule(name: String, filter: String, exports: [String], place: String)

    // Scope
    case noScope(export: String)
    case inScope(export: String, filter: String)
    case outOfScope(export: String, filter: String, isLeaver: Bool)
    case scopeUnknown(export: String, filter: String)
    case nothingToJudge
    case teamsHaveNoScope
    case teamLeftOut(LeftOutTeam)

    // Match
    case key(name: String, value: String, holders: [String])
    case keyMissing(name: String)
    case member(name: String, isActive: Bool, owners: [String])
    case deactivatedByUs(asLeaver: Bool)
    case notInState
    case situation(Situation)
    case team(name: String, owners: [String])
    case teamKey(name: String, value: String, holders: [String])
    case teamNotInState

    // Evaluate
    case merged(exports: [String])
    case nothingToEvaluate
    case members(asked: Int, current: Int)

    // Act, and why not
    case finding(Finding)
    case held(subject: String, situation: Situation, since: Int)
    case agrees
    case absences(count: Int, needed: Int)
    case neverUpdated
    case neverDeactivated
    case alreadyInactive
    case neverDeleted
    case deletedLater(count: Int, needed: Int)
    case unmanaged
    case leftAloneOutOfScope
    case maybeUnreadable
    case teamsKept
    case teamsStrippedLater(count: Int, needed: Int)
    case deltaIsSilent(exports: [String])
    case nothingFromUnreliable(exports: [String])
    case setAside
    case teamUntouched
    case teamDoesNotCount
    case owned(newOwner: String)
    case refused(GuardVerdict)
    case marker(since: Int)
    case more(Int)
  }
}
