import Scanning
import TestSupport
import Testing

struct LDIFScannerTests {
  @Test func aContentRecordIsLines() throws {
    let scan = Scan(
      """
      version: 1
      # made by hand,
        and this belongs to it
      dn: cn=Ann Lee,dc=contoso,dc=com
      objectClass: top
      CN;lang-en: Ann
       \u{20}Lee
      cn:: QW5u
      empty:
      url: http://contoso.com

      """)
    #expect(scan.problems.isEmpty)
    let record = try #require(scan.records.first)
    #expect(scan.records.count == 1)
    #expect(record.name == Array("cn=Ann Lee,dc=contoso,dc=com".utf8))
    #expect(record.change == .content)
    #expect(record.line == 3)
    #expect(
      record.lines.map { "\($0.name)=\(String(decoding: $0.value, as: UTF8.self))" } == [
        "objectClass=top", "CN;lang-en=Ann Lee", "cn=Ann", "empty=", "url=http://contoso.com",
      ])
  }

  /// RFC 2849's examples 5 and 6: one change of every kind.
  @Test func changeRecordsAreRead() {
    let scan = Scan(
      """
      dn: cn=Fiona,dc=airius,dc=com
      changetype: add
      objectclass: person

      dn: cn=Robert,dc=airius,dc=com
      control: 1.2.840.113556.1.4.805 true
      changetype: delete

      dn: cn=Paul,dc=airius,dc=com
      changetype: modrdn
      newrdn: cn=Paula
      deleteoldrdn: 1

      dn: ou=PD,dc=airius,dc=com
      changetype: moddn
      newrdn: ou=Product
      deleteoldrdn: 0
      newsuperior: ou=All,dc=airius,dc=com

      dn: cn=Paula,dc=airius,dc=com
      changetype: modify
      add: postaladdress
      postaladdress: 123 Anystreet $ Sunnyvale, CA $ 94086
      -
      delete: description
      -
      replace: telephonenumber
      telephonenumber: +1 408 555 1234
      telephonenumber: +1 408 555 5678
      -

      """)
    #expect(scan.problems.isEmpty)
    #expect(scan.records.map(\.change) == [.add, .delete, .rename, .rename, .modify])
    #expect(scan.records.map(\.lines.count) == [1, 0, 2, 3, 9])
  }

  @Test(arguments: [
    ("cn: Ann", LDIFProblem.Kind.noName),
    ("dn: cn=a\nno colon", .noAttribute),
    ("dn: cn=a\nä: b", .noAttribute),
    ("dn: cn=a\n: b", .noAttribute),
    ("dn: cn=a\ncn:: QW5", .badBase64),
    ("dn: cn=a\ncn:: Q*5u", .badBase64),
    ("dn: cn=a\njpegPhoto:< file:///etc/shadow", .url),
    ("dn: cn=a\nchangetype: increment", .unknownChange),
    ("dn: cn=a\nchangetype: delete\ncn: a", .badChange),
    ("dn: cn=a\nchangetype: modify\nreplace: cn\nsn: a", .badChange),
    ("dn: cn=a\nchangetype: modify\ncn: a", .badChange),
    ("dn: cn=a\nchangetype: modrdn\nnewrdn: cn=b", .badChange),
    ("dn: cn=a\n-", .badChange),
    ("dn: cn=a\ncn: \0", .nul),
    ("dn: cn=a\ncn: 123456789012345678901", .valueTooLong),
    (" dn: cn=a", .nothingToFold),
  ])
  func aBadRecordSaysWhy(text: String, kind: LDIFProblem.Kind) {
    let scan = Scan(
      "dn: cn=z\n\n\(text)\n\ndn: cn=y\n\n", limits: LDIFLimits(value: 20))
    #expect(scan.problems.map(\.kind) == [kind])
    #expect(scan.problems.map(\.number) == [1])
    #expect(scan.problems.map(\.line) == [2])
    #expect(scan.records.map(\.name) == [Array("cn=z".utf8), Array("cn=y".utf8)])
  }

  @Test func urlsAreDeliveredUnreadWhereTheyAreAllowed() {
    let text = "dn: cn=a\nphoto:< file:///etc/shadow\n\n"
    let scan = Scan(text, allowsURLs: true)
    #expect(scan.records.first?.lines.map(\.form) == [.url])
    #expect(scan.records.first?.lines.map(\.value) == [Array("file:///etc/shadow".utf8)])
  }

  @Test func whatLdapsearchAddsIsNoRecord() {
    let scan = Scan(
      """
      dn: cn=a

      # search reference
      ref: ldap://other/dc=contoso,dc=com

      # search result
      search: 2
      result: 4 Size limit exceeded

      # numResponses: 2
      # numEntries: 1

      """)
    #expect(scan.records.count == 1)
    #expect(scan.problems.isEmpty)
    #expect(scan.block.searchResult == 4)
  }

  @Test func theLastBoundaryIsTheEndOfABlankLine() {
    func boundary(_ text: String) -> Int? {
      LDIFScanner.lastBoundary(in: Array(text.utf8), 0..<text.utf8.count)
    }
    #expect(boundary("dn: a\n\ndn: b\n") == 7)
    #expect(boundary("dn: a\r\n\r\ndn: b\r\n") == 9)
    #expect(boundary("\ndn: b\n") == 1)
    #expect(boundary("dn: b\n \n") == nil)
    #expect(boundary("") == nil)
  }

  /// Whole files, and the same files cut into blocks wherever a block may end.
  @Test(arguments: 0..<8)
  func agreesWithTheReferenceAtEveryBoundary(group: Int) {
    for seed in UInt64(group * 40)..<UInt64(group * 40 + 40) {
      var awkward = AwkwardLDIF(seed: seed)
      let text = awkward.records(8)
      let expected = ReferenceLDIF(text)
      for size in [text.count, 200, 60, 1] {
        let scan = Scan(text, blockSize: size)
        let records = scan.records.map {
          ReferenceLDIF.Record(name: $0.name, lines: $0.lines, change: $0.change, line: $0.line)
        }
        let first = zip(records, expected.records).first { $0 != $1 }
        #expect(
          records == expected.records,
          "seed \(seed), blocks of \(size), first \(String(describing: first))")
        #expect(scan.problems.map(\.line) == expected.bad, "seed \(seed), blocks of \(size)")
        guard records == expected.records else { return }
      }
    }
  }

  @Test func flippedBitsAndCutsNeverCrash() {
    var random = SeededGenerator(seed: 77)
    var awkward = AwkwardLDIF(seed: 5)
    let text = awkward.records(6)
    for count in 0...text.count { _ = Scan(Array(text[..<count])) }
    for _ in 0..<2000 {
      var flipped = text
      let bit = Int.random(in: 0..<text.count * 8, using: &random)
      flipped[bit / 8] ^= 1 << (bit % 8)
      _ = Scan(flipped)
    }
  }
}

/// A file scanned block by block, in a form tests can compare.
private struct Scan {
  struct Record {
    let name: [UInt8]
    let lines: [ReferenceLDIF.Line]
    let change: LDIFRecord.Change
    let line: Int
  }

  private(set) var records: [Record] = []
  private(set) var problems: [LDIFProblem] = []
  private(set) var block = LDIFBlock()

  init(_ text: String, limits: LDIFLimits = LDIFLimits(), allowsURLs: Bool = false) {
    self.init(Array(text.utf8), limits: limits, allowsURLs: allowsURLs)
  }

  init(
    _ text: [UInt8], blockSize: Int? = nil, limits: LDIFLimits = LDIFLimits(),
    allowsURLs: Bool = false
  ) {
    let scanner = LDIFScanner(limits: limits, allowsURLs: allowsURLs)
    var start = 0
    var line = 0
    var number = 0
    repeat {
      var end = min(text.count, start + (blockSize ?? text.count))
      while end < text.count, LDIFScanner.lastBoundary(in: text, start..<end) == nil { end += 1 }
      if end < text.count { end = LDIFScanner.lastBoundary(in: text, start..<end) ?? end }
      var bytes = text
      scanner.scan(&bytes, from: start, to: end, isFirst: start == 0, into: &block)
      records += block.records.map { record in
        Record(
          name: Array(bytes[record.name.value]),
          lines: block.lines[record.lines].map {
            ReferenceLDIF.Line(
              name: String(decoding: bytes[$0.name], as: UTF8.self),
              value: Array(bytes[$0.value]), form: $0.form)
          }, change: record.change, line: line + record.line)
      }
      problems += block.problems.map { $0.moved(lines: line, records: number) }
      line += block.lineCount
      number += block.numberCount
      start = end
    } while start < text.count
  }
}

/// Seeded LDIF with everything in it that makes readers stumble.
struct AwkwardLDIF {
  private var random: SeededGenerator

  init(seed: UInt64) {
    random = SeededGenerator(seed: seed)
  }

  mutating func records(_ count: Int) -> [UInt8] {
    var text: [UInt8] = []
    if chance(0.3) { text += line("version: 1") }
    for _ in 0..<count {
      if chance(0.2) { text += line("# a comment: with a colon") }
      if chance(0.1) { text += line("") }
      text += record()
      text += line("")
    }
    if chance(0.2) { text += Array("dn: cn=cut".utf8) }
    return text
  }

  private mutating func record() -> [UInt8] {
    var text = chance(0.95) ? line(chance(0.2) ? "dn:: Y249QW5u" : "DN: cn=Ann,dc=x") : []
    switch Int.random(in: 0..<8, using: &random) {
    case 0: text += line("changetype: delete")
    case 1:
      text += line("changetype: modify")
      for _ in 0..<Int.random(in: 0..<3, using: &random) {
        text += line("replace: cn") + line("cn: a") + line("CN:: QW5u")
        if chance(0.9) { text += line("-") }
      }
    case 2: text += line("changetype: modrdn") + line("newrdn: cn=b") + line("deleteoldrdn: 1")
    case 3: text += line("changetype: add") + attributes()
    default: text += attributes()
    }
    return text
  }

  private mutating func attributes() -> [UInt8] {
    (0..<Int.random(in: 0..<6, using: &random)).flatMap { _ in attribute() }
  }

  private mutating func attribute() -> [UInt8] {
    let odd: [[UInt8]] = [
      Array("no colon".utf8), Array("cn:: QW5".utf8), Array("photo:< file:///x".utf8), [0x2D],
      Array("cn: a".utf8) + [0], Array("cn: ".utf8) + [0xFC], Array(" folded into nothing".utf8),
      Array("ä: b".utf8), Array("changetype: add".utf8), Array("dn: cn=again".utf8),
    ]
    if chance(0.08) { return line(odd[Int.random(in: 0..<odd.count, using: &random)]) }
    let good = [
      "objectClass: top", "cn;lang-de: Jürgen", "member;range=0-1499: cn=山,dc=x", "empty:",
      "spaces:    x  ", "mail:: YW5uQGNvbnRvc28uY29t", "empty64::", "description: # no comment",
      "long: " + String(repeating: "long ", count: 30),
    ]
    return line(good[Int.random(in: 0..<good.count, using: &random)])
  }

  private mutating func chance(_ share: Double) -> Bool {
    Double.random(in: 0..<1, using: &random) < share
  }

  private mutating func line(_ text: String) -> [UInt8] { line(Array(text.utf8)) }

  /// Folds it here and there, in the middle of a character too.
  private mutating func line(_ text: [UInt8]) -> [UInt8] {
    let end = chance(0.2) ? [0x0D, 0x0A] : [0x0A] as [UInt8]
    var folded: [UInt8] = []
    for (index, byte) in text.enumerated() {
      if index > 1, chance(0.03) { folded += end + [0x20] }
      folded.append(byte)
    }
    return folded + end
  }
}

extension LDIFProblem {
  fileprivate func moved(lines: Int, records: Int) -> LDIFProblem {
    LDIFProblem(
      kind: kind, number: number + records, line: line + lines, lineCount: lineCount,
      place: place, name: name)
  }
}
