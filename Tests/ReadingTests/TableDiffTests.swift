import Identity
import Reading
import TestSupport
import Testing

struct TableDiffTests {
  @Test func rowsAreCreatedRemovedAndChanged() async throws {
    let text = try await write(
      old: "id,name,title\n1,ann,Buyer\n2,bob,\n3,cy,X\n",
      new: "id,name,title\n4,dee,\n1,ann,Senior Buyer\n2,\"bob\",\n", as: .text)
    #expect(
      text == """
        ~ 1
            title: Buyer → Senior Buyer
        - 3
        + 4
        1 created, 1 changed, 1 removed, 1 unchanged.

        """)
  }

  @Test(arguments: [
    ("[{\"id\":1}]", ExportFormat.json), ("dn: cn=a\ncn: a\n\n", .ldif), ("<a/>", .xml),
  ])
  func whatIsNoTableIsRefused(text: String, format: ExportFormat) async throws {
    let folder = try TemporaryFolder()
    let (table, other) = (
      try folder.write("id\n1\n".utf8, as: "a.csv"), try folder.write(text.utf8, as: "b")
    )
    let diff = try TableDiff(old: table, new: other, key: ["id"])
    let failure = await #expect(throws: ReadFailure.self) { try await diff.changes() }
    #expect(failure == .notATable(path: other, format))
    #expect(failure?.message.contains("`rollcall plan`") == true)
  }

  @Test func progressGrowsOverBothFilesAndKnowsAboutHowManyThereAre() async throws {
    let folder = try TemporaryFolder()
    // Several blocks of each.
    let rows = (0..<200_000).map { "\($0),\(String(repeating: "x", count: 40))\n" }.joined()
    let old = try folder.write("id,a\n\(rows)".utf8, as: "a.csv")
    let new = try folder.write("id,a\n\(rows)".utf8, as: "b.csv")
    var told: [(done: Int, total: Int?)] = []
    _ = try await TableDiff(old: old, new: new, key: ["id"]).changes { told.append(($0, $1)) }
    #expect(told.count > 4)
    #expect(told.map(\.done) == told.map(\.done).sorted())
    #expect(told.contains { $0.done > 200_000 })
    let totals = told.compactMap(\.total)
    #expect(!totals.isEmpty && totals.allSatisfy { (300_000...500_000).contains($0) })
  }

  @Test func jsonHoldsEverything() async throws {
    let text = try await write(
      old: "id,a,gone\n1,x,0\n", new: "fresh,a,id\n9,\"y\"\"\n\",1\n8,,2\n", as: .json)
    #expect(
      text == """
        {"format":"rollcall-diff","version":1,
        "key":["id"],"columns":["id","a"],"onlyInOld":["gone"],"onlyInNew":["fresh"],
        "counts":{"created":1,"changed":1,"removed":0,"unchanged":0,"held":0},"removalsAreCertain":true,
        "rows":[
        {"change":"changed","key":["1"],"values":[{"column":"a","old":"x","new":"y\\"\\n"}]},
        {"change":"created","key":["2"],"row":["2",""]}
        ]}

        """)
  }

  @Test func csvNeutralisesFormulas() async throws {
    let text = try await write(
      old: "id,a,b\n=1,x,1\n+2,y,2\n", new: "id,a,b\n=1,\"-1,2\",＝1\n", as: .csv)
    #expect(
      text
        == "change,id,column,old,new\r\nremoved,'+2,,,\r\n"
        + "changed,'=1,a,x,\"'-1,2\"\r\nchanged,'=1,b,1,'＝1\r\n")
  }

  @Test func textShowsWhatWouldHide() async throws {
    let text = try await write(
      old: "id,a\n1,x\n", new: "id,a\n1,\u{1B}[2J\u{202E}é\n", as: .text)
    #expect(text.contains("a: x → \\u{1B}[2J\\u{202E}é\n"))
  }

  @Test func aRepeatedKeyIsHeldAndReported() async throws {
    let diff = try await Compared(
      old: "id,a\n1,x\n2,y\n1,z\n3,q\n", new: "id,a\n2,y\n1,x\n4,n\n4,n\n3,q\n3,q\n")
    #expect(diff.rows.isEmpty)
    #expect(diff.changes.unchangedCount == 1)
    #expect(diff.changes.heldCount == 3)
    #expect(
      diff.changes.findings.map(\.message).map { $0.prefix(30) } == [
        "2 records have the same id “1”", "2 records have the same id “4”",
        "2 records have the same id “3”",
      ] || diff.changes.findings.map(\.code) == Array(repeating: "match.duplicate", count: 3))
    #expect(diff.changes.findings.map(\.origin?.line) == [2, 4, 6])
    #expect(diff.changes.findings.map(\.origin?.export) == ["old", "new", "new"])
  }

  @Test func aRecordThatCannotBeReadIsNotRemoved() async throws {
    let diff = try await Compared(
      old: "id,a\n1,x\n2,y\n", new: "id,a\n1,\"x\"y\n2,y\n")
    #expect(diff.rows.isEmpty)
    #expect(diff.changes.heldCount == 1)
    #expect(diff.changes.removalsAreCertain)
    let ragged = try await Compared(old: "id,a\n1,x\n2,y\n", new: "id,a\n1\n2,y\n")
    #expect(ragged.rows == ["- 1"])
    #expect(!ragged.changes.removalsAreCertain)
  }

  @Test func rowsWithoutKeyAreReported() async throws {
    let diff = try await Compared(old: "id,a\n,x\n2,y\n", new: "id,a\n2,y\n,x\n,z\n")
    #expect(diff.rows.isEmpty)
    #expect(diff.changes.findings.map(\.code) == ["map.no-key", "map.no-key", "map.no-key"])
  }

  @Test func aCutFileIsRefused() async throws {
    let folder = try TemporaryFolder()
    let old = try folder.write("id,a\n1,x\n", as: "old.csv")
    let new = try folder.write("id,a\n1,\"x\n", as: "new.csv")
    await #expect(throws: ReadFailure.notReadToItsEnd(path: new, line: 2)) {
      try await TableDiff(old: old, new: new, key: ["id"]).changes()
    }
    await #expect(
      throws: ReadFailure.keyColumnMissing(path: old, column: "x", columns: ["id", "a"])
    ) {
      try await TableDiff(old: old, new: new, key: ["x"]).changes()
    }
  }

  @Test func encodingsAndLineEndsMakeNoDifference() async throws {
    let folder = try TemporaryFolder()
    let text = "id,a\n1,Zoë\n2,\"x\ny\"\n"
    let old = try folder.write(text, as: "old.csv")
    var utf16: [UInt8] = [0xFF, 0xFE]
    for unit in text.replacing("\n", with: "\r\n").replacing("x\r\n", with: "x\n").utf16 {
      utf16 += [UInt8(unit & 0xFF), UInt8(unit >> 8)]
    }
    let new = try folder.write(utf16, as: "new.csv")
    for (left, right) in [(old, new), (new, old)] {
      let changes = try await TableDiff(old: left, new: right, key: ["id"]).changes()
      #expect(changes.isEmpty)
      #expect(changes.unchangedCount == 2)
    }
  }

  /// Two dictionaries of rows say the same as the fast way, for any order, quoting and jobs.
  @Test(arguments: UInt64(0)..<30)
  func agreesWithTwoDictionaries(seed: UInt64) async throws {
    var tables = RandomTables(seed: seed)
    let folder = try TemporaryFolder()
    let expected = tables.expected
    for (jobs, blockSize) in [(1, 1 << 20), (2, 100), (4, 1000)] {
      let old = try folder.write(tables.oldText(), as: "old.csv")
      let new = try folder.write(tables.newText(), as: "new.csv")
      let changes = try await TableDiff(
        old: old, new: new, key: tables.key, options: CSVOptions(blockSize: blockSize), jobs: jobs
      ).changes()
      #expect(Compared.lines(changes) == expected, "seed \(seed), \(jobs) jobs")
    }
  }

  private func write(old: String, new: String, as form: TableChanges.Form) async throws -> String {
    let compared = try await Compared(old: old, new: new)
    var bytes: [UInt8] = []
    compared.changes.write(as: form) { bytes += $0 }
    return String(decoding: bytes, as: UTF8.self)
  }
}

/// A comparison of two texts.
private struct Compared {
  let changes: TableChanges

  init(old: String, new: String) async throws {
    let folder = try TemporaryFolder()
    changes = try await TableDiff(
      old: try folder.write(old, as: "old.csv"), new: try folder.write(new, as: "new.csv"),
      key: ["id"]
    ).changes()
  }

  var rows: [String] { Self.lines(changes) }

  static func lines(_ changes: TableChanges) -> [String] {
    changes.rows.map { row in
      let key = changes.key(of: row).map { String(decoding: $0, as: UTF8.self) }
      let name = key.joined(separator: " ")
      switch row {
      case .created: return "+ \(name)"
      case .removed: return "- \(name)"
      case .changed(let old, let new, let columns):
        let texts = columns.map { column in
          let change = changes.change(oldRow: old, newRow: new, column: column)
          let before = String(decoding: change.old, as: UTF8.self)
          return
            "\(changes.columns[column]):\(before)>\(String(decoding: change.new, as: UTF8.self))"
        }
        return "~ \(name) \(texts.joined(separator: " "))"
      }
    }
  }
}

/// Two random tables with much in common, in random order and quoting.
private struct RandomTables {
  private var random: SeededGenerator
  let key: [String]
  private let columns: [String]
  private var old: [[String]] = []
  private var new: [[String]] = []
  private let quotesAlways: Bool

  init(seed: UInt64) {
    random = SeededGenerator(seed: seed)
    columns = ["a", "id", "b", "part", "c"]
    key = seed % 3 == 0 ? ["id", "part"] : ["id"]
    quotesAlways = seed % 4 == 1
    for id in 0..<Int.random(in: 1...120, using: &random) {
      let row = ["x\(id % 7)", "u\(id)", ["", "q\"", "é,ü", "l\nl"][id % 4], "p", "\(id)"]
      let fate = Int.random(in: 0..<20, using: &random)
      if fate != 0 { old.append(row) }
      if fate != 1 { new.append(fate < 5 ? changed(row) : row) }
    }
  }

  private mutating func changed(_ row: [String]) -> [String] {
    var row = row
    row[[0, 2, 4][Int.random(in: 0..<3, using: &random)]] += ["!", "\"", "\n"][row[1].count % 3]
    return row
  }

  mutating func oldText() -> String { text(old) }
  mutating func newText() -> String { text(new) }

  private mutating func text(_ rows: [[String]]) -> String {
    let all = [columns] + rows.shuffled(using: &random)
    return all.map { row in row.map { quoted($0) }.joined(separator: ",") + "\n" }.joined()
  }

  private mutating func quoted(_ value: String) -> String {
    let isNeeded = value.contains { $0 == "," || $0 == "\"" || $0 == "\n" }
    guard isNeeded || (quotesAlways && Bool.random(using: &random)) else { return value }
    return "\"\(value.replacing("\"", with: "\"\""))\""
  }

  var expected: [String] {
    let places = key.compactMap { columns.firstIndex(of: $0) }
    func name(_ row: [String]) -> String { places.map { row[$0] }.joined(separator: " ") }
    let before = Dictionary(uniqueKeysWithValues: old.map { (name($0), $0) })
    let after = Dictionary(uniqueKeysWithValues: new.map { (name($0), $0) })
    var lines: [(key: String, line: String)] = []
    for (name, row) in before {
      guard let other = after[name] else {
        lines.append((name, "- \(name)"))
        continue
      }
      let texts = columns.indices.filter { row[$0] != other[$0] }
        .map { "\(columns[$0]):\(row[$0])>\(other[$0])" }
      if !texts.isEmpty { lines.append((name, "~ \(name) \(texts.joined(separator: " "))")) }
    }
    for name in after.keys where before[name] == nil { lines.append((name, "+ \(name)")) }
    return lines.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.map(\.line)
  }
}
