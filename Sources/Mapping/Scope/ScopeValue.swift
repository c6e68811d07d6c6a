package import Identity

/// One value of a column as a filter sees it.
///
/// ```
/// "department": "Sales"       Sales
/// "accountEnabled": true      True, as Entra writes it; equal to any spelling of the word
/// ```
package struct ScopeValue: Sendable, Hashable {
  package let bytes: [UInt8]
  /// Whether it is `true` or `false` of JSON, and no text.
  package let isTruth: Bool

  package init(_ bytes: [UInt8], isTruth: Bool = false) {
    self.bytes = bytes
    self.isTruth = isTruth
  }
}

extension RecordBatch {
  /// All values of a cell, none for an empty one; nil where one is a type name, so that nothing is known of it.
  package func scopeValues(row: Int, column: Int) -> [ScopeValue]? {
    let first = cell(row: row, column: column)
    guard !first.isEmpty || !many.isEmpty else { return [] }
    var values: [ScopeValue] = []
    for cell in CollectionOfOne(first) + furtherValues(row: row, column: column)
    where !cell.isEmpty {
      if let truth = truth(of: cell) {
        values.append(ScopeValue(Array((truth ? "True" : "False").utf8), isTruth: true))
      } else {
        let value = Array(bytes[cell.range])
        if LostValue.typeName(in: value.span) != nil { return nil }
        values.append(ScopeValue(value))
      }
    }
    return values
  }
}
