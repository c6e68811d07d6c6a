import Foundation
import Identity
import PlanFile
import Scanning
import TestSupport
import Testing

@testable import Reporting

struct JSONReportTests {
  static func bytes(_ source: ReportSource) -> [UInt8] {
    var bytes: [UInt8] = []
    JSONReport(planFile: "tonight.plan").write(source) { bytes += $0 }
    return bytes
  }

  private func document(_ source: ReportSource) throws -> JSONValue {
    try JSONParser.parse(Self.bytes(source))
  }

  @Test func theDocumentNamesItsVersionAndVerdict() throws {
    let report = try document(SamplePlan(isRefused: true).source)
    #expect(report["schema"]?.text == "rollcall.report/1")
    #expect(report["verdict"]?["kind"]?.text == "refused")
    #expect(report["verdict"]?["refusedBy"]?.elements?.map(\.text) == ["removals"])
    #expect(report["run"] == .null)
    #expect(report["counts"]?["classes"]?["removal"]?.integer == 14)
    #expect(report["counts"]?["kinds"]?["update-team"]?.integer == 1)
  }

  @Test func aRunIsToldWithItsTimes() throws {
    let run = try #require(try document(SamplePlan().appliedSource)["run"])
    #expect(run["outcome"]?.text == "applied")
    #expect(run["startedAt"]?.text == "2026-03-01T02:01:00Z")
    #expect(run["counts"]?["create-member"]?.integer == 2)
  }

  @Test func whoApprovedIsToldWithTheReason() throws {
    var source = SamplePlan().appliedSource
    source.run?.word = RunRecord.Word(by: "ann", reason: "Plant sold")
    let run = try #require(try document(source)["run"])
    #expect(run["by"]?.text == "ann")
    #expect(run["reason"]?.text == "Plant sold")
    #expect(try document(SamplePlan().appliedSource)["run"]?["by"] == .null)
  }

  @Test func countsAreTrueWhereNotAllAreNamed() throws {
    var builder = PlanBuilder()
    builder.hold("member ann", .withheld, isRemoval: true)
    builder.hold("record E1", .duplicate)
    builder.unnamedWithheld = 8_181
    let counts = try #require(try document(builder.source())["counts"])
    #expect(counts["holds"]?.integer == 8_183)
    #expect(counts["removalsWithheld"]?.integer == 8_182)
    #expect(counts["unnamedWithheld"]?.integer == 8_181)
    #expect(try document(builder.source())["holds"]?.elements?.count == 2)
    let summary = TextReportTests.summary(builder.source())
    #expect(summary.contains("Held for a person: 8,183\n"))
    #expect(summary.contains("8,182 removals withheld"))
    #expect(
      TextReportTests.listing(builder.source()).contains(
        "! 8,181 further members whose removals are withheld are not named\n"))
  }

  @Test func whoWritesManyOperationsTellsHowFarItIs() {
    var builder = PlanBuilder()
    for number in 0..<3_000 { builder.deactivate("old \(number)") }
    let source = builder.source()
    var told: [Int] = []
    JSONReport(planFile: nil).write(source, progress: { told.append($0) }) { _ in }
    #expect(told == [1024, 2048])
    for table in [CSVReport.Table.operations, .steps, .properties] {
      told = []
      CSVReport().write(table, of: source, progress: { told.append($0) }) { _ in }
      #expect(told == [0, 1024, 2048], "\(table)")
    }
  }

  /// `valuesAreExact` says that they are the same values all the same.
  @Test(arguments: HostileText.own.indices)
  func nothingInItIsUnseenOrSteersATerminal(number: Int) {
    let source = SamplePlan(isRefused: true, word: HostileText.own[number]).source
    let text = String(decoding: Self.bytes(source), as: UTF8.self)
    #expect(Unseen.count(in: text) == 0)
    #expect(text.unicodeScalars.allSatisfy { $0 == "\n" || !$0.mustBeSpelled })
  }

  @Test func lettersOfAllScriptsStandAsTheyAre() {
    let json = "{\"name\":\"Zoë Ōtani 山田 Ελένη 👩🏽 e\u{301}\"}"
    #expect(VisibleJSON.escaped(Array(json.utf8)) == Array(json.utf8))
    let hidden = "[\"\u{7f}\u{9b}\u{202e}\u{e0041}é\"]"
    #expect(
      String(decoding: VisibleJSON.escaped(Array(hidden.utf8)), as: UTF8.self)
        == #"["\u007f\u009b\u202e\udb40\udc41é"]"#)
  }

  @Test func aFindingHasItsValueExactly() throws {
    var builder = PlanBuilder()
    builder.findings.append(Finding(.unmanaged(member: "id9\u{202e}\n<b>")))
    let finding = try #require(try document(builder.source())["findings"]?.elements?.first)
    #expect(finding["message"]?.text?.contains("id9\u{202e}\n<b>") == true)
    let page = HTMLReportTests.page(builder.source())
    for shown in [page, TextReportTests.listing(builder.source())] {
      #expect(shown.contains(#"id9\u{202e}\u{a}"#))
      #expect(!shown.contains("\u{fffd}") && Unseen.count(in: shown) == 0)
    }
  }

  @Test func absentAndEmptyAreTwoThings() throws {
    var builder = PlanBuilder()
    builder.update("ann", [PlanBuilder.change(PlanBuilder.title, nil, "")])
    let change = try document(builder.source())["operations"]?.elements?[0]["changes"]?.elements?[0]
    #expect(change?["before"] == .null)
    #expect(change?["after"] == .string(""))
  }

  /// Every operation and finding, read back and compared byte by byte.
  @Test(arguments: HostileText.own.indices)
  func valuesAreExact(number: Int) throws {
    let source = SamplePlan(isRefused: true, word: HostileText.own[number]).source
    let report = try document(source)
    let decisions = source.plan.decisions
    let operations = try #require(report["operations"]?.elements)
    #expect(operations.count == decisions.operations.count)
    for (read, operation) in zip(operations, decisions.operations) {
      #expect(read["kind"]?.text == operation.kind.rawValue)
      #expect(Self.utf8(read["subject"]?["name"]) == Array(operation.subject.name.utf8))
      let changes = operation.changes(in: decisions)
      let readChanges = read["changes"]?.elements ?? []
      #expect(
        readChanges.map { Self.utf8($0["before"]) }
          == changes.map { $0.before.map { Array($0.utf8) } })
      #expect(
        readChanges.map { Self.utf8($0["after"]) }
          == changes.map { $0.after.map { Array($0.utf8) } })
    }
    let messages = (report["findings"]?.elements ?? []).map { Self.utf8($0["message"]) }
    #expect(
      Set(messages) == Set(source.plan.evidence.findings.map { Array($0.message.utf8) }))
  }

  private static func utf8(_ value: JSONValue?) -> [UInt8]? { value?.text.map { Array($0.utf8) } }

  @Test func foundationReadsItToo() throws {
    let word = HostileText.all.joined(separator: " ")
    let data = Data(Self.bytes(SamplePlan(word: word).source))
    #expect(try JSONSerialization.jsonObject(with: data) is [String: Any])
  }

  /// Independent of any validator: what the schema requires is there, and nothing it does not know.
  @Test(arguments: [
    SamplePlan().source, SamplePlan(isRefused: true).source, SamplePlan().appliedSource,
  ])
  func theStructureIsThatOfTheSchema(source: ReportSource) throws {
    let file = Repository.root.appending(path: "Reports/Schema/report-1.schema.json")
    let schema = try JSONParser.parse([UInt8](Data(contentsOf: file)))
    SchemaCheck(root: schema).check(try document(source), schema, at: "report")
  }

  @Test func theSchemaKnowsEveryWordThereIs() throws {
    let file = Repository.root.appending(path: "Reports/Schema/report-1.schema.json")
    let definitions = try #require(
      try JSONParser.parse([UInt8](Data(contentsOf: file)))["$defs"])
    func words(_ value: JSONValue?) -> Set<String> {
      Set((value?["enum"]?.elements ?? []).compactMap(\.text))
    }
    #expect(words(definitions["situation"]) == Set(Situation.allCases.map(\.rawValue)))
    let step = definitions["verdict"]?["properties"]?["next"]?["items"]?["properties"]
    #expect(words(step?["purpose"]) == Set(NextStep.Purpose.allCases.map(\.rawValue)))
  }

  @Test(.enabled(if: Python.hasJSONSchema, "python3 with jsonschema is not installed"))
  func theSchemaAcceptsEveryReport() throws {
    let sources = [
      SamplePlan().source, SamplePlan(isRefused: true).source, SamplePlan().appliedSource,
      PlanBuilder().source(), SamplePlan(word: HostileText.all.joined()).source,
      SamplePlan().appliedSource.pseudonymous(by: PseudonymsTests.pseudonyms),
    ]
    let files = try sources.map { source in
      let file = FileManager.default.temporaryDirectory
        .appending(path: "rollcall-report-\(UUID().uuidString).json")
      try Data(Self.bytes(source)).write(to: file)
      return file
    }
    defer { for file in files { try? FileManager.default.removeItem(at: file) } }
    let schema = Repository.root.appending(path: "Reports/Schema/report-1.schema.json")
    #expect(Python.problems(of: files.map(\.path), schema: schema.path) == "")
  }
}

/// The few words of JSON Schema that the published file uses, checked the obvious way.
private struct SchemaCheck {
  let root: JSONValue

  func check(_ value: JSONValue, _ schema: JSONValue, at path: String) {
    if let reference = schema["$ref"]?.text {
      let name = reference.split(separator: "/").last.map(String.init) ?? ""
      guard let target = root["$defs"]?[name] else {
        Issue.record("\(path): no definition \(name)")
        return
      }
      check(value, target, at: path)
    }
    if let choices = schema["anyOf"]?.elements {
      let choice = value == .null ? choices.last : choices.first
      if let choice { check(value, choice, at: path) }
    }
    if let expected = schema["const"] { #expect(value == expected, "\(path)") }
    if let allowed = schema["enum"]?.elements { #expect(allowed.contains(value), "\(path)") }
    if let types = schema["type"] {
      let names = types.elements?.compactMap(\.text) ?? [types.text ?? ""]
      #expect(names.contains(value.typeName), "\(path)")
    }
    checkMembers(of: value, schema, at: path)
    if let items = schema["items"] {
      for (index, element) in (value.elements ?? []).enumerated() {
        check(element, items, at: "\(path)[\(index)]")
      }
    }
  }

  private func checkMembers(of value: JSONValue, _ schema: JSONValue, at path: String) {
    guard let members = value.members else { return }
    for name in (schema["required"]?.elements ?? []).compactMap(\.text) {
      #expect(value[name] != nil, "\(path) needs \(name)")
    }
    for member in members {
      if let known = schema["properties"]?[member.name] {
        check(member.value, known, at: "\(path).\(member.name)")
      } else if let other = schema["additionalProperties"] {
        #expect(other != .bool(false), "\(path).\(member.name) is not in the schema")
        if other.members != nil { check(member.value, other, at: "\(path).\(member.name)") }
      }
    }
  }
}

extension JSONValue {
  fileprivate var typeName: String {
    switch self {
    case .null: "null"
    case .bool: "boolean"
    case .number: "integer"
    case .string: "string"
    case .array: "array"
    case .object: "object"
    }
  }
}
