package import Identity

/// A member or team as a plan names it: the id that apply uses, and a name for people.
package struct SubjectRef: Sendable, Hashable, Comparable {
  package let id: ResourceID
  /// `userName` of a member, `displayName` of a team.
  package let name: String

  package init(id: ResourceID, name: String) {
    self.id = id
    self.name = name
  }

  package static func < (left: SubjectRef, right: SubjectRef) -> Bool {
    left.name == right.name ? left.id < right.id : left.name < right.name
  }
}

/// One managed value that changes; `nil` is "has none".
package struct AttributeChange: Sendable, Hashable {
  package let attribute: ManagedAttribute
  package let before: String?
  package let after: String?

  package init(attribute: ManagedAttribute, before: String?, after: String?) {
    self.attribute = attribute
    self.before = before
    self.after = after
  }
}

/// What an operation does to somebody's access.
///
/// Guards and protection count these, never verbs.
package struct ChangeClass: OptionSet, Sendable, Hashable {
  package let rawValue: UInt8

  package init(rawValue: UInt8) {
    self.rawValue = rawValue
  }

  // Written out, because every membership asks for a set: what OptionSet gives is called through its protocol.
  package init(arrayLiteral elements: ChangeClass...) {
    rawValue = elements.reduce(0) { $0 | $1.rawValue }
  }

  /// Lessens access: `active` to false by absence or by value, delete, a membership removed.
  package static let removal = ChangeClass(rawValue: 1)
  /// Widens it: reactivation, an edge into a protected team.
  package static let grant = ChangeClass(rawValue: 2)
  /// Changes a match key or the work e-mail of a linked member.
  package static let rekey = ChangeClass(rawValue: 4)

  /// The names reports use, in this order.
  package var names: [String] {
    [(ChangeClass.removal, "removal"), (.grant, "grant"), (.rekey, "rekey")]
      .filter { contains($0.0) }.map(\.1)
  }

  package init(names: [String]) {
    self = []
    if names.contains("removal") { insert(.removal) }
    if names.contains("grant") { insert(.grant) }
    if names.contains("rekey") { insert(.rekey) }
  }
}

/// What matching found for one record or member.
package enum Situation: String, Sendable, Hashable, CaseIterable {
  case same
  case differs
  case joiner
  case found
  case moved
  case leaver
  case sourceDisabled
  case returner
  case inactiveNotByUs
  case disabledJoiner
  /// Somebody new, where the policy creates nobody.
  case notCreated
  /// It differs, where the policy updates nobody.
  case notUpdated
  case unmanaged
  case orphaned
  case duplicate
  case ambiguous
  case contended
  case conflictingKeys
  case valueTaken
  case probableRename
  case quarantined
  case withheld
  case protected
  /// Teams and memberships.
  case emptied
  case gone
  case listed
  case unlisted
}

/// One thing apply will do, and why we decided on it.
///
/// Apply reads `subject` and `action` and nothing else. `situation`, `classes` and `rule` are for
/// guards and people. It is one reference, so that lists of operations are sorted and handed on cheaply; that of
/// a new member may be a place among `Newcomers`, that of a membership one among `Memberships`.
package struct Operation: Sendable {
  package enum Action: Sendable, Hashable {
    /// Managed values of the new member, packed over the plan's member attributes.
    case createMember(AttributeImage)
    case updateMember([AttributeChange])
    case deactivateMember
    case reactivateMember([AttributeChange])
    case deleteMember
    case createTeam(AttributeImage)
    case updateTeam([AttributeChange])
    /// The subject is the team.
    case addMembership(SubjectRef)
    case removeMembership(SubjectRef)
  }

  private final class Content: Sendable {
    let subject: SubjectRef
    let action: Action
    let situation: Situation
    let classes: ChangeClass
    let rule: String

    init(
      _ subject: SubjectRef, _ action: Action, _ situation: Situation, _ classes: ChangeClass,
      _ rule: String
    ) {
      self.subject = subject
      self.action = action
      self.situation = situation
      self.classes = classes
      self.rule = rule
    }

    /// The other end of a membership.
    var member: SubjectRef? {
      switch action {
      case .addMembership(let member), .removeMembership(let member): member
      default: nil
      }
    }
  }

  private enum Form: Sendable {
    case whole(Content)
    case create(Newcomers, place: UInt32)
    case membership(Memberships, place: UInt32)
  }

  private let form: Form

  package init(
    subject: SubjectRef, action: Action, situation: Situation, classes: ChangeClass, rule: String
  ) {
    form = .whole(Content(subject, action, situation, classes, rule))
  }

  /// The create of a new member.
  package init(of newcomers: Newcomers, at place: Int) {
    form = .create(newcomers, place: UInt32(place))
  }

  /// A membership that comes or goes.
  package init(of memberships: Memberships, at place: Int) {
    form = .membership(memberships, place: UInt32(place))
  }

  /// The columns it stands in, if it is a membership that does.
  var memberships: Memberships? {
    if case .membership(let memberships, _) = form { memberships } else { nil }
  }

  /// Where it stands among these memberships; nil where it is none of them.
  func place(among memberships: Memberships) -> UInt32? {
    if case .membership(let own, let place) = form, own === memberships { place } else { nil }
  }

  /// The export that will own a newcomer; nil for every other operation.
  package var newcomerExport: String? {
    if case .create(let newcomers, let place) = form { newcomers.export(Int(place)) } else { nil }
  }

  /// Where it stands among newcomers, if it does.
  package var newcomer: (newcomers: Newcomers, place: Int)? {
    if case .create(let newcomers, let place) = form { (newcomers, Int(place)) } else { nil }
  }

  /// Whether it creates one of many newcomers, who are all alike but for their values.
  package var isOfNewcomer: Bool {
    if case .create = form { true } else { false }
  }

  /// Where it stands among these newcomers; nil where it is none of them.
  func place(among newcomers: Newcomers) -> UInt32? {
    if case .create(let own, let place) = form, own === newcomers { place } else { nil }
  }

  /// Whether it creates one of many newcomers of whom none has a value of these attributes.
  package func isOfNewcomerWithout(_ attributes: [AttributeID]) -> Bool {
    guard case .create(let newcomers, _) = form else { return false }
    return attributes.allSatisfy { !newcomers.attributes.contains($0) }
  }

  package var subject: SubjectRef {
    switch form {
    case .whole(let content): content.subject
    case .create(let newcomers, let place): newcomers.subject(Int(place))
    case .membership(let memberships, let place): memberships.team(Int(place))
    }
  }

  /// Lends the subject's name as bytes: that of a newcomer stands in its values.
  package func withName<T>(_ body: (Span<UInt8>) -> T) -> T {
    switch form {
    case .whole(let content): body(content.subject.name.utf8.span)
    case .create(let newcomers, let place): newcomers.withName(Int(place), body)
    case .membership(let memberships, let place):
      memberships.teams.withName(memberships.group(Int(place)).team, body)
    }
  }

  /// The id of the subject, without its name.
  package var subjectID: ResourceID {
    switch form {
    case .whole(let content): content.subject.id
    case .create(let newcomers, let place): newcomers.ids[Int(place)]
    case .membership(let memberships, let place): memberships.teamID(Int(place))
    }
  }

  /// The id of the other end of a membership; elsewhere that of the subject.
  package var otherID: ResourceID {
    switch form {
    case .membership(let memberships, let place): memberships.personID(Int(place))
    case .whole(let content): content.member?.id ?? subjectID
    case .create: subjectID
    }
  }

  package var action: Action {
    switch form {
    case .whole(let content): content.action
    case .create(let newcomers, let place): .createMember(newcomers.images[Int(place)])
    case .membership(let memberships, let place):
      memberships.group(Int(place)).isAddition
        ? .addMembership(memberships.person(Int(place)))
        : .removeMembership(memberships.person(Int(place)))
    }
  }

  package var situation: Situation {
    switch form {
    case .whole(let content): content.situation
    case .create: .joiner
    case .membership(let memberships, let place): memberships.group(Int(place)).situation
    }
  }

  package var classes: ChangeClass {
    switch form {
    case .whole(let content): content.classes
    case .create: []
    case .membership(let memberships, let place): memberships.group(Int(place)).classes
    }
  }

  /// The rule of the policy (or the default) it follows, such as `lifecycle.leavers.deactivate`.
  package var rule: String {
    switch form {
    case .whole(let content): content.rule
    case .create: Newcomers.rule
    case .membership(let memberships, let place): memberships.group(Int(place)).rule
    }
  }

  package var kind: Kind {
    switch form {
    case .whole(let content): Kind(content.action)
    case .create: .createMember
    case .membership(let memberships, let place): memberships.group(Int(place)).kind
    }
  }

  /// The verbs of plans, guards and reports, in the order apply carries them out.
  ///
  /// Values are freed before they are taken: deletes and updates stand before creates, updates that
  /// give a value up before those that take it (see `OperationOrder`); edges go after both their ends.
  package enum Kind: String, Sendable, Hashable, CaseIterable, Comparable {
    case removeMembership = "remove-membership"
    case deleteMember = "delete-member"
    case deactivateMember = "deactivate-member"
    case updateMember = "update-member"
    case reactivateMember = "reactivate-member"
    case createMember = "create-member"
    case updateTeam = "update-team"
    case createTeam = "create-team"
    case addMembership = "add-membership"

    package init(_ action: Action) {
      self =
        switch action {
        case .createMember: .createMember
        case .updateMember: .updateMember
        case .deactivateMember: .deactivateMember
        case .reactivateMember: .reactivateMember
        case .deleteMember: .deleteMember
        case .createTeam: .createTeam
        case .updateTeam: .updateTeam
        case .addMembership: .addMembership
        case .removeMembership: .removeMembership
        }
    }

    /// Its place in the order.
    package var rank: Int {
      switch self {
      case .removeMembership: 0
      case .deleteMember: 1
      case .deactivateMember: 2
      case .updateMember: 3
      case .reactivateMember: 4
      case .createMember: 5
      case .updateTeam: 6
      case .createTeam: 7
      case .addMembership: 8
      }
    }

    package static func < (left: Kind, right: Kind) -> Bool { left.rank < right.rank }
  }
}

extension Operation: Hashable {
  package static func == (left: Operation, right: Operation) -> Bool {
    left.subject == right.subject && left.action == right.action
      && left.situation == right.situation && left.classes == right.classes
      && left.rule == right.rule
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(subjectID)
    hasher.combine(kind)
  }
}

/// Something that is not done tonight because a person should look first.
package struct Hold: Sendable, Hashable {
  /// `member ann@contoso.com`, `record E1001`, `team Admins`: stable from night to night.
  package let subject: String
  package let situation: Situation
  /// Whether it withholds a removal (rather than holding a record).
  package let isRemoval: Bool
  /// Whether it is an export that is held, and nobody in particular.
  package var isOfExport: Bool { subject.utf8.starts(with: Self.exportPrefix.utf8) }

  /// What the subject of an export begins with.
  private static let exportPrefix = "export "

  package init(subject: String, situation: Situation, isRemoval: Bool = false) {
    self.subject = subject
    self.situation = situation
    self.isRemoval = isRemoval
  }

  /// Holds an export: whatever it would remove, or what of it could not be read.
  package init(export: String, situation: Situation, isRemoval: Bool) {
    self.init(
      subject: Self.exportPrefix + export, situation: situation, isRemoval: isRemoval)
  }
}
