import Identity
import Matching
import PlanFile
import Planning

/// A small company in memory: what a state holds, and what tonight's exports say, as plain text.
///
/// ```
/// var world = World()
/// world.add(World.Member("m1", ["externalId": "E1", "userName": "ann"], owners: ["hr"]))
/// world.people([["externalId": "E1", "userName": "ann", "title": "Buyer"]])
/// world.plan().lines        // ["update ann: title nil → Buyer"]
/// ```
///
/// It runs the stages in the order that `Reconciliation` does, without files and without a database.
struct World: Equatable {
  struct Member: Equatable {
    let id: String
    /// By the short name of the attribute; `active` is kept apart.
    var values: [String: String]
    var isActive = true
    var isDeactivatedByUs = false
    var isLeaver = false
    var owners: Set<String> = ["hr"]
    var absence: Absence?

    init(_ id: String, _ values: [String: String], owners: Set<String> = ["hr"]) {
      self.id = id
      self.values = values
      self.owners = owners
    }
  }

  struct Absence: Equatable {
    var count: Int
    var digest: String
    var countedAt: Int
  }

  struct Team: Equatable {
    let id: String
    var values: [String: String]
    var owners: Set<String> = ["groups"]
    var claims: Set<String> = ["edges"]
    /// By the id of the member: whether Rollcall added it.
    var edges: [String: Bool] = [:]

    init(
      _ id: String, _ values: [String: String], owners: Set<String> = ["groups"],
      claims: Set<String> = ["edges"], ours: [String] = [], theirs: [String] = []
    ) {
      self.id = id
      self.values = values
      self.owners = owners
      self.claims = claims
      for member in ours { edges[member] = true }
      for member in theirs { edges[member] = false }
    }
  }

  /// One row of a people or team export; an attribute that is not there is unknown, an empty one clears.
  struct Record: Equatable {
    var values: [String: String]
    var hasLeft = false
    /// Quarantined: only its key values may be known.
    var isUnreadable = false
  }

  /// One row of a membership export, with names as they stand in it.
  struct Row: Equatable {
    var team: String
    var member: String
    var isGone = false
  }

  struct Export: Equatable {
    enum Kind: Int {
      case people
      case teams
      case memberships
    }

    let name: String
    let kind: Kind
    var isFull = true
    var isReliable = true
    var digest = "1"
    /// The attributes it has columns for; nil = all.
    var columns: Set<String>?
    var records: [Record] = []
    var rows: [Row] = []
  }

  var members: [Member] = []
  var teams: [Team] = []
  var exports: [Export] = []
  var knobs = Knobs()
  var now = 1_000_000
  var heldSince: [String: Int] = [:]
  /// How often ids have been given out, so that none comes twice.
  var generation = 0
}

extension World {
  /// What the policy says.
  struct Knobs: Equatable {
    var keys = ["externalId", "userName"]
    var teamKeys = ["externalId", "displayName"]
    var adopt: Set<String> = []
    var adoptTeams: Set<String> = []
    var deactivate = 1
    var stripTeams: Int?
    var delete: Int?
    var minInterval = 72_000
    var createsDisabled = false
    var createsMembers = true
    var updatesMembers = true
    var reactivation = PlanningRules.Reactivation.ours
    var maxHeld = 259_200
    var protected: [String] = []
    var protectedTeams: [String] = []
    var exact: [String] = []
    var updatesFromUnreliable = true
    /// The exports with the say, first one first; empty = no merging.
    var merge: [String] = []
    var mergeExceptions: [String: String] = [:]
    /// Teams are known by memberships alone.
    var isImplicit = false
    /// By which attribute rows name teams.
    var teamReference = "displayName"
    var limits: [GuardName: GuardLimit] = [:]
    var lets: [String: Int] = [:]
  }

  /// Attributes by their short names.
  static let memberPaths: [String: AttributePath] = [
    "externalId": .externalID, "userName": .userName, "active": .active, "mail": .workEmail,
    "display": .displayName, "title": AttributePath(attribute: "title"),
    "city": AttributePath(attribute: "city"), "office": AttributePath(attribute: "office"),
    "phone": AttributePath(attribute: "phone"),
    "given": AttributePath(attribute: "name", subAttribute: "givenName"),
    "family": AttributePath(attribute: "name", subAttribute: "familyName"),
  ]
  static let teamPaths: [String: AttributePath] = [
    "externalId": .externalID, "displayName": .displayName,
    "note": AttributePath(attribute: "note"),
  ]
  static let memberSet = AttributeSet(
    memberPaths.values.map {
      ManagedAttribute(path: $0, kind: $0 == .active ? .boolean : .string)
    })
  static let teamSet = AttributeSet(teamPaths.values.map { ManagedAttribute(path: $0) })

  static func shortName(_ path: AttributePath, team: Bool = false) -> String {
    (team ? teamPaths : memberPaths).first { $0.value == path }?.key ?? "\(path)"
  }

  static func image(
    _ values: [String: String], of set: AttributeSet, _ paths: [String: AttributePath]
  ) -> AttributeImage {
    let byPath = Dictionary(
      uniqueKeysWithValues: values.compactMap { name, value in
        paths[name].map { ($0, value) }
      })
    var image = AttributeImage()
    for id in set.ids {
      if let value = byPath[set[id].path] { image.append(id, value.utf8) }
    }
    return image
  }

  // MARK: - Building

  mutating func add(_ members: Member...) { self.members += members }

  mutating func add(_ teams: Team...) { self.teams += teams }

  /// Adds, or replaces, a people export.
  mutating func people(
    _ records: [[String: String]], of name: String = "hr", isFull: Bool = true,
    isReliable: Bool = true, digest: String = "1"
  ) {
    set(
      Export(
        name: name, kind: .people, isFull: isFull, isReliable: isReliable, digest: digest,
        records: records.map { Record(values: $0) }))
  }

  mutating func listTeams(
    _ records: [[String: String]], of name: String = "groups", isFull: Bool = true,
    isReliable: Bool = true
  ) {
    set(
      Export(
        name: name, kind: .teams, isFull: isFull, isReliable: isReliable,
        records: records.map { Record(values: $0) }))
  }

  /// Rows as `("Sales", "ann")`.
  mutating func memberships(
    _ rows: [(String, String)], gone: [(String, String)] = [], of name: String = "edges",
    isFull: Bool = true, isReliable: Bool = true
  ) {
    set(
      Export(
        name: name, kind: .memberships, isFull: isFull, isReliable: isReliable,
        rows: rows.map { Row(team: $0.0, member: $0.1) }
          + gone.map { Row(team: $0.0, member: $0.1, isGone: true) }))
  }

  mutating func set(_ export: Export) {
    if let place = exports.firstIndex(where: { $0.name == export.name }) {
      exports[place] = export
    } else {
      exports.append(export)
    }
  }

  mutating func change(_ export: String, _ edit: (inout Export) -> Void) {
    guard let place = exports.firstIndex(where: { $0.name == export }) else { return }
    edit(&exports[place])
  }

  func member(_ id: String) -> Member? { members.first { $0.id == id } }

  func team(_ id: String) -> Team? { teams.first { $0.id == id } }

  /// The exports in the order of a run: people, teams, memberships.
  var orderedExports: [Export] {
    exports.enumerated().sorted {
      ($0.element.kind.rawValue, $0.offset) < ($1.element.kind.rawValue, $1.offset)
    }.map(\.element)
  }
}
