/// What a line of a plan file is about, in the order in which the kinds follow each other.
///
/// ```
/// {"rollcall-plan":{"version":1,…}}      decisions: the header,
/// {"operation":{…}} …                    operations in the order of apply,
/// {"hold":{…}} …                         holds;
/// {"evidence":{…}}                       evidence: what the decisions rest on
/// {"input":{…}} … {"renamed":{…}} …
/// {"seal":{…}}                           the last line
/// ```
package enum PlanLineKind: String, Sendable, Hashable, CaseIterable {
  case header = "rollcall-plan"
  case operation
  case hold
  case evidence
  case input
  case health
  case verdict = "guard"
  case grounds
  case finding
  case absence
  case presence
  case ownership
  case baseline
  case deltaPosition = "delta"
  case awaitedReference = "awaited"
  case holdAge = "held"
  case renamedExport = "renamed"
  case seal

  var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }

  /// Whether a plan has exactly one such line, rather than any number.
  var isSingle: Bool { self == .header || self == .evidence || self == .seal }
}

extension PlanLineKind: LineWord {}
