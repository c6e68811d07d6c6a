import Identity

/// The fields that columns are taken from which ask for some elements of a list only.
///
/// ```
/// asked   column 0: emails[type eq "work"].value     column 1: organizations[primary eq true].title
///
/// "emails.value"            → column 0        whether such an element is there shows in each record
/// "organizations.title"     → column 1
/// "organizations.primary"   → column 1        what the filter looks at
/// ```
struct FilteredFields: Sendable {
  private var columns: [[UInt8]: [Int]] = [:]

  init(_ alternatives: [[String]]) {
    for (column, names) in alternatives.enumerated() {
      for name in names {
        let text = Array(name.utf8)
        guard let open = text.firstIndex(of: UInt8(ascii: "[")),
          let close = text[open...].firstIndex(of: UInt8(ascii: "]")), close > open + 2
        else { continue }
        let condition = text[(open + 1)..<close].prefix { $0 != UInt8(ascii: " ") }
        add(text[..<open] + text[(close + 1)...], column)
        add(text[..<open] + [UInt8(ascii: ".")] + condition, column)
      }
    }
  }

  private mutating func add(_ name: ArraySlice<UInt8>, _ column: Int) {
    columns[MatchKeyText.folded(Array(name)), default: []].append(column)
  }

  /// The columns that a field of this name may go to.
  func columns(of name: [UInt8]) -> [Int] {
    columns.isEmpty ? [] : columns[MatchKeyText.folded(name)] ?? []
  }
}
