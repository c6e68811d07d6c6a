import Scanning
import TestSupport
import Testing

struct CSVScannerTests {
  @Test(arguments: [
    ("a,b\n", [["a", "b"]]),
    ("a,b", [["a", "b"]]),
    ("\"a,b\",c\n", [["a,b", "c"]]),
    ("a,\"he said \"\"no\"\"\"\n", [["a", "he said \"no\""]]),
    ("a,\"two\nlines\"\r\nc,d\r\n", [["a", "two\nlines"], ["c", "d"]]),
    ("\n\r\na,\n\n,b\n", [["a", ""], ["", "b"]]),
    ("5\" disk,x\ny,\"z\"\n", [["5\" disk", "x"], ["y", "z"]]),
    ("a\"\"b, \"c\"\n", [["a\"\"b", " \"c\""]]),
    ("\"\",\"\"\"\"\n", [["", "\""]]),
    ("a,\"b\"\r", [["a", "b"]]),
    ("a,b\rc\n", [["a", "b\rc"]]),
  ])
  func recordsAreCut(text: String, expected: [[String]]) {
    let records = scan(Array(text.utf8), columns: 2)
    #expect(records.map(\.outcome) == expected.map { .cells($0.map { Array($0.utf8) }) })
  }

  @Test(arguments: [
    ("a\n", "1 cells"),
    ("a,b,\n", "3 cells"),
    ("a,\"b\"c\n", "text after quote in 1"),
    ("\"a\" ,b\n", "text after quote in 0"),
    ("a,\0\n", "NUL in 1"),
    ("a,\"b\n", "unterminated quote from 0"),
    ("a,0123456789012345678901234567890\n", "field too long in 1"),
  ])
  func badRecordsAreSetAside(text: String, expected: String) {
    let good = "x,y\n"
    let records = scan(
      Array((good + text).utf8), columns: 2, limits: CSVLimits(field: 30, record: 90))
    #expect(records.count == 2)
    #expect(records.last?.outcome == .bad(expected.replacing("from 0", with: "from 1")))
    #expect(records.last?.line == 1)
  }

  @Test func aRecordBeyondTheLimitEndsTheScan() {
    let text = Array(("a,b\nc,\"" + String(repeating: "x\n", count: 50) + "\"\nd,e\n").utf8)
    let records = scan(text, columns: 2, limits: CSVLimits(field: 90, record: 90))
    #expect(records.map(\.outcome).last == .bad("record too long"))
    #expect(records.count == 2)
    #expect(records.last?.lineCount == 44)
  }

  @Test(arguments: [CSVDialect.LineEnd.lineFeed, .carriageReturn], 0..<40)
  func agreesWithTheReference(lineEnd: CSVDialect.LineEnd, group: Int) {
    for seed in UInt64(group * 25)..<UInt64(group * 25 + 25) {
      var awkward = AwkwardText(seed: seed)
      let end = lineEnd == .lineFeed ? (seed % 3 == 0 ? "\r\n" : "\n") : "\r"
      let columns = 1 + Int(seed % 5)
      let text = awkward.rows(30, columns: columns, lineEnd: end)
      let limits = seed % 7 == 0 ? CSVLimits(field: 60, record: 150) : CSVLimits()
      let reference = ReferenceCSV(
        endsWithCarriageReturn: lineEnd == .carriageReturn, columns: columns,
        fieldLimit: limits.field, recordLimit: limits.record)
      let found = scan(text, columns: columns, lineEnd: lineEnd, limits: limits)
      let expected = reference.records(in: text).map(\.withoutLineCountIfGood)
      #expect(found == expected, "seed \(seed), \(lineEnd)")
      if found != expected { return }
    }
  }

  /// Word by word is the slow twin: of characters cut anywhere, and of bytes that are none.
  @Test(arguments: 0..<40)
  func manyWordsAtOnceAreWhatTheyAreOneByOne(group: Int) {
    for seed in UInt64(group * 25)..<UInt64(group * 25 + 25) {
      var random = SeededGenerator(seed: seed)
      var text: [UInt8] = []
      let pieces = [
        "ann", "Zoë", "山田", "👩‍🚀", ",", ",", "\n", "\r\n", "x,y\n", "\"a, b\",", "long words ",
      ]
      while text.count < 2000 { text += (pieces.randomElement(using: &random) ?? "").utf8 }
      for _ in 0..<Int(seed % 4) {
        let place = Int.random(in: 0..<text.count, using: &random)
        if seed % 3 == 0 {
          text.remove(at: place)
        } else {
          text[place] = .random(in: 0...255, using: &random)
        }
      }
      let columns = 1 + Int(seed % 3)
      let expected = scan(text, columns: columns, vectors: .baseline)
      for vectors in VectorInstructions.ofWords.known.dropFirst() {
        let found = scan(text, columns: columns, vectors: vectors)
        #expect(found == expected, "seed \(seed), \(vectors)")
        if found != expected { return }
      }
    }
  }

  /// Where a character ends or is cut off, one place after the other over a whole word.
  @Test(arguments: ["é", "山", "👩", "\u{7FF}", "\u{800}", "\u{FFFF}", "\u{10FFFF}"])
  func aCharacterIsCheckedWhereverItStands(character: String) {
    for place in 60..<200 {
      for kept in 1...character.utf8.count {
        let text =
          Array("x,y\n".utf8) + [UInt8](repeating: UInt8(ascii: "a"), count: place)
          + character.utf8.prefix(kept)
          + Array((String(repeating: "b", count: 150) + ",c\nd,e\n").utf8)
        for vectors in VectorInstructions.ofWords.known {
          let records = scan(text, columns: 2, vectors: vectors)
          #expect(records.count == 3)
          let isBad = records.contains { $0.outcome == .bad("not UTF-8 in 0") }
          #expect(isBad == (kept < character.utf8.count), "at \(place), \(kept) bytes, \(vectors)")
        }
      }
    }
  }

  @Test func anUnfinishedRecordIsLeftForTheNextBlock() {
    let text = Array("a,b\nc,\"d\ne".utf8)
    var block = ScannedBlock(columns: 2)
    CSVScanner(dialect: CSVDialect(delimiter: UInt8(ascii: ","))).scan(
      text + slack, to: text.count, isFinal: false, into: &block)
    #expect(block.recordCount == 1)
    #expect(block.rest?.start == 4)
    #expect(block.rest?.isInsideQuotes == true)
    #expect(block.lineCount == 1)
  }

  private let slack = [UInt8](repeating: 0, count: CSVScanner.slack)

  private func scan(
    _ text: [UInt8], columns: Int, lineEnd: CSVDialect.LineEnd = .lineFeed,
    limits: CSVLimits = CSVLimits(), vectors: VectorInstructions = .ofWords
  ) -> [ReferenceCSV.Record] {
    var block = ScannedBlock(columns: columns)
    let dialect = CSVDialect(delimiter: UInt8(ascii: ","), lineEnd: lineEnd)
    CSVScanner(dialect: dialect, limits: limits, vectors: vectors).scan(
      text + slack, to: text.count, isFinal: true, into: &block)
    return records(of: block, in: text, columns: columns)
  }

  private func records(
    of block: ScannedBlock, in text: [UInt8], columns: Int
  ) -> [ReferenceCSV.Record] {
    var records: [(number: Int, record: ReferenceCSV.Record)] = []
    for row in 0..<block.recordCount {
      let record = block.records[row]
      var start = Int(record.start)
      let cells = (0..<columns).map { column in
        let end = Int(block.ends[row * columns + column])
        defer { start = end + 1 }
        return CSVCell.value(of: start..<end, in: text.span)
      }
      records.append(
        (
          Int(record.number),
          ReferenceCSV.Record(line: Int(record.line), lineCount: 0, outcome: .cells(cells))
        ))
    }
    for problem in block.problems {
      records.append(
        (
          problem.number,
          ReferenceCSV.Record(
            line: problem.line, lineCount: problem.lineCount, outcome: .bad(problem.reason))
        ))
    }
    #expect(block.numberCount == records.count)
    return records.sorted { $0.number < $1.number }.map(\.record)
  }
}

extension ReferenceCSV.Record {
  /// The scanner counts the lines of bad records only.
  fileprivate var withoutLineCountIfGood: Self {
    guard case .cells = outcome else { return self }
    return Self(line: line, lineCount: 0, outcome: outcome)
  }
}

extension CSVProblem {
  fileprivate var reason: String {
    switch kind {
    case .ragged(let columns): "\(columns) cells"
    case .nul(let column): "NUL in \(column)"
    case .invalidText(let column, _): "not UTF-8 in \(column)"
    case .textAfterClosingQuote(let column): "text after quote in \(column)"
    case .fieldTooLong(let column): "field too long in \(column)"
    case .recordTooLong: "record too long"
    case .unterminatedQuote(let line): "unterminated quote from \(line)"
    }
  }
}
