import Identity
import PlanFile
import Planning
import TestSupport
import Testing

/// What holds of every plan, whatever the world.
struct PlanPropertyTests {
  static let seeds = UInt64(1_000)..<1_300

  /// Row order leaves the decisions as they are, to the byte.
  @Test(arguments: seeds)
  func rowOrderLeavesNoTrace(seed: UInt64) {
    let world = World.random(seed: seed)
    var source = SeededGenerator(seed: seed)
    var shuffled = world
    for place in shuffled.exports.indices {
      shuffled.exports[place].records.shuffle(using: &source)
      shuffled.exports[place].rows.shuffle(using: &source)
    }
    let (plan, other) = (world.plan(), shuffled.plan())
    #expect(plan.lines == other.lines, "seed \(seed)")
    #expect(
      PlanWriter.decisionsDigest(of: plan.decisions)
        == PlanWriter.decisionsDigest(of: other.decisions), "seed \(seed)")
    #expect(
      Set(plan.evidence.bookkeeping.ownerships) == Set(other.evidence.bookkeeping.ownerships),
      "seed \(seed)")
  }

  /// Joiners that are looked at block by block, on all cores, become what they become one by one.
  @Test(arguments: seeds)
  func joinersLookedAtTogetherBecomeWhatTheyBecomeAlone(seed: UInt64) {
    var world = World.random(seed: seed)
    // A first load is nothing but joiners.
    if seed % 2 == 0 { world.members = [] }
    var slow = WorldRun(world)
    slow.looksOneByOne = true
    let (plan, other) = (WorldRun(world).plan(), slow.plan())
    #expect(bytes(of: plan) == bytes(of: other), "seed \(seed)")
  }

  private func bytes(of plan: Plan) -> [UInt8] {
    var bytes: [UInt8] = []
    _ = PlanWriter.write(plan, key: [UInt8](repeating: 7, count: 32)) { (piece: [UInt8]) in
      bytes += piece
    }
    return bytes
  }

  /// The same files again find nothing left to do.
  @Test(arguments: seeds)
  func theSecondPlanIsEmpty(seed: UInt64) {
    var world = World.random(seed: seed)
    // A ladder has steps for several nights, and an adopted team loses its surplus on the second.
    world.knobs.stripTeams = nil
    world.knobs.delete = nil
    let first = world.plan()
    // Rows that name somebody by a name that is gone then are about nobody.
    let isRenaming = first.decisions.operations.contains { $0.classes.contains(.rekey) }
    let isAdopting = first.decisions.operations.contains {
      $0.kind == .updateTeam && $0.situation == .found
    }
    let late = world.applying(first).plan().decisions.operations.filter { operation in
      switch operation.kind {
      case .addMembership, .removeMembership: !isRenaming && !isAdopting
      default: true
      }
    }
    #expect(late.map(\.line) == [], "seed \(seed): \(first.lines)")
  }

  /// Every operation makes a difference: the world without it is another one.
  @Test(arguments: seeds)
  func noOperationIsIdle(seed: UInt64) {
    let world = World.random(seed: seed)
    let plan = world.plan()
    let whole = world.applying(plan)
    for place in plan.decisions.operations.indices {
      let operation = plan.decisions.operations[place]
      // A delete takes memberships along; they are named because guards count them.
      let isTakenAlong = operation.kind == .removeMembership && operation.situation == .leaver
      guard !isTakenAlong, operation.situation != .found else { continue }
      var lesser = plan
      lesser.decisions.operations.remove(at: place)
      #expect(world.applying(lesser) != whole, "seed \(seed): \(operation.line)")
    }
  }

  /// One operation at most for each member, team and membership.
  @Test(arguments: seeds)
  func nobodyIsChangedTwice(seed: UInt64) {
    let operations = World.random(seed: seed).plan().decisions.operations
    var seen: Set<[ResourceID]> = []
    for operation in operations {
      var ends = [operation.subject.id]
      switch operation.action {
      case .addMembership(let member), .removeMembership(let member): ends.append(member.id)
      default: break
      }
      #expect(seen.insert(ends).inserted, "seed \(seed): \(operation.line)")
    }
  }

  /// Carried out one by one in the plan's order, no two members ever share a user name or an id, unless a ring
  /// passes them around.
  @Test(arguments: seeds)
  func valuesAreFreedBeforeTheyAreTaken(seed: UInt64) {
    var world = World.random(seed: seed)
    let operations = world.plan().decisions.operations
    let start = world.sharedValues
    for operation in operations {
      world.apply(operation)
      #expect(world.sharedValues.isSubset(of: start), "seed \(seed): \(operation.line)")
    }
  }

  /// Nothing is removed by an export that cannot be believed, and nobody is touched whom it is about.
  @Test(arguments: seeds)
  func unreliableExportsRemoveNothing(seed: UInt64) {
    var world = World.random(seed: seed)
    for place in world.exports.indices { world.exports[place].isReliable = false }
    let plan = world.plan()
    #expect(plan.decisions.count(of: .removal) == 0, "seed \(seed): \(plan.lines)")
  }

  /// Empty files remove nothing, as long as health says so.
  @Test(arguments: seeds)
  func vanishedFilesRemoveNothing(seed: UInt64) {
    var world = World.random(seed: seed)
    for place in world.exports.indices {
      world.exports[place].isReliable = false
      world.exports[place].records = []
      world.exports[place].rows = []
    }
    #expect(world.lines == [], "seed \(seed)")
  }

  /// Protected members keep their access and their keys; protected teams their names and somebody in them.
  @Test(arguments: seeds)
  func protectedOnesAreLeftAlone(seed: UInt64) {
    var world = World.random(seed: seed)
    world.knobs.protected = ["u*"]
    world.knobs.protectedTeams = ["*"]
    let after = world.nextNight()
    for member in world.members where member.values["userName"]?.lowercased().first == "u" {
      let now = after.member(member.id)
      #expect(now?.values["userName"] == member.values["userName"], "seed \(seed)")
      #expect(now?.values["mail"] == member.values["mail"], "seed \(seed)")
      #expect(now?.isActive == true || !member.isActive, "seed \(seed)")
    }
    for team in world.teams {
      let now = after.team(team.id)
      #expect(now?.values["displayName"] == team.values["displayName"], "seed \(seed)")
      #expect(now?.values["externalId"] == team.values["externalId"], "seed \(seed)")
    }
  }
}

extension World {
  /// Values of unique attributes that more than one member has.
  fileprivate var sharedValues: Set<String> {
    var seen: Set<String> = []
    var shared: Set<String> = []
    for member in members {
      for name in Set(knobs.keys + ["userName"]) {
        guard let value = member.values[name] else { continue }
        let slot = "\(name) \(value.lowercased())"
        if !seen.insert(slot).inserted { shared.insert(slot) }
      }
    }
    return shared
  }
}
