import Foundation
import Identity
import Reading
import Testing

/// The LDIF files of `Samples`, and what becomes of each.
struct HostileLDIFTests {
  private static let samples = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Samples")

  @Test(arguments: [
    ("url-value.ldif", ["b"], "read.bad-record", true),
    ("bad-base64.ldif", ["b"], "read.bad-record", true),
    ("binary-name.ldif", ["b"], "read.bad-record", true),
    ("change-in-full.ldif", ["b"], "read.bad-record", true),
    ("cut.ldif", ["b"], "read.bad-record read.broken-document", false),
    ("part-of-a-list.ldif", ["b"], "health.more-pages", true),
    ("size-limit.ldif", ["b"], "health.more-pages", true),
  ])
  func trapsAreNoticed(name: String, ids: [String], code: String, isWhole: Bool) async throws {
    let bytes = try Data(contentsOf: Self.samples.appending(path: "Hostile/\(name)"))
    let read = try await LDIFExport(bytes, fields: [["uid"], ["member"]])
    #expect(read.rows.map { $0[0] } == ids)
    #expect(read.codes.joined(separator: " ") == code)
    #expect(read.summary.endedProperly == isWhole)
  }

  /// A cut is noticed unless it falls between two records, where nothing can tell it from the end.
  @Test(arguments: ["openldap.ldif", "active-directory.ldif"])
  func everyPrefixIsWholeRecordsOrNotWhole(name: String) async throws {
    let bytes = Array(try Data(contentsOf: Self.samples.appending(path: "Formats/\(name)")))
    for count in 0..<bytes.count {
      let read = try await LDIFExport(bytes[..<count], fields: [["uid"], ["cn"]])
      guard try read.reader.detectedFormat() == .ldif else {
        #expect(count < 40, "cut at \(count)")
        continue
      }
      let isBetween = bytes[..<count].suffix(2).elementsEqual([0x0A, 0x0A])
      let isComment = bytes[..<count].split(separator: 0x0A).last?.first == 0x23
      #expect(
        read.summary.endedProperly == (isBetween || isComment || read.rows.isEmpty)
          || read.rows.isEmpty, "cut at \(count)")
    }
  }
}
