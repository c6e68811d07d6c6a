import Identity
import PlanFile
import Planning
import Testing

/// Every row of the table of situations, on people: what is done, what is held, how it is counted.
struct MemberSituationTests {
  private static let ann = ["externalId": "E1", "userName": "ann", "title": "Buyer"]

  private func world(_ records: [[String: String]] = []) -> World {
    var world = World()
    world.add(World.Member("m1", Self.ann))
    world.people(records)
    return world
  }

  private static func ann(_ changes: [String: String?]) -> [String: String] {
    changes.reduce(into: ann) { $0[$1.key] = $1.value }
  }

  // MARK: - Present

  @Test func sameIsNothing() {
    let plan = world([Self.ann(["active": "true"])]).plan()
    #expect(plan.lines == [])
    #expect(plan.situationLine == "same 1")
    #expect(plan.evidence.bookkeeping.isEmpty)
  }

  @Test func differsIsAnUpdateOfJustWhatDiffers() {
    let plan = world([Self.ann(["title": "Head buyer", "city": "Graz", "active": "true"])]).plan()
    #expect(plan.lines == ["update ann: city nil → Graz, title Buyer → Head buyer"])
    #expect(plan.situationLine == "differs 1")
  }

  @Test func absentValuesAreUnknownAndEmptyOnesClear() {
    #expect(world([Self.ann(["title": nil, "active": "true"])]).plan().situationLine == "same 1")
    #expect(world([Self.ann(["title": ""])]).lines == ["update ann: title Buyer → nil"])
    #expect(world([Self.ann(["city": ""])]).plan().situationLine == "same 1")
  }

  @Test func aMissingColumnChangesNothing() {
    var world = world([["externalId": "E1"]])
    world.change("hr") { $0.columns = ["externalId"] }
    #expect(world.plan().situationLine == "same 1")
  }

  @Test func differencesAreExactAndMatchingFoldsCase() {
    let plan = world([Self.ann(["externalId": "e1", "userName": "Ann", "active": "true"])]).plan()
    #expect(plan.lines == ["update ann: externalId E1 → e1, userName ann → Ann [rekey]"])
  }

  @Test func rekeysAreMarked() {
    #expect(
      world([Self.ann(["userName": "anna"])]).lines == ["update ann: userName ann → anna [rekey]"])
    #expect(world([Self.ann(["mail": "a@x"])]).lines == ["update ann: mail nil → a@x [rekey]"])
    // By the user name: the id is new, and that is a rekey as well.
    var found = world([["externalId": "E7", "userName": "ann"]])
    found.members[0].values["externalId"] = nil
    #expect(found.lines == ["update ann: externalId nil → E7 [rekey]"])
  }

  @Test func sourceDisabledIsARemoval() {
    let plan = world([Self.ann(["active": "false"])]).plan()
    #expect(plan.lines == ["update ann: active true → false [removal]"])
    #expect(plan.situationLine == "sourceDisabled 1")
    #expect(plan.evidence.verdicts.contains { $0.name == "removals" && $0.amount == 1 })
  }

  @Test func disabledByValueInAnUnreliableExportKeepsAccessWhileOtherChangesGoOn() {
    var world = world([Self.ann(["active": "false", "title": "Seller"])])
    world.change("hr") { $0.isReliable = false }
    let plan = world.plan()
    #expect(plan.lines == ["update ann: title Buyer → Seller"])
    #expect(plan.holdLines == ["member ann: withheld !"])
    #expect(plan.situationLine == "differs 1, withheld 1")
  }

  @Test func whoseOnlyChangeIsWithheldIsNotSame() {
    var world = world([Self.ann(["active": "false"])])
    world.change("hr") { $0.isReliable = false }
    #expect(world.plan().situationLine == "withheld 1")
  }

  // MARK: - Returners

  @Test(arguments: [
    (true, true, "true" as String?, PlanningRules.Reactivation.ours, true),
    // We made it leave, and its export says nothing of being active: being there is enough.
    (true, true, nil, .ours, true),
    // An export disabled it, and now says nothing: unknown.
    (true, false, nil, .ours, false),
    (true, false, "true", .ours, true),
    (true, true, "false", .ours, false),
    (false, false, nil, .always, false),
    (false, false, "true", .always, true),
    (true, true, "true", .never, false),
  ])
  func returnersComeBack(
    byUs: Bool, isLeaver: Bool, active: String?, rule: PlanningRules.Reactivation, isBack: Bool
  ) {
    var world = world([Self.ann(["active": active])])
    world.members[0].isActive = false
    world.members[0].isDeactivatedByUs = byUs
    world.members[0].isLeaver = isLeaver
    world.knobs.reactivation = rule
    let lines = isBack ? ["reactivate ann: active false → true [grant]"] : []
    #expect(world.lines == lines)
    if isBack { #expect(world.plan().situationLine == "returner 1") }
  }

  @Test func aReturnersOtherChangesComeWithIt() {
    var world = world([Self.ann(["active": "true", "title": "Head"])])
    world.members[0].isActive = false
    world.members[0].isDeactivatedByUs = true
    world.members[0].absence = World.Absence(count: 3, digest: "0", countedAt: 1)
    #expect(world.lines == ["reactivate ann: active false → true, title Buyer → Head [grant]"])
    #expect(world.nextNight().member("m1")?.absence == nil)
  }

  @Test func inactiveButNotByUsIsHeldWhole() {
    var world = world([Self.ann(["active": "true", "title": "Head"])])
    world.members[0].isActive = false
    let plan = world.plan()
    #expect(plan.lines == [])
    #expect(plan.holdLines == ["member ann: inactiveNotByUs"])
    #expect(plan.situationLine == "inactiveNotByUs 1")
    // As long as the source agrees that it is inactive there is nothing to hold.
    world.people([Self.ann(["active": "false"])])
    #expect(world.plan().situationLine == "same 1")
  }

  // MARK: - Joiners

  @Test func joinersAreCreated() {
    var world = World()
    world.people([Self.ann(["active": "true", "city": ""])])
    let plan = world.plan()
    #expect(plan.lines == ["create ann: active=true externalId=E1 title=Buyer userName=ann"])
    #expect(plan.ownershipLines == ["hr owns hr/e1#0"])
    #expect(plan.situationLine == "joiner 1")
  }

  @Test func disabledJoinersAreCountedAndNotCreated() {
    var world = World()
    world.people([Self.ann(["active": "false"])])
    #expect(world.lines == [])
    #expect(world.plan().situationLine == "disabledJoiner 1")
    #expect(world.holds == [])
    world.knobs.createsDisabled = true
    #expect(world.lines == ["create ann: active=false externalId=E1 title=Buyer userName=ann"])
    // Disabled by us, so that it may be enabled later.
    var next = world.nextNight()
    next.people([Self.ann(["active": "true"])])
    #expect(next.lines == ["reactivate ann: active false → true [grant]"])
  }

  @Test func whereThePolicyCreatesNobodyWhoIsNewIsCounted() {
    var world = World()
    world.people([Self.ann([:])])
    world.knobs.createsMembers = false
    #expect(world.lines == [])
    #expect(world.plan().situationLine == "notCreated 1")
    #expect(world.holds == [])
  }

  @Test func whereThePolicyUpdatesNobodyWhatDiffersIsCountedAndKept() {
    var world = world([Self.ann(["title": "Head", "active": "false"])])
    world.people([Self.ann(["title": "Chief", "active": "true"])])
    world.knobs.updatesMembers = false
    #expect(world.lines == [])
    #expect(world.plan().situationLine == "notUpdated 1")
    world.people([])
    #expect(world.lines == ["deactivate ann [removal]"] || world.lines == [])
  }

  @Test func aJoinerWithoutUserNameIsQuarantined() {
    var world = World()
    world.people([["externalId": "E1"]])
    #expect(world.lines == [])
    #expect(world.holds == ["record E1: quarantined"])
  }

  @Test func aRecordWithoutAnyKeyIsSetAside() {
    let plan = world([["title": "Ghost"], Self.ann(["active": "true"])]).plan()
    #expect(plan.lines == [])
    #expect(plan.situationLine == "same 1, quarantined 1")
  }

  // MARK: - Found

  @Test func anUnmanagedMemberIsClaimableAndHeld() {
    var world = world([Self.ann(["title": "Head"])])
    world.members[0].owners = []
    let plan = world.plan()
    #expect(plan.lines == [])
    #expect(plan.holdLines == ["member ann: found"])
    #expect(plan.codes == ["match.claimable"])
    #expect(plan.ownershipLines == [])
  }

  @Test func adoptionIsAnOperationEvenWithoutChanges() {
    var world = world([Self.ann(["active": "true"])])
    world.members[0].owners = []
    world.knobs.adopt = ["externalId"]
    let plan = world.plan()
    #expect(plan.lines == ["update ann"])
    #expect(plan.situationLine == "found 1")
    #expect(plan.ownershipLines == ["hr owns m1"])
    #expect(plan.evidence.verdicts.contains { $0.name == "memberAdoptions" && $0.amount == 1 })
    #expect(world.nextNight().plan().situationLine == "same 1")
  }

  @Test func onlyTheNamedKeysSufficeToAdopt() {
    var world = world([["userName": "ann"]])
    world.members[0].owners = []
    world.knobs.adopt = ["externalId"]
    #expect(world.holds == ["member ann: found"])
    world.knobs.adopt = ["userName"]
    #expect(world.lines == ["update ann"])
  }

  @Test func adoptingNeverReactivates() {
    var world = world([Self.ann(["active": "true", "title": "Head"])])
    world.members[0].owners = []
    world.members[0].isActive = false
    world.knobs.adopt = ["externalId"]
    world.knobs.reactivation = .always
    #expect(world.lines == ["update ann: title Buyer → Head"])
  }

  @Test func anAdoptionThatDisablesCountsForBothGuards() {
    var world = world([Self.ann(["active": "false"])])
    world.members[0].owners = []
    world.knobs.adopt = ["externalId"]
    let plan = world.plan()
    #expect(plan.lines == ["update ann: active true → false [removal]"])
    #expect(plan.situationLine == "found 1")
    #expect(
      Set(plan.evidence.verdicts.map(\.name)).isSuperset(of: ["memberAdoptions", "removals"]))
  }

  // MARK: - Ownership

  @Test func aRecordOfAnotherExportAddsAnOwnerAndNothingElse() {
    var world = world()
    world.people([Self.ann(["active": "true"])], of: "temps")
    let plan = world.plan()
    #expect(plan.lines == [])
    #expect(plan.ownershipLines == ["temps owns m1"])
    #expect(plan.situationLine == "moved 1")
    #expect(!plan.evidence.bookkeeping.isEmpty)
    #expect(world.nextNight().plan().situationLine == "same 1")
  }

  @Test func onlyWhoIsMissingFromAllItsExportsLeaves() {
    var world = world()
    world.members[0].owners = ["hr", "temps"]
    world.people([Self.ann(["active": "true"])], of: "temps")
    #expect(world.plan().situationLine == "same 1")
    world.people([], of: "temps")
    #expect(world.lines == ["deactivate ann [removal]"])
    world.change("temps") { $0.isReliable = false }
    #expect(world.holds == ["member ann: withheld !"])
    #expect(world.lines == [])
  }

  @Test func anExportThatDoesNotOwnAMemberCannotMakeItLeave() {
    var world = world()
    world.exports = []
    world.people([], of: "temps")
    let plan = world.plan()
    #expect(plan.lines == [])
    #expect(plan.situationLine == "orphaned 1")
    #expect(plan.codes == ["match.orphaned"])
  }

  @Test func anExportThatIsGoneFromThePolicyHasNoSayBesideOneThatIsNot() {
    var world = world()
    world.members[0].owners = ["hr", "closed"]
    #expect(world.lines == ["deactivate ann [removal]"])
  }

  @Test func unmanagedMembersAreLeftAlone() {
    var world = world()
    world.members[0].owners = []
    let plan = world.plan()
    #expect(plan.lines == [] && plan.holdLines == [])
    #expect(plan.situationLine == "unmanaged 1")
  }

  // MARK: - Nobody for certain

  @Test func duplicatesOfAMemberAreHeldWithAllTheirOrigins() {
    let plan = world([Self.ann(["active": "true"]), Self.ann(["title": "Head"])]).plan()
    #expect(plan.lines == [])
    #expect(plan.holdLines == ["record E1: duplicate", "record ann: duplicate"])
    #expect(plan.situationLine == "duplicate 2")
    #expect(plan.evidence.findings.map { $0.origin?.place } == ["hr.csv:2", "hr.csv:3"])
  }

  @Test func theSameRowTwiceIsADuplicate() {
    let plan = world([Self.ann(["active": "true"]), Self.ann(["active": "true"])]).plan()
    #expect(plan.lines == [])
    #expect(plan.situationLine == "duplicate 2")
  }

  @Test func twinJoinersAreHeld() {
    var world = World()
    world.people([
      ["externalId": "E1", "userName": "ann"], ["externalId": "E2", "userName": "ANN"],
      ["externalId": "E3", "userName": "bob"],
    ])
    #expect(world.lines == ["create bob: externalId=E3 userName=bob"])
    #expect(world.holds == ["record E1: duplicate", "record E2: duplicate"])
  }

  @Test func onePersonInTwoExportsIsADuplicate() {
    var world = world([Self.ann(["active": "true"])])
    world.people([Self.ann(["title": "Temp"])], of: "temps")
    #expect(world.lines == [])
    #expect(world.plan().situationLine == "duplicate 2")
  }

  @Test func contendedMembersAreHeld() {
    let plan = world([["externalId": "E1", "userName": "new"], ["userName": "ann"]]).plan()
    #expect(plan.lines == [])
    #expect(plan.situationLine == "contended 2")
    #expect(plan.holdLines == ["record E1: contended", "record ann: contended"])
  }

  @Test func anAmbiguousRecordHoldsEverybodyItMayBe() {
    var world = world([["externalId": "E1", "title": "Head"]])
    world.add(World.Member("m2", ["externalId": "E1", "userName": "bob"]))
    let plan = world.plan()
    #expect(plan.lines == [])
    #expect(plan.holdLines == ["record E1: ambiguous"])
    // Neither of them counts as missing.
    #expect(plan.situationLine == "ambiguous 1")
  }

  @Test func whatElseIsSaidOfAnAmbiguousMemberIsHeldAndTold() {
    var world = world([["externalId": "E1"], ["userName": "bob", "title": "Head"]])
    world.add(World.Member("m2", ["externalId": "E1", "userName": "bob"]))
    #expect(world.lines == [])
    #expect(world.holds == ["member bob: contended", "record E1: ambiguous"])
  }

  // MARK: - Unreadable

  @Test func nobodyAnUnreadableRecordMayBeIsTouched() {
    var world = world()
    world.change("hr") {
      $0.records = [World.Record(values: ["userName": "ann"], isUnreadable: true)]
    }
    #expect(world.lines == [])
    #expect(world.holds == ["member ann: withheld !"])
    #expect(world.plan().situationLine == "quarantined 1, withheld 1")
  }

  @Test func aGoodRecordBesideAnUnreadableOneWaits() {
    var world = world([Self.ann(["title": "Head"])])
    world.change("hr") {
      $0.records.append(World.Record(values: ["userName": "ann"], isUnreadable: true))
    }
    #expect(world.lines == [])
    #expect(world.holds == ["member ann: quarantined"])
    world.people([Self.ann(["active": "true"])])
    world.change("hr") {
      $0.records.append(World.Record(values: ["userName": "ann"], isUnreadable: true))
    }
    #expect(world.holds == [], "there is nothing to hold")
  }

  // MARK: - Unreliable exports

  @Test func anUnreliableExportRemovesNobodyWhileCreatesAndUpdatesGoOn() {
    var world = world([["externalId": "E2", "userName": "bob"], Self.ann(["title": "Head"])])
    world.add(World.Member("m3", ["externalId": "E3", "userName": "carl"]))
    world.change("hr") { $0.isReliable = false }
    let plan = world.plan()
    #expect(
      plan.lines == ["update ann: title Buyer → Head", "create bob: externalId=E2 userName=bob"])
    #expect(plan.holdLines == ["member carl: withheld !"])
  }

  @Test func aPolicyMayTakeNothingFromUnreliableExports() {
    var world = world([["externalId": "E2", "userName": "bob"], Self.ann(["title": "Head"])])
    world.change("hr") { $0.isReliable = false }
    world.knobs.updatesFromUnreliable = false
    let plan = world.plan()
    #expect(plan.lines == [])
    #expect(plan.situationLine == "withheld 2")
  }
}
