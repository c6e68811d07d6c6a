import Identity
import TestSupport
import Testing

@testable import Reading

/// The last line of a file, where it is no record.
struct TrailerTests {
  /// The standard library's engine: these patterns are not hostile.
  static func pattern(_ text: String) throws(TrailerPattern.Problem) -> TrailerPattern {
    try TrailerPattern(text) { line in
      guard let expression = try? Regex(text), let match = line.wholeMatch(of: expression) else {
        return .none
      }
      guard match.output.count > 1 else { return .whole(group: nil) }
      return .whole(group: match.output[1].substring.map(String.init))
    }
  }

  private func read(
    _ text: [UInt8], _ name: String = "users.csv", pattern: String, blockSize: Int = 1 << 20
  ) async throws -> (cells: [String], summary: ReadSummary) {
    let folder = try TemporaryFolder()
    let path = try folder.write(text, as: name)
    let reader = try ExportReader(
      exportName: "people", paths: [path],
      options: CSVOptions(trailer: try Self.pattern(pattern), blockSize: blockSize), jobs: 2)
    var cells: [String] = []
    let summary = try await reader.read { batch in
      (0..<batch.count).map { batch.text(row: $0, column: 0) }
    } collect: { part, _ in
      cells += part
    }
    return (cells, summary)
  }

  @Test(arguments: [
    "id,name\na,1\nb,2\nTRL,2\n", "id,name\na,1\nb,2\nTRL,2", "id,name\r\na,1\r\nb,2\r\nTRL,2\r\n",
    "id,name\na,1\nb,2\nTRL,2\n\n \n", "id,name\na,1\nb,\"2\n3\"\nTRL,2\n",
  ])
  func trailerIsNoRecord(text: String) async throws {
    for size in 1...text.utf8.count + 1 {
      let (cells, summary) = try await read(
        Array(text.utf8), pattern: #"TRL,(\d+)"#, blockSize: size)
      #expect(cells == ["a", "b"], "blocks of \(size)")
      #expect(summary.files[0].trailer == .found(count: 2), "blocks of \(size)")
      #expect(summary.quarantinedCount == 0)
    }
  }

  @Test(arguments: [
    "id,name\na,1\nb,2\n", "id,name\na,1\nb,2\nTRL,\n", "id,name\na,1\nb,2\nTRL,x\n",
    "id,name\na,1\nTRL,2\nb,2\n",
  ])
  func otherLastLineIsMissed(text: String) async throws {
    for size in [3, 1 << 20] {
      let (cells, summary) = try await read(
        Array(text.utf8), pattern: #"TRL,(\d+)"#, blockSize: size)
      #expect(summary.files[0].trailer == .missing)
      #expect(cells.contains("b"))
    }
  }

  @Test func everyPrefixLacksTheTrailerOrIsWhole() async throws {
    let text = Array("id,name\na,1\nb,2\nTRL,12\n".utf8)
    for length in 1..<text.count {
      let (_, summary) = try await read(Array(text[..<length]), pattern: #"TRL,(\d\d)"#)
      let isWhole = length >= text.count - 1
      #expect((summary.files[0].trailer == .found(count: 12)) == isWhole, "\(length)")
    }
  }

  @Test func digestAndSizeAreThoseOfTheWholeFile() async throws {
    let text = Array("id,name\na,1\nEOF\n".utf8)
    let (_, summary) = try await read(text, pattern: "EOF")
    let folder = try TemporaryFolder()
    let plain = try ExportReader(
      exportName: "people", paths: [try folder.write(text, as: "users.csv")])
    let whole = try await plain.read { _ in
    } collect: { _, _ in
    }
    #expect(summary.files[0].sha256 == whole.files[0].sha256)
    #expect(summary.files[0].byteCount == text.count)
    #expect(summary.files[0].trailer == .found(count: nil))
  }

  @Test func everyFormatOfLinesHasOne() async throws {
    let lines = Array("{\"id\":\"a\"}\n{\"id\":\"b\"}\n#2\n".utf8)
    let ldif = Array("dn: cn=a\ncn: a\n\ndn: cn=b\ncn: b\n\n# numEntries: 2\n".utf8)
    for (text, name, pattern) in [
      (lines, "users.jsonl", #"#(\d+)"#), (ldif, "users.ldif", #"# numEntries: (\d+)"#),
      (PackedText.gzip(Array("id\na\nb\nTRL;2\n".utf8)), "users.csv.gz", #"TRL;(\d+)"#),
    ] {
      let (_, summary) = try await read(text, name, pattern: pattern)
      #expect(summary.recordCount == 2, "\(name)")
      #expect(summary.files[0].trailer == .found(count: 2), "\(name)")
      #expect(summary.endedProperly, "\(name)")
    }
  }

  @Test func patternHasAtMostOneGroup() {
    #expect(throws: TrailerPattern.Problem.groups(2)) { try Self.pattern("(a)(b)") }
    #expect(throws: TrailerPattern.Problem.self) { try Self.pattern("(") }
  }

  @Test func recordsAreFoundAgain() async throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("id,name\na,1\nb,2\nTRL,2\n", as: "users.csv")
    let reader = try ExportReader(
      exportName: "people", paths: [path],
      options: CSVOptions(trailer: try Self.pattern("TRL,.*")), jobs: 1)
    let summary = try await reader.read { _ in
    } collect: { _, _ in
    }
    let found = try reader.records(numbered: [0, 1], places: summary.places)
    #expect(found.map { $0.batch.text(row: 0, column: 0) } == ["a"])
    #expect(found.first?.batch.count == 2)
  }
}
