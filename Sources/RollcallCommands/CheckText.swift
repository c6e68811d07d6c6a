import Identity
import Reconciling
import Reporting
import Scanning

/// What `check` prints, for people and for programs.
///
/// ```
/// staff  people, full
///   users.csv
///   userName                ← userPrincipalName
///   no column for: title
///   columns not used: fax
///   removes only if: SHA256SUMS agrees
///   ERROR  …
/// ```
struct CheckText {
  let style: Style

  func page(for report: CheckReport, policy: String) -> String {
    let verdict =
      report.isGood
      ? style(.good, "\(VisibleText(policy)) is valid, and every export can be read.")
      : style(.bad, "\(VisibleText(policy)) is valid, but not every export can be read.")
    let notes = report.notes.map { "  \(style(.changed, "note")) \(VisibleText($0))\n" }
    return verdict + "\n" + notes.joined() + report.exports.map(section).joined()
  }

  private func section(for export: CheckReport.Export) -> String {
    var text =
      "\n\(style(.heading, "\(VisibleText(export.name))"))  \(export.kind), \(export.content)\n"
    for file in export.files { text += "  \(VisibleText(file))\n" }
    let width = export.mapped.map(\.attribute.count).max() ?? 0
    for (attribute, source) in export.mapped {
      let blanks = String(repeating: " ", count: width - attribute.count)
      text += "    \(VisibleText(attribute))\(blanks)  ← \(VisibleText(source.onOneLine))\n"
    }
    text += list("no column for", export.unmapped, .changed)
    text += list("columns not used", export.unusedColumns, .quiet)
    for clause in export.trust {
      text += style(.quiet, "  removes only if: \(VisibleText(clause))") + "\n"
    }
    for finding in export.findings {
      let tone: Style.Tone = finding.severity == .note ? .quiet : .changed
      let place = finding.origin.map { "\($0.place): " } ?? ""
      text +=
        "  \(style(tone, finding.severity.rawValue)) \(VisibleText(place + finding.message))\n"
    }
    for error in export.errors { text += "  \(style(.bad, "ERROR")) \(VisibleText(error))\n" }
    return text
  }

  private func list(_ label: String, _ names: [String], _ tone: Style.Tone) -> String {
    guard !names.isEmpty else { return "" }
    return style(tone, "  \(label): \(VisibleText(names.joined(separator: ", ")))") + "\n"
  }
}

extension CheckReport {
  /// The document of `--output json`: `{"schema":"rollcall.check/1","good":true,…}`.
  var json: JSONValue {
    .object([
      "schema": .string("rollcall.check/1"), "good": .bool(isGood),
      "notes": .array(notes.map { .string($0) }), "exports": .array(exports.map(\.json)),
    ])
  }
}

extension CheckReport.Export {
  fileprivate var json: JSONValue {
    func texts(_ values: [String]) -> JSONValue { .array(values.map { .string($0) }) }
    return .object([
      "name": .string(name), "kind": .string(kind), "content": .string(content),
      "files": texts(files),
      "mapped": .array(
        mapped.map { pair in
          .object(["attribute": .string(pair.attribute), "source": .string(pair.source)])
        }),
      "unmapped": texts(unmapped), "unusedColumns": texts(unusedColumns),
      "trust": texts(trust),
      "findings": .array(
        findings.map { finding in
          .object([
            "severity": .string(finding.severity.rawValue), "code": .string(finding.code),
            "message": .string(finding.message),
          ])
        }),
      "errors": texts(errors),
    ])
  }
}
