// For people: `+` created, `-` removed, `~` changed with what was and what is.

extension TableChanges.Page {
  mutating func beginText(_ changes: TableChanges) {
    addNames("Only in the old file: ", changes.onlyInOld)
    addNames("Only in the new file: ", changes.onlyInNew)
  }

  mutating func addText(_ row: TableChanges.Row, of changes: TableChanges) {
    switch row {
    case .created: add("+ ")
    case .removed: add("- ")
    case .changed: add("~ ")
    }
    for (index, value) in changes.key(of: row).enumerated() {
      if index > 0 { add(", ") }
      addShown(value)
    }
    add("\n")
    guard case .changed(let old, let new, let columns) = row else { return }
    for column in columns {
      let change = changes.change(oldRow: old, newRow: new, column: column)
      add("    ")
      addShown(Array(changes.columns[column].utf8))
      add(": ")
      addValue(change.old)
      add(" → ")
      addValue(change.new)
      add("\n")
    }
  }

  mutating func endText(_ changes: TableChanges) {
    add("\(changes.createdCount) created, \(changes.changedCount) changed, ")
    add("\(changes.removedCount) removed, \(changes.unchangedCount) unchanged")
    if changes.heldCount > 0 { add(", \(changes.heldCount) keys not compared") }
    add(".\n")
    if !changes.removalsAreCertain, changes.removedCount > 0 {
      add("Some records of the new file could not be read; a removed row may be one of them.\n")
    }
  }

  private mutating func addNames(_ label: String, _ names: [String]) {
    if names.isEmpty { return }
    add(label)
    for (index, name) in names.enumerated() {
      if index > 0 { add(", ") }
      addShown(Array(name.utf8))
    }
    add("\n")
  }

  private mutating func addValue(_ value: [UInt8]) {
    if value.isEmpty { add("(empty)") } else { addShown(value) }
  }

  /// Adds text so that it cannot steer a terminal or turn itself around.
  ///
  /// `a␛[2J` becomes `a\u{1B}[2J`.
  mutating func addShown(_ value: [UInt8]) {
    if value.allSatisfy({ (0x20...0x7E).contains($0) }) {
      bytes.append(contentsOf: value)
      return
    }
    for scalar in String(decoding: value, as: UTF8.self).unicodeScalars {
      switch scalar {
      case "\n": add("\\n")
      case "\r": add("\\r")
      case "\t": add("\\t")
      case _ where Self.isHidden(scalar):
        add("\\u{\(String(scalar.value, radix: 16, uppercase: true))}")
      default: bytes.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
      }
    }
  }

  /// Control characters, line separators, what nobody sees (the soft hyphen), and all that changes the direction of
  /// text (UAX #9).
  private static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.isASCII { return scalar.value < 0x20 || scalar.value == 0x7F }
    if scalar.properties.isDefaultIgnorableCodePoint { return true }
    return switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator: true
    default: false
    }
  }
}
