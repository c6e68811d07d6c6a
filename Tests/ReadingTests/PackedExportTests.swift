import Foundation
import Identity
import Reading
import Scanning
import TestSupport
import Testing

struct PackedExportTests {
  @Test func aPackedExportReadsLikeThePlainOne() async throws {
    let folder = try TemporaryFolder()
    var awkward = AwkwardText(seed: 8)
    let text = Array("a,b,c\n".utf8) + awkward.rows(700, columns: 3)
    let plain = try folder.write(text, as: "plain.csv")
    let packed = try folder.write(PackedText.gzip(text), as: "no-hint-in-the-name")
    for blockSize in [100, 5000, 1 << 20] {
      let options = CSVOptions(blockSize: blockSize)
      let expected = try await ReadExport([plain], options: options)
      let read = try await ReadExport([packed], options: options)
      #expect(read.records == expected.records)
      #expect(read.codesWithLines == expected.codesWithLines)
      let some = read.records.enumerated().filter { $0.offset % 17 == 3 }.map(\.element)
      #expect(try read.again(some.map(\.number)) == some)
    }
  }

  @Test func digestAndSizeAreThoseOfTheFileAsItLiesThere() async throws {
    let folder = try TemporaryFolder()
    let packed = PackedText.gzip(Array("a,b\n1,2\n".utf8))
    let read = try await ReadExport([try folder.write(packed, as: "x.csv.gz")])
    let other = try await ReadExport([try folder.write(packed, as: "y.csv.gz")])
    #expect(read.summary.byteCount == packed.count)
    #expect(read.summary.files.first?.sha256 == other.summary.files.first?.sha256)
    let plain = try await ReadExport([try folder.write("a,b\n1,2\n", as: "x.csv")])
    #expect(read.summary.files.first?.sha256 != plain.summary.files.first?.sha256)
  }

  @Test func packedUTF16IsTranscoded() async throws {
    let folder = try TemporaryFolder()
    var bytes: [UInt8] = [0xFF, 0xFE]
    for unit in "name,title\nZoë,山\n".utf16 { bytes += [UInt8(unit & 0xFF), UInt8(unit >> 8)] }
    let read = try await ReadExport([try folder.write(PackedText.gzip(bytes), as: "x")])
    #expect(read.texts == [["Zoë", "山"]])
    #expect(try read.again([0]) == read.records)
  }

  @Test func membersOfOneFileMayCutARecord() async throws {
    let folder = try TemporaryFolder()
    let packed = PackedText.gzip(Array("a,b\n1,".utf8)) + PackedText.gzip(Array("2\n3,4\n".utf8))
    let read = try await ReadExport([try folder.write(packed, as: "x")])
    #expect(read.texts == [["1", "2"], ["3", "4"]])
  }

  @Test func noPrefixOfAPackedExportIsRead() async throws {
    let folder = try TemporaryFolder()
    let packed = PackedText.gzip(Array("name,title\nann,Buyer\nbo,Clerk\n".utf8))
    for count in 2..<packed.count {
      let path = try folder.write(packed[..<count], as: "cut")
      await #expect(throws: ReadFailure.gzip(path: path, GzipFailure(kind: .cut, byte: count))) {
        try await ReadExport([path])
      }
    }
  }

  @Test func theMessageNamesFileAndByte() async throws {
    let folder = try TemporaryFolder()
    let packed = PackedText.gzip(Array("a,b\n1,2\n".utf8))
    let path = try folder.write(packed + Array("<html>".utf8), as: "x.gz")
    let failure = await #expect(throws: ReadFailure.self) { try await ReadExport([path]) }
    #expect(failure?.message.hasPrefix("\(path), byte \(packed.count): something") == true)
  }

  @Test func filesArePackedOrNotOneByOne() async throws {
    let folder = try TemporaryFolder()
    let first = try folder.write("a,b\n1,2\n", as: "1")
    let second = try folder.write(PackedText.gzip(Array("b,a\n4,3\n".utf8)), as: "2")
    let read = try await ReadExport([first, second])
    #expect(read.texts == [["1", "2"], ["3", "4"]])
    #expect(try read.again([1]) == [read.records[1]])
  }

  @Test func packedFilesCanBeCompared() async throws {
    let folder = try TemporaryFolder()
    let old = (0..<300).map { "u\($0),Clerk\n" }.joined()
    let new = old.replacingOccurrences(of: "u7,Clerk", with: "u7,Buyer")
    let header = "name,title\n"
    let diff = try TableDiff(
      old: try folder.write(PackedText.gzip(Array((header + old).utf8)), as: "old"),
      new: try folder.write(PackedText.gzip(Array((header + new).utf8)), as: "new"), key: ["name"])
    let changes = try await diff.changes()
    #expect(changes.changedCount == 1)
    #expect(changes.createdCount == 0)
  }
}
