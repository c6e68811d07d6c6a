package import Identity
package import PlanFile

/// One operation on a member while it is still being decided.
///
/// Like the operation it becomes, it is one reference; that of a new member may be a place among `Newcomers`.
package struct MemberDraft: Sendable {
  package enum Step: Sendable, Hashable {
    case create(AttributeImage)
    case update([AttributeChange])
    case deactivate
    case reactivate([AttributeChange])
    case delete
  }

  private struct Content: Sendable {
    var subject: SubjectRef
    var seat: Int
    var step: Step
    var situation: Situation
    var classes: ChangeClass
    var rule: String
    var records: [RecordNumber]
    var newOwners: [String]
  }

  private static func content(of newcomers: Newcomers, at place: Int) -> Content {
    Content(
      subject: newcomers.subject(place), seat: Int(newcomers.seats[place]),
      step: .create(newcomers.images[place]), situation: .joiner, classes: [],
      rule: Newcomers.rule, records: [newcomers.records[place]],
      newOwners: [newcomers.export(place)])
  }

  private final class Box: Sendable {
    let content: Content

    init(_ content: Content) {
      self.content = content
    }
  }

  private enum Form: Sendable {
    case whole(Box)
    case create(Newcomers, place: UInt32)
  }

  private var form: Form

  package init(
    subject: SubjectRef, seat: Int, step: Step, situation: Situation, classes: ChangeClass,
    rule: String, records: [RecordNumber], newOwners: [String]
  ) {
    form = .whole(
      Box(
        Content(
          subject: subject, seat: seat, step: step, situation: situation, classes: classes,
          rule: rule, records: records, newOwners: newOwners)))
  }

  /// The create of a new member.
  init(of newcomers: Newcomers, at place: Int) {
    form = .create(newcomers, place: UInt32(place))
  }

  /// Where it stands among newcomers, if it does.
  var newcomer: (newcomers: Newcomers, place: Int)? {
    if case .create(let newcomers, let place) = form { (newcomers, Int(place)) } else { nil }
  }

  private var content: Content {
    get {
      switch form {
      case .whole(let box): box.content
      case .create(let newcomers, let place): Self.content(of: newcomers, at: Int(place))
      }
    }
    set { form = .whole(Box(newValue)) }
  }

  package var subject: SubjectRef { content.subject }

  /// The member's seat; joiners get seats behind those of the state.
  package var seat: Int {
    switch form {
    case .whole(let box): box.content.seat
    case .create(let newcomers, let place): Int(newcomers.seats[Int(place)])
    }
  }

  package var step: Step {
    get {
      switch form {
      case .whole(let box): box.content.step
      case .create(let newcomers, let place): .create(newcomers.images[Int(place)])
      }
    }
    set { content.step = newValue }
  }

  package var situation: Situation {
    get { if case .whole(let box) = form { box.content.situation } else { .joiner } }
    set { content.situation = newValue }
  }

  package var classes: ChangeClass {
    get { if case .whole(let box) = form { box.content.classes } else { [] } }
    set { content.classes = newValue }
  }

  package var rule: String {
    get { content.rule }
    set { content.rule = newValue }
  }

  /// The records it rests on.
  package var records: [RecordNumber] {
    switch form {
    case .whole(let box): box.content.records
    case .create(let newcomers, let place): [newcomers.records[Int(place)]]
    }
  }

  /// The exports that become owners.
  package var newOwners: [String] {
    switch form {
    case .whole(let box): box.content.newOwners
    case .create(let newcomers, let place): [newcomers.export(Int(place))]
    }
  }

  package var operation: Operation {
    if let (newcomers, place) = newcomer { return Operation(of: newcomers, at: place) }
    let action: Operation.Action =
      switch step {
      case .create(let image): .createMember(image)
      case .update(let changes): .updateMember(changes)
      case .deactivate: .deactivateMember
      case .reactivate(let changes): .reactivateMember(changes)
      case .delete: .deleteMember
      }
    return Operation(
      subject: subject, action: action, situation: situation, classes: classes, rule: rule)
  }

  /// The changes of an update or reactivation.
  package var changes: [AttributeChange] {
    switch step {
    case .update(let changes), .reactivate(let changes): changes
    case .create, .deactivate, .delete: []
    }
  }

  /// What the draft makes of an attribute; nil when it leaves it as it is.
  package func outcome(for attribute: ManagedAttribute, id: AttributeID) -> Outcome? {
    switch step {
    case .create(let image):
      image[id].flatMap { $0.isEmpty ? nil : .value(Array($0)) }
    case .update(let changes), .reactivate(let changes):
      changes.first { $0.attribute.path == attribute.path }
        .map { change in change.after.map { .value(Array($0.utf8)) } ?? .cleared }
    case .delete: .cleared
    case .deactivate: nil
    }
  }

  package enum Outcome: Sendable, Hashable {
    case value([UInt8])
    case cleared
  }
}
