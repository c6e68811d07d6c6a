import Identity
import PlanFile

/// A plan counted and grouped once, for every rendering alike.
struct Overview: Sendable {
  /// A finding with the export it is about, where it is about one as a whole.
  struct ListedFinding: Sendable {
    let finding: Finding
    let export: String?

    /// Where somebody should look: `users.csv:7`, or the export's name; empty where it is about the state.
    var place: String { finding.origin?.place ?? export ?? "" }
  }

  /// Findings with one code.
  struct FindingGroup: Sendable {
    let code: String
    let severity: Finding.Severity
    /// Repeats that are not listed one by one are counted.
    let total: Int
    let findings: [ListedFinding]
  }

  /// One export with its files and how far it can be trusted.
  struct Export: Sendable {
    let name: String
    let isReliable: Bool
    let inputs: [Evidence.Input]
    let findings: [Finding]

    /// How its files were read, as `json, UTF-8, entra`; each way once.
    var readings: [String] {
      inputs.map(\.reading).reduce(into: []) { if !$1.isEmpty, !$0.contains($1) { $0.append($1) } }
    }

    var recordCount: Int { Overview.sum(inputs.map(\.recordCount)) }
    var byteCount: Int { Overview.sum(inputs.map(\.byteCount)) }
  }

  /// In reading order; zeros left out.
  let counts: [(kind: Operation.Kind, count: Int)]
  let removals: Int
  let grants: Int
  let rekeys: Int
  let holdsBySituation: [(situation: Situation, count: Int)]
  /// By the bytes of the subject, which Swift's `==` on texts would not tell apart.
  private let heldSince: [[UInt8]: Int]
  let exports: [Export]
  /// Severest first, then by code.
  let findingGroups: [FindingGroup]

  init(_ plan: Plan) {
    let counted = plan.decisions.counts
    counts = Operation.Kind.readingOrder.compactMap { kind in counted[kind].map { (kind, $0) } }
    removals = plan.decisions.count(of: .removal)
    grants = plan.decisions.count(of: .grant)
    rekeys = plan.decisions.count(of: .rekey)
    var held = plan.decisions.holds.reduce(into: [:]) { $0[$1.situation, default: 0] += 1 }
    if plan.decisions.unnamedWithheld > 0 {
      held[.withheld, default: 0] += plan.decisions.unnamedWithheld
    }
    holdsBySituation = Situation.allCases.compactMap { situation in
      held[situation].map { (situation, $0) }
    }
    heldSince = plan.evidence.bookkeeping.holds.reduce(into: [:]) {
      $0[Array($1.subject.utf8)] = $1.since
    }
    exports = Self.exports(of: plan.evidence)
    findingGroups = Self.groups(of: Self.listed(plan.evidence))
  }

  func findingCount(_ severity: Finding.Severity) -> Int {
    Self.sum(findingGroups.filter { $0.severity == severity }.map(\.total))
  }

  /// Since when it has been held, where the plan says so.
  func since(_ hold: Hold) -> UTCTime? {
    heldSince[Array(hold.subject.utf8)].map { UTCTime($0) }
  }

  /// Exports in the order they were read; one that was only judged (its file is gone) comes last.
  private static func exports(of evidence: Evidence) -> [Export] {
    var names: [String] = []
    var seen: Set<String> = []
    for name in evidence.inputs.map(\.export) + evidence.health.map(\.export)
    where seen.insert(name).inserted {
      names.append(name)
    }
    let inputs = Dictionary(grouping: evidence.inputs, by: \.export)
    let health = Dictionary(grouping: evidence.health, by: \.export)
    return names.map { name in
      Export(
        name: name, isReliable: health[name, default: []].allSatisfy(\.isReliable),
        inputs: inputs[name] ?? [], findings: health[name, default: []].flatMap(\.findings))
    }
  }

  /// The findings of the plan; of two exports that have the same to say, each is named once.
  private static func listed(_ evidence: Evidence) -> [ListedFinding] {
    var exports: [Finding: [String]] = [:]
    for health in evidence.health.reversed() {
      for finding in health.findings { exports[finding, default: []].append(health.export) }
    }
    return evidence.findings.map { finding in
      ListedFinding(
        finding: finding, export: finding.origin?.export ?? exports[finding]?.popLast())
    }
  }

  private static func groups(of findings: [ListedFinding]) -> [FindingGroup] {
    Dictionary(grouping: findings, by: \.finding.code)
      .map { code, findings in
        FindingGroup(
          code: code, severity: findings[0].finding.severity,
          total: sum(findings.map { sum([$0.finding.repeats, 1]) }), findings: findings)
      }
      .sorted { ($1.severity, $0.code) < ($0.severity, $1.code) }
  }

  /// A sum that stops at the largest number: a plan file may hold wild ones.
  static func sum(_ values: [Int]) -> Int {
    values.reduce(0) { total, value in
      let (sum, overflows) = total.addingReportingOverflow(value)
      return overflows ? .max : sum
    }
  }
}

extension Evidence.Input {
  /// Format, encoding and preset, as far as the plan says; without a preset, the policy's columns are the file's own.
  var reading: String {
    [format, encoding, preset == "none" ? nil : preset].compactMap(\.self)
      .filter { !$0.isEmpty }.joined(separator: ", ")
  }
}

/// Finds what an operation rests on.
struct GroundsIndex: Sendable {
  private let grounds: [Evidence.Grounds]
  /// By operation: the place in `grounds`, or -1.
  private var places: [Int]

  init(_ plan: Plan) {
    grounds = plan.evidence.grounds
    places = [Int](repeating: -1, count: plan.decisions.operations.count)
    for (place, one) in grounds.enumerated() where places.indices.contains(one.operation) {
      places[one.operation] = place
    }
  }

  subscript(operation: Int) -> Evidence.Grounds? {
    let place = places[operation]
    return place < 0 ? nil : grounds[place]
  }

  func origins(_ operation: Int) -> [RecordOrigin] { self[operation]?.origins ?? [] }
}

extension Operation {
  /// What changes, value by value; a new member or team has only values to come.
  func changes(in decisions: Decisions) -> [AttributeChange] {
    switch action {
    case .createMember(let image): Self.changes(image, of: decisions.memberAttributes)
    case .createTeam(let image): Self.changes(image, of: decisions.teamAttributes)
    case .updateMember(let changes), .reactivateMember(let changes), .updateTeam(let changes):
      changes
    case .deactivateMember: [Self.deactivation]
    case .deleteMember, .addMembership, .removeMembership: []
    }
  }

  /// The member of a membership; the subject is its team.
  var edgeMember: SubjectRef? {
    switch action {
    case .addMembership(let member), .removeMembership(let member): member
    case .createMember, .updateMember, .deactivateMember, .reactivateMember, .deleteMember,
      .createTeam, .updateTeam:
      nil
    }
  }

  private static let deactivation = AttributeChange(
    attribute: ManagedAttribute(path: .active, kind: .boolean), before: "true", after: "false")

  private static func changes(_ image: AttributeImage, of set: AttributeSet) -> [AttributeChange] {
    image.entries.compactMap { entry in
      guard entry.id.index < set.count else { return nil }
      let value = String(decoding: image.bytes[entry.range], as: UTF8.self)
      return AttributeChange(attribute: set[entry.id], before: nil, after: value)
    }
  }
}
