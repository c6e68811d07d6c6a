import Identity
package import PlanFile
import Reporting
import Storing

extension Job {
  /// The same plan or run, with what the state knows besides: the runs before it, and where members belong.
  ///
  /// No report is refused for it: where the state cannot be read, the report says less. Members are looked
  /// up only for plans that reports show operation by operation.
  package func withBackground(_ source: ReportSource) -> ReportSource {
    var source = source
    guard SystemFiles.exists(statePath), let store = try? open(.reading) else {
      source.nameReferences()
      return source
    }
    defer { try? store.close() }
    let runs = (try? store.runs()) ?? []
    if source.run == nil { Self.noteRun(of: &source, runs, store) }
    let history = runs.filter { run in source.run.map { run.number <= $0.number } ?? true }
      .suffix(HTMLReport.runLimit)
    source.history = (try? store.withHeldCounts(Array(history))) ?? Array(history)
    source.isPast = source.run.map { $0.number < runs.last?.number ?? 0 } ?? false
    source.waits =
      runs.last.map { $0.outcome == .refused && $0.planName == source.planName } ?? false
    let decisions = source.plan.decisions
    source.nameReferences { Self.name(of: $0, in: store) }
    if decisions.memberAttributes.id(of: .department) != nil,
      decisions.operations.count <= HTMLReport.operationLimit
    {
      source.departments = Self.departments(of: decisions.operations, in: store)
    }
    return source
  }

  /// A plan that has been applied is told as the run that did it, with what its guards said then.
  private static func noteRun(
    of source: inout ReportSource, _ runs: [RunRecord], _ store: StateStore
  ) {
    let name = source.planName
    guard let run = runs.last(where: { $0.outcome == .applied && $0.planName == name }) else {
      return
    }
    source.run = run
    guard let evidence = try? store.evidence(ofRun: run.number),
      let record = try? PlanReader.read(
        evidence, named: "run \(run.number)", key: store.secret(.seal))
    else { return }
    source.plan.evidence.verdicts = record.plan.evidence.verdicts
  }

  /// The same with digests in place of values of people; the key is the state's.
  package func pseudonymous(_ source: ReportSource) throws(JobFailure) -> ReportSource {
    let store = try open(.reading)
    defer { try? store.close() }
    return source.pseudonymous(by: Pseudonyms(secret: store.secret(.seal)))
  }

  static func name(of member: ResourceID, in store: StateStore) -> String? {
    guard let ordinal = try? store.ordinal(ofMember: member) else { return nil }
    return (try? store.member(ordinal))?.resource.document.value(at: .userName)
  }

  private static func departments(
    of operations: [Operation], in store: StateStore
  ) -> [ResourceID: String] {
    var departments: [ResourceID: String] = [:]
    for operation in operations where operation.kind.isOfManagedMember {
      let id = operation.subjectID
      guard departments[id] == nil, let ordinal = try? store.ordinal(ofMember: id),
        let member = try? store.member(ordinal)
      else { continue }
      departments[id] = member.resource.document.value(at: .department)
    }
    return departments
  }
}

extension Operation.Kind {
  /// Whether its subject is a member that is there already.
  fileprivate var isOfManagedMember: Bool {
    switch self {
    case .updateMember, .reactivateMember, .deactivateMember, .deleteMember: true
    case .createMember, .createTeam, .updateTeam, .addMembership, .removeMembership: false
    }
  }
}
