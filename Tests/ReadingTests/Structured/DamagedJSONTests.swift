import Foundation
import Reading
import TestSupport
import Testing

/// Every sample cut short and with flipped bits: never a crash, and never whole when it is not.
struct DamagedJSONTests {
  private static let folder = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Samples/Formats")

  private static let names: [String] = {
    let files = try? FileManager.default.contentsOfDirectory(atPath: folder.path)
    return (files ?? []).filter { $0.hasSuffix(".json") }.sorted()
  }()

  private static func bytes(_ name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: folder.appending(path: name)))
  }

  @Test func thereAreSamples() { #expect(Self.names.count > 10) }

  @Test(arguments: names)
  func noPartOfADocumentIsWhole(name: String) async throws {
    let bytes = try Self.bytes(name)
    let length = bytes.count - bytes.reversed().prefix { $0 == 0x0A }.count
    for cut in stride(from: 1, to: length, by: 11) {
      let read = try await JSONExport([Array(bytes[..<cut])], fields: [["id"]], blockSize: 512)
      let isCutBetweenPages = bytes[cut - 1] == 0x0A || bytes[cut] == 0x0A
      #expect(
        !read.summary.endedProperly || read.summary.isIncomplete || isCutBetweenPages
          || read.rows.isEmpty, "\(name) cut at \(cut)")
    }
  }

  @Test(arguments: names)
  func flippedBitsAreNoCrash(name: String) async throws {
    let bytes = try Self.bytes(name)
    var random = SeededGenerator(seed: UInt64(bytes.count))
    for _ in 0..<60 {
      var damaged = bytes
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        let place = Int.random(in: 0..<damaged.count, using: &random)
        damaged[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      }
      // A name that stands twice around the records refuses the file; anything else is in the summary.
      let read = try? await JSONExport([damaged], fields: [["id"]], blockSize: 512)
      #expect((read?.rows.count ?? 0) < 100)
    }
  }
}
