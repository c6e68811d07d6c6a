import Identity
import PlanFile

// `Redact` hides values from everybody who reads an explanation, too.

extension Explanation {
  /// The same without the values that the policy hides.
  func hiding(_ redaction: Redaction) -> Explanation {
    Explanation(
      who: who, subjects: subjects.map { $0.hiding(redaction) }, refusals: refusals,
      memberAttributes: memberAttributes, names: names)
  }
}

extension Explanation.Subject {
  fileprivate func hiding(_ redaction: Redaction) -> Explanation.Subject {
    let steps = steps.map { step in
      var step = step
      step.notes = step.notes.map { $0.hiding(redaction) }
      step.values = step.values.map { $0.hiding(redaction) }
      return step
    }
    return Explanation.Subject(kind: kind, name: name, id: id, steps: steps)
  }
}

extension Explanation.Value {
  fileprivate func hiding(_ redaction: Redaction) -> Explanation.Value {
    guard redaction.hides(attribute) else { return self }
    func hidden(_ value: String?) -> String? {
      value.map { $0.isEmpty ? $0 : Redaction.text }
    }
    return Explanation.Value(
      attribute: attribute, source: source, export: hidden(export), current: hidden(current),
      outcome: outcome)
  }
}

extension Explanation.Note {
  fileprivate func hiding(_ redaction: Redaction) -> Explanation.Note {
    switch self {
    case .finding(let finding): return .finding(redaction.replacing(finding))
    case .key(let name, _, let holders):
      guard let path = try? AttributePath(parsing: name), redaction.hides(path) else { return self }
      return .key(name: name, value: Redaction.text, holders: holders)
    default: return self
    }
  }
}
