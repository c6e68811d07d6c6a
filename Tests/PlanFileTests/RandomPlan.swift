import Identity
import PlanFile
import TestSupport

/// Plans that hold everything a plan can hold, the same for the same seed.
struct RandomPlan {
  static let key = [UInt8](1...32)

  private var random: SeededGenerator

  init(seed: UInt64) {
    random = SeededGenerator(seed: seed)
  }

  static let memberAttributes = AttributeSet([
    ManagedAttribute(path: .userName), ManagedAttribute(path: .externalID),
    ManagedAttribute(path: .active, kind: .boolean), ManagedAttribute(path: .workEmail),
    ManagedAttribute(path: AttributePath(attribute: "name", subAttribute: "givenName")),
    ManagedAttribute(
      path: AttributePath(
        schema: "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
        attribute: "department")),
  ])

  static let teamAttributes = AttributeSet([
    ManagedAttribute(path: .displayName), ManagedAttribute(path: .externalID),
  ])

  mutating func plan(size: Int = 30) -> Plan {
    Plan(decisions: decisions(size: size), evidence: evidence(operationCount: size))
  }

  // MARK: Decisions

  mutating func decisions(size: Int) -> Decisions {
    let operations = (0..<size).map { _ in operation() }
    return Decisions(
      memberAttributes: Self.memberAttributes, teamAttributes: Self.teamAttributes,
      operations: operations, holds: some { $0.hold() },
      unnamedWithheld: Bool.random(using: &random) ? Int.random(in: 1...9_999, using: &random) : 0,
      situations: situations(),
      lowerBound: Int.random(in: 0...size, using: &random))
  }

  private mutating func operation() -> Operation {
    Operation(
      subject: subject(), action: action(), situation: one(of: Situation.allCases),
      classes: ChangeClass(rawValue: UInt8.random(in: 0...7, using: &random)),
      rule: one(of: ["lifecycle.leavers.deactivate", "create", text()]))
  }

  private mutating func action() -> Operation.Action {
    switch one(of: Operation.Kind.allCases) {
    case .createMember: .createMember(image(of: Self.memberAttributes))
    case .updateMember: .updateMember(changes(of: Self.memberAttributes))
    case .deactivateMember: .deactivateMember
    case .reactivateMember: .reactivateMember(changes(of: Self.memberAttributes))
    case .deleteMember: .deleteMember
    case .createTeam: .createTeam(image(of: Self.teamAttributes))
    case .updateTeam: .updateTeam(changes(of: Self.teamAttributes))
    case .addMembership: .addMembership(subject())
    case .removeMembership: .removeMembership(subject())
    }
  }

  private mutating func image(of set: AttributeSet) -> AttributeImage {
    var image = AttributeImage()
    for id in set.ids where Bool.random(using: &random) {
      image.append(id, value(of: set[id].kind).utf8)
    }
    return image
  }

  private mutating func changes(of set: AttributeSet) -> [AttributeChange] {
    let unmanaged = [
      ManagedAttribute(path: AttributePath(attribute: "title")),
      ManagedAttribute(path: AttributePath(attribute: "title"), kind: .boolean),
      ManagedAttribute(path: .active), ManagedAttribute(path: .displayName, kind: .boolean),
    ]
    return (set.attributes + unmanaged).filter { _ in Bool.random(using: &random) }.map {
      attribute in
      AttributeChange(
        attribute: attribute, before: optional { $0.value(of: attribute.kind) },
        after: optional { $0.value(of: attribute.kind) })
    }
  }

  private mutating func value(of kind: ManagedAttribute.Kind) -> String {
    kind == .boolean ? one(of: ["true", "false", "True", ""]) : text()
  }

  private mutating func hold() -> Hold {
    Hold(
      subject: text(), situation: one(of: Situation.allCases),
      isRemoval: Bool.random(using: &random))
  }

  private mutating func situations() -> [Situation: Int] {
    Dictionary(
      uniqueKeysWithValues: Situation.allCases.filter { _ in Bool.random(using: &random) }
        .map { ($0, Int.random(in: 1...1_000_000, using: &random)) })
  }

  // MARK: Evidence

  private mutating func evidence(operationCount: Int) -> Evidence {
    Evidence(
      toolVersion: text(), now: number(), policyDigest: text(), lineage: text(),
      journalHead: text(), inputs: some { $0.input() }, health: some { $0.health() },
      verdicts: some { $0.verdict() },
      grounds: (0..<operationCount).filter { _ in Bool.random(using: &random) }.map {
        Evidence.Grounds(
          operation: $0, origins: some { $0.origin() }, stateBefore: optional { $0.text() })
      },
      findings: some { $0.finding() }, bookkeeping: bookkeeping())
  }

  private mutating func input() -> Evidence.Input {
    Evidence.Input(
      export: text(), file: text(), byteCount: number(), recordCount: number(), sha256: text(),
      format: text(), encoding: optional { $0.text() }, preset: optional { $0.text() })
  }

  private mutating func health() -> Evidence.Health {
    Evidence.Health(
      export: text(), isReliable: Bool.random(using: &random), findings: some { $0.finding() })
  }

  private mutating func verdict() -> GuardVerdict {
    GuardVerdict(
      name: text(), scope: optional { $0.text() }, amount: number(), population: number(),
      limit: text(), allowance: optional { $0.number() }, passed: Bool.random(using: &random))
  }

  private mutating func finding() -> Finding {
    Finding(
      one(of: Finding.Subject.samples), at: optional { $0.origin() },
      repeats: Int.random(in: 0...9, using: &random))
  }

  private mutating func bookkeeping() -> Bookkeeping {
    var book = Bookkeeping()
    book.absences = some {
      Bookkeeping.Absence(
        member: $0.subject().id, count: $0.number(), exportDigest: $0.text(),
        countedAt: $0.number())
    }
    book.presences = some { $0.subject().id }
    book.ownerships += some {
      Bookkeeping.Ownership(
        kind: $0.one(of: [.member, .team, .teamClaim]), subject: $0.subject().id,
        export: $0.text())
    }
    book.baselines = some {
      Bookkeeping.Baseline(
        export: $0.text(), columns: $0.some { $0.text() }, recordCount: $0.number(),
        fileCount: $0.number(), digest: $0.text())
    }
    book.deltaPositions = some {
      Bookkeeping.DeltaPosition(export: $0.text(), position: $0.text())
    }
    book.awaitedReferences = some {
      AwaitedReference(
        member: $0.subject().id, attribute: .userName,
        wanted: $0.optional {
          AwaitedReference.Wanted(key: .displayName, value: $0.text(), origin: $0.origin())
        })
    }
    book.holds = some { Bookkeeping.HoldAge(subject: $0.text(), since: $0.number()) }
    book.renamedExports = Dictionary(
      some { ($0.text(), $0.text()) }, uniquingKeysWith: { first, _ in first })
    return book
  }

  // MARK: Parts

  private mutating func subject() -> SubjectRef {
    let id = ResourceID(
      lineage: "l", export: "e", kind: .member,
      sourceKey: [UInt8.random(in: 0 ... .max, using: &random)], generation: 1)
    return SubjectRef(id: id, name: text())
  }

  private mutating func origin() -> RecordOrigin {
    RecordOrigin(export: text(), file: text(), line: number())
  }

  private mutating func number() -> Int {
    one(of: [0, -1, Int.max, Int.min, Int.random(in: 0...9_999, using: &random)])
  }

  /// Texts that hurt: escapes, line separators, look-alikes, composed and decomposed letters.
  private mutating func text() -> String {
    let parts = [
      "ann", "\"", "\\", "\n", "\r\n", "\t", "\u{0}", "\u{1f}", "\u{7f}", "é", "e\u{301}", "😀",
      "\u{2028}", "\u{feff}", "null", "{\"seal\":", "long enough to need memory of its own", "/",
    ]
    return (0..<Int.random(in: 0...3, using: &random)).map { _ in one(of: parts) }.joined()
  }

  private mutating func one<Value>(of values: [Value]) -> Value {
    values[Int.random(in: values.indices, using: &random)]
  }

  private mutating func optional<Value>(_ make: (inout RandomPlan) -> Value) -> Value? {
    Bool.random(using: &random) ? make(&self) : nil
  }

  private mutating func some<Value>(_ make: (inout RandomPlan) -> Value) -> [Value] {
    (0..<Int.random(in: 0...3, using: &random)).map { _ in make(&self) }
  }
}

/// The whole file of a plan in memory.
func fileBytes(of plan: Plan, key: [UInt8] = RandomPlan.key) -> (bytes: [UInt8], seal: PlanSeal) {
  var bytes: [UInt8] = []
  let seal = PlanWriter.write(plan, key: key) { bytes += $0 }
  return (bytes, seal)
}
