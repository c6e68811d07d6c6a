import Foundation
import Identity
import Reading
import Synchronization
import TestSupport
import Testing

struct ExportReadingTests {
  /// Reading everything at once is the slow twin; quotes over the ends of blocks are common.
  @Test(arguments: [0, 1, 3, 1000], UInt64(0)..<12)
  func whatIsReadAheadComesOutAsIfItWereNot(limit: Int, seed: UInt64) async throws {
    let folder = try TemporaryFolder()
    var awkward = AwkwardText(seed: seed)
    let header = Array("a,b,c\n".utf8)
    let paths = try ["one.csv", "two.csv"].map { name in
      try folder.write(header + awkward.rows(120, columns: 3), as: name)
    }
    var options = CSVOptions()
    options.blockSize = 64 + Int(seed) * 20
    let whole = try await ReadExport(paths, options: options)

    let reader = try ExportReader(
      exportName: "people", paths: paths, options: options, jobs: 1 + Int(seed % 3))
    let reading = try reader.reading { ReadExport.records(in: $0) }
    let beginning = await reading.ahead(atMost: limit) { true }
    var records: [ReadExport.Record] = []
    let summary = try await reading.run(after: beginning) { batch in
      batch
    } collect: { batch, place in
      records += batch.map { $0.placed(at: place) }
    }
    #expect(records == whole.records, "seed \(seed)")
    #expect(summary.findings == whole.summary.findings, "seed \(seed)")
    #expect(summary.files == whole.summary.files)
  }

  @Test func nothingIsReadAheadForNobody() async throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(Array("a,b\n1,2\n".utf8), as: "one.csv")
    let wasRead = Mutex(false)
    let reading = try ExportReader(exportName: "people", paths: [path]).reading { batch in
      wasRead.withLock { $0 = true }
      return batch.count
    }
    _ = await reading.ahead(atMost: 10) { false }
    #expect(!wasRead.withLock { $0 })
  }

  /// A file that cannot be read says so when it is its turn, not when it is read ahead.
  @Test func aFailureAheadIsToldInTheEnd() async throws {
    let folder = try TemporaryFolder()
    let good = try folder.write(Array("a,b\n1,2\n".utf8), as: "one.csv")
    let bad = try folder.write(Array("a,c\n1,2\n".utf8), as: "two.csv")
    let reading = try ExportReader(exportName: "people", paths: [good, bad]).reading { $0.count }
    let beginning = await reading.ahead(atMost: 10) { true }
    await #expect(throws: ReadFailure.self) {
      _ = try await reading.run(after: beginning) {
        $0
      } collect: { _, _ in
      }
    }
  }
}
