import Identity
import Matching
import Planning
import Reading
import Scanning

/// The beginnings of the membership exports, read while it is decided about members and teams.
///
/// ```
/// deciding        members ─────────────────── teams ──► its seats are known
/// another core    group-members.csv │ scan, hash names │ scan, hash names │ …
/// ```
///
/// What names stand for is known only afterwards; where they stand, and their hashes, before. A file that cannot be
/// read, or has other columns, is left to the reading that tells so. Nothing that comes out depends on it.
final class MembershipsAhead: Sendable {
  typealias Reading = ExportReading<MembershipStage.HashedRows>

  /// An export whose reading has begun.
  struct Begun: Sendable {
    let reader: ExportReader
    /// Its columns; blocks of a file that has others since count for nothing.
    let names: [String]
    let reading: Reading
    var beginning = Reading.Beginning()
  }

  /// Blocks that may have to be kept until everybody is known, of all exports.
  private static let blocks = 28

  private let deciding = Ongoing()
  private let begun: Task<[Int: Begun], Never>

  /// Begins to read exports, by their places; as many blocks as fit, as long as nobody has asked for them.
  init(_ exports: [Int: Begun]) {
    let deciding = deciding
    begun = Task {
      var begun = exports
      var left = Self.blocks
      for (place, export) in exports.sorted(by: { $0.key < $1.key }) {
        let beginning = await export.reading.ahead(atMost: left) { deciding.isOngoing }
        left -= beginning.blockCount
        begun[place]?.beginning = beginning
      }
      return begun
    }
  }

  deinit { deciding.end() }

  /// What has been read, when it is wanted; nothing more is begun.
  func take() async -> [Int: Begun] {
    deciding.end()
    return await begun.value
  }
}

extension Reconciliation {
  /// Begins to read the exports of memberships that are tables.
  ///
  /// Whoever allows one core gets one thing after the other, and memberships that scopes go by have been read before.
  func membershipsAhead() async -> MembershipsAhead {
    guard settings.jobs != 1, !policy.asksForAssignment else { return MembershipsAhead([:]) }
    // What files are called after teams mean is told later.
    let nobody = TeamDirectory(
      [], renamed: [:], keys: policy.exports.memberships.map { _ in AttributeID(0) })
    var begun: [Int: MembershipsAhead.Begun] = [:]
    for (place, (export, settings)) in zip(roster.memberships, policy.exports.memberships)
      .enumerated()
    {
      guard !export.files.contains("-"),
        let format = try? export.reader(jobs: 1)?.detectedFormat(), format == .csv,
        let source = try? await source(export, settings, place: place, nobody),
        let reading = try? source.reading(by: basis.keyHasher)
      else { continue }
      begun[place] = MembershipsAhead.Begun(
        reader: source.reader, names: source.header.names, reading: reading)
    }
    return MembershipsAhead(begun)
  }
}
