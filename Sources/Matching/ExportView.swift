package import Identity
import Scanning

/// What is particular to one export when its records are probed: by seat, all that settles a record.
package struct ExportView: Sendable {
  /// The export's number among the exports of this run.
  package let export: Int
  /// As the export's records are compared with them.
  let fingerprints: [Fingerprint]
  /// What a fingerprint may have more than its record.
  let remainders: Remainders
  /// Whether an equal fingerprint means that there is nothing to do.
  let maySettle: [Bool]

  /// Asks for what `settles` will look at.
  @inline(__always)
  func prefetch(_ seat: Int) { fingerprints.span.prefetch(seat) }

  /// Whether a record that one of its keys has led to this member is the member, with nothing to change.
  ///
  /// A fingerprint covers the match keys, so an equal one proves that their values are the same, too.
  @inline(__always)
  func settles(_ seat: Int, _ print: Fingerprint) -> Bool {
    remainders.explain(fingerprints[seat] &- print) && maySettle[seat]
  }
}

extension MemberIndex {
  /// What `probe` wants to know of every seat, for one export.
  ///
  /// A member we made leave is not *same* unless the record itself says that it is inactive; nor is one who shares
  /// its first key with another.
  package func view(
    export: Int, owner: ExportSet, fingerprints: [Fingerprint], remainders: Remainders = .none,
    statesActive: Bool
  ) -> ExportView {
    // Bits are compared here: a million calls take longer.
    let bits = owner.rawValue
    var maySettle = members.owners.map { $0.rawValue & bits == bits }
    if !statesActive {
      for seat in maySettle.indices where members.standings[seat].contains(.leaver) {
        maySettle[seat] = false
      }
    }
    for seat in firstIndex.sharedSeats { maySettle[seat] = false }
    return ExportView(
      export: export, fingerprints: fingerprints, remainders: remainders, maySettle: maySettle)
  }
}
