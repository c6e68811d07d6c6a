import Foundation
import Identity
import Reading
import Scanning
import TestSupport
import Testing

struct ExportReaderTests {
  @Test func aFileBecomesRecordsInOrder() async throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("name,title\nann,Buyer\n\"O\"\"Hara, Bo\",\n", as: "users.csv")
    let read = try await ReadExport([path])
    #expect(read.texts == [["ann", "Buyer"], ["O\"Hara, Bo", ""]])
    #expect(read.records.map(\.line) == [2, 3])
    #expect(read.summary.recordCount == 2)
    #expect(read.summary.findings.isEmpty)
    #expect(read.summary.endedProperly)
  }

  /// Every boundary of every block falls everywhere, and the number of jobs makes no difference.
  @Test(arguments: 0..<10)
  func agreesWithTheReferenceAtEveryBlockBoundary(group: Int) async throws {
    let folder = try TemporaryFolder()
    for seed in UInt64(group * 3)..<UInt64(group * 3 + 3) {
      let columns = 1 + Int(seed % 4)
      var awkward = AwkwardText(seed: seed)
      let end = seed % 5 == 0 ? "\r" : seed % 5 == 1 ? "\r\n" : "\n"
      let header = (0..<columns).map { "c\($0)" }.joined(separator: ",")
      let body = awkward.rows(14, columns: columns, lineEnd: end)
      let path = try folder.write(Array((header + end).utf8) + body, as: "\(seed).csv")
      let limits = seed % 6 == 0 ? CSVLimits(field: 70, record: 200) : CSVLimits()
      let reference = ReferenceCSV(
        endsWithCarriageReturn: end == "\r", columns: columns, fieldLimit: limits.field,
        recordLimit: limits.record)
      let expected = reference.records(in: body)
      for (blockSize, jobs) in [(7, 2), (64, 1), (65, 4), (80, 2), (200, 4), (1 << 20, 1)] {
        let options = CSVOptions(
          delimiter: UInt8(ascii: ","), limits: limits, blockSize: blockSize)
        let read = try await ReadExport([path], options: options, jobs: jobs)
        let difference = difference(read, expected)
        #expect(difference == nil, "seed \(seed), blocks of \(blockSize), \(jobs) jobs")
        if difference != nil { return }
      }
    }
  }

  private func difference(
    _ read: ReadExport, _ expected: [ReferenceCSV.Record]
  ) -> String? {
    var good: [ReadExport.Record] = []
    var badLines: [Int] = []
    var swallowed = 0
    for (number, record) in expected.enumerated() {
      switch record.outcome {
      case .cells(let cells):
        good.append(.init(number: number, file: 0, line: record.line + 2, cells: cells))
      case .bad:
        badLines.append(record.line + 2)
        swallowed += record.lineCount
      }
    }
    if read.records != good {
      let place = zip(read.records, good).first { $0 != $1 }
      return "records: \(read.records.count) for \(good.count), first \(String(describing: place))"
    }
    let found = read.summary.findings.filter { $0.code != "health.header-only" }
    if found.compactMap(\.origin?.line) != badLines { return "bad lines: \(found)" }
    if read.summary.quarantinedLines != swallowed { return "\(swallowed) swallowed" }
    if read.summary.quarantinedCount != badLines.count { return "quarantined count" }
    return nil
  }

  @Test func recordsCanBeLookedUpAgain() async throws {
    let folder = try TemporaryFolder()
    var awkward = AwkwardText(seed: 3)
    let first = try folder.write(
      Array("a,b,c\n".utf8) + awkward.rows(700, columns: 3), as: "1.csv")
    let second = try folder.write(
      Array("c,a,b\n".utf8) + awkward.rows(300, columns: 3), as: "2.csv")
    for blockSize in [100, 5000, 1 << 20] {
      let read = try await ReadExport([first, second], options: CSVOptions(blockSize: blockSize))
      #expect(read.records.count > 800)
      let some = read.records.enumerated().filter { $0.offset % 17 == 3 }.map(\.element)
      #expect(try read.again(some.map(\.number)) == some)
      #expect(try read.again(read.records.map(\.number)) == read.records)
      let last = try #require(read.records.last)
      let origin = try read.reader.origin(ofRecord: last.number, places: read.summary.places)
      #expect(origin == RecordOrigin(export: "people", file: second, line: last.line))
    }
  }

  @Test func filesOfOneExportMayOrderTheirColumnsDifferently() async throws {
    let folder = try TemporaryFolder()
    let first = try folder.write("name,title\nann,Buyer\n", as: "1.csv")
    let second = try folder.write("title;extra;name\r\nClerk;\"x\";\"bo\"\"b\"\r\n", as: "2.csv")
    let read = try await ReadExport([first, second])
    #expect(read.texts == [["ann", "Buyer"], ["bo\"b", "Clerk"]])
    #expect(read.records.map(\.file) == [0, 1])
    #expect(read.summary.findings.map(\.subject) == [.headerChanged(missing: [], added: ["extra"])])
  }

  @Test func aFurtherFileThatLacksAColumnIsRefused() async throws {
    let folder = try TemporaryFolder()
    let first = try folder.write("name,title\nann,Buyer\n", as: "1.csv")
    let second = try folder.write("name\nbob\n", as: "2.csv")
    await #expect(
      throws: ReadFailure.columnsMissing(path: second, first: first, missing: ["title"])
    ) { try await ReadExport([first, second]) }
  }

  @Test func digestsAndSizesAreThoseOfTheFiles() async throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("a,b\n1,2\n", as: "x.csv")
    let read = try await ReadExport([path])
    let digest = try #require(read.summary.files.first?.sha256)
    #expect(digest.count == 32)
    #expect(digest.prefix(4) == [0x49, 0x2D, 0x5E, 0xA4])  // sha256sum's answer
    #expect(read.summary.byteCount == 8)
  }

  @Test func everyCellOfATrailingRunCounts() async throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("a,b\n1,2,\n3,4\n5\n", as: "x.csv")
    let read = try await ReadExport([path])
    #expect(read.texts == [["3", "4"]])
    #expect(
      read.summary.findings.map(\.subject) == [
        .raggedRow(columns: 3, expected: 2), .raggedRow(columns: 1, expected: 2),
      ])
    #expect(read.codesWithLines == ["read.ragged-row:2", "read.ragged-row:4"])
    #expect(read.summary.findings.map { $0.origin?.byte } == [4, 13])
    #expect(read.summary.findings[1].message.hasSuffix("The record begins at byte 13."))
    #expect(read.summary.anonymousLines == 2)
    #expect(read.summary.quarantined.isEmpty)
  }

  @Test func aBadValueLeavesTheOthersReadable() async throws {
    let folder = try TemporaryFolder()
    let text =
      Array("name,title,x\nann,M".utf8) + [0xFC] + Array("ller,1\nbo\0b,t,2\nc,\"d\"e,3\n".utf8)
    let read = try await ReadExport([try folder.write(text, as: "x.csv")])
    #expect(read.records.isEmpty)
    #expect(
      read.summary.findings.map(\.subject) == [
        .invalidUTF8(column: "title", byteOffset: 18), .nulByte(column: "name"),
        .textAfterClosingQuote(column: "title"),
      ])
    #expect(
      read.summary.quarantined.map(\.cells) == [
        ["ann", nil, "1"], [nil, "t", "2"], ["c", nil, nil],
      ])
    #expect(read.summary.quarantined.map(\.origin.line) == [2, 3, 4])
    #expect(read.summary.anonymousLines == 0)
  }

  @Test func anUnterminatedQuoteSaysWhatItSwallowed() async throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("a,b\n1,2\n3,\"4\n5,6\n7,8\n", as: "x.csv")
    for blockSize in [4, 9, 1 << 20] {
      let read = try await ReadExport([path], options: CSVOptions(blockSize: blockSize))
      #expect(read.texts == [["1", "2"]])
      #expect(
        read.summary.findings.map(\.subject) == [
          .unterminatedQuote(openedLine: 3, linesSwallowed: 3)
        ])
      #expect(!read.summary.endedProperly)
      #expect(read.summary.anonymousLines == 3)
    }
  }

  @Test func aRecordWithoutEndStopsItsFileButNotTheNext() async throws {
    let folder = try TemporaryFolder()
    let text = "a,b\n1,2\n3,\"" + String(repeating: "x\n", count: 200) + "\"\n7,8\n"
    let endless = try folder.write(text, as: "1.csv")
    let second = try folder.write("a,b\n5,6\n", as: "2.csv")
    for blockSize in [4, 50, 1 << 20] {
      let options = CSVOptions(limits: CSVLimits(field: 100, record: 300), blockSize: blockSize)
      let read = try await ReadExport([endless, second], options: options)
      #expect(read.texts == [["1", "2"], ["5", "6"]])
      #expect(
        read.summary.findings.map(\.subject) == [.recordTooLong(limit: 300, linesSwallowed: 149)])
      #expect(read.summary.files.map(\.endedProperly) == [false, true])
      #expect(read.summary.files.map(\.recordCount) == [1, 1])
      #expect(read.summary.byteCount == text.utf8.count + 8)
    }
  }

  @Test func atMostAHundredFindingsOfAKindAreListed() async throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("a,b\n" + String(repeating: "1\n", count: 250), as: "x.csv")
    let read = try await ReadExport([path], options: CSVOptions(blockSize: 64))
    #expect(read.summary.findings.count == 100)
    #expect(read.summary.findings.map(\.repeats).reduce(0, +) == 150)
    #expect(read.summary.quarantinedCount == 250)
  }

  @Test(arguments: ["", "\u{FEFF}", "\n\r\n\n", "\u{FEFF}\n"])
  func anEmptyFileIsAFinding(text: String) async throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(text, as: "x.csv")
    let read = try await ReadExport([path])
    #expect(read.codes == ["health.empty-file"])
    #expect(read.summary.header.isEmpty)
    #expect(read.records.isEmpty)
  }

  @Test(arguments: ["a,b", "a,b\n", "\u{FEFF}a,b\r\n\r\n"])
  func aHeaderAloneIsAFinding(text: String) async throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(text, as: "x.csv")
    let read = try await ReadExport([path])
    #expect(read.codes == ["health.header-only"])
    #expect(read.summary.header.names == ["a", "b"])
  }

  @Test func utf16IsReadWithItsMark() async throws {
    let folder = try TemporaryFolder()
    let text = "name;title\r\nZoë;\"山 👩‍🚀\"\r\nbob;x\r\n"
    for isLittle in [true, false] {
      var bytes: [UInt8] = isLittle ? [0xFF, 0xFE] : [0xFE, 0xFF]
      for unit in text.utf16 {
        let pair = [UInt8(unit & 0xFF), UInt8(unit >> 8)]
        bytes += isLittle ? pair : pair.reversed()
      }
      let path = try folder.write(bytes, as: "\(isLittle).csv")
      for blockSize in [1, 3, 10, 1 << 20] {
        let read = try await ReadExport([path], options: CSVOptions(blockSize: blockSize))
        #expect(read.texts == [["Zoë", "山 👩‍🚀"], ["bob", "x"]])
        #expect(read.summary.header.delimiter == UInt8(ascii: ";"))
        #expect(try read.again([1]) == Array(read.records.suffix(1)))
        #expect(read.summary.byteCount == bytes.count)
      }
    }
  }

  @Test func halfASurrogatePairSetsItsRecordAside() async throws {
    let folder = try TemporaryFolder()
    var bytes: [UInt8] = [0xFF, 0xFE]
    for unit in Array("a,b\n1,2\n3,".utf16) + [0xD83D] + Array("x\n5,6\n".utf16) {
      bytes += [UInt8(unit & 0xFF), UInt8(unit >> 8)]
    }
    let read = try await ReadExport([try folder.write(bytes + [0x37], as: "x.csv")])
    #expect(read.texts == [["1", "2"], ["5", "6"]])
    #expect(
      read.summary.findings.map(\.subject) == [
        .invalidEncoding(encoding: "UTF-16LE", byteOffset: 22),
        .raggedRow(columns: 1, expected: 2),
      ])
  }

  @Test func windows1252IsReadOnRequest() async throws {
    let folder = try TemporaryFolder()
    let bytes = Array("name,b\nM".utf8) + [0xFC] + Array("ller,".utf8) + [0x80, 0x0A]
    let path = try folder.write(bytes, as: "x.csv")
    let read = try await ReadExport([path], options: CSVOptions(encoding: .windows1252))
    #expect(read.texts == [["Müller", "€"]])
    #expect(try read.again([0]) == read.records)
  }

  @Test func exampleRowsOfATemplateAreSkipped() async throws {
    let folder = try TemporaryFolder()
    let text = """
      version:v1.0\r
      User name [userPrincipalName] Required,Block sign in (Yes/No) [accountEnabled] Required\r
      Example: chris@contoso.com,No\r
      ann@contoso.com,No\r

      """
    let read = try await ReadExport([try folder.write(text, as: "x.csv")])
    #expect(read.summary.header.names == ["userPrincipalName", "accountEnabled"])
    #expect(read.texts == [["ann@contoso.com", "No"]])
    #expect(read.codesWithLines == ["read.example-row:3"])
    #expect(read.records.map(\.line) == [4])
    #expect(read.summary.recordCount == 1)
  }

  @Test func lettersLostInASCIIAreNoticed() async throws {
    let folder = try TemporaryFolder()
    let rows = (0..<50).map { "M?ller \($0),https://x/a?b=\($0),ok\n" }.joined()
    let read = try await ReadExport([try folder.write("name,link,c\n" + rows, as: "x.csv")])
    #expect(read.summary.findings.map(\.subject) == [.lostLetters(column: "name")])
  }

  @Test func aFileWithoutHeaderTakesItsNamesFromTheOptions() async throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("1;2\n3;4\n", as: "x.csv")
    let read = try await ReadExport([path], options: CSVOptions(headerNames: ["a", "b"]))
    #expect(read.texts == [["1", "2"], ["3", "4"]])
    #expect(read.records.map(\.line) == [1, 2])
  }

  @Test func pathsThatCannotBeReadSayWhy() async throws {
    let folder = try TemporaryFolder()
    let missing = folder.path + "/none.csv"
    await #expect(throws: ReadFailure.cannotOpen(path: missing, SystemFailure(number: 2))) {
      try await ReadExport([missing])
    }
    let directory = folder.path
    await #expect(throws: ReadFailure.notAFile(path: directory, .directory)) {
      try await ReadExport([directory])
    }
    let pipe = folder.path + "/pipe.csv"
    // SAFETY: the path is passed as a text that ends with a NUL.
    let made = unsafe mkfifo(pipe, 0o600)
    #expect(made == 0)
    await #expect(throws: ReadFailure.notAFile(path: pipe, .pipe)) { try await ReadExport([pipe]) }
    #expect(
      ReadFailure.cannotOpen(path: "x.csv", SystemFailure(number: 13)).message
        == "Cannot open x.csv: Permission denied. "
        + "Check the path and that this user may read the file.")
  }

  @Test func aFileRewrittenBetweenTwoLooksIsRefused() async throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("a,b\n1,2\n", as: "x.csv")
    let read = try await ReadExport([path])
    _ = try folder.write("a,b\n1,2\n3,4\n", as: "x.csv")
    #expect(throws: ReadFailure.changedWhileReading(path: path)) { try read.again([0]) }
  }
}
