package import Identity
import Scanning

/// Hides the values that a policy marks with Entra's `Redact`: they are written, and nobody reads them in a report.
///
/// ```
/// nickName: 'Redact([cardNumber])'        nickName: "[Redact]" → "[Redact]"
/// ```
///
/// The plan itself has the values, since apply writes them; every report is made of what `replacing` gives back. A
/// name by which somebody is told (`userName`, a team's `displayName`) stays where it stands for the person or team.
package struct Redaction: Sendable {
  /// What stands for a value.
  package static let text = "[Redact]"

  private let paths: Set<AttributePath>
  private let names: Set<String>

  package init(_ paths: [AttributePath]) {
    self.paths = Set(paths)
    names = Set(paths.map(\.description))
  }

  package func hides(_ path: AttributePath) -> Bool { paths.contains(path) }

  /// A plan as reports show it; it cannot be applied, and no seal would fit it.
  package func replacing(_ plan: Plan) -> Plan {
    guard !paths.isEmpty else { return plan }
    var plan = plan
    let (members, teams) = (plan.decisions.memberAttributes, plan.decisions.teamAttributes)
    for index in plan.decisions.operations.indices {
      let operation = plan.decisions.operations[index]
      let set = operation.kind.isAboutTeam ? teams : members
      plan.decisions.operations[index] = replacing(operation, of: set)
    }
    plan.evidence.findings = plan.evidence.findings.map(replacing)
    plan.evidence.health = plan.evidence.health.map { health in
      Evidence.Health(
        export: health.export, isReliable: health.isReliable,
        findings: health.findings.map(replacing))
    }
    return plan
  }

  private func replacing(_ operation: Operation, of set: AttributeSet) -> Operation {
    let action: Operation.Action
    switch operation.action {
    case .createMember(let image): action = .createMember(replacing(image, of: set))
    case .createTeam(let image): action = .createTeam(replacing(image, of: set))
    case .updateMember(let changes): action = .updateMember(changes.map(replacing))
    case .reactivateMember(let changes): action = .reactivateMember(changes.map(replacing))
    case .updateTeam(let changes): action = .updateTeam(changes.map(replacing))
    case .addMembership, .removeMembership, .deactivateMember, .deleteMember: return operation
    }
    return Operation(
      subject: operation.subject, action: action, situation: operation.situation,
      classes: operation.classes, rule: operation.rule)
  }

  /// That there is a value, or none, may be seen.
  package func replacing(_ change: AttributeChange) -> AttributeChange {
    guard hides(change.attribute.path) else { return change }
    return AttributeChange(
      attribute: change.attribute, before: change.before.map { _ in Self.text },
      after: change.after.map { _ in Self.text })
  }

  private func replacing(_ image: AttributeImage, of set: AttributeSet) -> AttributeImage {
    var replaced = AttributeImage()
    for (id, range) in image.entries {
      let isHidden = id.index < set.count && hides(set[id].path) && !range.isEmpty
      if isHidden {
        replaced.append(id, Self.text.utf8)
      } else {
        replaced.append(id, image.bytes[range])
      }
    }
    return replaced
  }

  // MARK: - Findings

  /// What of a finding is the value of the attribute, or the key, that it names.
  private static let values: Set<String> = [
    "value", "input", "tried", "recordValue", "memberValue", "reference",
  ]

  package func replacing(_ finding: Finding) -> Finding {
    guard !paths.isEmpty else { return finding }
    return finding.replacing { members in
      let isAbout = members.contains { member in
        (member.name == "attribute" || member.name == "key")
          && member.value.text.map { names.contains($0) } ?? false
      }
      guard isAbout else { return nil }
      return members.map { member in
        Self.values.contains(member.name)
          ? JSONMember(name: member.name, value: hidden(member.value)) : member
      }
    }
  }

  private func hidden(_ value: JSONValue) -> JSONValue {
    switch value {
    case .string, .number, .bool: .string(Self.text)
    case .array(let elements): .array(elements.map(hidden))
    case .null, .object: value
    }
  }
}
