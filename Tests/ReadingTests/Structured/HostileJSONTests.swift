import Foundation
import Identity
import Reading
import Testing

/// The files of `Samples/Hostile`, and what becomes of each.
struct HostileJSONTests {
  private static let folder = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Samples/Hostile")

  @Test(arguments: [
    ("duplicate-name.json", ["2"], "read.duplicate-name", true),
    ("lone-surrogate.json", ["2"], "read.bad-record", true),
    ("overlong-utf8.json", ["2"], "read.bad-record", true),
    ("nul.json", ["2"], "read.nul-byte", true),
    ("deep.json", ["2"], "read.bad-record", true),
    ("cut.json", ["1"], "read.broken-document", false),
    ("trailing-comma.json", ["1", "2"], "read.broken-document", false),
    ("more-pages.json", ["1"], "health.more-pages", true),
  ])
  func trapsAreNoticed(name: String, ids: [String], code: String, isWhole: Bool) async throws {
    let bytes = try Data(contentsOf: Self.folder.appending(path: name))
    let read = try await JSONExport([Array(bytes)], fields: [["id"]], format: nil)
    #expect(read.rows.map { $0[0] } == ids)
    #expect(read.codes == [code])
    #expect(read.summary.endedProperly == isWhole)
  }

  /// Found by the fuzzer: the line was that of the block, not that of the document.
  @Test func documentWithoutAListIsNamedByItsLine() async throws {
    let bytes = try Data(
      contentsOf: Self.folder.appending(path: "second-document-without-list.json"))
    let read = try await JSONExport([Array(bytes)], fields: [["id"]], format: nil)
    #expect(read.rows == [["1"]])
    #expect(read.summary.findings.map { $0.origin?.line } == [5])
    #expect(!read.summary.endedProperly)
  }

  /// Found by the fuzzer: what was read behind the break gave another reason, with some sizes of blocks.
  @Test func aRequestBreaksOffForOneReason() async throws {
    let bytes = try Data(contentsOf: Self.folder.appending(path: "request-that-breaks-off.json"))
    var findings: Set<String> = []
    for blockSize in [1, 7, 64, 300, 1 << 20] {
      let read = try await JSONExport(
        [Array(bytes)], fields: [["id"]], blockSize: blockSize, format: nil)
      #expect(!read.summary.endedProperly)
      findings.insert("\(read.summary.findings.map(\.subject))")
    }
    #expect(findings.count == 1, "\(findings)")
  }

  @Test func aListThatIsThereTwiceRefusesTheFile() async throws {
    let bytes = try Data(contentsOf: Self.folder.appending(path: "duplicate-list.json"))
    await #expect(throws: ReadFailure.self) {
      try await JSONExport([Array(bytes)], fields: [["id"]])
    }
  }
}
