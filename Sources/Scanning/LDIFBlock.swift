/// One logical line of an LDIF record: folded lines joined, base64 already decoded.
///
/// ```
/// member;range=0-1499:: Q049QW5u      name "member;range=0-1499", value "CN=Ann", .base64
/// -                                   name empty, value empty, .separator
/// ```
package struct LDIFLine: Sendable, Hashable {
  package enum Form: Sendable, Hashable {
    case plain
    case base64
    /// `attr:< url`; only where URLs were allowed, and then not followed.
    case url
    /// The `-` that ends one change of a modify record.
    case separator
  }

  var nameStart: UInt32
  var nameEnd: UInt32
  var valueStart: UInt32
  var valueEnd: UInt32
  package var form: Form
  /// The first eight bytes of the attribute, as far as there are so many: most names differ in them.
  package var prefix: UInt64 = 0

  package var isPlain: Bool {
    switch form {
    case .plain: true
    case .base64, .url, .separator: false
    }
  }

  /// The attribute with its options, in the bytes that were scanned.
  package var name: Range<Int> { Int(nameStart)..<Int(nameEnd) }
  package var value: Range<Int> { Int(valueStart)..<Int(valueEnd) }
}

/// Where the lines of one record stand, and what the record asks for.
package struct LDIFRecord: Sendable, Hashable {
  package enum Change: Sendable, Hashable {
    /// A content record: the entry as it is.
    case content
    case add
    case delete
    case modify
    /// `modrdn` and `moddn`.
    case rename
  }

  /// The distinguished name's own line; the record's lines follow it.
  package let name: LDIFLine
  /// The lines after `dn`, controls and `changetype`.
  package let lines: Range<Int>
  package let change: Change
  /// Physical lines of the block before it.
  package let line: Int
  /// Records of the block before it, bad ones counted.
  package let number: Int
  /// Where its text begins in the block.
  package let start: Int

  /// The same record, in a text that has more lines before it.
  package func moved(by lines: Int) -> LDIFRecord {
    LDIFRecord(
      name: name, lines: self.lines, change: change, line: line + lines, number: number,
      start: start)
  }
}

/// A record that cannot be delivered, and why.
package struct LDIFProblem: Sendable, Hashable {
  package enum Kind: String, Sendable, Hashable, CaseIterable {
    /// Its first line is not `dn:`.
    case noName
    /// A second `dn:` in one record.
    case secondName
    /// A continuation line that continues nothing.
    case nothingToFold
    /// A line without a colon, or with a name that is none.
    case noAttribute
    case badBase64
    /// `attr:< url`, which would read another file.
    case url
    case unknownChange
    /// A change record whose lines are not those of its kind.
    case badChange
    case nul
    case invalidText
    case valueTooLong
  }

  package let kind: Kind
  package let number: Int
  /// Physical lines of the block before the record.
  package let line: Int
  /// Physical lines the record takes up.
  package let lineCount: Int
  /// Where in the block the bad line begins.
  package let place: Int
  /// The value of its `dn:`, when it has one that can be read.
  package let name: Range<Int>?

  package init(
    kind: Kind, number: Int, line: Int, lineCount: Int, place: Int, name: Range<Int>?
  ) {
    self.kind = kind
    self.number = number
    self.line = line
    self.lineCount = lineCount
    self.place = place
    self.name = name
  }

  /// The same problem, in a text that has more lines before it.
  package func moved(by lines: Int) -> LDIFProblem {
    LDIFProblem(
      kind: kind, number: number, line: line + lines, lineCount: lineCount, place: place,
      name: name)
  }
}

/// What a scan of one block of LDIF found; used again for the next one, so that its memory is.
package struct LDIFBlock: Sendable {
  package internal(set) var records: [LDIFRecord] = []
  package internal(set) var lines: [LDIFLine] = []
  package internal(set) var problems: [LDIFProblem] = []
  /// Records seen, good or bad.
  package internal(set) var numberCount = 0
  /// Physical lines of the block.
  package internal(set) var lineCount = 0
  /// What ldapsearch prints when it is done: the `result:` of the search, 0 if it found everything.
  package internal(set) var searchResult: Int?
  /// Whether nothing but comments has come since the file began, so that `version:` still may.
  package internal(set) var isBeforeFirst = false

  package init() {}

  mutating func reset() {
    records.removeAll(keepingCapacity: true)
    lines.removeAll(keepingCapacity: true)
    problems.removeAll(keepingCapacity: true)
    numberCount = 0
    lineCount = 0
    searchResult = nil
  }
}
