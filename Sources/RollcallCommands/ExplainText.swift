import Identity
import PlanFile
import Reconciling
import Reporting
import Scanning

/// What `rollcall explain` prints.
///
/// ```
/// anna.schmidt@contoso.com   person 0c43fbf0-…
///   import    night-2/users.csv:136, export staff
///   scope     staff has no scope: every record counts
///   match     externalId “E1001” is that of anna.schmidt@contoso.com
///   evaluate  title ← jobTitle
///                 "Buyer" → "Senior buyer"
///             17 values are the same
///   act       ~ update-member   [rekey] differs · mapping · night-2/users.csv:136
/// ```
struct ExplainText {
  /// The longest value that is shown whole.
  private static let valueLimit = 200
  /// More memberships of one kind are counted.
  private static let membershipLimit = 50
  private static let margin = String(repeating: " ", count: 12)

  let style: Style
  /// Whether values that are the same are listed, too.
  let listsAll: Bool

  func page(for explanation: Explanation) -> String {
    explanation.subjects.map { section(for: $0, explanation.names) }.joined(separator: "\n")
  }

  private func section(
    for subject: Explanation.Subject, _ names: ReferenceNames
  ) -> String {
    let id = subject.id.map { " \($0)" } ?? ", not in the state"
    let head =
      style(.heading, "\(VisibleText(subject.name))") + "   \(subject.kind.rawValue)\(id)\n"
    return head + subject.steps.map { lines(of: $0, names) }.joined()
  }

  private func lines(of step: Explanation.Step, _ names: ReferenceNames) -> String {
    // Of somebody without a record every value is left alone, which one line says.
    let isUnasked = !listsAll && step.values.allSatisfy { $0.outcome == .leftAlone }
    var lines =
      step.operations.map(line)
      + (isUnasked ? [] : step.values.flatMap { self.lines(of: $0, names) })
    let same = step.values.count { $0.outcome == .same }
    if same > 0, !listsAll {
      lines.append(style(.quiet, same == 1 ? "1 value is the same" : "\(same) values are the same"))
    }
    lines +=
      step.name == .evaluate
      ? step.notes.map(line) + memberships(step.memberships) : step.notes.map(line)
    if step.name == .act, step.operations.isEmpty { lines.insert("no operation", at: 0) }
    let name = step.name.rawValue
    let label = "  " + name + String(repeating: " ", count: 10 - name.count)
    return lines.enumerated().map { place, line in
      (place == 0 ? style(tone(step.status), label) : Self.margin) + line + "\n"
    }.joined()
  }

  private func tone(_ status: Explanation.Status) -> Style.Tone {
    switch status {
    case .success: .good
    case .warning: .changed
    case .skipped: .quiet
    }
  }

  private func line(of note: Explanation.Note) -> String {
    var text = note.text
    if case .finding(let finding) = note, let origin = finding.origin {
      text = "\(origin.place): \(text)"
    }
    return note.isWarning ? style(.changed, "! \(VisibleText(text))") : "\(VisibleText(text))"
  }

  private func line(of planned: Explanation.PlannedOperation) -> String {
    let operation = planned.operation
    let classes = operation.classes.names.map { "[\($0)] " }.joined()
    let member =
      switch operation.action {
      case .addMembership(let member), .removeMembership(let member):
        " \(VisibleText(member.name)) in \(VisibleText(operation.subject.name))"
      default: ""
      }
    let reasons =
      [operation.situation.words, operation.rule] + planned.origins.map(\.place)
    return operation.kind.rawValue + member + "   "
      + style(.quiet, classes + "\(VisibleText(reasons.joined(separator: " · ")))")
  }

  // MARK: - Values

  private func lines(of value: Explanation.Value, _ names: ReferenceNames) -> [String] {
    let source =
      value.source.map { " ← \(VisibleText($0.onOneLine, limit: Self.valueLimit))" } ?? ""
    let head = "\(VisibleText("\(value.attribute)"))\(source)"
    let (current, export) = (
      quoted(names.readable(value.current)), quoted(names.readable(value.export))
    )
    switch value.outcome {
    case .same: return listsAll ? [head + style(.quiet, "   same: \(current)")] : []
    case .leftAlone, .onCreate:
      return [head + "   \(current) " + style(.quiet, value.outcome.words)]
    case .new: return [head + "   \(export)"]
    case .changes, .heldBack:
      let held = value.outcome == .heldBack ? style(.changed, "   \(value.outcome.words)") : ""
      return [head, "    \(current) → \(export)\(held)"]
    }
  }

  private func quoted(_ text: String?) -> String {
    guard let text, !text.isEmpty else { return "none" }
    return "\"\(VisibleText(text, limit: Self.valueLimit))\""
  }

  private func memberships(_ memberships: [Explanation.Membership]) -> [String] {
    let order: [Explanation.Membership.Outcome] = [.joins, .leaves, .notAdded, .kept, .stays]
    return order.flatMap { outcome -> [String] in
      let alike = memberships.filter { $0.outcome == outcome }
      let lines = alike.prefix(Self.membershipLimit).map { membership in
        let places = membership.origins.map(\.place).joined(separator: ", ")
        return "\(VisibleText(membership.name))   \(outcome.words)"
          + (places.isEmpty ? "" : style(.quiet, "   \(VisibleText(places))"))
      }
      let rest = alike.count - lines.count
      return lines + (rest > 0 ? ["and \(rest) more: \(outcome.words)"] : [])
    }
  }
}

extension Explanation {
  /// The document of `--output json`: `{"schema":"rollcall.explain/1","who":…,"subjects":[…]}`.
  var json: JSONValue {
    .object([
      "schema": .string("rollcall.explain/1"), "who": .string(who),
      "refusedBy": .array(refusals.map { .string($0.title) }),
      "subjects": .array(subjects.map(\.json)),
      // Ids of values that refer to members, with the names of those members.
      "names": names.json,
    ])
  }
}

extension ReferenceNames {
  var json: JSONValue {
    .object(
      byID.map { JSONMember(name: "\($0.key)", value: .string($0.value)) }
        .sorted { $0.name < $1.name })
  }
}

extension Explanation.Subject {
  fileprivate var json: JSONValue {
    .object([
      "kind": .string(kind.rawValue), "name": .string(name),
      "id": id.map { .string($0.description) } ?? .null, "steps": .array(steps.map(\.json)),
    ])
  }
}

extension Explanation.Step {
  fileprivate var json: JSONValue {
    var members = [
      JSONMember(name: "step", value: .string(name.rawValue)),
      JSONMember(name: "status", value: .string(status.rawValue)),
      JSONMember(name: "notes", value: .array(notes.map(\.json))),
    ]
    if name == .evaluate {
      members.append(JSONMember(name: "values", value: .array(values.map(\.json))))
      members.append(JSONMember(name: "memberships", value: .array(memberships.map(\.json))))
    }
    if name == .act {
      members.append(JSONMember(name: "operations", value: .array(operations.map(\.json))))
    }
    return .object(members)
  }
}

extension Explanation.Note {
  fileprivate var json: JSONValue {
    var members = [
      JSONMember(name: "code", value: .string(code)),
      JSONMember(name: "text", value: .string(text)),
      JSONMember(name: "warning", value: .bool(isWarning)),
    ]
    if let origin { members.append(JSONMember(name: "origin", value: origin.json)) }
    return .object(members)
  }
}

extension RecordOrigin {
  fileprivate var json: JSONValue {
    .object([
      "export": .string(export), "file": .string(file), "line": .number(line),
    ])
  }
}

extension Explanation.Value {
  fileprivate var json: JSONValue {
    func text(_ value: String?) -> JSONValue { value.map { .string($0) } ?? .null }
    return .object([
      "attribute": .string("\(attribute)"), "source": text(source), "export": text(export),
      "current": text(current), "outcome": .string(outcome.rawValue),
    ])
  }
}

extension Explanation.Membership {
  fileprivate var json: JSONValue {
    .object([
      "name": .string(name), "outcome": .string(outcome.rawValue),
      "origins": .array(origins.map(\.json)),
    ])
  }
}

extension Explanation.PlannedOperation {
  fileprivate var json: JSONValue {
    var members = [
      JSONMember(name: "kind", value: .string(operation.kind.rawValue)),
      JSONMember(name: "subject", value: .string(operation.subject.name)),
    ]
    switch operation.action {
    case .addMembership(let member), .removeMembership(let member):
      members.append(JSONMember(name: "member", value: .string(member.name)))
    default: break
    }
    members += [
      JSONMember(name: "situation", value: .string(operation.situation.rawValue)),
      JSONMember(name: "classes", value: .array(operation.classes.names.map { .string($0) })),
      JSONMember(name: "rule", value: .string(operation.rule)),
      JSONMember(name: "origins", value: .array(origins.map(\.json))),
    ]
    return .object(members)
  }
}
