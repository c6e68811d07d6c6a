import Foundation
import Identity
import Scanning
import TestSupport
import Testing

@testable import Reading

/// Records taken in one go, held to the same records read one by one, which is what happens where the names of all
/// fields are wanted.
struct LDIFPlainRecordsTests {
  private static let fields = FieldTable([
    ["mail"], ["cn"], ["title", "description"], ["dn"], ["phone[1]"], ["member"], ["objectClass"],
  ])

  @Test(arguments: 0..<12)
  func theyAreWhatTheyAreOneByOne(group: Int) {
    for seed in UInt64(group * 20)..<UInt64(group * 20 + 20) {
      var lively = LivelyLDIF(seed: seed)
      // A quarter of the files have more than one window.
      expectTheSame(lively.records(seed % 4 == 0 ? 500 : 40), "seed \(seed)")
    }
  }

  @Test func theyAreTheSameWhereverAWindowEnds() {
    var lively = LivelyLDIF(seed: 4711)
    let text = lively.records(500)
    for length in 0..<130 {
      let comment = Array("# \(String(repeating: "x", count: length))\n".utf8)
      expectTheSame(comment + text, "\(length) bytes before")
    }
  }

  @Test func theyAreTheSameWhereverTheTextEnds() {
    var lively = LivelyLDIF(seed: 99)
    let text = lively.records(12)
    for count in 0...text.count { expectTheSame(Array(text[..<count]), "\(count) bytes") }
  }

  @Test func theyAreTheSameWhateverBitIsWrong() {
    var random = SeededGenerator(seed: 3)
    var lively = LivelyLDIF(seed: 8)
    let text = lively.records(30)
    for _ in 0..<1000 {
      var flipped = text
      let bit = Int.random(in: 0..<text.count * 8, using: &random)
      flipped[bit / 8] ^= 1 << (bit % 8)
      expectTheSame(flipped, "bit \(bit)")
    }
  }

  /// Without this the tests above could hold the slow way to itself.
  @Test func recordsThatLookAlikeAreTakenInOneGo() {
    let record = "dn: cn=1,dc=x\ncn: Ann\nmail: ann@contoso.com\n\n"
    let text = Array(String(repeating: record, count: 20).utf8)
    var shape = LDIFShape(
      columnCount: 2, valueLimit: 60, name: LDIFShape.Target(column: 0, rank: 0, isFirst: true))
    shape.learn(
      attribute: Array("cn".utf8).span, to: .init(column: 1, rank: 0, isFirst: true),
      isClass: false)
    shape.learn(attribute: Array("mail".utf8).span, to: nil, isClass: false)
    var plain = LDIFPlainRecords(columnCount: 2)
    var bytes = [0, 0, 0] + text + [UInt8](repeating: 0, count: LDIFPlainRecords.slack)
    var cells = [RecordBatch.Cell](repeating: .absent, count: 2 * plain.rowCapacity)
    plain.take(
      &bytes, from: 3, to: 3 + text.count, shape: &shape, cells: &cells, at: 0)
    // The last few bytes make no whole word, so that the records in them are left to the scanner.
    #expect(plain.rowCount >= 17)
    #expect(cells[1].range.map { bytes[$0] } == Array("Ann".utf8))
  }

  private func expectTheSame(_ text: [UInt8], _ comment: String) {
    for classes in [nil, ["inetOrgPerson"]] {
      var options = DirectoryOptions(classes: classes, exceptClasses: ["computer"])
      options.allowsURLs = comment.count % 2 == 0
      let piece = LDIFPiece(
        firstLine: 1, text: text + [UInt8](repeating: 0, count: LDIFPlainRecords.slack),
        count: text.count, original: nil, offset: 0, encoding: .utf8, isFirst: true,
        options: options, references: EntryReferences(),
        limits: FormatOptions.Limits(field: 60, record: 1 << 20))
      let fast = Outcome(piece.read(Self.fields, collectingNames: false))
      let slow = piece.read(Self.fields, collectingNames: true)
      #expect(fast == Outcome(slow), "\(comment)")
      // Where only the names are wanted, each is noted once.
      let look = piece.read(FieldTable([]), collectingNames: true)
      #expect(look.names?.ordered == slow.names?.ordered, "\(comment)")
      #expect(look.numberCount == slow.numberCount, "\(comment)")
    }
  }

  private struct Outcome: Equatable {
    let rows: [[String]]
    let lines: [UInt32]
    let numbers: [UInt32]
    let presence: [Int]
    let problems: [String]
    let search: String?

    init(_ builder: FieldBuilder) {
      presence = builder.presence
      search = builder.unfinishedSearch
      problems = builder.problems.map {
        "\($0.subject) \($0.number) \($0.line) \($0.lineCount) \(String(describing: $0.cells))"
      }
      let batch = builder.batch()
      rows = (0..<batch.count).map { LDIFExport.row($0, of: batch) }
      lines = batch.lines
      numbers = batch.numbers
    }
  }
}

/// Seeded LDIF of which most records look alike, and every one may have something that makes readers stumble.
private struct LivelyLDIF {
  private var random: SeededGenerator

  init(seed: UInt64) {
    random = SeededGenerator(seed: seed)
  }

  mutating func records(_ count: Int) -> [UInt8] {
    var text: [UInt8] = chance(0.5) ? Array("version: 1\n\n".utf8) : []
    let end = chance(0.2) ? "\r\n" : "\n"
    for number in 0..<count {
      for line in record(number) {
        text += line + (chance(0.01) ? Array("\r\n".utf8) : Array(end.utf8))
        if chance(0.005) { text += Array(" folded".utf8) + Array(end.utf8) }
      }
      text += Array(end.utf8)
      if chance(0.03) { text += Array(end.utf8) }
    }
    if chance(0.3) { text += Array("dn: cn=cut".utf8) }
    return text
  }

  private mutating func record(_ number: Int) -> [[UInt8]] {
    var lines: [[UInt8]] = []
    if chance(0.1) { lines.append(Array("# entry \(number): a comment".utf8)) }
    lines.append(Array((chance(0.02) ? "DN: cn=\(number)" : "dn: cn=\(number),dc=x").utf8))
    if chance(0.01) { lines.append(Array("changetype: add".utf8)) }
    let classes = ["inetOrgPerson", "inetOrgPerson", "top", "computer", "INETORGPERSON"]
    for _ in 0..<Int.random(in: 0..<3, using: &random) {
      lines.append(Array("objectClass: \(one(of: classes))".utf8))
    }
    if chance(0.1) {
      let bytes: [UInt8] =
        [0, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC1, 0xC2, 0xE0, 0xED]
        + [0xEE, 0xF0, 0xF1, 0xF4, 0xF5]
      let value = (0..<Int.random(in: 0...5, using: &random)).map { _ in one(of: bytes) }
      lines.append(Array("title:: \(Data(value).base64EncodedString())".utf8))
    }
    for value in ["cn: Ann", "mail: ann\(number)@contoso.com", "title: Buyer", "unwanted: x"]
    where !chance(0.1) { lines.append(Array(value.utf8)) }
    for _ in 0..<Int.random(in: 0..<3, using: &random) { lines.append(Array("member: cn=m".utf8)) }
    if chance(0.3) { lines.append(Array(one(of: Self.often).utf8)) }
    if chance(0.05) { lines.append(one(of: Self.odd)) }
    if chance(0.1), lines.count > 2 { lines.swapAt(1, lines.count - 1) }
    return lines
  }

  private static let often = [
    "title:: SsO8cmdlbg==", "cn:: w4Q=", "description: second choice", "Title: otherwise",
    "phone: 1", "phone: 2", "mail:", "mail:   ", "title:no blank", "unwanted:: QW5u",
    "aRatherLongAttribute: y",
    "anAttributeWithALongName: z", "cn;lang-de: Änne", "mail::", "# a comment within",
  ]

  private static let odd: [[UInt8]] = [
    Array("no colon".utf8), Array("cn:: QW5".utf8), Array("unwanted:: Q*5u".utf8),
    Array("photo:< file:///x".utf8), [0x2D], Array("cn: a".utf8) + [0], Array("cn: ".utf8) + [0xFC],
    Array(" folded into nothing".utf8), Array("cn:: gIA=".utf8), Array("title:: QQBC".utf8),
    Array("dn: cn=again".utf8), Array("title: \(String(repeating: "long", count: 20))".utf8),
    Array("result: 4".utf8), Array("control: 1".utf8), Array("member;range=0-1: cn=n".utf8),
  ]

  private mutating func one<Element>(of list: [Element]) -> Element {
    list[Int.random(in: 0..<list.count, using: &random)]
  }

  private mutating func chance(_ share: Double) -> Bool {
    Double.random(in: 0..<1, using: &random) < share
  }
}
