import Foundation
import Scanning
import TestSupport
import Testing

/// What the kernel does meanwhile cannot be seen; that nothing is lost and nothing left open can.
struct EarlyWritingTests {
  @Test func aFileThatGrowsMeanwhileIsWholeAndClosedAgain() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("", as: "growing")
    let early = try #require(EarlyWriting(of: path))
    #expect(try descriptors(of: path) == 1)
    let file = try #require(FileHandle(forWritingAtPath: path))
    for number in 0..<40 {
      try file.write(contentsOf: Data(repeating: UInt8(number), count: 100_000))
      // Long enough for the kernel to be asked once and more.
      usleep(10_000)
    }
    try file.close()
    early.end()
    #expect(try descriptors(of: path) == 0)
    let bytes = try Data(contentsOf: URL(filePath: path))
    #expect(bytes.count == 4_000_000)
    #expect(bytes[3_999_999] == 39)
  }

  @Test func aFileThatIsNotThereIsLeftToTheCommit() throws {
    #expect(EarlyWriting(of: try TemporaryFolder().path + "/nothing") == nil)
  }

  private func descriptors(of path: String) throws -> Int {
    let folder = "/proc/self/fd"
    return try FileManager.default.contentsOfDirectory(atPath: folder)
      .filter {
        (try? FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/\($0)")) == path
      }
      .count
  }
}
