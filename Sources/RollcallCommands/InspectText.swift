import Identity
import Reading
import Reconciling
import Reporting
import Scanning

/// What `inspect` prints, for people and for programs.
///
/// ```
/// users.json
///   json, UTF-8, preset entra, people
///   3 records in 1 file
///
///   column             filled   different   examples
///   id                  100 %           3   4f1c…, 9be0…    could be a key
///   mail                 66 %           2   ann@contoso.com
/// ```
struct InspectText {
  let style: Style
  /// Nothing that stands in a record is shown.
  let hidesValues: Bool

  func page(for export: InspectedExport) -> String {
    let content = export.content
    let teams =
      switch export.groupCount ?? 0 {
      case 0: ""
      case 1: " and 1 team"
      case let count: " and \(count) teams"
      }
    let kinds = export.kind.map { $0.rawValue + teams }
    let seems = [export.isDelta ? "delta" : nil, kinds].compactMap(\.self)
      .joined(separator: " of ")
    var text = style(.heading, "\(VisibleText(export.path))") + "\n"
    text += "  \(content.format.rawValue), \(content.encoding.rawValue)"
    text += export.preset == .none ? ", no preset fits" : ", preset \(export.preset.rawValue)"
    text += (seems.isEmpty ? "" : ", \(seems)") + "\n"
    text += "  \(content.recordCount) record\(content.recordCount == 1 ? "" : "s") in "
    text += "\(content.files.count) file\(content.files.count == 1 ? "" : "s")"
    text += content.quarantinedCount == 0 ? "\n" : ", \(content.quarantinedCount) set aside\n"
    if !content.endedProperly { text += "  \(style(.bad, "not whole: nobody could be removed"))\n" }
    text += table(of: content)
    for finding in content.findings { text += line(for: finding) }
    return text
  }

  private func table(of content: Inspection) -> String {
    guard !content.columns.isEmpty else { return "" }
    let keys = Set(content.keyCandidates.map(\.name))
    let names = content.columns.map { "\(VisibleText($0.name))" }
    let width = max(names.map(\.count).max() ?? 0, "column".count)
    var text =
      "\n  " + style(.quiet, padded("column", width) + "  filled  different  examples") + "\n"
    for (column, name) in zip(content.columns, names) {
      text += "  \(padded(name, width))  \(share(column, of: content.recordCount))"
      text += "  " + padded((column.isExact ? "" : "~") + "\(column.distinct)", 9, before: true)
      if !hidesValues, !column.examples.isEmpty {
        text += "  \(VisibleText(column.examples.joined(separator: ", ")))"
      }
      if column.isSecret, column.filled > 0 { text += "  " + style(.quiet, "not shown") }
      if column.several > 0 { text += "  " + style(.changed, "several values") }
      if keys.contains(column.name) { text += "  " + style(.good, "could be a key") }
      text += "\n"
    }
    if content.leftOutColumns > 0 {
      text +=
        "  " + style(.quiet, "and \(content.leftOutColumns) more columns, which were not counted")
      text += "\n"
    }
    return text
  }

  private func share(_ column: Inspection.Column, of count: Int) -> String {
    let percent = count == 0 ? 0 : column.filled * 100 / count
    return padded("\(percent) %", 6, before: true)
  }

  private func padded(_ text: String, _ width: Int, before: Bool = false) -> String {
    let blanks = String(repeating: " ", count: max(0, width - text.count))
    return before ? blanks + text : text + blanks
  }

  private func line(for finding: Finding) -> String {
    // The sentence of a finding may quote the record.
    let message = hidesValues ? finding.code : finding.message
    let tone: Style.Tone = finding.severity == .note ? .quiet : .changed
    let place = finding.origin.map { "\($0.place): " } ?? ""
    let more = finding.repeats == 0 ? "" : " (and \(finding.repeats) more)"
    return "  \(style(tone, finding.severity.rawValue)) \(VisibleText(place + message + more))\n"
  }

  /// The document of `--output json`: `{"schema":"rollcall.inspect/1","exports":[…]}`.
  static func json(for exports: [InspectedExport], hidesValues: Bool) -> JSONValue {
    .object([
      "schema": .string("rollcall.inspect/1"),
      "exports": .array(exports.map { $0.json(hidesValues: hidesValues) }),
    ])
  }
}

extension InspectedExport {
  fileprivate func json(hidesValues: Bool) -> JSONValue {
    .object([
      "path": .string(path), "format": .string(content.format.rawValue),
      "encoding": .string(content.encoding.rawValue), "preset": .string(preset.rawValue),
      "kind": kind.map { .string($0.rawValue) } ?? .null,
      "teams": groupCount.map { .number("\($0)") } ?? .null, "delta": .bool(isDelta),
      "files": .array(content.files.map { .string($0.path) }),
      "records": .number("\(content.recordCount)"),
      "quarantined": .number("\(content.quarantinedCount)"), "whole": .bool(content.endedProperly),
      "columns": .array(content.columns.map { $0.json(hidesValues: hidesValues) }),
      "leftOutColumns": .number("\(content.leftOutColumns)"),
      "keyCandidates": .array(content.keyCandidates.map { .string($0.name) }),
      "findings": .array(
        content.findings.map { finding in
          .object([
            "severity": .string(finding.severity.rawValue), "code": .string(finding.code),
            "message": .string(hidesValues ? finding.code : finding.message),
            "place": finding.origin.map { .string($0.place) } ?? .null,
            "repeats": .number("\(finding.repeats)"),
          ])
        }),
    ])
  }
}

extension Inspection.Column {
  fileprivate func json(hidesValues: Bool) -> JSONValue {
    .object([
      "name": .string(name), "present": .number("\(present)"), "filled": .number("\(filled)"),
      "several": .number("\(several)"), "distinct": .number("\(distinct)"),
      "exact": .bool(isExact), "unique": .bool(isUnique),
      "secret": .bool(isSecret),
      "examples": .array(hidesValues ? [] : examples.map { .string($0) }),
    ])
  }
}
