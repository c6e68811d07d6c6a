package import Identity
import Scanning

/// Stands digests in for values of people, so that a report can be shown where these must not be seen.
///
/// ```
/// pseudonyms.of("ann@contoso.com")   // p-5f0c33a1b2c4d6e80917, in every report of this state
/// ```
///
/// The digests are HMAC-SHA-256 under a key of their own, derived from the secret that the state keeps: equal
/// values have equal digests, so what belongs together can still be joined, and nobody without the state can
/// try names out. Names of teams, exports and rules, line numbers, times and amounts stay.
///
/// Whoever has the named report of the same run as well must not be able to lay the two side by side: operations
/// and holds stand in the order of their digests, and what the plan saw of each, like the digests of its files, is
/// keyed too.
package struct Pseudonyms: Sendable {
  private let key: SealKey

  /// `secret` is the 32-byte seal secret of the state.
  package init(secret: [UInt8]) {
    key = SealKey(secret: secret, purpose: .pseudonyms)
  }

  /// An empty value stays empty: that it is cleared is not personal.
  ///
  /// What the policy hides stays hidden: equal digests of the word for it would say that the value has not changed, and
  /// that all people have the same one.
  package func of(_ value: String) -> String {
    guard !value.isEmpty, value != Redaction.text else { return value }
    return "p-" + key.code(for: Array(value.utf8)).prefix(10).hexadecimal
  }

  /// `users.csv` is `p-5f0c33a1b2c4d6e80917.csv`: somebody may have given a file the name of a person.
  package func file(_ path: String) -> String {
    let name = path.split(separator: "/").last ?? ""
    let parts = name.split(separator: ".").dropFirst()
    let endings = parts.reversed().prefix { Self.endings.contains($0.lowercased()) }.reversed()
    return of(path) + endings.map { "." + $0 }.joined()
  }

  private static let endings: Set<String> = [
    "csv", "tsv", "txt", "json", "jsonl", "ndjson", "ldif", "ldf", "xml", "dsml", "gz", "sha256",
  ]

  /// A plan as reports show it; it cannot be applied, and no seal would fit it.
  package func replacing(_ plan: Plan) -> Plan {
    var plan = plan
    replaceOperations(of: &plan)
    plan.decisions.holds = plan.decisions.holds.map { hold in
      Hold(subject: subject(hold.subject), situation: hold.situation, isRemoval: hold.isRemoval)
    }.sorted { ($0.subject, $0.situation.rawValue) < ($1.subject, $1.situation.rawValue) }
    plan.evidence.inputs = plan.evidence.inputs.map { input in
      // A digest without a key tells whoever has all records but one whether he has guessed that one.
      Evidence.Input(
        export: input.export, file: file(input.file), byteCount: input.byteCount,
        recordCount: input.recordCount, sha256: of(input.sha256), format: input.format,
        encoding: input.encoding, preset: input.preset)
    }
    plan.evidence.findings = plan.evidence.findings.map(replacing)
    plan.evidence.health = plan.evidence.health.map { health in
      Evidence.Health(
        export: health.export, isReliable: health.isReliable,
        findings: health.findings.map(replacing))
    }
    // Nothing else of the bookkeeping is reported.
    let ages = plan.evidence.bookkeeping.holds
    plan.evidence.bookkeeping = Bookkeeping()
    plan.evidence.bookkeeping.holds = ages.map { age in
      Bookkeeping.HoldAge(subject: subject(age.subject), since: age.since)
    }
    return plan
  }

  // MARK: - Operations

  /// Of a membership; empty where there is none.
  private static func member(of operation: Operation) -> String {
    switch operation.action {
    case .addMembership(let member), .removeMembership(let member): member.id.description
    case .createMember, .updateMember, .deactivateMember, .reactivateMember, .deleteMember,
      .createTeam, .updateTeam:
      ""
    }
  }

  private func replaceOperations(of plan: inout Plan) {
    let members = plan.decisions.memberAttributes
    let replaced = plan.decisions.operations.map { replacing($0, of: members) }
    let order = replaced.indices.sorted { left, right in
      let (a, b) = (replaced[left], replaced[right])
      return (a.kind, a.subject, Self.member(of: a)) < (b.kind, b.subject, Self.member(of: b))
    }
    plan.decisions.operations = order.map { replaced[$0] }
    var places = [Int](repeating: 0, count: order.count)
    for (place, index) in order.enumerated() { places[index] = place }
    plan.evidence.grounds = plan.evidence.grounds.filter { places.indices.contains($0.operation) }
      .map { grounds in
        Evidence.Grounds(
          operation: places[grounds.operation],
          origins: grounds.origins.map { origin in
            RecordOrigin(
              export: origin.export, file: file(origin.file), line: origin.line,
              byte: origin.byte)
          },
          stateBefore: grounds.stateBefore.map(of))
      }
      .sorted { $0.operation < $1.operation }
  }

  private func replacing(_ operation: Operation, of set: AttributeSet) -> Operation {
    let action: Operation.Action =
      switch operation.action {
      case .createMember(let image): .createMember(replacing(image, of: set))
      case .updateMember(let changes): .updateMember(changes.map(replacing))
      case .reactivateMember(let changes): .reactivateMember(changes.map(replacing))
      case .addMembership(let member): .addMembership(replacing(member))
      case .removeMembership(let member): .removeMembership(replacing(member))
      case .deactivateMember, .deleteMember, .createTeam, .updateTeam: operation.action
      }
    return Operation(
      subject: operation.kind.isAboutTeam ? operation.subject : replacing(operation.subject),
      action: action, situation: operation.situation, classes: operation.classes,
      rule: operation.rule)
  }

  /// The id goes too: it is made of the source key, by a digest without a key.
  private func replacing(_ member: SubjectRef) -> SubjectRef {
    SubjectRef(id: id(member.id), name: of(member.name))
  }

  package func id(_ id: ResourceID) -> ResourceID { ResourceID(of(id.description)) }

  private func replacing(_ change: AttributeChange) -> AttributeChange {
    guard change.attribute.kind != .boolean else { return change }
    return AttributeChange(
      attribute: change.attribute, before: change.before.map(of), after: change.after.map(of))
  }

  private func replacing(_ image: AttributeImage, of set: AttributeSet) -> AttributeImage {
    var replaced = AttributeImage()
    for (id, range) in image.entries {
      let value = image.bytes[range]
      if id.index < set.count, set[id].kind == .boolean {
        replaced.append(id, value)
      } else {
        replaced.append(id, of(String(decoding: value, as: UTF8.self)).utf8)
      }
    }
    return replaced
  }

  // MARK: - Holds and findings

  /// `member ann@contoso.com` stays a member; a team and an export keep their names.
  private func subject(_ subject: String) -> String {
    for kind in ["member ", "record "] where subject.hasPrefix(kind) {
      return kind + of(String(subject.dropFirst(kind.count)))
    }
    return ["team ", "export "].contains(where: subject.hasPrefix) ? subject : of(subject)
  }

  /// What a finding says of files.
  private static let files: Set<String> = ["file", "manifest", "path"]
  /// What may be the name of a file, or a number or a word of ours.
  private static let perhapsFiles: Set<String> = ["expected", "found", "statedBy"]

  /// What a finding says of columns, teams and the policy; every other text is taken for a person's.
  private static let impersonal: Set<String> = [
    "code", "severity", "message", "column", "encoding", "name", "typeName", "attribute",
    "missing", "added", "key", "team", "export", "reason", "change",
    "format", "problem", "marker", "part", "kind", "teams", "now", "before", "word", "pattern",
    "source", "date", "line", "byte",
  ]

  private func replacing(_ finding: Finding) -> Finding {
    finding.replacing(replacing)
  }

  private func replacing(_ members: [JSONMember]) -> [JSONMember] {
    members.map { member in
      Self.impersonal.contains(member.name)
        ? member : JSONMember(name: member.name, value: replacing(member.value, in: member.name))
    }
  }

  private func replacing(_ value: JSONValue, in name: String) -> JSONValue {
    switch value {
    case .string(let text): .string(replacing(text, in: name))
    case .array(let elements): .array(elements.map { replacing($0, in: name) })
    // Where a record stands: its export and line stay.
    case .object(let members): .object(replacing(members))
    case .null, .bool, .number: value
    }
  }

  private func replacing(_ text: String, in name: String) -> String {
    if Self.files.contains(name) { return file(text) }
    if Self.perhapsFiles.contains(name) { return text.contains(".") ? file(text) : text }
    return name == "subject" ? subject(text) : of(text)
  }
}

extension Finding {
  /// The finding with other values, or itself where the closure gives none.
  ///
  /// By way of its line in a plan, so that a finding that is added later cannot be forgotten here.
  func replacing(_ replacement: ([JSONMember]) -> [JSONMember]?) -> Finding {
    var written = LineWriter()
    write(to: &written)
    guard let members = (try? JSONParser.parse(written.bytes))?.members else {
      preconditionFailure("a finding is not written as an object")
    }
    guard let replaced = replacement(members) else { return self }
    var line = LineScanner(JSONValue.object(replaced).bytes)
    guard let finding = try? Finding.read(from: &line) else {
      preconditionFailure("a finding does not read back")
    }
    return finding
  }
}

extension Operation.Kind {
  /// Whether its subject is a team.
  package var isAboutTeam: Bool {
    switch self {
    case .createTeam, .updateTeam, .addMembership, .removeMembership: true
    case .createMember, .updateMember, .deactivateMember, .reactivateMember, .deleteMember: false
    }
  }
}

extension ReportSource {
  /// The same with values of people replaced.
  package func pseudonymous(by pseudonyms: Pseudonyms) -> ReportSource {
    var source = self
    source.plan = pseudonyms.replacing(plan)
    source.departments = Dictionary(
      departments.map { (pseudonyms.id($0.key), pseudonyms.of($0.value)) }
    ) { first, _ in first }
    source.names = Dictionary(names.map { (pseudonyms.id($0.key), pseudonyms.of($0.value)) }) {
      first, _ in first
    }
    if let word = run?.word {
      source.run?.word = RunRecord.Word(
        by: pseudonyms.of(word.by), reason: pseudonyms.of(word.reason))
    }
    source.isPseudonymous = true
    return source
  }
}
