import Identity
import PlanFile
import Scanning

@testable import Storing

/// Three runs over four people and a team, written as apply would.
///
/// ```
/// run 1  create ann bob eve, create team Sales, ann joins it
/// run 2  ann: title and userName change; bob: deactivated; ann leaves Sales
/// run 3  bob: reactivated with a title; eve: deleted; ann: title again
/// ```
enum SampleJournal {
  static func write(to store: StateStore) throws {
    try store.write { state in
      try state.rebase(SampleState.basis)
      try state.beginRun(SampleState.start("p1"))
      for (line, name) in ["ann", "bob", "eve"].enumerated() {
        let document = SampleState.member(name, title: name == "eve" ? "Head \"x\"" : "Buyer")
        try state.insertMember(document, standing: .active, owners: [])
        try state.journal(
          SampleState.operation(name, .createMember(SampleState.image(of: document))),
          origins: [RecordOrigin(export: "people", file: "users.csv", line: line + 2)])
      }
      try createTeam(state)
      try state.finishRun(.applied, at: 110)
    }
    try store.write { state in
      try state.beginRun(SampleState.start("p2"))
      try update(state, "ann", ordinal: 1, annChanges, stateBefore: "00ff")
      let active = SampleState.change("active", "true", "false")
      try update(state, "bob", ordinal: 2, [active], .deactivateMember)
      try state.removeMembership(team: 1, member: 1)
      try state.journal(teamOperation(.removeMembership(ann), .unlisted, .removal))
      try state.finishRun(.applied, at: 210)
    }
    try store.write { state in
      try state.beginRun(SampleState.start("p3"))
      try update(state, "bob", ordinal: 2, bobChanges, .reactivateMember(bobChanges))
      let eve = try state.member(SampleState.id("eve"))
      try state.journal(
        SampleState.operation("eve", .deleteMember, .leaver, classes: .removal),
        deleted: eve?.resource.document)
      try state.deleteMember(3)
      try update(state, "ann", ordinal: 1, [SampleState.change("title", nil, "Chief")])
      try state.finishRun(.applied, at: 310)
    }
  }

  static let annChanges = [
    SampleState.change("title", "Buyer", nil),
    SampleState.change("userName", "ann@contoso.com", "anna@contoso.com"),
  ]
  static let bobChanges = [
    SampleState.change("active", "false", "true"), SampleState.change("title", "Buyer", "Ä\n\"x\""),
  ]
  static let ann = SubjectRef(id: SampleState.id("ann"), name: "ann@contoso.com")

  static func teamOperation(
    _ action: Operation.Action, _ situation: Situation, _ classes: ChangeClass = []
  ) -> Operation {
    Operation(
      subject: SubjectRef(id: ResourceID("team-Sales"), name: "Sales"), action: action,
      situation: situation, classes: classes, rule: "teams.rule")
  }

  private static func createTeam(_ state: StateTransaction) throws {
    let team = SampleState.team("Sales")
    try state.insertTeam(team, owners: [])
    let image = team.image(of: SampleState.set(["displayName"]))
    try state.journal(teamOperation(.createTeam(image), .listed))
    try state.addMembership(team: 1, member: 1)
    try state.journal(teamOperation(.addMembership(ann), .listed, .grant))
  }

  private static func update(
    _ state: StateTransaction, _ name: String, ordinal: UInt32, _ changes: [AttributeChange],
    _ action: Operation.Action? = nil, stateBefore: String? = nil
  ) throws {
    guard var document = try state.member(ordinal)?.resource.document else { return }
    for change in changes {
      if let text = change.after {
        document.set(change.attribute, to: text)
      } else {
        document.remove(change.attribute.path)
      }
    }
    try state.updateMember(ordinal, to: document, standing: .active)
    try state.journal(
      SampleState.operation(name, action ?? .updateMember(changes), .differs),
      stateBefore: stateBefore, changes: changes)
  }
}
