import Identity
import PlanFile

extension Plan {
  /// What it would do, in words, sorted: `update-member ann: title Buyer → Lead`.
  var operations: [String] { decisions.operations.map(\.words).sorted() }

  /// How often each finding came up, by code.
  var findings: [String: Int] {
    evidence.findings.reduce(into: [:]) { $0[$1.code, default: 0] += 1 + $1.repeats }
  }

  /// Holds as `withheld member ann`, sorted.
  var holds: [String] {
    decisions.holds.map { "\($0.situation.rawValue) \($0.subject)" }.sorted()
  }

  /// The guards that refuse it.
  var breaches: [String] {
    evidence.verdicts.filter { !$0.passed }
      .map { [$0.name, $0.scope].compactMap(\.self).joined(separator: " ") }
  }

  /// Operations that lessen access.
  var removals: [String] {
    decisions.operations.filter { $0.classes.contains(.removal) }.map(\.words).sorted()
  }

  func isReliable(_ export: String) -> Bool? {
    evidence.health.first { $0.export == export }?.isReliable
  }

  /// The bytes of the decisions, and of the whole file under one key.
  var decisionBytes: String { PlanWriter.decisionsDigest(of: decisions) }

  var bytes: [UInt8] {
    var bytes: [UInt8] = []
    _ = PlanWriter.write(self, key: [UInt8](repeating: 7, count: 32)) { (piece: [UInt8]) in
      bytes += piece
    }
    return bytes
  }
}

extension Operation {
  var words: String {
    let text = "\(kind.rawValue) \(subject.name)"
    switch action {
    case .createMember, .createTeam, .deactivateMember, .deleteMember: return text
    case .updateMember(let changes), .reactivateMember(let changes), .updateTeam(let changes):
      guard !changes.isEmpty else { return text }
      return text + ": "
        + changes.map { change in
          let name = change.attribute.path.subAttribute ?? change.attribute.path.attribute
          return "\(name) \(change.before ?? "–") → \(change.after ?? "–")"
        }.sorted().joined(separator: ", ")
    case .addMembership(let member): return text + " + " + member.name
    case .removeMembership(let member): return text + " - " + member.name
    }
  }
}
