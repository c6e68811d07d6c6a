import Identity
import PlanFile
import TestSupport
import Testing

@testable import Planning

struct OperationOrderTests {
  private static let manager = AttributePath(
    schema: "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", attribute: "manager",
    subAttribute: "value")
  private static let set = AttributeSet([
    ManagedAttribute(path: .userName), ManagedAttribute(path: manager, kind: .reference),
  ])

  private static func order(_ operations: [Operation]) -> [Int] {
    OperationOrder(
      keys: [.userName], members: set, references: set.ids.filter { set[$0].kind == .reference }
    ).order(operations)
  }

  private static func create(_ name: String, under manager: String?) -> Operation {
    var image = AttributeImage()
    for id in set.ids {
      let value = set[id].path == .userName ? name : manager
      if let value { image.append(id, value.utf8) }
    }
    return Operation(
      subject: SubjectRef(id: ResourceID(name), name: name), action: .createMember(image),
      situation: .joiner, classes: [], rule: "r")
  }

  private static func rename(_ id: String, from old: String, to new: String) -> Operation {
    let change = AttributeChange(
      attribute: ManagedAttribute(path: .userName), before: old, after: new)
    return Operation(
      subject: SubjectRef(id: ResourceID(id), name: old), action: .updateMember([change]),
      situation: .differs, classes: [.rekey], rule: "r")
  }

  /// Names that sort in another way than they depend on each other.
  private static func names(_ count: Int, _ random: inout SeededGenerator) -> [String] {
    Array((100..<100 + count).map { "p\($0)" }.shuffled(using: &random))
  }

  @Test(arguments: UInt64(0)..<40)
  func managersStandBeforeThoseWhomTheyManage(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let names = Self.names(Int.random(in: 2..<60, using: &random), &random)
    let managers = names.indices.map { place -> String? in
      // Somebody above, nobody, or one who is there already.
      switch Int.random(in: 0..<4, using: &random) {
      case 0: nil
      case 1: "old"
      default: place == 0 ? nil : names[Int.random(in: 0..<place, using: &random)]
      }
    }
    let people = zip(names, managers).shuffled(using: &random)
    let order = Self.order(people.map { Self.create($0, under: $1) })
    #expect(order.sorted() == Array(people.indices), "seed \(seed)")
    let places = Dictionary(
      uniqueKeysWithValues: order.enumerated().map { (people[$1].0, $0) })
    for (name, manager) in people {
      guard let manager, let above = places[manager], let own = places[name] else { continue }
      #expect(above < own, "seed \(seed): \(name) under \(manager)")
    }
  }

  @Test(arguments: UInt64(0)..<40)
  func valuesAreGivenUpBeforeTheyAreTaken(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let names = Self.names(Int.random(in: 2..<60, using: &random), &random)
    // Each takes the name of the next one, and the last one a new name.
    let renames = names.indices
      .map {
        Self.rename("id\($0)", from: names[$0], to: ($0 + 1 < names.count ? names[$0 + 1] : "new"))
      }
      .shuffled(using: &random)
    let order = Self.order(renames)
    #expect(order.map { renames[$0].subject.name } == names.reversed(), "seed \(seed)")
  }

  private static func promote(_ id: String, under manager: String, from old: String? = nil)
    -> Operation
  {
    var changes = [
      AttributeChange(
        attribute: ManagedAttribute(path: Self.manager, kind: .reference), before: "old",
        after: manager)
    ]
    if let old {
      changes.append(
        AttributeChange(
          attribute: ManagedAttribute(path: .userName), before: old, after: old + "2"))
    }
    return Operation(
      subject: SubjectRef(id: ResourceID(id), name: old ?? id), action: .updateMember(changes),
      situation: .differs, classes: [], rule: "r")
  }

  @Test func whoGetsANewManagerWaitsUntilThatOneIsThere() {
    let operations = [
      Self.promote("ann", under: "zoe"), Self.promote("bob", under: "old"),
      Self.create("zoe", under: "yan"), Self.create("yan", under: nil),
    ]
    #expect(
      Self.order(operations).map { operations[$0].subject.name } == ["yan", "zoe", "ann", "bob"])
  }

  /// The update that waits gives up a user name, and whoever takes it waits as well: an update, and somebody new.
  @Test func whoWaitsKeepsTheOthersWaiting() {
    let operations = [
      Self.rename("cy", from: "cy", to: "ann"), Self.promote("a1", under: "zoe", from: "ann"),
      Self.promote("a2", under: "zoe", from: "bob"), Self.create("bob", under: nil),
      Self.create("zoe", under: nil),
    ]
    let order = Self.order(operations)
    func place(_ index: Int) -> Int { order.firstIndex(of: index) ?? -1 }
    #expect(order.sorted() == Array(operations.indices))
    #expect(place(4) < place(1) && place(1) < place(0))
    #expect(place(4) < place(2) && place(2) < place(3))
  }

  @Test(arguments: UInt64(0)..<40)
  func updatesAndCreatesAreInAnOrderThatAServiceCanTake(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let names = Self.names(Int.random(in: 2..<40, using: &random), &random)
    let (new, known) = (names.prefix(names.count / 2), names.dropFirst(names.count / 2))
    // Whoever is new is under somebody new before them, so that there is no ring.
    let creates = new.enumerated().map { place, name in
      Self.create(name, under: place == 0 ? nil : new[Int.random(in: 0..<place, using: &random)])
    }
    let updates = known.map { name in
      Self.promote("id" + name, under: new.randomElement(using: &random) ?? "old", from: name)
    }
    let operations = (creates + updates).shuffled(using: &random)
    let order = Self.order(operations)
    #expect(order.sorted() == Array(operations.indices), "seed \(seed)")
    var created: Set<String> = ["old"]
    for place in order {
      let manager: String?
      switch operations[place].action {
      case .createMember(let image):
        manager = Self.set.id(of: Self.manager).flatMap { image.text($0) }
        created.insert(operations[place].subject.name)
      case .updateMember(let changes):
        manager = changes.first { $0.attribute.kind == .reference }?.after
      default: manager = nil
      }
      #expect(created.contains(manager ?? "old"), "seed \(seed)")
    }
  }

  @Test(arguments: UInt64(0)..<20)
  func nothingIsLostInARing(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let names = Self.names(Int.random(in: 1..<30, using: &random), &random)
    let next = { (place: Int) in names[(place + 1) % names.count] }
    let operations =
      (names.indices.map { Self.rename("id\($0)", from: names[$0], to: next($0)) }
      + names.indices.map { Self.create("c" + names[$0], under: "c" + next($0)) })
      .shuffled(using: &random)
    let order = Self.order(operations)
    #expect(order.sorted() == Array(operations.indices), "seed \(seed)")
    let kinds = order.map { operations[$0].kind }
    #expect(kinds == kinds.sorted(), "seed \(seed)")
  }

  /// Sorting by kind, names and ids, whole texts each, is the slow twin.
  ///
  /// Most teams agree in the letters that are looked at first, some in their whole names, and so do members.
  @Test(arguments: UInt64(0)..<60)
  func membershipsAreInTheOrderOfTeamsAndMembers(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let ends = ["a", "b", "ä", ""]
    let teams = (0..<6).map { number in
      SubjectRef(
        id: ResourceID("t\(number)"),
        name: "All who work there " + (ends.randomElement(using: &random) ?? ""))
    }
    let members = (0..<9).map { number in
      SubjectRef(
        id: ResourceID("m\(number)"),
        name: (seed.isMultiple(of: 2) ? "somebody.somewhere@" : "é")
          + (ends.randomElement(using: &random) ?? ""))
    }
    let operations = (0..<80).map { _ in
      let (team, member) = (
        teams[Int.random(in: 0..<6, using: &random)], members[Int.random(in: 0..<9, using: &random)]
      )
      return Operation(
        subject: team,
        action: Bool.random(using: &random) ? .addMembership(member) : .removeMembership(member),
        situation: .listed, classes: [], rule: "r")
    }
    let order = Self.order(operations)
    let expected = operations.indices.sorted { left, right in
      let (one, other) = (operations[left], operations[right])
      if one.kind != other.kind { return one.kind < other.kind }
      if one.subject != other.subject { return one.subject < other.subject }
      return one.other == other.other ? left < right : one.other < other.other
    }
    #expect(order == expected, "seed \(seed)")
  }

  /// Newcomers of all, and some who are none, with names that agree in their letters or wholly.
  private static func mixed(_ count: Int, _ random: inout SeededGenerator) -> [Operation] {
    let names = (0..<count).map { _ in
      "somebody.somewhere@" + (["a", "b", "bb", "", "ü"].randomElement(using: &random) ?? "")
    }
    let ids = (0..<count).map { ResourceID("id-\($0)") }.shuffled(using: &random)
    let newcomers = Newcomers(
      ids: ResourceIDs(ids),
      images: names.map { name in
        var image = AttributeImage()
        for id in set.ids where set[id].path == .userName { image.append(id, name.utf8) }
        return image
      },
      records: (0..<count).map { RecordNumber(export: 0, number: $0) },
      seats: (0..<count).map { UInt32($0) },
      userName: set.id(of: .userName) ?? AttributeID(0), exports: ["staff"])
    let first = Int.random(in: 0..<3, using: &random)
    let others = names.prefix(first + 3).enumerated().map { create("\($1)\($0)", under: nil) }
    return others.prefix(first) + (0..<count).map { Operation(of: newcomers, at: $0) }
      + others.dropFirst(first)
  }

  /// Half of the names on another thread is what a million are put in order by; whole names and ids are the slow twin.
  @Test(arguments: UInt64(0)..<60)
  func halvesThatAreMergedAreInTheOrderOfAll(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let operations = Self.mixed(Int.random(in: 2..<60, using: &random), &random)
    let order = OperationOrder(keys: [.userName], members: Self.set, parallelSize: 2)
      .order(operations)
    #expect(order == Self.order(operations), "seed \(seed)")
    let expected = operations.indices.sorted { left, right in
      let (one, other) = (operations[left].subject, operations[right].subject)
      return one == other ? left < right : one < other
    }
    #expect(order == expected, "seed \(seed)")
  }

  @Test func theRestIsInTheOrderOfNames() {
    let names = ["zoe", "ann", "Ann", "änne", "ann b", "bob"]
    let order = Self.order(names.map { Self.create($0, under: nil) })
    #expect(order.map { names[$0] } == names.sorted())
  }
}
