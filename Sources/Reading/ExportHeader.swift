package import Identity
package import Scanning

/// The columns of an export: those of its first file.
package struct ExportHeader: Sendable, Hashable {
  /// What became of a search for a column.
  package enum Lookup: Sendable, Hashable {
    case found(Int)
    case missing
    /// The name stands in the header more than once, so that nobody can tell which one is meant.
    case ambiguous
  }

  /// Cleaned names in file order; an empty one belongs to a column nobody can ask for.
  package let names: [String]
  package let delimiter: UInt8
  package let encoding: TextEncoding
  /// A template of an admin center, whose rows may be examples.
  package let isTemplate: Bool
  /// Duplicate and empty names.
  package let findings: [Finding]

  /// The header of nothing.
  static let nothing = ExportHeader(
    names: [], delimiter: UInt8(ascii: ","), encoding: .utf8, isTemplate: false, findings: [])

  /// Whether there was no header at all.
  package var isEmpty: Bool { names.isEmpty }

  /// Looks a column up by its exact name, and if there is none, without regard to ASCII case.
  ///
  /// ```
  /// Mail,mail,Title        "mail" → found(1)   "title" → found(2)   "MAIL" → ambiguous
  /// ```
  package func column(named name: String) -> Lookup {
    let exact = positions { $0.utf8.elementsEqual(name.utf8) }
    if !exact.isEmpty { return lookup(exact) }
    let folded = Self.folded(name)
    return lookup(positions { Self.folded($0) == folded })
  }

  /// The names that stand in the header more than once.
  package var ambiguousNames: [String] {
    var seen: Set<[UInt8]> = []
    var listed: Set<[UInt8]> = []
    return names.filter { name in
      let bytes = Array(name.utf8)
      return !name.isEmpty && !seen.insert(bytes).inserted && listed.insert(bytes).inserted
    }
  }

  private func positions(_ isWanted: (String) -> Bool) -> [Int] {
    names.indices.filter { !names[$0].isEmpty && isWanted(names[$0]) }
  }

  private func lookup(_ positions: [Int]) -> Lookup {
    guard let first = positions.first else { return .missing }
    return positions.count == 1 ? .found(first) : .ambiguous
  }

  private static func folded(_ name: String) -> [UInt8] {
    name.utf8.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
  }
}
