import Identity
import PlanFile
import Scanning
import Storing

/// Writes single operations to the state, in the order of the plan.
struct OperationWriter {
  /// What an operation turned out to change, for the journal.
  struct Changed {
    var changes: [AttributeChange]?
    var deleted: ResourceDocument?
  }

  private let state: StateTransaction
  private let memberAttributes: AttributeSet
  private let teamAttributes: AttributeSet
  /// Whether what is written is Rollcall's doing.
  private let isOurs: Bool
  /// Every export that comes to own a member, by name.
  private let exports: [String: ExportSet]
  /// The owners of members that are still to be created, and of those that are there already.
  private(set) var owners: [ResourceID: ExportSet]
  private let template: ResourceTemplate?
  private var members: [ResourceID: UInt32] = [:]
  private var teams: [ResourceID: UInt32] = [:]
  /// The members it has deleted so far.
  private(set) var deleted: Set<ResourceID> = []

  private static let userSchema = "urn:ietf:params:scim:schemas:core:2.0:User"
  private static let groupSchema = "urn:ietf:params:scim:schemas:core:2.0:Group"

  init(
    _ state: StateTransaction, for plan: Decisions, purpose: Application.Purpose,
    exports: [String: ExportSet], owners: [ResourceID: ExportSet]
  ) {
    self.state = state
    isOurs = purpose == .carryingOut
    memberAttributes = plan.memberAttributes
    teamAttributes = plan.teamAttributes
    self.exports = exports
    self.owners = owners
    template = ResourceTemplate(
      plan.memberAttributes, schema: Self.userSchema, hasActive: true)
  }

  /// Creates that follow each other as one load; nil where they must be written one by one.
  mutating func creates(_ range: Range<Int>, of plan: Plan) -> MemberCreates? {
    guard let template, range.count >= Self.loadSize else { return nil }
    let operations = plan.decisions.operations
    let owners = takeOwners(of: operations, range)
    return MemberCreates(
      operations, range, grounds: plan.evidence.grounds, owners: owners, template: template,
      attributes: memberAttributes, inactive: isOurs ? .deactivatedByUs : [])
  }

  /// Notes the ordinals of members that were created as one load.
  mutating func noteCreated(_ range: Range<Int>, of plan: Plan, from first: UInt32) {
    members.reserveCapacity(range.count)
    for (number, place) in range.enumerated() {
      members[plan.decisions.operations[place].subjectID] = first + UInt32(number)
    }
  }

  /// Added memberships that follow each other as one load; nil where they must be written one by one.
  mutating func additions(
    _ range: Range<Int>, of plan: Plan
  ) throws(StoreFailure) -> MembershipAdditions? {
    guard range.count >= Self.loadSize else { return nil }
    let operations = plan.decisions.operations
    var edges: [MembershipAdditions.Edge] = []
    edges.reserveCapacity(range.count)
    for place in range {
      guard operations[place].kind == .addMembership else { return nil }
      edges.append(
        MembershipAdditions.Edge(
          team: try team(operations[place].subjectID),
          member: try member(operations[place].otherID)))
    }
    return MembershipAdditions(
      operations, range, grounds: plan.evidence.grounds, edges: edges, isOurs: isOurs)
  }

  /// Fewer are not worth another thread.
  private static let loadSize = 64

  mutating func write(_ operation: Operation) throws(StoreFailure) -> Changed {
    let id = operation.subject.id
    switch operation.action {
    case .createMember(let image):
      try create(id, image, owners: takeOwners(of: operation))
      return Changed()
    case .updateMember(let changes), .reactivateMember(let changes):
      try update(id, changes)
      return Changed()
    case .deactivateMember: return try deactivate(id)
    case .deleteMember: return try delete(id)
    case .createTeam(let image):
      var document = Self.document(id, schema: Self.groupSchema)
      document.apply(image, of: teamAttributes)
      teams[id] = try state.insertTeam(document, owners: [])
      return Changed()
    case .updateTeam(let changes):
      try updateTeam(id, changes)
      return Changed()
    case .addMembership(let member):
      try state.addMembership(
        team: try team(id), member: try self.member(member.id), isOurs: isOurs)
      return Changed()
    case .removeMembership(let member):
      try state.removeMembership(team: try team(id), member: try self.member(member.id))
      return Changed()
    }
  }

  // MARK: - Members

  /// The owners of a new member; they are written with it.
  private mutating func takeOwners(of operation: Operation) -> ExportSet {
    if let export = operation.newcomerExport { return exports[export] ?? [] }
    return owners.removeValue(forKey: operation.subjectID) ?? []
  }

  private mutating func takeOwners(
    of operations: [Operation], _ range: Range<Int>
  ) -> MemberCreates.Owners {
    guard let run = SharedRun<Newcomers>(of: operations, in: range), run.range == range else {
      return .each(range.map { takeOwners(of: operations[$0]) })
    }
    return .ofExports(run.owner.exports.map { exports[$0] ?? [] })
  }

  private mutating func create(
    _ id: ResourceID, _ image: AttributeImage, owners: ExportSet
  ) throws(StoreFailure) {
    var document = Self.document(id, schema: Self.userSchema)
    let set = memberAttributes
    document.apply(image, of: set)
    if document.value(at: .active) == nil {
      document.set(ManagedAttribute(path: .active, kind: .boolean), to: "true")
    }
    document.declareSchemas(image.entries.compactMap { set[$0.id].path.schema })
    // Somebody who comes in disabled is disabled by us: by the value of an export.
    let isActive = document.value(at: .active) == "true"
    members[id] = try state.insertMember(
      document, standing: isActive ? .active : isOurs ? .deactivatedByUs : [],
      owners: owners)
  }

  private mutating func update(
    _ id: ResourceID, _ changes: [AttributeChange]
  ) throws(StoreFailure) {
    let current = try existing(id)
    var document = current.resource.document
    var standing = current.standing
    for change in changes {
      if let after = change.after {
        document.set(change.attribute, to: after)
      } else {
        document.remove(change.attribute.path)
      }
      guard change.attribute.path == .active else { continue }
      if change.after == "true" {
        standing.insert(.active)
        standing.subtract([.deactivatedByUs, .leaver])
      } else {
        standing.remove(.active)
        if isOurs { standing.insert(.deactivatedByUs) }
      }
    }
    document.declareSchemas(changes.compactMap(\.attribute.path.schema))
    try state.updateMember(current.resource.ordinal, to: document, standing: standing)
  }

  private mutating func deactivate(_ id: ResourceID) throws(StoreFailure) -> Changed {
    let current = try existing(id)
    let active = ManagedAttribute(path: .active, kind: .boolean)
    var document = current.resource.document
    let before = document.value(at: .active)
    document.set(active, to: "false")
    var standing = current.standing
    standing.remove(.active)
    standing.formUnion([.deactivatedByUs, .leaver])
    try state.updateMember(current.resource.ordinal, to: document, standing: standing)
    return Changed(changes: [AttributeChange(attribute: active, before: before, after: "false")])
  }

  private mutating func delete(_ id: ResourceID) throws(StoreFailure) -> Changed {
    let current = try existing(id)
    try state.deleteMember(current.resource.ordinal)
    deleted.insert(id)
    return Changed(deleted: current.resource.document)
  }

  private func existing(_ id: ResourceID) throws(StoreFailure) -> CurrentMember {
    guard let member = try state.member(id) else {
      throw StoreFailure(.unknownSubject(id), path: state.path)
    }
    return member
  }

  private mutating func member(_ id: ResourceID) throws(StoreFailure) -> UInt32 {
    if let ordinal = members[id] { return ordinal }
    guard let ordinal = try state.ordinal(ofMember: id) else {
      throw StoreFailure(.unknownSubject(id), path: state.path)
    }
    members[id] = ordinal
    return ordinal
  }

  // MARK: - Teams

  private mutating func updateTeam(
    _ id: ResourceID, _ changes: [AttributeChange]
  ) throws(StoreFailure) {
    guard let current = try state.team(id) else {
      throw StoreFailure(.unknownSubject(id), path: state.path)
    }
    var document = current.resource.document
    for change in changes {
      if let after = change.after {
        document.set(change.attribute, to: after)
      } else {
        document.remove(change.attribute.path)
      }
    }
    try state.updateTeam(current.resource.ordinal, to: document)
  }

  private mutating func team(_ id: ResourceID) throws(StoreFailure) -> UInt32 {
    if let ordinal = teams[id] { return ordinal }
    guard let ordinal = try state.ordinal(ofTeam: id) else {
      throw StoreFailure(.unknownSubject(id), path: state.path)
    }
    teams[id] = ordinal
    return ordinal
  }

  private static func document(_ id: ResourceID, schema: String) -> ResourceDocument {
    var document = ResourceDocument()
    document.setTopLevel("id", to: .string(id.description))
    document.setTopLevel("schemas", to: .array([.string(schema)]))
    return document
  }
}

extension ResourceDocument {
  /// Names the extension schemas of new values in `schemas` (RFC 7643 §3).
  fileprivate mutating func declareSchemas(_ urns: [String]) {
    var schemas = root["schemas"]?.elements ?? []
    for urn in urns where !schemas.contains(.string(urn)) { schemas.append(.string(urn)) }
    setTopLevel("schemas", to: .array(schemas))
  }
}
