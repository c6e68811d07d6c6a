import PlanFile
import Planning
import Testing

/// Every row of the table of situations, on people.
struct MemberSituationTests {
  @Test func sameIsNothing() {
    var world = World()
    world.add(World.Member("m1", ["externalId": "E1", "userName": "ann"]))
    world.people([["externalId": "E1", "userName": "ann"]])
    #expect(world.lines == [])
    #expect(world.plan().situationLine == "same 1")
  }
}
