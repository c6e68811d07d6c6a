import Foundation
import Identity
import Scanning
import TestSupport
import Testing

@testable import Reading

/// What is hashed beside another file comes to what its reader would have come to alone.
struct DigestsAheadTests {
  private static func rows(_ count: Int, seed: UInt64) -> [UInt8] {
    var awkward = AwkwardText(seed: seed)
    return Array("a,b,c\n".utf8) + awkward.rows(count, columns: 3)
  }

  /// The digests of files as they lie there.
  private static func read(
    _ paths: [String], blockSize: Int, digests: DigestsAhead?
  ) async throws -> [[UInt8]?] {
    let reader = try ExportReader(
      exportName: "people", paths: paths, options: CSVOptions(blockSize: blockSize), jobs: 2,
      digests: digests)
    return try await reader.read(transform: { _ in }, collect: { _, _ in }).files.map(\.sha256)
  }

  @Test(arguments: UInt64(0)..<16)
  func comesToTheSameDigests(seed: UInt64) async throws {
    var random = SeededGenerator(seed: seed)
    let folder = try TemporaryFolder()
    func paths(_ name: String) throws -> [String] {
      try (0..<Int.random(in: 1...3, using: &random)).map { number in
        let text = Self.rows(Int.random(in: 0...400, using: &random), seed: random.next())
        let isPacked = Int.random(in: 0..<4, using: &random) == 0
        return try folder.write(isPacked ? PackedText.gzip(text) : text, as: "\(name)\(number)")
      }
    }
    let (people, members) = (try paths("people"), try paths("members"))
    let blockSize = Int.random(in: 50...5000, using: &random)
    // The first of them stands for two exports.
    let digests = DigestsAhead(members + members.prefix(1))
    for (paths, digests) in [(people, digests), (members, digests), (members, digests)] {
      let expected = try await Self.read(paths, blockSize: blockSize, digests: nil)
      let found = try await Self.read(paths, blockSize: blockSize, digests: digests)
      #expect(found == expected, "seed \(seed)")
    }
  }

  @Test(.enabled(if: SHA256Lane.isPossible))
  func aFileThatIsAnotherOneNowIsHashedAnew() async throws {
    let folder = try TemporaryFolder()
    let people = try folder.write(Self.rows(300, seed: 1), as: "people")
    let members = try folder.write(Self.rows(300, seed: 2), as: "members")
    let digests = DigestsAhead([members])
    _ = try await Self.read([people], blockSize: 500, digests: digests)
    _ = try folder.write(Self.rows(300, seed: 3), as: "members")
    let found = try await Self.read([members], blockSize: 500, digests: digests)
    #expect(found == (try await Self.read([members], blockSize: 500, digests: nil)))
  }

  @Test func aFileThatIsNotThereYetIsHashedWhenItIs() async throws {
    let folder = try TemporaryFolder()
    let people = try folder.write(Self.rows(300, seed: 1), as: "people")
    let members = folder.path + "/members"
    let digests = DigestsAhead([members, folder.path, "-"])
    _ = try await Self.read([people], blockSize: 500, digests: digests)
    _ = try folder.write(Self.rows(300, seed: 2), as: "members")
    let found = try await Self.read([members], blockSize: 500, digests: digests)
    #expect(found == (try await Self.read([members], blockSize: 500, digests: nil)))
  }

  /// Once its own reader has it, a file is nobody else's to hash.
  @Test(.enabled(if: SHA256Lane.isPossible))
  func whatHasBeenTakenIsNotHashedForOthers() async throws {
    let folder = try TemporaryFolder()
    let members = try folder.write(Self.rows(300, seed: 2), as: "members")
    let people = try folder.write(Self.rows(300, seed: 1), as: "people")
    let status = try FileContent(try InputPath(members), digest: false).opened
    let digests = DigestsAhead([members])
    _ = try await Self.read([people], blockSize: 500, digests: digests)
    let lane = digests.take(members, status)
    #expect(lane.map { $0.count > 1000 } == true)
    #expect(digests.take(members, status) == nil)
    _ = try await Self.read([people], blockSize: 500, digests: digests)
    #expect(digests.take(members, status) == nil)
  }
}
