import Identity
package import PlanFile

/// Two tables for spreadsheets and scripts: `operations.csv` and `findings.csv`.
///
/// RFC 4180 with CRLF, every field quoted, UTF-8 with a byte order mark (spreadsheets take it for
/// Windows-1252 otherwise). Values that a spreadsheet would compute have a `'` before them; see
/// `SpreadsheetCell` for how to get the exact value back. An absent value and an empty one are both an
/// empty cell; the JSON report tells them apart.
package struct CSVReport: Sendable {
  package init() {}

  /// One row per operation and attribute that changes; operations without such changes have one row.
  package func writeOperations<Failure: Error>(
    of source: ReportSource, to output: ([UInt8]) throws(Failure) -> Void
  ) throws(Failure) {
    let decisions = source.plan.decisions
    let grounds = GroundsIndex(source.plan)
    try ReportStream.run(to: output) { (stream) throws(Failure) in
      try stream.append("\u{feff}")
      try stream.append { Self.write(Self.operationColumns, to: &$0) }
      for (index, operation) in decisions.operations.enumerated() {
        let head = Self.head(of: operation, number: index + 1)
        let tail = Self.tail(of: operation, origins: grounds.origins(index))
        let changes = operation.changes(in: decisions)
        if changes.isEmpty {
          try stream.append { Self.write(head + ["", "", ""] + tail, to: &$0) }
        }
        for change in changes {
          let values = [
            change.attribute.path.description, change.before ?? "", change.after ?? "",
          ]
          try stream.append { Self.write(head + values + tail, to: &$0) }
        }
      }
    }
  }

  /// One row per finding, severest first.
  package func writeFindings<Failure: Error>(
    of source: ReportSource, to output: ([UInt8]) throws(Failure) -> Void
  ) throws(Failure) {
    let overview = Overview(source.plan)
    try ReportStream.run(to: output) { (stream) throws(Failure) in
      try stream.append("\u{feff}")
      try stream.append { Self.write(Self.findingColumns, to: &$0) }
      for finding in overview.findingGroups.lazy.flatMap(\.findings) {
        let origin = finding.origin
        let row = [
          finding.severity.rawValue, finding.code, finding.message, origin?.export ?? "",
          origin?.file ?? "", origin.map { String($0.line) } ?? "", String(finding.repeats),
        ]
        try stream.append { Self.write(row, to: &$0) }
      }
    }
  }

  static let operationColumns = [
    "operation", "kind", "subject", "subject_id", "member", "member_id", "attribute", "before",
    "after", "situation", "classes", "rule", "origins",
  ]
  static let findingColumns = [
    "severity", "code", "message", "export", "file", "line", "repeats",
  ]

  private static func head(of operation: Operation, number: Int) -> [String] {
    let member = operation.edgeMember
    return [
      String(number), operation.kind.rawValue, operation.subject.name,
      operation.subject.id.description, member?.name ?? "", member?.id.description ?? "",
    ]
  }

  private static func tail(of operation: Operation, origins: [RecordOrigin]) -> [String] {
    [
      operation.situation.rawValue, operation.classes.names.joined(separator: " "),
      operation.rule, origins.map(\.place).joined(separator: "; "),
    ]
  }

  private static func write(_ row: [String], to out: inout [UInt8]) {
    for (index, value) in row.enumerated() {
      if index > 0 { out.append(UInt8(ascii: ",")) }
      SpreadsheetCell(value).write(to: &out)
    }
    out.append(contentsOf: [0x0D, 0x0A])
  }
}
