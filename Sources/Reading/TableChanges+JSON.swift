// For programs: one object, one line per row that differs.

extension TableChanges.Page {
  mutating func beginJSON(_ changes: TableChanges) {
    add("{\"format\":\"rollcall-diff\",\"version\":1,\n\"key\":")
    addArray(changes.keyColumns)
    add(",\"columns\":")
    addArray(changes.columns)
    add(",\"onlyInOld\":")
    addArray(changes.onlyInOld)
    add(",\"onlyInNew\":")
    addArray(changes.onlyInNew)
    add(",\n\"counts\":{\"created\":\(changes.createdCount),\"changed\":\(changes.changedCount),")
    add("\"removed\":\(changes.removedCount),\"unchanged\":\(changes.unchangedCount),")
    add("\"held\":\(changes.heldCount)},\"removalsAreCertain\":\(changes.removalsAreCertain),")
    add("\n\"rows\":[\n")
  }

  mutating func addJSON(_ row: TableChanges.Row, of changes: TableChanges, isLast: Bool) {
    add("{\"change\":\"\(row.name)\",\"key\":[")
    for (index, value) in changes.key(of: row).enumerated() {
      if index > 0 { add(",") }
      addString(value)
    }
    add("]")
    if case .changed(let old, let new, let columns) = row {
      add(",\"values\":[")
      for (index, column) in columns.enumerated() {
        let change = changes.change(oldRow: old, newRow: new, column: column)
        add(index == 0 ? "{\"column\":" : ",{\"column\":")
        addString(Array(changes.columns[column].utf8))
        add(",\"old\":")
        addString(change.old)
        add(",\"new\":")
        addString(change.new)
        add("}")
      }
      add("]")
    } else {
      let values = changes.values(of: row)
      addValues(values.old ?? values.new ?? [])
    }
    add(isLast ? "}\n" : "},\n")
  }

  mutating func endJSON() {
    add("]}\n")
  }

  /// All values of a row, in the order of `columns`: names may come twice.
  private mutating func addValues(_ values: [[UInt8]]) {
    add(",\"row\":[")
    for (index, value) in values.enumerated() {
      if index > 0 { add(",") }
      addString(value)
    }
    add("]")
  }

  private mutating func addArray(_ texts: [String]) {
    add("[")
    for (index, text) in texts.enumerated() {
      if index > 0 { add(",") }
      addString(Array(text.utf8))
    }
    add("]")
  }

  /// A JSON string (RFC 8259 §7).
  mutating func addString(_ value: [UInt8]) {
    bytes.append(UInt8(ascii: "\""))
    for byte in value {
      switch byte {
      case UInt8(ascii: "\""): add("\\\"")
      case UInt8(ascii: "\\"): add("\\\\")
      case 0x0A: add("\\n")
      case 0x0D: add("\\r")
      case 0x09: add("\\t")
      case 0..<0x20: add("\\u00\(byte < 0x10 ? "0" : "")\(String(byte, radix: 16))")
      default: bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }
}

extension TableChanges.Row {
  /// The word for it in output that programs read.
  package var name: String {
    switch self {
    case .created: "created"
    case .removed: "removed"
    case .changed: "changed"
    }
  }
}
