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
    var values: [ScopeValue] = []
    if !first.isEmpty {
      guard let value = scopeValue(of: first) else { return nil }
      values.append(value)
    }
    for cell in furtherValues(row: row, column: column) where !cell.isEmpty {
      guard let value = scopeValue(of: cell) else { return nil }
      values.append(value)
    }
    return values
  }

  private func scopeValue(of cell: Cell) -> ScopeValue? {
    if let truth = truth(of: cell) {
      return ScopeValue(Array((truth ? "True" : "False").utf8), isTruth: true)
    }
    let value = bytes.span.extracting(cell.range)
    return LostValue.typeName(in: value) == nil ? ScopeValue(Array(bytes[cell.range])) : nil
  }
}
