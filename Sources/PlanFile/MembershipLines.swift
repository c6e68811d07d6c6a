import Identity
import Scanning

/// The lines of memberships that stand in columns: what `OperationLines` would say, byte for byte.
///
/// What the lines of one group have in common is made once.
enum MembershipLines {
  /// More than what stands between the values of a line.
  private static let constantRoom = 64

  /// Writes the operations of `range`, which must be within the run.
  static func write(
    _ range: Range<Int>, of run: SharedRun<Memberships>, to lines: inout LineWriter
  ) {
    let memberships = run.owner
    let (members, people) = (memberships.members, memberships.people)
    var (number, start) = (UInt32?.none, [UInt8]())
    for place in range {
      let member = members[run.column(of: place)]
      if member.group != number {
        number = member.group
        start = Self.start(of: memberships.groups[Int(member.group)], memberships.teams)
      }
      let person = Int(member.person)
      let id = people.id(person)
      // Ids are mostly ours; others may need escapes.
      let ownID = id.isUUID ? [] : Array(id.description.utf8)
      people.withName(person) { name in
        let room =
          constantRoom + start.count + OutputText.escapeFactor * (ownID.count + name.count)
        lines.append(room: room) { out in
          out.append(copying: start.span)
          if !id.appendUUID(to: &out) { out.append(escaping: ownID.span) }
          out.append(copying: #"","name":"#)
          out.append(quoting: name)
          out.append(copying: "}}}\n")
        }
      }
    }
  }

  /// A line up to the id of the member.
  private static func start(of group: Memberships.Group, _ teams: SubjectColumn) -> [UInt8] {
    var line = LineWriter()
    line.raw(#"{"operation":{"kind":"#.utf8)
    group.kind.write(to: &line)
    line.raw(#","id":"#.utf8)
    line.id(teams.id(group.team))
    line.raw(#","name":"#.utf8)
    teams.withName(group.team) { line.text($0) }
    line.raw(#","situation":"#.utf8)
    group.situation.write(to: &line)
    line.raw(#","classes":"#.utf8)
    group.classes.write(to: &line)
    line.raw(#","rule":"#.utf8)
    group.rule.write(to: &line)
    line.raw(#","member":{"id":""#.utf8)
    return line.bytes
  }
}
