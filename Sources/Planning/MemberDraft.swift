package import Identity
package import PlanFile

/// One operation on a member while it is still being decided.
package struct MemberDraft: Sendable {
  package enum Step: Sendable, Hashable {
    case create(AttributeImage)
    case update([AttributeChange])
    case deactivate
    case reactivate([AttributeChange])
    case delete
  }

  package let subject: SubjectRef
  /// The member's seat; joiners get seats behind those of the state.
  package let seat: Int
  package var step: Step
  package var situation: Situation
  package var classes: ChangeClass
  package var rule: String
  /// The records it rests on.
  package var records: [RecordNumber]
  /// The exports that become owners.
  package var newOwners: [String]

  package var operation: Operation {
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
