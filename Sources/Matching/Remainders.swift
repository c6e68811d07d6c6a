package import Identity
import Scanning

/// What may stand between the stored fingerprint of a member and that of its record, where the export lacks attributes.
///
/// ```
/// stored       h(userName: ann) + h(title: Buyer) + h(department: Sales)
/// record       h(userName: ann) + h(title: Buyer)                           no column for department
/// difference                                        h(department: Sales)    known: nothing else differs
/// ```
///
/// Fingerprints are sums, so what is left over must be the digest of a value of the missing attributes. A company has
/// few departments; all their digests together are a table that fits the cache, and no member's values need be read. A
/// difference that is not known says nothing: such a record is compared value by value.
package struct Remainders: Sendable {
  /// For exports that have every attribute.
  package static let none = Remainders([])

  private var slots: [Fingerprint]
  private let mask: Int
  private let isEmpty: Bool

  /// Takes the digests of the missing values of some members; no value at all is always known.
  package init(_ sums: some Collection<Fingerprint>) {
    var capacity = 16
    while capacity < sums.count * 2 { capacity *= 2 }
    mask = capacity - 1
    slots = Array(repeating: .zero, count: capacity)
    isEmpty = sums.allSatisfy { $0 == .zero }
    for sum in sums where sum != .zero {
      var slot = Int(truncatingIfNeeded: sum.folded) & mask
      while slots[slot] != .zero, slots[slot] != sum { slot = (slot + 1) & mask }
      slots[slot] = sum
    }
  }

  /// Whether missing attributes alone explain the difference.
  @inline(__always)
  func explain(_ difference: Fingerprint) -> Bool {
    if difference == .zero { return true }
    if isEmpty { return false }
    var slot = Int(truncatingIfNeeded: difference.folded) & mask
    while slots[slot] != .zero {
      if slots[slot] == difference { return true }
      slot = (slot + 1) & mask
    }
    return false
  }
}
