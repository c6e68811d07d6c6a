import PlanFile

/// Which operations a refusal is about: those that the guards count which did not pass.
///
/// ```
/// Breaches(plan.evidence.verdicts).includes(operation)   // one of the 240 removals of “removals: 240 of 25,000”
/// ```
struct Breaches: Sendable {
  private let names: Set<GuardName>
  /// Teams that lose too many, by the bytes of their names, which Swift's `==` would not tell apart.
  private let teams: Set<[UInt8]>

  init(_ verdicts: [GuardVerdict]) {
    let refused = verdicts.filter { !$0.passed }
    names = Set(refused.filter { $0.scope == nil }.compactMap { GuardName(rawValue: $0.name) })
    teams = Set(refused.compactMap(\.scope).map { Array($0.utf8) })
  }

  var isEmpty: Bool { names.isEmpty && teams.isEmpty }

  func includes(_ operation: Operation) -> Bool {
    if operation.kind == .removeMembership, teams.contains(Array(operation.subject.name.utf8)) {
      return true
    }
    return operation.guards.contains(where: names.contains)
  }
}
