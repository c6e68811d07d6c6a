package import Identity
package import Matching
package import PlanFile

/// What deciding about memberships needs to know.
package struct EdgeInput: Sendable {
  package var rules: PlanningRules
  package var exports: [ExportStatus]
  /// Which of the exports hold memberships.
  package var membershipExports: Set<Int>
  package var teams: TeamDecisions
  package var table: MembershipTable
  package var members: CurrentMembers
  /// The members that edges may concern, joiners too.
  package var people: SeatedSubjects
  package var frozenSeats: Set<Int>
  package var absentSeats: Set<Int>
  package var strippedSeats: Set<Int>
  /// Whom this plan adopts: they may gain teams at once, but an adoption takes nobody out of one.
  package var adoptedSeats: Set<Int>
  /// Teams that rows may have meant without saying so for certain: nobody is removed from them.
  package var doubtfulTeams: Set<Int>
  /// Records of deltas that give a team a new list: who is not in it is gone.
  package var replacements: Set<RecordNumber> = []
  /// Why a member is protected, for those that are and are in a compared team.
  package var protection: [Int: String]
  /// By team seat: the memberships of the state that exports do not ask for just so, none of a new team; nil where all
  /// is as it was.
  package var currentEdges: [[CurrentEdge]?]
  /// The exports that the policy still has, as bits of the state.
  package var knownClaims: ExportSet
  /// By team: the people exports that rules of the policy look at for its members.
  package var ruleOwners: [Int: ExportSet] = [:]
  /// By team: the roles it carries, as one text.
  package var roles: [Int: String] = [:]

  package init(
    rules: PlanningRules, exports: [ExportStatus], membershipExports: Set<Int>,
    teams: TeamDecisions, table: MembershipTable, members: CurrentMembers,
    people: SeatedSubjects, frozenSeats: Set<Int>, absentSeats: Set<Int>,
    strippedSeats: Set<Int>, adoptedSeats: Set<Int> = [],
    doubtfulTeams: Set<Int> = [], protection: [Int: String], currentEdges: [[CurrentEdge]?],
    knownClaims: ExportSet
  ) {
    self.rules = rules
    self.exports = exports
    self.membershipExports = membershipExports
    self.teams = teams
    self.table = table
    self.members = members
    self.people = people
    self.frozenSeats = frozenSeats
    self.absentSeats = absentSeats
    self.strippedSeats = strippedSeats
    self.adoptedSeats = adoptedSeats
    self.doubtfulTeams = doubtfulTeams
    self.protection = protection
    self.currentEdges = currentEdges
    self.knownClaims = knownClaims
  }
}

/// What was decided about memberships.
package struct EdgeDecisions: Sendable {
  /// A membership that comes or goes; a first load has millions of them.
  package struct Draft: Sendable {
    /// Nearly all rest on one record, which needs no list.
    package enum Records: Sendable {
      case one(RecordNumber)
      case list([RecordNumber])

      init(_ records: some Collection<RecordNumber>) {
        if records.count == 1, let record = records.first {
          self = .one(record)
        } else {
          self = .list(Array(records))
        }
      }

      /// The first of them, of which there must be one.
      var first: RecordNumber {
        switch self {
        case .one(let record): record
        case .list(let records): records[0]
        }
      }

      func contains(where isWanted: (RecordNumber) -> Bool) -> Bool {
        switch self {
        case .one(let record): isWanted(record)
        case .list(let records): records.contains(where: isWanted)
        }
      }

      package var all: [RecordNumber] {
        switch self {
        case .one(let record): [record]
        case .list(let records): records
        }
      }
    }

    private let team: UInt32
    private let member: UInt32
    package let isAddition: Bool
    package let records: Records

    init(team: Int, member: Int, isAddition: Bool, records: Records) {
      self.team = UInt32(team)
      self.member = UInt32(member)
      self.isAddition = isAddition
      self.records = records
    }

    package var teamSeat: Int { Int(team) }
    package var memberSeat: Int { Int(member) }
  }

  /// What the plan will say of them.
  package var memberships = Memberships()
  /// What it will not, by place among the memberships.
  package var drafts: [Draft] = []
  package var holds: [Hold] = []
  package var situations: [Situation: Int] = [:]
  package var findings = FindingLog()
  package var claims: [Bookkeeping.Ownership] = []
  /// Exports, by number, of which a membership waits for another night.
  package var unsettledExports: Set<Int> = []

  package init() {}

  /// Appends what was decided about other teams; their memberships are joined by whoever has the columns.
  mutating func append(_ other: EdgeDecisions) {
    drafts += other.drafts
    holds += other.holds
    situations.merge(other.situations, uniquingKeysWith: +)
    findings.append(contentsOf: other.findings)
    claims += other.claims
    unsettledExports.formUnion(other.unsettledExports)
  }

  /// Notes that what these records say of a membership waits for another night.
  mutating func leaveOpen(_ records: [RecordNumber]) {
    for record in records { unsettledExports.insert(Int(record.export)) }
  }
}
