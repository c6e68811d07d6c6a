import Identity
import Matching
import PlanFile
import Planning
import Scanning
import Testing

/// One run over a world, stage by stage as `Reconciliation` does it.
struct WorldRun {
  let world: World
  let exports: [World.Export]
  let bits: [String: Int]
  let rules: PlanningRules
  let keys: [MatchKey]
  let hasher: KeyHasher
  let fingerprinter: Fingerprinter
  let teamFingerprinter: Fingerprinter
  let edgeHasher: EdgeHasher
  let index: MemberIndex

  /// Whether joiners are looked at one after the other: what somebody who is not there gets besides has them do so.
  var looksOneByOne = false

  private static let secret = [UInt8](repeating: 7, count: 32)

  init(_ world: World) {
    self.world = world
    exports = world.orderedExports
    // Numbers in the state have nothing to do with the order in the policy.
    let names =
      world.members.flatMap(\.owners) + world.teams.flatMap { $0.owners.union($0.claims) }
      + world.exports.map(\.name)
    bits = Dictionary(
      uniqueKeysWithValues: Set(names).sorted().enumerated().map { ($1, $0) })
    let rules = world.knobs.rules(world.orderedExports)
    let userName = WorldRun.keys(["userName"], World.memberSet, World.memberPaths)
    let keys = rules.memberKeys + userName.filter { !rules.memberKeys.contains($0) }
    self.rules = rules
    self.keys = keys
    hasher = KeyHasher(keys: keys, secret: Self.secret)
    fingerprinter = Fingerprinter(attributes: World.memberSet, secret: Self.secret)
    teamFingerprinter = Fingerprinter(attributes: World.teamSet, secret: Self.secret)
    edgeHasher = EdgeHasher(secret: Self.secret)
    var members = CurrentMembers(keyCount: keys.count)
    for (seat, member) in world.members.enumerated() {
      let hashes = hasher.hashes(of: member.image)
      members.ordinals.append(Self.ordinal(seat))
      members.fingerprints.append(fingerprinter.fingerprint(of: member.image))
      members.standings.append(member.standing)
      members.owners.append(WorldRun.set(member.owners, bits))
      for key in keys.indices { members.keyHashes[key].append(hashes[key]) }
    }
    index = MemberIndex(members: members, keys: keys, matchCount: rules.memberKeys.count)
  }

  /// Ordinals have gaps where members have been deleted.
  private static func ordinal(_ seat: Int) -> UInt32 { UInt32(seat * 3 + 5) }

  static func keys(
    _ names: [String], _ set: AttributeSet, _ paths: [String: AttributePath]
  ) -> [MatchKey] {
    names.compactMap { name in
      paths[name].flatMap { path in set.id(of: path).map { MatchKey(path: path, id: $0) } }
    }
  }

  private static func set(_ names: Set<String>, _ bits: [String: Int]) -> ExportSet {
    ExportSet(names.compactMap { bits[$0].map { ExportSet(export: $0) } })
  }

  private func owner(_ name: String) -> ExportSet { Self.set([name], bits) }

  private var known: ExportSet { Self.set(Set(exports.map(\.name)), bits) }

  private var statuses: [ExportStatus] {
    exports.map {
      ExportStatus(
        name: $0.name, owner: owner($0.name), isFull: $0.isFull, isReliable: $0.isReliable,
        digest: $0.digest)
    }
  }

  private func locate(_ number: RecordNumber) -> RecordOrigin {
    RecordOrigin(
      export: exports[Int(number.export)].name, file: "\(exports[Int(number.export)].name).csv",
      line: Int(number.number) + 2)
  }

  private func freeID(_ export: String, _ sourceKey: [UInt8]) -> ResourceID {
    let base = "\(export)/" + String(decoding: sourceKey.map { $0 == 0 ? 33 : $0 }, as: UTF8.self)
    let taken = Set(world.members.map(\.id) + world.teams.map(\.id))
    var generation = world.generation
    while taken.contains("\(base)#\(generation)") { generation += 1 }
    return ResourceID("\(base)#\(generation)")
  }

  // MARK: - People

  private struct People {
    var attendance: Attendance
    var open: [OpenRecord] = []
    var departures: Set<RecordNumber> = []
    var shielded: Set<Int> = []
    var quarantined = 0
  }

  private func readPeople() -> People {
    var people = People(attendance: Attendance(memberCount: world.members.count))
    for (number, export) in exports.enumerated() where export.kind == .people {
      let covers = { (id: AttributeID) in
        export.columns?.contains(World.shortName(World.memberSet[id].path)) ?? true
      }
      let view = index.view(
        export: number, owner: owner(export.name),
        fingerprints: world.members.map { member in
          // Every other export is compared by what its records lack, not by what they have.
          fingerprinter.fingerprint(of: number % 2 == 0 ? member.image : member.image.only(covers))
        },
        remainders: number % 2 == 0
          ? Remainders(
            world.members.map { member in
              fingerprinter.fingerprint(of: member.image.only { !covers($0) })
            }) : .none,
        statesActive: World.memberSet.id(of: .active).map(covers) ?? false)
      // Small batches, so that what spans two of them is seen.
      for start in stride(from: 0, to: export.records.count, by: 3) {
        let rows = Array(export.records[start..<min(start + 3, export.records.count)])
        read(rows, first: start, export: number, view: view, covers: covers, &people)
      }
    }
    return people
  }

  private func read(
    _ rows: [World.Record], first: Int, export: Int, view: ExportView,
    covers: (AttributeID) -> Bool, _ people: inout People
  ) {
    let images = rows.map {
      World.image($0.values, of: World.memberSet, World.memberPaths).only(covers)
    }
    let hashes = images.map { hasher.hashes(of: $0) }
    var setAside: [Int] = []
    var kept: [Int] = []
    for (row, record) in rows.enumerated() {
      let isKeyless = hashes[row].prefix(index.matchCount).allSatisfy { $0 == KeyHasher.none }
      if record.isUnreadable || isKeyless {
        setAside.append(row)
        people.quarantined += 1
        for (key, hash) in hashes[row].enumerated() {
          people.shielded.formUnion(index.seats(key: key, hash: hash))
        }
      } else if record.hasLeft || !world.knobs.merge.isEmpty {
        kept.append(row)
      }
    }
    let probed = index.probe(
      fingerprints: images.map { fingerprinter.fingerprint(of: $0) },
      keyHashes: hashes.flatMap { $0 }, setAside: (setAside + kept).sorted(), as: view)
    people.attendance.tick(
      probed, export: export, firstNumber: first, numbers: rows.indices.map { UInt32($0) })
    for row in (probed.openRows + kept).sorted() {
      let number = RecordNumber(export: export, number: first + row)
      people.open.append(
        OpenRecord(number: number, image: images[row], keyHashes: hashes[row]))
      if rows[row].hasLeft { people.departures.insert(number) }
    }
  }

  private func add(_ seats: some Sequence<Int>, to details: inout SeatDetails) {
    for seat in seats where seat < world.members.count {
      details.insert(
        id: ResourceID(world.members[seat].id), image: world.members[seat].image, at: seat)
    }
  }

  private func absentSeats(_ pairing: Pairing) -> [Int] {
    world.members.indices.filter { seat in
      world.members[seat].absence != nil
        || !pairing.isPresent(seat) && !world.members[seat].owners.isEmpty
    }
  }

  // MARK: - The whole run

  func plan() -> Plan {
    let people = readPeople()
    var details = SeatDetails()
    add(index.candidateSeats(of: people.open), to: &details)
    add(people.attendance.repeated.keys.sorted(), to: &details)
    let pairing = Pairing(
      people.open, attendance: people.attendance, index: index, details: details,
      merging: rules.merge != nil)
    add(absentSeats(pairing), to: &details)
    var absences: [Int: Bookkeeping.Absence] = [:]
    for (seat, member) in world.members.enumerated() {
      guard let absence = member.absence else { continue }
      absences[seat] = Bookkeeping.Absence(
        member: ResourceID(member.id), count: absence.count, exportDigest: absence.digest,
        countedAt: absence.countedAt)
    }
    var input = MemberInput(
      rules: rules, keyHasher: hasher, exports: statuses, index: index, pairing: pairing,
      details: details, shieldedSeats: people.shielded, departures: people.departures,
      initialValues: looksOneByOne ? [RecordNumber(export: 0, number: 1 << 20): []] : [:],
      absences: absences, knownOwners: known,
      ownerNames: Dictionary(uniqueKeysWithValues: bits.map { ($1, $0) }), now: world.now,
      lineage: "test")
    // Worlds are small, and places in a block are others than in the list.
    input.joinersPerBlock = 3
    let members = MemberPlanning.decide(input, locate: locate, freeID: freeID)
    let teams = decideTeams()
    let edges = decideEdges(pairing, members, teams, &details)
    var assembly = PlanAssembly(rules: rules, locate: locate)
    assembly.add(members) { seat in
      StateMark.member(
        fingerprinter.fingerprint(of: details[seat]), index.members.standings[seat])
    }
    assembly.add(teams) { seat in
      StateMark.team(teamFingerprinter.fingerprint(of: teams.teams[seat].image))
    }
    assembly.add(edges)
    assembly.addQuarantined(people.quarantined, holds: [])
    let guards = GuardRound(limits: world.knobs.limits, lets: world.knobs.lets)
    return assembly.plan(
      base: evidence, heldSince: world.heldSince
    ) { [populations] in guards.judge($0, populations) }
  }

  private var evidence: Evidence {
    Evidence(
      toolVersion: "test", now: world.now, policyDigest: "", lineage: "test", journalHead: "",
      inputs: [], health: [], verdicts: [], grounds: [], findings: [], bookkeeping: Bookkeeping())
  }

  private var populations: Populations {
    Populations(
      members: world.members.count,
      activeManaged: world.members.count { $0.isActive && !$0.owners.isEmpty },
      teams: world.teams.count, memberships: world.teams.reduce(0) { $0 + $1.edges.count },
      membershipsByTeam: Dictionary(
        uniqueKeysWithValues: world.teams.map { (ResourceID($0.id), $0.edges.count) }))
  }

  // MARK: - Teams

  private func decideTeams() -> TeamDecisions {
    var records: [OpenRecord] = []
    var teamExports: [Int: ExportStatus] = [:]
    for (number, export) in exports.enumerated() {
      guard export.kind == (world.knobs.isImplicit ? .memberships : .teams) else { continue }
      teamExports[number] = statuses[number]
      let values =
        world.knobs.isImplicit
        ? Set(export.rows.map(\.team)).sorted().map { ["displayName": $0] }
        : export.records.map(\.values)
      for (row, record) in values.enumerated() {
        records.append(
          OpenRecord(
            number: RecordNumber(export: number, number: row),
            image: World.image(record, of: World.teamSet, World.teamPaths), keyHashes: []))
      }
    }
    return TeamPlanning.decide(
      TeamInput(
        rules: rules, exports: teamExports, current: world.teams.enumerated().map(teamSeat),
        records: records, isImplicit: world.knobs.isImplicit),
      locate: locate, freeID: freeID)
  }

  private func teamSeat(_ place: Int, _ team: World.Team) -> TeamSeat {
    let image = World.image(team.values, of: World.teamSet, World.teamPaths)
    var sum = Fingerprint.zero
    for member in team.edges.keys {
      guard let seat = world.members.firstIndex(where: { $0.id == member }) else { continue }
      sum &+= edgeHasher.digest(ofMember: Self.ordinal(seat))
    }
    return TeamSeat(
      team: TeamFacts(
        ordinal: UInt32(place), id: ResourceID(team.id), owners: Self.set(team.owners, bits),
        claims: Self.set(team.claims, bits),
        edgeFingerprint: sum, edgeCount: team.edges.count),
      image: image)
  }

  // MARK: - Memberships

  private func decideEdges(
    _ pairing: Pairing, _ members: MemberDecisions, _ teams: TeamDecisions,
    _ details: inout SeatDetails
  ) -> EdgeDecisions {
    let directory = WorldDirectory(self, members, teams)
    var edges: [DesiredEdge] = []
    var doubtfulTeams: Set<Int> = []
    var doubtfulMembers: Set<Int> = []
    for (number, export) in exports.enumerated() where export.kind == .memberships {
      for (row, edge) in export.rows.enumerated() {
        let (teams, members) = (directory.teams(edge.team), directory.members(edge.member))
        if teams.count > 1 { doubtfulTeams.formUnion(teams) }
        if members.count > 1 { doubtfulMembers.formUnion(members) }
        guard teams.count == 1, members.count == 1, let team = teams.first,
          let member = members.first
        else { continue }
        edges.append(
          DesiredEdge(
            team: team, member: member, record: RecordNumber(export: number, number: row),
            isGone: edge.isGone))
      }
    }
    var table = MembershipTable(edges, teamCount: teams.teams.count)
    var comparison = TeamComparison(
      table, members: index.members, hasher: edgeHasher, strippedSeats: members.strippedSeats)
    let stripped = Set(members.strippedSeats.map { world.members[$0].id })
    var current = [[CurrentEdge]?](repeating: nil, count: teams.teams.count)
    for seat in teams.teams.indices where teams.teams[seat].current == nil { current[seat] = [] }
    for (seat, team) in world.teams.enumerated() {
      let difference = EdgePlanning.difference(
        of: seat, in: teams, always: !stripped.isDisjoint(with: team.edges.keys), with: &comparison
      ) {
        currentEdges(team)
      }
      guard let difference else { continue }
      table.keep(difference.desired, ofTeam: seat)
      current[seat] = difference.current
    }
    let concerned = Set(
      EdgePlanning.concernedSeats(
        table, current, members: index.members, strippedSeats: members.strippedSeats))
    add(concerned, to: &details)
    let input = EdgeInput(
      rules: rules, exports: statuses,
      membershipExports: Set(exports.indices.filter { exports[$0].kind == .memberships }),
      teams: teams, table: table, members: index.members,
      people: subjects(concerned, members),
      frozenSeats: members.frozenSeats.union(doubtfulMembers), absentSeats: members.absentSeats,
      strippedSeats: members.strippedSeats, adoptedSeats: members.adoptedSeats,
      doubtfulTeams: doubtfulTeams,
      protection: protection(concerned, details), currentEdges: current, knownClaims: known)
    _ = EdgePlanning.recordsOfAdditions(input)
    let decisions = EdgePlanning.decide(input, locate: locate)
    expectSameInHalves(decisions, input)
    return decisions
  }

  /// Two halves are decided about as all teams are; the counts of findings and what they list are the same, too.
  private func expectSameInHalves(_ decisions: EdgeDecisions, _ input: EdgeInput) {
    FindingLog.$listedPerCode.withValue(2) {
      let whole = EdgePlanning.decide(input, threads: 1, locate: locate)
      let halves = EdgePlanning.decide(input, parallelSize: 1, locate: locate)
      #expect(halves.findings.findings == whole.findings.findings)
    }
    let halves = EdgePlanning.decide(input, parallelSize: 1, locate: locate)
    #expect(halves.operations == decisions.operations)
    #expect(halves.drafts.map(\.facts) == decisions.drafts.map(\.facts))
    #expect(halves.holds == decisions.holds && halves.claims == decisions.claims)
    #expect(halves.situations == decisions.situations)
    #expect(halves.unsettledExports == decisions.unsettledExports)
  }

  private func currentEdges(_ team: World.Team) -> [CurrentEdge] {
    world.members.indices.compactMap { seat in
      team.edges[world.members[seat].id].map {
        CurrentEdge(member: Self.ordinal(seat), isOurs: $0)
      }
    }
  }

  private func subjects(_ seats: Set<Int>, _ members: MemberDecisions) -> SeatedSubjects {
    var subjects = SeatedSubjects()
    for draft in members.drafts where draft.situation == .joiner && seats.contains(draft.seat) {
      subjects.append(draft.seat, draft.subject)
    }
    for seat in seats where seat < world.members.count {
      let member = world.members[seat]
      subjects.append(
        seat,
        SubjectRef(id: ResourceID(member.id), name: member.values["userName"] ?? member.id))
    }
    return subjects
  }

  private func protection(_ seats: Set<Int>, _ details: SeatDetails) -> [Int: String] {
    var found: [Int: String] = [:]
    for seat in seats where seat < world.members.count {
      found[seat] = rules.protection(of: details[seat])
    }
    return found
  }
}

extension AttributeImage {
  /// The image of just some attributes.
  func only(_ isIncluded: (AttributeID) -> Bool) -> AttributeImage {
    var image = AttributeImage()
    for entry in entries where isIncluded(entry.id) { image.append(entry.id, bytes[entry.range]) }
    return image
  }
}

extension World.Member {
  var image: AttributeImage {
    var values = values
    values["active"] = isActive ? "true" : "false"
    return World.image(values, of: World.memberSet, World.memberPaths)
  }

  var standing: MemberStanding {
    var standing: MemberStanding = []
    if isActive { standing.insert(.active) }
    if isDeactivatedByUs { standing.insert(.deactivatedByUs) }
    if isLeaver { standing.insert(.leaver) }
    return standing
  }
}

extension World.Knobs {
  func rules(_ exports: [World.Export]) -> PlanningRules {
    let memberKeys = WorldRun.keys(keys, World.memberSet, World.memberPaths)
    let teamKeys = WorldRun.keys(self.teamKeys, World.teamSet, World.teamPaths)
    func number(_ name: String) -> Int { exports.firstIndex { $0.name == name } ?? 0 }
    var exceptions: [AttributeID: Int] = [:]
    for (attribute, export) in mergeExceptions {
      if let path = World.memberPaths[attribute], let id = World.memberSet.id(of: path) {
        exceptions[id] = number(export)
      }
    }
    var rules = PlanningRules(
      memberAttributes: World.memberSet, teamAttributes: World.teamSet, memberKeys: memberKeys,
      teamKeys: teamKeys,
      adoptMembers: Set(keys.indices.filter { adopt.contains(keys[$0]) }),
      adoptTeams: Set(self.teamKeys.indices.filter { adoptTeams.contains(self.teamKeys[$0]) }),
      ladder: PlanningRules.Ladder(
        deactivate: deactivate, stripTeams: stripTeams, delete: delete, minInterval: minInterval),
      createsDisabled: createsDisabled, reactivation: reactivation, maxHeld: maxHeld,
      protectedMembers: ProtectedList(protected.map { ProtectedPattern($0) }),
      protectedTeams: ProtectedList(protectedTeams.map { ProtectedPattern($0) }),
      exactTeams: exact.isEmpty ? .none : .named(exact),
      updatesFromUnreliable: updatesFromUnreliable,
      merge: merge.isEmpty
        ? nil : MergeRule(order: merge.map(number), exceptions: exceptions))
    rules.createsMembers = createsMembers
    rules.updatesMembers = updatesMembers
    return rules
  }
}

extension EdgeDecisions {
  fileprivate var operations: [Operation] {
    memberships.members.indices.map { Operation(of: memberships, at: $0) }
  }
}

extension EdgeDecisions.Draft {
  /// All it says, as values that can be compared.
  fileprivate var facts: [Int] {
    [teamSeat, memberSeat, isAddition ? 1 : 0]
      + records.all.flatMap { [Int($0.export), Int($0.number)] }
  }
}
