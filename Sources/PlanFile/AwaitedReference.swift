package import Identity

/// Whom a record of changes names, while nobody can be found for it.
///
/// ```
/// night 2   the changes say: ann's manager is E-bob       nobody has E-bob: ann waits for him
/// night 3   bob joins; the changes do not name ann again  ann gets bob, and waits no longer
/// ```
///
/// A full export says it every night anew; one of changes says it once.
package struct AwaitedReference: Sendable, Hashable {
  /// What the record said.
  package struct Wanted: Sendable, Hashable {
    /// The path of the attribute by which it names the other member.
    package let key: AttributePath
    /// The cell.
    package let value: String
    package let origin: RecordOrigin

    package init(key: AttributePath, value: String, origin: RecordOrigin) {
      self.key = key
      self.value = value
      self.origin = origin
    }
  }

  package let member: ResourceID
  package let attribute: AttributePath
  /// Nil once it is settled: found, or stated anew.
  package let wanted: Wanted?

  package init(member: ResourceID, attribute: AttributePath, wanted: Wanted?) {
    self.member = member
    self.attribute = attribute
    self.wanted = wanted
  }
}

extension AwaitedReference: LineObject {
  func writeMembers(to line: inout LineWriter) {
    line.member("member", member)
    line.member("attribute", attribute)
    line.member("wanted", wanted)
  }

  init(membersOf line: inout LineScanner) throws(LineProblem) {
    self.init(
      member: try line.member("member"), attribute: try line.member("attribute"),
      wanted: try line.member("wanted"))
  }
}

extension AwaitedReference.Wanted: LineObject {
  func writeMembers(to line: inout LineWriter) {
    line.member("key", key)
    line.member("value", value)
    line.member("origin", origin)
  }

  init(membersOf line: inout LineScanner) throws(LineProblem) {
    self.init(
      key: try line.member("key"), value: try line.member("value"),
      origin: try line.member("origin"))
  }
}
