package import Identity

/// What one plan does and another does not; both made from the same exports and state, by two policies.
///
/// ```
/// adam@contoso.com   dropped    deactivate-member                 only the first plan does it
/// anna@contoso.com   changed    title: "Buyer" → "Senior buyer"   both do something, not the same
/// karin@contoso.com  added      create-member                     only the second does it
/// ```
///
/// Only what is done counts, not why: operations that a policy reaches by another rule are the same.
package struct PlanComparison: Sendable {
  package enum Change: String, Sendable, CaseIterable {
    case added
    case dropped
    case changed
  }

  package enum Kind: String, Sendable {
    case person
    case team
  }

  /// What one operation does, over no plan's own list of attributes.
  package struct Effect: Sendable, Hashable {
    package let kind: Operation.Kind
    package let classes: ChangeClass
    /// Values of new members and teams, too; in the order of their paths.
    package let values: [AttributeChange]
    /// The team of a membership.
    package let team: SubjectRef?

    /// Whether a person would call it the same operation, perhaps on other values.
    package func isAlike(_ other: Effect) -> Bool {
      kind == other.kind && team == other.team
    }
  }

  /// One person or team whose operations differ.
  package struct Entry: Sendable {
    package let kind: Kind
    package let name: String
    package let change: Change
    package let first: [Effect]
    package let second: [Effect]
  }

  /// What one plan says and the other does not.
  package struct Difference<Value: Sendable & Hashable>: Sendable {
    package let added: [Value]
    package let dropped: [Value]

    package var isEmpty: Bool { added.isEmpty && dropped.isEmpty }
  }

  /// People first, then teams, by name.
  package let entries: [Entry]
  /// How many people and teams both plans do the same to.
  package let sameCount: Int
  package let holds: Difference<Hold>
  package let findings: Difference<Finding>
  /// Verdicts that came out otherwise, or over other numbers; nil where a plan has no such guard.
  package let verdicts: [(first: GuardVerdict?, second: GuardVerdict?)]

  /// Whether both plans come to the same.
  package var isEmpty: Bool {
    entries.isEmpty && holds.isEmpty && findings.isEmpty && verdicts.isEmpty
  }

  init(
    entries: [Entry], sameCount: Int, holds: Difference<Hold>, findings: Difference<Finding>,
    verdicts: [(first: GuardVerdict?, second: GuardVerdict?)]
  ) {
    self.entries = entries
    self.sameCount = sameCount
    self.holds = holds
    self.findings = findings
    self.verdicts = verdicts
  }

  package init(_ first: Plan, _ second: Plan) {
    let one = Self.subjects(of: first.decisions)
    var other = Self.subjects(of: second.decisions)
    other = Self.renumbered(other, as: one)
    var entries: [Entry] = []
    var sameCount = 0
    for key in Set(one.keys).union(other.keys) {
      let (before, after) = (one[key], other[key])
      guard before?.effects != after?.effects else {
        sameCount += 1
        continue
      }
      entries.append(
        Entry(
          kind: key.kind, name: before?.name ?? after?.name ?? "",
          change: before == nil ? .added : after == nil ? .dropped : .changed,
          first: before?.sorted ?? [], second: after?.sorted ?? []))
    }
    self.entries = entries.sorted {
      ($0.kind.rawValue, $0.name, $0.change.rawValue)
        < ($1.kind.rawValue, $1.name, $1.change.rawValue)
    }
    self.sameCount = sameCount
    holds = Difference(first.decisions.holds, second.decisions.holds)
    findings = Difference(first.evidence.findings.bare, second.evidence.findings.bare)
    verdicts = Self.verdicts(first.evidence.verdicts, second.evidence.verdicts)
  }

  // MARK: - Operations by subject

  private struct Key: Hashable {
    let kind: Kind
    let id: ResourceID
  }

  private struct Subject {
    let name: String
    var effects: Set<Effect>
    /// Whether the plan makes it: then its id hangs on the name of an export.
    var isNew: Bool

    var sorted: [Effect] {
      effects.sorted { left, right in
        left.kind == right.kind
          ? (left.team?.name ?? "") < (right.team?.name ?? "") : left.kind < right.kind
      }
    }
  }

  private static func subjects(of decisions: Decisions) -> [Key: Subject] {
    var subjects: [Key: Subject] = [:]
    for operation in decisions.operations {
      let (key, name, team): (Key, String, SubjectRef?)
      switch operation.action {
      case .addMembership(let member), .removeMembership(let member):
        (key, name, team) = (Key(kind: .person, id: member.id), member.name, operation.subject)
      case .createTeam, .updateTeam:
        (key, name, team) = (
          Key(kind: .team, id: operation.subjectID), operation.subject.name, nil
        )
      default:
        (key, name, team) = (
          Key(kind: .person, id: operation.subjectID), operation.subject.name, nil
        )
      }
      let effect = Effect(
        kind: operation.kind, classes: operation.classes,
        values: operation.values(in: decisions), team: team)
      subjects[key, default: Subject(name: name, effects: [], isNew: false)].effects.insert(effect)
      if operation.kind == .createMember || operation.kind == .createTeam {
        subjects[key]?.isNew = true
      }
    }
    return subjects
  }

  /// Gives what the second plan makes the ids of the first, where the name is the same.
  ///
  /// The id of somebody new is made of the name of an export and the source's key; another name or key of the
  /// same person is not another person.
  private static func renumbered(
    _ subjects: [Key: Subject], as other: [Key: Subject]
  ) -> [Key: Subject] {
    func new(_ subjects: [Key: Subject], _ known: [Key: Subject]) -> [Kind: [String: Key]] {
      subjects.reduce(into: [:]) { found, entry in
        guard entry.value.isNew, known[entry.key] == nil else { return }
        found[entry.key.kind, default: [:]][entry.value.name] = entry.key
      }
    }
    let (mine, theirs) = (new(subjects, other), new(other, subjects))
    var teams: [ResourceID: ResourceID] = [:]
    for (name, key) in mine[.team] ?? [:] { teams[key.id] = theirs[.team]?[name]?.id }
    var renumbered: [Key: Subject] = [:]
    for (key, subject) in subjects {
      var subject = subject
      if !teams.isEmpty { subject.effects = Set(subject.effects.map { $0.renumbered(teams) }) }
      let isNew = mine[key.kind]?[subject.name] == key
      renumbered[isNew ? theirs[key.kind]?[subject.name] ?? key : key] = subject
    }
    return renumbered
  }

  // MARK: - Guards

  private static func verdicts(
    _ first: [GuardVerdict], _ second: [GuardVerdict]
  ) -> [(first: GuardVerdict?, second: GuardVerdict?)] {
    func key(_ verdict: GuardVerdict) -> [String] { [verdict.name, verdict.scope ?? ""] }
    let one = Dictionary(first.map { (key($0), $0) }, uniquingKeysWith: { $1 })
    let other = Dictionary(second.map { (key($0), $0) }, uniquingKeysWith: { $1 })
    let names = (first + second).map(key).reduce(into: [[String]]()) { names, name in
      if !names.contains(name) { names.append(name) }
    }
    return names.compactMap { one[$0] == other[$0] ? nil : (one[$0], other[$0]) }
  }
}

extension PlanComparison.Difference where Value: Hashable {
  /// What of each list the other does not have, in its order; one that stands there twice counts once.
  fileprivate init(_ first: [Value], _ second: [Value]) {
    let (one, other) = (Set(first), Set(second))
    added = second.filter { !one.contains($0) }
    dropped = first.filter { !other.contains($0) }
  }
}

extension [Finding] {
  /// Without the counts of what is not listed.
  fileprivate var bare: [Finding] { map { Finding($0.subject, at: $0.origin) } }
}

extension PlanComparison.Effect {
  fileprivate func renumbered(_ ids: [ResourceID: ResourceID]) -> PlanComparison.Effect {
    guard let team, let id = ids[team.id] else { return self }
    return PlanComparison.Effect(
      kind: kind, classes: classes, values: values, team: SubjectRef(id: id, name: team.name))
  }
}

extension Operation {
  /// What it writes, value by value; those of somebody new have no value before.
  fileprivate func values(in decisions: Decisions) -> [AttributeChange] {
    func values(_ image: AttributeImage, _ set: AttributeSet) -> [AttributeChange] {
      image.entries.map { entry in
        AttributeChange(
          attribute: set[entry.id], before: nil,
          after: String(decoding: image.bytes[entry.range], as: UTF8.self))
      }
    }
    switch action {
    case .createMember(let image): return values(image, decisions.memberAttributes)
    case .createTeam(let image): return values(image, decisions.teamAttributes)
    case .updateMember(let changes), .reactivateMember(let changes), .updateTeam(let changes):
      return changes
    case .deactivateMember, .deleteMember, .addMembership, .removeMembership: return []
    }
  }
}
