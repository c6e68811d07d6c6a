import Identity

/// Writes and reads operations, whose values are those of the plan's two attribute sets.
///
/// ```
/// {"operation":{"kind":"update-member","id":"0b0e…","name":"ann","situation":"differs",
///  "classes":[],"rule":"update","changes":[{"attribute":"title","before":"Buyer","after":null}]}}
/// ```
struct OperationLines {
  private let member: AttributeLines
  private let team: AttributeLines

  init(memberAttributes: AttributeSet, teamAttributes: AttributeSet) {
    member = AttributeLines(memberAttributes)
    team = AttributeLines(teamAttributes)
  }

  /// What images of members are written with.
  var memberText: ImageText { member.text }

  func write(_ operation: Operation, to line: inout LineWriter) {
    line.object { line in
      line.member("kind", operation.kind)
      line.member("id", operation.subjectID)
      line.member("name") { line in operation.withName { line.text($0) } }
      line.member("situation", operation.situation)
      line.member("classes", operation.classes)
      line.member("rule", operation.rule)
      writeDetail(of: operation.action, to: &line)
    }
  }

  private func writeDetail(of action: Operation.Action, to line: inout LineWriter) {
    switch action {
    case .createMember(let image): line.member("after") { member.write(image, to: &$0) }
    case .createTeam(let image): line.member("after") { team.write(image, to: &$0) }
    case .updateMember(let changes), .reactivateMember(let changes):
      line.member("changes") { member.write(changes, to: &$0) }
    case .updateTeam(let changes): line.member("changes") { team.write(changes, to: &$0) }
    case .deactivateMember, .deleteMember: break
    case .addMembership(let subject), .removeMembership(let subject):
      line.member("member", subject)
    }
  }

  func operation(from line: inout LineScanner) throws(LineProblem) -> Operation {
    try line.open()
    let kind = try line.member("kind", as: Operation.Kind.self)
    let subject = SubjectRef(id: try line.member("id"), name: try line.member("name"))
    let situation = try line.member("situation", as: Situation.self)
    let classes = try line.member("classes", as: ChangeClass.self)
    let rule = try line.sharedText("rule")
    let action = try action(of: kind, from: &line)
    try line.close()
    return Operation(
      subject: subject, action: action, situation: situation, classes: classes, rule: rule)
  }

  private func action(
    of kind: Operation.Kind, from line: inout LineScanner
  ) throws(LineProblem) -> Operation.Action {
    switch kind {
    case .createMember, .createTeam: try line.name("after")
    case .updateMember, .reactivateMember, .updateTeam: try line.name("changes")
    case .addMembership, .removeMembership: try line.name("member")
    case .deactivateMember, .deleteMember: break
    }
    return switch kind {
    case .createMember: .createMember(try member.image(from: &line))
    case .createTeam: .createTeam(try team.image(from: &line))
    case .updateMember: .updateMember(try member.changes(from: &line))
    case .reactivateMember: .reactivateMember(try member.changes(from: &line))
    case .updateTeam: .updateTeam(try team.changes(from: &line))
    case .deactivateMember: .deactivateMember
    case .deleteMember: .deleteMember
    case .addMembership: .addMembership(try .read(from: &line))
    case .removeMembership: .removeMembership(try .read(from: &line))
    }
  }
}

extension Hold: LineObject {
  func writeMembers(to line: inout LineWriter) {
    line.member("subject", subject)
    line.member("situation", situation)
    line.member("isRemoval", isRemoval)
  }

  init(membersOf line: inout LineScanner) throws(LineProblem) {
    self.init(
      subject: try line.member("subject"), situation: try line.member("situation"),
      isRemoval: try line.member("isRemoval"))
  }
}
