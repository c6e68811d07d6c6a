import Identity

/// Which columns a field goes to.
///
/// ```
/// asked   column 0: mail     column 1: id, or objectId where a record has no id     column 2: phones[1]
///
/// "mail"      → column 0, rank 0
/// "Mail"      → column 0, rank 1        spelt otherwise: taken where nothing is spelt so
/// "objectId"  → column 1, rank 2
/// "phones"    → column 2, rank 0, of several values only the first
/// ```
struct FieldTable: Sendable {
  /// A column and how well the field fits it: of the values of one record, the lowest rank stays.
  struct Target: Sendable, Hashable {
    let column: Int
    let rank: UInt8
    /// Whether it wants the first of several values and no other, in the order of the export.
    var isFirst = false
  }

  let columnCount: Int
  /// What was asked for, by column.
  let alternatives: [[String]]
  private let targets: [[UInt8]: [(name: [UInt8], target: Target)]]

  init(_ alternatives: [[String]]) {
    self.alternatives = alternatives
    columnCount = alternatives.count
    var targets: [[UInt8]: [(name: [UInt8], target: Target)]] = [:]
    for (column, names) in alternatives.enumerated() {
      for (place, name) in names.prefix(Self.mostAlternatives).enumerated() {
        let (field, isFirst) = Self.field(asked: name)
        let bytes = Array(field.utf8)
        targets[MatchKeyText.folded(bytes), default: []].append(
          (bytes, Target(column: column, rank: UInt8(place * 2), isFirst: isFirst)))
      }
    }
    self.targets = targets
  }

  /// The field that is asked for by `mail` or `mail[1]`, and whether only its first value is.
  static func field(asked name: String) -> (name: Substring, isFirst: Bool) {
    let isFirst = name.hasSuffix("[1]") && name != "[1]"
    return (isFirst ? name.dropLast(3) : name[...], isFirst)
  }

  /// What fits into a rank.
  static let mostAlternatives = 120

  /// The columns that a field of this name goes to; none for one nobody asked for.
  func targets(of name: some Sequence<UInt8>) -> [Target] {
    let bytes = Array(name)
    guard let found = targets[MatchKeyText.folded(bytes)] else { return [] }
    return found.map { known in
      Target(
        column: known.target.column, rank: known.target.rank + (known.name == bytes ? 0 : 1),
        isFirst: known.target.isFirst)
    }
  }
}
