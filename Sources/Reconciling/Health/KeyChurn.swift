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
  /// Of one export.
  private struct Count {
    var before = 0
    var gone = 0
    var unknown = 0
  }

  private var counts: [Count]
  /// The numbers of the exports that are counted, in the order of `counts`.
  private let numbers: [Int]

  /// Counts for the full exports of people among `exports`.
  init(
    _ exports: [RunExport], _ people: PeopleStage, _ pairing: Pairing, absent: Set<Int>
  ) {
    let exports = exports.filter { $0.settings.content == .full }
    numbers = exports.map(\.number)
    var counts = Array(repeating: Count(), count: exports.count)
    let members = people.index.members
    for place in exports.indices {
      let owner = exports[place].owner
      // Who was missing before is no news, and who may be in a record that cannot be read is not missing.
      func isCounted(_ seat: Int) -> Bool {
        members.standings[seat].contains(.active) && members.owners[seat].contains(owner)
      }
      counts[place].before =
        members.activeCount(ownedBy: owner) - absent.count(where: isCounted)
      counts[place].gone = pairing.unseenSeats.count {
        isCounted($0) && !absent.contains($0) && !people.shieldedSeats.contains($0)
      }
    }
    for joiner in pairing.joiners {
      guard let place = numbers.firstIndex(of: Int(joiner.number.export)) else { continue }
      counts[place].unknown += 1
    }
    self.counts = counts
  }

  /// What there is to say of one export.
  func finding(of export: Int, limits: HealthLimits) -> Finding? {
    guard let count = numbers.firstIndex(of: export).map({ counts[$0] }),
      Double(count.gone) > HealthLimits.leastRecords,
      Double(count.gone) * 100 > Double(count.before) * limits.keyChurn
    else { return nil }
    return Finding(
      .keyChurn(
        gone: count.gone, before: count.before, unknown: count.unknown,
        allowedPercent: limits.keyChurn))
  }
}

extension Reconciliation {
  /// Doubts the exports of people whose members are not those that they had.
  func judgeKeys(_ people: PeopleStage, _ pairing: Pairing, _ run: inout RunFacts) {
    let absent = Set(book.absences.keys.compactMap { people.index.members.seat(ofOrdinal: $0) })
    let churn = KeyChurn(roster.people, people, pairing, absent: absent)
    for export in roster.people where gate.baseline(of: export.settings) != nil {
      if let finding = churn.finding(of: export.number, limits: policy.health) {
        run.doubt(export, because: finding)
      }
    }
  }
}
