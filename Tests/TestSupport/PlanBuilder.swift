package import Identity
package import PlanFile

/// Builds plans for tests, one readable line per decision.
///
/// ```
/// var builder = PlanBuilder()
/// builder.create("ann@contoso.com", [.userName: "ann@contoso.com"], from: "users.csv:42")
/// builder.update("bob@contoso.com", "title", "Buyer", "Senior buyer", from: "users.csv:43")
/// builder.deactivate("carl@contoso.com")
/// let plan = builder.plan
/// ```
///
/// Operations come out in the order apply has: by kind, then by subject. Every id, digest and time is
/// made of the names, so the same calls give the same plan on every machine.
package struct PlanBuilder {
  package static let title = AttributePath(attribute: "title")
  package static let givenName = AttributePath(attribute: "name", subAttribute: "givenName")
  package static let familyName = AttributePath(attribute: "name", subAttribute: "familyName")
  package static let department = AttributePath.department

  private struct Entry {
    let operation: Operation
    let origins: [RecordOrigin]
  }

  package var memberAttributes = AttributeSet([
    ManagedAttribute(path: .userName), ManagedAttribute(path: .externalID),
    ManagedAttribute(path: .displayName), ManagedAttribute(path: .active, kind: .boolean),
    ManagedAttribute(path: .workEmail), ManagedAttribute(path: title),
    ManagedAttribute(path: givenName), ManagedAttribute(path: familyName),
    ManagedAttribute(path: department),
  ])
  package var teamAttributes = AttributeSet([
    ManagedAttribute(path: .displayName), ManagedAttribute(path: .externalID),
  ])
  package var holds: [Hold] = []
  package var unnamedWithheld = 0
  package var verdicts: [GuardVerdict] = []
  package var inputs: [Evidence.Input] = []
  package var health: [Evidence.Health] = []
  package var findings: [Finding] = []
  package var bookkeeping = Bookkeeping()
  /// 2026-03-01T02:00:00Z.
  package var now = 1_772_330_400
  private var entries: [Entry] = []

  package init() {}

  // MARK: - Operations

  package mutating func create(
    _ name: String, _ values: [AttributePath: String], from origin: RecordOrigin? = nil
  ) {
    add(
      Self.member(name), .createMember(Self.image(values, of: memberAttributes)), .joiner,
      rule: "lifecycle.joiners.create", from: origin)
  }

  package mutating func update(
    _ name: String, _ changes: [AttributeChange], situation: Situation = .differs,
    classes: ChangeClass = [], from origin: RecordOrigin? = nil
  ) {
    add(
      Self.member(name), .updateMember(changes), situation, classes: classes,
      rule: "members.update", from: origin)
  }

  package mutating func deactivate(_ name: String) {
    add(
      Self.member(name), .deactivateMember, .leaver, classes: .removal,
      rule: "lifecycle.leavers.deactivate", from: nil)
  }

  package mutating func delete(_ name: String) {
    add(
      Self.member(name), .deleteMember, .leaver, classes: .removal,
      rule: "lifecycle.leavers.delete", from: nil)
  }

  package mutating func reactivate(
    _ name: String, _ changes: [AttributeChange] = [], from origin: RecordOrigin? = nil
  ) {
    add(
      Self.member(name), .reactivateMember(changes), .returner, classes: .grant,
      rule: "lifecycle.returners.reactivate", from: origin)
  }

  package mutating func createTeam(_ name: String, from origin: RecordOrigin? = nil) {
    let image = Self.image([.displayName: name], of: teamAttributes)
    add(Self.team(name), .createTeam(image), .joiner, rule: "teams.create", from: origin)
  }

  package mutating func updateTeam(
    _ name: String, _ changes: [AttributeChange], from origin: RecordOrigin? = nil
  ) {
    add(Self.team(name), .updateTeam(changes), .differs, rule: "teams.update", from: origin)
  }

  package mutating func join(
    _ team: String, _ member: String, classes: ChangeClass = [], from origin: RecordOrigin? = nil
  ) {
    add(
      Self.team(team), .addMembership(Self.member(member)), .listed, classes: classes,
      rule: "memberships.add", from: origin)
  }

  package mutating func leave(_ team: String, _ member: String) {
    add(
      Self.team(team), .removeMembership(Self.member(member)), .unlisted, classes: .removal,
      rule: "memberships.remove", from: nil)
  }

  package mutating func add(
    _ subject: SubjectRef, _ action: Operation.Action, _ situation: Situation,
    classes: ChangeClass = [], rule: String, from origin: RecordOrigin?
  ) {
    let operation = Operation(
      subject: subject, action: action, situation: situation, classes: classes, rule: rule)
    entries.append(Entry(operation: operation, origins: origin.map { [$0] } ?? []))
  }

  // MARK: - The rest

  /// A change of a member's attribute; the path as a policy writes it.
  package static func change(
    _ path: AttributePath, _ before: String?, _ after: String?
  ) -> AttributeChange {
    let kind: ManagedAttribute.Kind = path == .active ? .boolean : .string
    return AttributeChange(
      attribute: ManagedAttribute(path: path, kind: kind), before: before, after: after)
  }

  package mutating func hold(
    _ subject: String, _ situation: Situation, isRemoval: Bool = false, daysAgo: Int = 0
  ) {
    holds.append(Hold(subject: subject, situation: situation, isRemoval: isRemoval))
    bookkeeping.holds.append(.init(subject: subject, since: now - daysAgo * 86_400))
  }

  package mutating func guarded(
    _ name: String, _ amount: Int, of population: Int, limit: String, allowance: Int? = nil,
    passed: Bool = true, scope: String? = nil
  ) {
    verdicts.append(
      GuardVerdict(
        name: name, scope: scope, amount: amount, population: population, limit: limit,
        allowance: allowance, passed: passed))
  }

  package mutating func read(
    _ export: String, _ file: String, records: Int, bytes: Int, reliable: Bool = true,
    findings: [Finding] = []
  ) {
    inputs.append(
      Evidence.Input(
        export: export, file: file, byteCount: bytes, recordCount: records,
        sha256: Self.digits(of: file, count: 64), format: "csv", encoding: "UTF-8",
        preset: "entra"))
    health.append(
      Evidence.Health(export: export, isReliable: reliable, findings: findings))
  }

  package static func member(_ name: String) -> SubjectRef {
    SubjectRef(id: id(of: "member " + name, .member), name: name)
  }

  package static func team(_ name: String) -> SubjectRef {
    SubjectRef(id: id(of: "team " + name, .team), name: name)
  }

  package static func origin(_ file: String, _ line: Int) -> RecordOrigin {
    let export = file.prefix { $0 != "." }
    return RecordOrigin(export: String(export), file: file, line: line)
  }

  package var plan: Plan {
    let sorted = entries.enumerated()
      .sorted { left, right in
        let (a, b) = (left.element.operation, right.element.operation)
        return (a.kind, a.subject, left.offset) < (b.kind, b.subject, right.offset)
      }
      .map(\.element)
    let operations = sorted.map(\.operation)
    let grounds = sorted.enumerated().map { index, entry in
      Evidence.Grounds(
        operation: index, origins: entry.origins,
        stateBefore: entry.operation.kind == .createMember || entry.operation.kind == .createTeam
          ? nil : Self.digits(of: entry.operation.subject.name, count: 32))
    }
    let situations = operations.map(\.situation) + holds.map(\.situation)
    return Plan(
      decisions: Decisions(
        memberAttributes: memberAttributes, teamAttributes: teamAttributes,
        operations: operations, holds: holds, unnamedWithheld: unnamedWithheld,
        situations: situations.reduce(into: [:]) { $0[$1, default: 0] += 1 },
        lowerBound: operations.count),
      evidence: Evidence(
        toolVersion: "0.1.0", now: now, policyDigest: Self.digits(of: "policy", count: 64),
        lineage: "0b9f6a52-8a1c-4c57-9a36-3f6f0a4e2d11",
        journalHead: Self.digits(of: "head", count: 64), inputs: inputs, health: health,
        verdicts: verdicts, grounds: grounds, findings: findings, bookkeeping: bookkeeping))
  }

  /// Where members belong, by name; for what the plan itself does not say.
  package var departments: [String: String] = [:]
  package var history: [RunRecord] = []

  /// The plan as a report takes it; the name is made up, but always the same.
  package func source(run: RunRecord? = nil) -> ReportSource {
    let departments = departments.map { (Self.member($0.key).id, $0.value) }
    return ReportSource(
      plan: plan, planName: Self.digits(of: "plan", count: 64), run: run, history: history,
      departments: Dictionary(uniqueKeysWithValues: departments))
  }

  private static func id(of name: String, _ kind: ResourceID.Kind) -> ResourceID {
    ResourceID(
      lineage: "sample", export: "sample", kind: kind, sourceKey: Array(name.utf8), generation: 0)
  }

  private static func image(
    _ values: [AttributePath: String], of set: AttributeSet
  ) -> AttributeImage {
    var image = AttributeImage()
    for id in set.ids {
      if let value = values[set[id].path] { image.append(id, value.utf8) }
    }
    return image
  }

  /// Looks like a digest, is none: the first digits of a UUIDv5, repeated.
  private static func digits(of text: String, count: Int) -> String {
    let seed = id(of: text, .team).description.filter { $0 != "-" }
    return String(String(repeating: seed, count: count / seed.count + 1).prefix(count))
  }
}
