import Identity
import PlanFile
import Scanning
import Storing
import TestSupport

@testable import Applying

/// A state in a folder of its own that a test fills by hand, and plans made from what it holds.
///
/// Every call opens the file anew, as every command of the program does.
final class TestState {
  static let title = AttributePath(attribute: "title")
  static let department = AttributePath(
    schema: "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", attribute: "department")

  static let memberAttributes = AttributeSet([
    ManagedAttribute(path: .userName), ManagedAttribute(path: .externalID),
    ManagedAttribute(path: title), ManagedAttribute(path: department),
    ManagedAttribute(path: .workEmail), ManagedAttribute(path: .active, kind: .boolean),
  ])
  static let teamAttributes = AttributeSet([
    ManagedAttribute(path: .displayName), ManagedAttribute(path: .externalID),
  ])
  /// 2026-03-01T02:00:00Z.
  static let now = 1_772_330_400

  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  var path: String { folder.path + "/rollcall.db" }

  var keys: [MatchKey] {
    [AttributePath.externalID, .userName].compactMap { path in
      Self.memberAttributes.id(of: path).map { MatchKey(path: path, id: $0) }
    }
  }

  var teamKeys: [MatchKey] {
    Self.teamAttributes.ids.map { MatchKey(path: Self.teamAttributes[$0].path, id: $0) }
  }

  var basis: IndexBasis { IndexBasis(attributes: Self.memberAttributes, keys: keys, unique: keys) }

  func dump() throws -> StateDump { try StateDump(of: path) }

  /// Opens the state for reading and closes it again.
  func read<T>(_ body: (StateStore) throws -> T) throws -> T {
    let store = try StateStore.open(path, as: .readingOrCreating)
    let value = try body(store)
    try store.close()
    return value
  }

  /// Changes the state past every plan, as somebody else would.
  @discardableResult
  func change<T>(_ body: (StateTransaction) throws -> T) throws -> T {
    let store = try StateStore.open(path, as: .writing)
    let value = try store.write { state in
      try state.rebase(basis)
      return try body(state)
    }
    try store.close()
    return value
  }

  // MARK: - What is there

  /// Adds members that the export `staff` owns: user name `ann`, external id `E-ann`.
  func addMembers(
    _ names: String..., values: [AttributePath: String] = [:], standing: MemberStanding = .active
  ) throws {
    try change { state in
      let staff = ExportSet(export: try state.exportNumber("staff"))
      for name in names {
        var document = ResourceDocument()
        document.setTopLevel("id", to: .string(Self.id(name, .member).description))
        document.setTopLevel("nickName", to: .string("nobody's business"))
        document.apply(Self.image(of: name, values), of: Self.memberAttributes)
        try state.insertMember(document, standing: standing, owners: staff)
      }
    }
  }

  /// Adds a team that the export `groups` owns, with memberships Rollcall wrote.
  func addTeam(_ name: String, members: [String] = []) throws {
    try change { state in
      let groups = ExportSet(export: try state.exportNumber("groups"))
      var document = ResourceDocument()
      document.setTopLevel("id", to: .string(Self.id(name, .team).description))
      document.apply(Self.teamImage(of: name), of: Self.teamAttributes)
      let team = try state.insertTeam(document, owners: groups)
      for member in members {
        guard let ordinal = try state.ordinal(ofMember: Self.id(member, .member)) else {
          throw Missing(name: member)
        }
        try state.addMembership(team: team, member: ordinal)
      }
    }
  }

  struct Missing: Error {
    let name: String
  }

  static func id(_ name: String, _ kind: ResourceID.Kind) -> ResourceID {
    ResourceID(
      lineage: "test", export: "test", kind: kind, sourceKey: Array(name.utf8), generation: 0)
  }

  static func member(_ name: String) -> SubjectRef { SubjectRef(id: id(name, .member), name: name) }

  static func team(_ name: String) -> SubjectRef { SubjectRef(id: id(name, .team), name: name) }

  static func image(of name: String, _ values: [AttributePath: String] = [:]) -> AttributeImage {
    let standard: [AttributePath: String] = [
      .userName: name, .externalID: "E-\(name)", .active: "true",
    ]
    return image(standard.merging(values) { $1 }, memberAttributes)
  }

  static func teamImage(of name: String) -> AttributeImage {
    image([.displayName: name, .externalID: "G-\(name)"], teamAttributes)
  }

  private static func image(
    _ values: [AttributePath: String], _ set: AttributeSet
  ) -> AttributeImage {
    var image = AttributeImage()
    for id in set.ids {
      if let value = values[set[id].path] { image.append(id, value.utf8) }
    }
    return image
  }

  func memberNow(_ name: String) throws -> CurrentMember? {
    try read { store in
      guard let ordinal = try store.ordinal(ofMember: Self.id(name, .member)) else { return nil }
      return try store.member(ordinal)
    }
  }

  func teamNow(_ name: String) throws -> CurrentTeam? {
    try read { store in
      guard let ordinal = try store.ordinal(ofTeam: Self.id(name, .team)) else { return nil }
      return try store.team(ordinal)
    }
  }

  /// The ids of a team's members with whether Rollcall put them there.
  func membersNow(of team: String) throws -> [ResourceID: Bool] {
    try read { store in
      guard let ordinal = try store.ordinal(ofTeam: Self.id(team, .team)) else {
        throw Missing(name: team)
      }
      let edges = try store.edges(ofTeam: ordinal)
      let ids = try store.resources(ofMembers: edges.map(\.member)).map(\.id)
      return Dictionary(uniqueKeysWithValues: zip(ids, edges.map(\.isOurs)))
    }
  }

  // MARK: - Plans

  /// A plan of these operations, bound to the state as it is now.
  func plan(_ operations: [Operation], remembering book: Bookkeeping = .init()) throws -> Plan {
    let grounds = try read { store in
      try operations.enumerated().map { place, operation in
        Evidence.Grounds(
          operation: place,
          origins: [RecordOrigin(export: "staff", file: "a.csv", line: place + 2)],
          stateBefore: try mark(of: operation, in: store))
      }
    }
    return try read { store in
      Plan(
        decisions: Decisions(
          memberAttributes: Self.memberAttributes, teamAttributes: Self.teamAttributes,
          operations: operations, holds: [], situations: [:], lowerBound: operations.count),
        evidence: Evidence(
          toolVersion: "test", now: Self.now, policyDigest: String(repeating: "0", count: 64),
          lineage: store.identity.lineage, journalHead: store.identity.journalHead, inputs: [],
          health: [], verdicts: [], grounds: grounds, findings: [], bookkeeping: book))
    }
  }

  private func mark(of operation: Operation, in store: StateStore) throws -> String? {
    switch operation.action {
    case .createMember, .createTeam, .addMembership: return nil
    case .removeMembership: return StateMark.present
    case .updateMember, .deactivateMember, .reactivateMember, .deleteMember:
      guard let ordinal = try store.ordinal(ofMember: operation.subject.id),
        let member = try store.member(ordinal)
      else { return nil }
      // As planning does it: whatever policy wrote the state last, by the attributes of this one.
      let prints = Fingerprinter(
        attributes: Self.memberAttributes, secret: store.secret(.fingerprints))
      let image = member.resource.document.image(of: Self.memberAttributes)
      return StateMark.member(prints.fingerprint(of: image), member.standing)
    case .updateTeam:
      guard let ordinal = try store.ordinal(ofTeam: operation.subject.id),
        let team = try store.team(ordinal)
      else { return nil }
      let image = team.resource.document.image(of: Self.teamAttributes)
      return StateMark.team(fingerprinter(of: store).fingerprint(of: image))
    }
  }

  private func fingerprinter(of store: StateStore) -> Fingerprinter {
    Fingerprinter(attributes: Self.teamAttributes, secret: store.secret(.fingerprints))
  }

  @discardableResult
  func apply(
    _ plan: Plan, approval: Approval? = nil, record: [UInt8] = [],
    clock: () -> Int = { TestState.now }
  ) throws -> RunRecord {
    let store = try StateStore.open(path, as: .writing)
    let application = Application(
      plan: plan, planName: "plan", basis: basis, uniqueKeys: keys,
      uniqueTeamKeys: teamKeys, teamFingerprinter: fingerprinter(of: store), approval: approval,
      record: record)
    let run = try application.carryOut(on: store, clock: clock)
    try store.close()
    return run
  }

  @discardableResult
  func apply(_ operations: [Operation]) throws -> RunRecord { try apply(plan(operations)) }
}

extension Operation {
  /// A member as `TestState.image` makes it.
  static func create(_ name: String, _ values: [AttributePath: String] = [:]) -> Operation {
    Operation(
      .createMember(TestState.image(of: name, values)), of: TestState.member(name), .joiner)
  }

  static func update(
    _ name: String, _ path: AttributePath, from before: String?, to after: String?
  ) -> Operation {
    Operation(
      .updateMember([.change(path, from: before, to: after)]), of: TestState.member(name), .differs)
  }

  static func rename(_ name: String, to new: String) -> Operation {
    update(name, .userName, from: name, to: new)
  }

  static func deactivate(_ name: String) -> Operation {
    Operation(.deactivateMember, of: TestState.member(name), .leaver, classes: .removal)
  }

  static func reactivate(_ name: String, _ changes: [AttributeChange] = []) -> Operation {
    Operation(
      .reactivateMember(changes + [.change(.active, from: "false", to: "true")]),
      of: TestState.member(name), .returner, classes: .grant)
  }

  static func delete(_ name: String) -> Operation {
    Operation(.deleteMember, of: TestState.member(name), .leaver, classes: .removal)
  }

  static func createTeam(_ name: String) -> Operation {
    Operation(.createTeam(TestState.teamImage(of: name)), of: TestState.team(name), .joiner)
  }

  static func updateTeam(_ name: String, to new: String) -> Operation {
    Operation(
      .updateTeam([.change(.displayName, from: name, to: new)]), of: TestState.team(name), .differs)
  }

  static func join(_ team: String, _ member: String) -> Operation {
    Operation(.addMembership(TestState.member(member)), of: TestState.team(team), .listed)
  }

  static func leave(_ team: String, _ member: String) -> Operation {
    Operation(
      .removeMembership(TestState.member(member)), of: TestState.team(team), .unlisted,
      classes: .removal)
  }

  private init(
    _ action: Action, of subject: SubjectRef, _ situation: Situation, classes: ChangeClass = []
  ) {
    self.init(
      subject: subject, action: action, situation: situation, classes: classes, rule: "test")
  }
}

extension AttributeChange {
  static func change(
    _ path: AttributePath, from before: String?, to after: String?
  ) -> AttributeChange {
    let kind: ManagedAttribute.Kind = path == .active ? .boolean : .string
    return AttributeChange(
      attribute: ManagedAttribute(path: path, kind: kind), before: before, after: after)
  }
}
