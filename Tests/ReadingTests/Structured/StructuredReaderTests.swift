import Identity
import Scanning
import TestSupport
import Testing

@testable import Reading

/// What all formats share whose records may each have other fields.
struct StructuredReaderTests {
  @Test func absentIsNotEmpty() async throws {
    let read = try await PairExport("id=1;mail=\nid=2\n", fields: [["id"], ["mail"]])
    #expect(read.rows == [["1", ""], ["2", "absent"]])
  }

  @Test func aFieldOfSeveralValuesHasThemAll() async throws {
    let read = try await PairExport("id=1;team=a;id=9;team=b;team=c\n", fields: [["team"], ["id"]])
    #expect(read.rows == [["a|b|c", "1|9"]])
  }

  @Test func theFirstOfSeveralNamesThatTheRecordHasCounts() async throws {
    let text = "objectId=o1\nobjectId=o2;id=i2\nid=i3;objectId=o3\nID=folded\nID=no;id=yes\n"
    let read = try await PairExport(text, fields: [["id", "objectId"]])
    #expect(read.rows == [["o1"], ["i2"], ["i3"], ["folded"], ["yes"]])
  }

  @Test func aNameMayBeAskedForTwice() async throws {
    let read = try await PairExport("id=1\n", fields: [["id"], ["key", "id"]])
    #expect(read.rows == [["1", "1"]])
  }

  @Test func withoutAWishAllFieldsBecomeColumns() async throws {
    let read = try await PairExport("b=1\na=2;b=3\n", fields: nil)
    #expect(read.summary.header.names == ["b", "a"])
    #expect(read.rows == [["1", "absent"], ["3", "2"]])
  }

  @Test func fieldsNobodyAskedForAreNamed() async throws {
    let read = try await PairExport("b=1\na=2;b=3\n", fields: [["a"], ["c"]])
    #expect(read.summary.header.fields?.others == ["b"])
    #expect(read.summary.header.column(anyOf: ["a"]).lookup == .found(0))
    #expect(!read.summary.header.lacks(0))
    #expect(read.summary.header.lacks(1))
  }

  @Test func aRecordSetAsideTellsWhatIsBeyondDoubt() async throws {
    let read = try await PairExport("id=1;mail=m\nid=2;mail=n;!\n", fields: [["id"], ["mail"]])
    #expect(read.rows == [["1", "m"]])
    #expect(read.summary.quarantined.map(\.cells) == [[nil, "n"]])
    #expect(read.summary.quarantined.map(\.origin.line) == [2])
    #expect(read.summary.findings.map(\.code) == ["map.no-key"])
  }

  @Test func whatComesAfterABreakIsNotRead() async throws {
    let read = try await PairExport("id=1\n#\nid=3\n", fields: [["id"]])
    #expect(read.rows == [["1"]])
    #expect(!read.summary.endedProperly)
    #expect(read.summary.findings.map(\.code) == ["read.broken-document"])
  }

  @Test func onlyAFieldThatAllRecordsHaveIsMissedWhenItIsGone() async throws {
    let read = try await PairExport("id=1;fax=2\nid=3\n", fields: [["id"], ["fax"], ["mail"]])
    #expect(read.summary.presentColumns == ["id", "fax"])
    #expect(read.summary.steadyColumns == ["id"])
  }

  @Test(arguments: [1, 3])
  func ordersOfRecordsAndLinesDoNotDependOnJobs(jobs: Int) async throws {
    let text = (1...200).map { "id=\($0)\n" }.joined()
    let read = try await PairExport(text, fields: [["id"]], jobs: jobs)
    #expect(read.rows.map { $0[0] } == (1...200).map { "\($0)" })
    #expect(read.lines == Array(1...200))
    #expect(read.summary.files.first?.recordCount == 200)
    #expect(read.summary.files.first?.sha256?.count == 32)
  }

  @Test func singleRecordsCanBeReadAgain() async throws {
    let text = (0..<50).map { "id=\($0);team=a;team=b\n" }.joined()
    let read = try await PairExport(text, fields: [["id"], ["team"]])
    let again = try read.reader.records(numbered: [3, 47], places: read.summary.places)
    #expect(again.flatMap { PairExport.rows(of: $0.batch) } == [["3", "a|b"], ["47", "a|b"]])
    #expect(again.map { $0.place.line(of: 0, in: $0.batch) } == [4, 48])
  }

  @Test func allNamesOfAllRecordsCanBeHad() async throws {
    let read = try await PairExport("a=1\nb=2;a=3\n", fields: [["a"]])
    #expect(try await read.reader.allNames() == ["a", "b"])
  }
}

/// Everything that a reader of pairs delivered.
struct PairExport {
  let reader: StructuredReader<PairScanner>
  let rows: [[String]]
  let lines: [Int]
  let summary: ReadSummary
  private let folder: TemporaryFolder

  init(_ text: String, fields: [[String]]?, jobs: Int = 2) async throws {
    folder = try TemporaryFolder()
    let path = try folder.write(text, as: "export.pairs")
    reader = StructuredReader(
      exportName: "people", inputs: [try InputPath(path)], jobs: jobs, fields: fields
    ) { (input, digest) throws(ReadFailure) in try PairScanner(input, digest: digest) }
    var rows: [[String]] = []
    var lines: [Int] = []
    summary = try await reader.read(digest: true) {
      $0
    } collect: { batch, place in
      rows += Self.rows(of: batch)
      lines += (0..<batch.count).map { place.line(of: $0, in: batch) }
    }
    self.rows = rows
    self.lines = lines
  }

  /// Values joined by `|`, and `absent` for what is not there.
  static func rows(of batch: RecordBatch) -> [[String]] {
    (0..<batch.count).map { row in
      (0..<batch.columnCount).map { column in
        if batch.isAbsent(row: row, column: column) { return "absent" }
        let further = batch.furtherValues(row: row, column: column).map {
          String(decoding: batch.bytes[$0.range], as: UTF8.self)
        }
        return ([batch.text(row: row, column: column)] + further).joined(separator: "|")
      }
    }
  }
}
