import Identity
import Matching
import PlanFile
import Planning
import Storing

/// How many of the members that an export had are not in it any more, and how many of its records are of
/// nobody known.
///
/// Matching has found that out already; here it is only counted. Keys that are suddenly written otherwise
/// make everybody a leaver and a joiner at once, in a file that is as long as ever.
struct KeyChurn {
  private(set) var before: [Int: Int] = [:]
  private(set) var gone: [Int: Int] = [:]
  private(set) var unknown: [Int: Int] = [:]

  /// Counts for the full exports of people among `exports`.
  init(
    _ exports: [RunExport], _ people: PeopleStage, _ pairing: Pairing, absent: Set<Int>
  ) {
    let exports = exports.filter { $0.settings.content == .full }
    guard !exports.isEmpty else { return }
    let members = people.index.members
    for seat in 0..<members.count where members.standings[seat].contains(.active) {
      let owners = members.owners[seat]
      // Who was missing before is no news, and who may be in a record that cannot be read is not missing.
      guard !owners.isEmpty, !absent.contains(seat) else { continue }
      let isGone = !pairing.isPresent(seat) && !people.shieldedSeats.contains(seat)
      for export in exports where owners.contains(export.owner) {
        before[export.number, default: 0] += 1
        if isGone { gone[export.number, default: 0] += 1 }
      }
    }
    for joiner in pairing.joiners { unknown[Int(joiner.record.number.export), default: 0] += 1 }
  }

  /// What there is to say of one export.
  func finding(of export: Int, limits: HealthLimits) -> Finding? {
    let (before, gone) = (before[export] ?? 0, gone[export] ?? 0)
    guard Double(gone) > HealthLimits.leastRecords,
      Double(gone) * 100 > Double(before) * limits.keyChurn
    else { return nil }
    return Finding(
      .keyChurn(
        gone: gone, before: before, unknown: unknown[export] ?? 0, allowedPercent: limits.keyChurn))
  }
}

extension Reconciliation {
  /// Doubts the exports of people whose members are not those that they had.
  func judgeKeys(_ people: PeopleStage, _ pairing: Pairing, _ run: inout RunFacts) {
    let absent = Set(book.absences.keys.compactMap { people.index.members.seat(ofOrdinal: $0) })
    let churn = KeyChurn(roster.people, people, pairing, absent: absent)
    for export in roster.people where book.baselines[export.settings.name] != nil {
      if let finding = churn.finding(of: export.number, limits: policy.health) {
        run.doubt(export, because: finding)
      }
    }
  }
}
