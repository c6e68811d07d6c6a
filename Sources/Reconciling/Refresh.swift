import Identity
import Mapping
import Matching
import PlanFile
import Planning
import Reading
import Storing

/// Turns one file into a plan that takes note of what is there.
struct Refresh {
  enum Kind {
    case people([MappingRule])
    case teams([MappingRule])
    case memberships(MembershipsExport)
  }

  let job: Job
  let store: StateStore
  private let ids: IDSource
  let export: RunExport
  let reader: ExportReader
  let header: ExportHeader
  let kind: Kind
  let basis: RunBasis
  let roster: ExportRoster
  /// What a person lets pass, by guard name.
  let lets: [String: Int]
  let notify: @Sendable (JobProgress) -> Void

  init(
    job: Job, store: StateStore, file: String, exportName: String?, lets: [String: Int],
    notify: @escaping @Sendable (JobProgress) -> Void
  ) throws(JobFailure) {
    self.job = job
    self.store = store
    self.lets = lets
    ids = IDSource(store)
    self.notify = notify
    let book = try JobFailure.storing { () throws(StoreFailure) in try store.bookkeeping() }
    roster = try ExportRoster(
      job.policy.exports, book: book, resolve: { job.settings.resolve($0, in: job.policy) })
    basis = try RunBasis(job.policy, store, roster: roster)
    let exports = job.policy.exports
    let candidates: [(RunExport, Kind)] =
      zip(roster.people, exports.people).map { ($0, .people($1.mapping)) }
      + zip(roster.memberships, exports.memberships).map { ($0, .memberships($1)) }
      + zip(roster.teams, exports.teams).map { ($0, .teams($1.mapping)) }
    if let exportName, !candidates.contains(where: { $0.0.settings.name == exportName }) {
      throw .usage("The policy has no export called \(exportName).")
    }
    var refusals: [String] = []
    var fitting: [Fit] = []
    for (export, kind) in candidates {
      guard exportName == nil || export.settings.name == exportName else { continue }
      let here = export.reading([file])
      do {
        guard let reader = try here.reader(jobs: job.settings.jobs) else { continue }
        let header = try reader.header()
        guard let share = try Self.share(of: kind, in: header, file, basis) else { continue }
        fitting.append(
          Fit(export: here, reader: reader, header: header, kind: kind, share: share))
      } catch let failure as ReadFailure {
        refusals.append(failure.message)
      } catch let JobFailure.unreadable(sentences) {
        refusals += sentences
      } catch {
        refusals.append("\(error)")
      }
    }
    guard let best = fitting.first(where: \.isGood) ?? fitting.max(by: { $0.share < $1.share })
    else {
      throw .unreadable(
        refusals.isEmpty
          ? ["\(file): its columns fit no export of the policy; name one with --export."]
          : refusals)
    }
    export = best.export
    reader = best.reader
    header = best.header
    kind = best.kind
  }

  /// An export that the file may be of.
  private struct Fit {
    let export: RunExport
    let reader: ExportReader
    let header: ExportHeader
    let kind: Kind
    /// How much of what the policy wants of the export the file has, 0 to 1.
    let share: Double

    /// A file of memberships names people, too, but has little else of them.
    var isGood: Bool { share >= 0.5 }
  }

  /// Nil when the file lacks what the export cannot do without.
  private static func share(
    of kind: Kind, in header: ExportHeader, _ file: String, _ basis: RunBasis
  ) throws -> Double? {
    switch kind {
    case .people(let rules):
      return try share(of: rules, needing: .userName, basis.memberAttributes, header, file)
    case .teams(let rules):
      return try share(of: rules, needing: .displayName, basis.teamAttributes, header, file)
    case .memberships(let memberships):
      guard case .reference(let team) = memberships.team,
        try ColumnRules.column(team.columns, in: header, file: file) != nil,
        try ColumnRules.column(memberships.member.columns, in: header, file: file) != nil
      else { return nil }
      return 1
    }
  }

  private static func share(
    of rules: [MappingRule], needing path: AttributePath, _ attributes: AttributeSet,
    _ header: ExportHeader, _ file: String
  ) throws -> Double? {
    let columns = try ColumnRules(rules, header: header, attributes: attributes, file: file, now: 0)
    guard columns.gives(path, attributes) else { return nil }
    let wanted = rules.count { !$0.isConstant }
    return Double(columns.columns.count) / Double(max(wanted, 1))
  }

  // MARK: - The plan

  func plan() async throws(JobFailure) -> Plan {
    notify(JobProgress(.reading(export: export.settings.name)))
    do {
      let plan =
        switch kind {
        case .people(let rules): try await planPeople(rules)
        case .teams(let rules): try await planTeams(rules)
        case .memberships(let memberships): try await planMemberships(memberships)
        }
      try ids.check()
      return plan
    } catch {
      throw JobFailure(reading: error)
    }
  }

  private func planPeople(_ rules: [MappingRule]) async throws -> Plan {
    let columns = try ColumnRules(
      rules, header: header, attributes: basis.memberAttributes, file: export.files[0],
      now: job.now)
    var source = PeopleStage.Source(
      export: export, reader: reader,
      mapping: RecordMapping(
        rules: columns.rules, fingerprinter: basis.fingerprinter, keyHasher: basis.keyHasher),
      columns: columns, marker: nil,
      named: UnknownColumns.Export(mapping: rules, header: header), scope: nil)
    let members = try await store.members(basis.index, threads: job.settings.jobs)
    let index = MemberIndex(
      members: members, keys: basis.memberKeys, matchCount: basis.matchCount)
    let known = try memberIDs(members)
    source.references = ReferenceColumns(
      rules, columns.rules, ids: known, attributes: basis.memberAttributes,
      keys: basis.memberKeys, hasher: basis.keyHasher)
    var stage = PeopleStage(index: index, keyHasher: basis.keyHasher, ids: known)
    // Every record is looked at: who owns a member has no part in this.
    let column = FingerprintColumns.Column(
      fingerprints: members.fingerprints, remainders: .none)
    try await stage.read(source, source.reading(), comparedWith: column, merging: true)
    var run = RunFacts(roster: roster)
    run.findings.append(contentsOf: stage.findings.findings)
    let seats = index.candidateSeats(of: stage.open)
    let values = try await store.values(
      ofMembers: seats.map { members.ordinals[$0] }, of: basis.memberAttributes)
    var details = SeatDetails()
    for (seat, value) in zip(seats, values) {
      details.insert(id: value.id, image: value.image, at: seat)
    }
    let pairing = Pairing(
      stage.open, attendance: stage.attendance, index: index, details: details)
    // In the order of their keys, so that the order of rows decides no choice.
    let joiners = pairing.joiners.filter { pairing.conflicts[$0.number] == nil }
      .map { (key: sourceKey($0), record: $0) }
      .sorted { $0.key.lexicographicallyPrecedes($1.key) }
    var choice = InitialChoice(index: index, keyHasher: basis.keyHasher)
    let drafts =
      joiners.enumerated().compactMap { place, joiner in
        newcomer(
          joiner.record, joiner.key,
          choice.image(of: joiner.record, stage.initialValues[joiner.record.number] ?? []),
          seat: members.count + place)
      }
      + pairing.pairs.compactMap { update($0, details) }
    run.lines = stage.lines
    let operations = operations(drafts, stage, details, &run)
    return assemble(
      operations: operations, findings: run.findings, summary: stage.summaries[export.number],
      verdicts: try verdicts(on: operations.map(\.0), members))
  }

  /// What a record is known by, ASCII case aside.
  private func sourceKey(_ record: OpenRecord) -> [UInt8] {
    let key = basis.rules.memberKeys.lazy.compactMap { record.image[$0.id] }.first { !$0.isEmpty }
    return MatchKeyText.folded(key ?? [])
  }

  private func newcomer(
    _ record: OpenRecord, _ key: [UInt8], _ image: AttributeImage, seat: Int
  ) -> MemberDraft? {
    guard let name = basis.memberAttributes.id(of: .userName).flatMap({ image.text($0) })
    else { return nil }
    let id = newID(.member, key)
    return MemberDraft(
      subject: SubjectRef(id: id, name: name), seat: seat, step: .create(image),
      situation: .joiner, classes: [], rule: "refresh", records: [record.number],
      newOwners: [])
  }

  private func update(_ pair: Pairing.Pair, _ details: SeatDetails) -> MemberDraft? {
    let set = basis.memberAttributes
    let before = details[pair.seat]
    let changes: [AttributeChange] = pair.record.image.entries.compactMap { entry in
      let after = pair.record.image.bytes[entry.range]
      guard !after.elementsEqual(before[entry.id] ?? []) else { return nil }
      return AttributeChange(
        attribute: set[entry.id], before: before.text(entry.id),
        after: after.isEmpty ? nil : String(decoding: after, as: UTF8.self))
    }
    guard let id = details.id(of: pair.seat) else { return nil }
    let name = set.id(of: .userName).flatMap { before.text($0) } ?? id.description
    return MemberDraft(
      subject: SubjectRef(id: id, name: name), seat: pair.seat, step: .update(changes),
      situation: .differs, classes: [], rule: "refresh", records: [pair.record.number],
      newOwners: [])
  }

  private func planTeams(_ rules: [MappingRule]) async throws -> Plan {
    let columns = try ColumnRules(
      rules, header: header, attributes: basis.teamAttributes, file: export.files[0],
      now: job.now)
    let mapping = RecordMapping(
      rules: columns.rules, fingerprinter: basis.teamFingerprinter,
      keyHasher: KeyHasher(keys: basis.teamKeys, secret: store.secret(.fingerprints)))
    var images: [AttributeImage] = []
    let summary = try await reader.read { batch in
      (0..<batch.count).map { mapping.image(of: $0, in: batch) }
    } collect: { rows, _ in
      images += rows
    }
    let known = Set(
      try store.teams().flatMap { keys(of: $0.resource.document.image(of: basis.teamAttributes)) })
    var findings = FindingLog()
    findings.append(contentsOf: summary.findings)
    var seen: Set<[UInt8]> = []
    let operations: [(Operation, String?)] = images.compactMap { image in
      let keys = keys(of: image)
      guard let first = keys.first, known.isDisjoint(with: keys), seen.insert(first).inserted,
        let name = basis.teamAttributes.id(of: .displayName).flatMap({ image.text($0) })
      else { return nil }
      return (
        Operation(
          subject: SubjectRef(id: newID(.team, first), name: name), action: .createTeam(image),
          situation: .unmanaged, classes: [], rule: "refresh"), nil
      )
    }
    return assemble(operations: operations, findings: findings, summary: summary)
  }

  private func keys(of image: AttributeImage) -> [[UInt8]] {
    basis.teamKeys.compactMap { image[$0.id] }.filter { !$0.isEmpty }
      .map { MatchKeyText.folded($0) }
  }

  private func newID(_ kind: ResourceID.Kind, _ sourceKey: [UInt8]) -> ResourceID {
    ids.id(kind, export: export.settings.name, sourceKey: sourceKey)
  }

  func assemble(
    operations: [(Operation, String?)], findings: FindingLog, summary: ReadSummary?,
    verdicts: [GuardVerdict] = []
  ) -> Plan {
    let sorted = operations.sorted { left, right in
      left.0.kind != right.0.kind ? left.0.kind < right.0.kind : left.0.subject < right.0.subject
    }
    return Plan(
      decisions: Decisions(
        memberAttributes: basis.memberAttributes, teamAttributes: basis.teamAttributes,
        operations: sorted.map(\.0), holds: [], situations: [.unmanaged: sorted.count],
        lowerBound: sorted.count),
      evidence: Evidence(
        toolVersion: RollcallVersion.text, now: job.now, policyDigest: job.policy.digest,
        lineage: store.identity.lineage, journalHead: store.identity.journalHead,
        inputs: summary?.inputs(of: export.settings) ?? [],
        health: [], verdicts: verdicts,
        grounds: sorted.enumerated().map {
          Evidence.Grounds(operation: $0, origins: [], stateBefore: $1.1)
        },
        findings: findings.findings, bookkeeping: Bookkeeping(), redacted: job.policy.redacted))
  }
}

extension ColumnRules {
  /// Whether some column gives the attribute.
  func gives(_ path: AttributePath, _ set: AttributeSet) -> Bool {
    set.id(of: path).map { columns[$0] != nil } ?? false
  }
}
