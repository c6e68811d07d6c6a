// For spreadsheets: one line per created or removed row, one per changed value.

extension TableChanges.Page {
  mutating func beginCSV(_ changes: TableChanges) {
    add("change")
    for name in changes.keyColumns { addCell(Array(name.utf8)) }
    add(",column,old,new\r\n")
  }

  mutating func addCSV(_ row: TableChanges.Row, of changes: TableChanges) {
    let key = changes.key(of: row)
    guard case .changed(let old, let new, let columns) = row else {
      addLine(row.name, key, "", [], [])
      return
    }
    for column in columns {
      let change = changes.change(oldRow: old, newRow: new, column: column)
      addLine(row.name, key, changes.columns[column], change.old, change.new)
    }
  }

  private mutating func addLine(
    _ change: String, _ key: [[UInt8]], _ column: String, _ old: [UInt8], _ new: [UInt8]
  ) {
    add(change)
    for value in key { addCell(value) }
    addCell(Array(column.utf8))
    addCell(old)
    addCell(new)
    add("\r\n")
  }

  /// A comma and a cell; quoted where RFC 4180 wants it, and never a formula.
  private mutating func addCell(_ value: [UInt8]) {
    bytes.append(UInt8(ascii: ","))
    let isFormula = Self.isFormula(value)
    let isQuoted = value.contains { byte in
      byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\"") || byte < 0x20
    }
    if isQuoted { bytes.append(UInt8(ascii: "\"")) }
    if isFormula { bytes.append(UInt8(ascii: "'")) }
    for byte in value {
      if byte == UInt8(ascii: "\"") { bytes.append(byte) }
      bytes.append(byte)
    }
    if isQuoted { bytes.append(UInt8(ascii: "\"")) }
  }

  /// Whether a spreadsheet would calculate with it; the wide forms of the signs count too.
  private static func isFormula(_ value: [UInt8]) -> Bool {
    switch value.first {
    case UInt8(ascii: "="), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "@"), 0x09, 0x0D,
      0x0A, 0x00:
      true
    case 0xEF:
      ["＝", "＋", "－", "＠"].contains { value.starts(with: $0.utf8) }
    default: false
    }
  }
}
