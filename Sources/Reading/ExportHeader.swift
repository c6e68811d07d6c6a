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
  /// What is known of the fields of an export that is no table; nil for a table.
  package internal(set) var fields: Fields?

  /// The fields of an export that is no table, as far as its beginning shows them.
  package struct Fields: Sendable, Hashable {
    /// What was asked for, by column.
    let alternatives: [[String]]
    /// Fields that nobody asked for.
    package let others: [String]
    /// The columns that some record looked at has.
    var seen: Set<Int>
    /// Whether all records were looked at.
    let isWhole: Bool
  }

  /// The header of nothing.
  static let nothing = ExportHeader(
    names: [], delimiter: UInt8(ascii: ","), encoding: .utf8, isTemplate: false, findings: [])

  /// Whether there was no header at all.
  package var isEmpty: Bool {
    guard let fields else { return names.isEmpty }
    return fields.isWhole && fields.seen.isEmpty && fields.others.isEmpty
  }

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

  /// Looks for the column of a value that may go by several names.
  ///
  /// A table has one of them for all its records; elsewhere each record has its own, and what was asked for
  /// together is one column, whether or not a record has it.
  package func column(anyOf names: [String]) -> (lookup: Lookup, name: String) {
    if let fields, let place = fields.alternatives.firstIndex(of: names) {
      return (.found(place), Self.name(ofAny: names))
    }
    for name in names {
      switch column(named: name) {
      case .found(let place): return (.found(place), self.names[place])
      case .ambiguous: return (.ambiguous, name)
      case .missing: continue
      }
    }
    return (.missing, names.first ?? "")
  }

  /// What a column is called that records have under one of these names.
  package static func name(ofAny names: [String]) -> String { names.joined(separator: " or ") }

  /// Takes note that records have a column although it does not stand in them: it is looked up for each.
  package mutating func expect(_ column: Int) {
    fields?.seen.insert(column)
  }

  /// Whether it is certain that no record has a column.
  package func lacks(_ column: Int) -> Bool {
    fields.map { $0.isWhole && !$0.seen.contains(column) } ?? false
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
