/// What memberships of one team have in common that come or go for the same reason.
///
/// ```
/// group     team Sales, added, listed, rule memberships
/// members   ann   bob   cy   …                             each shared with the other teams they join
/// ```
///
/// An operation of such a group is two references; five million of them with objects of their own took 700 MB.
package final class MembershipGroup: Sendable {
  package let team: SubjectRef
  package let isAddition: Bool
  package let situation: Situation
  package let classes: ChangeClass
  package let rule: String

  package init(
    team: SubjectRef, isAddition: Bool, situation: Situation, classes: ChangeClass, rule: String
  ) {
    self.team = team
    self.isAddition = isAddition
    self.situation = situation
    self.classes = classes
    self.rule = rule
  }
}

/// Somebody whom many operations name.
package final class SharedSubject: Sendable {
  package let subject: SubjectRef

  package init(_ subject: SubjectRef) {
    self.subject = subject
  }
}
