import Identity
import Matching
import Scanning
import Storing

/// The members' fingerprints as each export can be compared with them tonight.
///
/// An export that lacks a column says nothing of that attribute. Mostly a few thousand members, evenly chosen, have all
/// values of it that there are; their digests are what a stored fingerprint may have more than its record
/// (`Remainders`). An attribute of which everybody has another value is taken out of all stored fingerprints instead,
/// which means reading every member.
struct FingerprintColumns {
  /// The fingerprints one export is compared with.
  struct Column: Sendable {
    let fingerprints: [Fingerprint]
    let remainders: Remainders
  }

  let members: CurrentMembers
  let byExport: [Column]

  private static let firstLook = 256
  private static let sampleSize = 2048
  /// By Good and Turing, as large a share of the members has a value that the sample lacks as there are values in the
  /// sample that occur once; one in five hundred is compared value by value without anybody noticing.
  private static let unseenShare = 512

  init(
    store: StateStore, basis: RunBasis, missing: [[AttributeID]], threads: Int?
  ) async throws(JobFailure) {
    let base = try await JobFailure.storing { () async throws(StoreFailure) in
      try await store.members(basis.index, threads: threads)
    }
    var columns: [[AttributeID]: Column] = [
      []: Column(fingerprints: base.fingerprints, remainders: .none)
    ]
    var byExport: [Column] = []
    for ids in missing {
      let column = try await JobFailure.storing { () async throws(StoreFailure) in
        if let known = columns[ids] { return known }
        return try await Self.column(without: ids, base, store, basis, threads: threads)
      }
      columns[ids] = column
      byExport.append(column)
    }
    members = base
    self.byExport = byExport
  }

  private static func column(
    without ids: [AttributeID], _ base: CurrentMembers, _ store: StateStore, _ basis: RunBasis,
    threads: Int?
  ) async throws(StoreFailure) -> Column {
    let remainders = try await remainders(ids, base, store, basis, threads: threads)
    if let remainders { return Column(fingerprints: base.fingerprints, remainders: remainders) }
    let reduced = try await store.members(basis.index, without: ids, threads: threads)
    return Column(fingerprints: reduced.fingerprints, remainders: .none)
  }

  /// The digests of all values of the attributes, as far as a sample can tell; nil where it cannot.
  private static func remainders(
    _ ids: [AttributeID], _ base: CurrentMembers, _ store: StateStore, _ basis: RunBasis,
    threads: Int?
  ) async throws(StoreFailure) -> Remainders? {
    let attributes = AttributeSet(ids.map { basis.memberAttributes[$0] })
    let fingerprinter = Fingerprinter(attributes: attributes, secret: store.secret(.fingerprints))
    func sums(of size: Int) async throws(StoreFailure) -> [Fingerprint: Int] {
      let step = max(1, base.count / size)
      let sample = stride(from: 0, to: base.count, by: step).map { base.ordinals[$0] }
      let values = try await store.values(ofMembers: sample, of: attributes, threads: threads)
      return values.reduce(into: [:]) { counts, member in
        counts[fingerprinter.fingerprint(of: member.image), default: 0] += 1
      }
    }
    // Mostly the attribute is one that no export has ever had.
    if try await sums(of: firstLook).keys.allSatisfy({ $0 == .zero }) { return Remainders([]) }
    let counts = try await sums(of: sampleSize)
    let single = counts.values.count { $0 == 1 }
    guard base.count < 2 * sampleSize || single * unseenShare <= sampleSize else { return nil }
    return Remainders(Array(counts.keys))
  }
}
