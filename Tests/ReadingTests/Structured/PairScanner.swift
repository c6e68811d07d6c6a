import Identity
import Scanning

@testable import Reading

/// A format as small as can be, for tests of what all formats share: `name=value;name=value` line by line.
///
/// Every line is a piece of its own. A line `!` sets its record aside, a line `#` breaks the file off.
struct PairScanner: RecordScanner {
  var feed: FileFeed
  private(set) var ending = FileEnding()
  private var lines: ArraySlice<(number: Int, text: String)> = []
  private var isRead = false

  init(_ input: InputPath, digest: Bool) throws(ReadFailure) {
    feed = try FileFeed(input, options: CSVOptions(), digest: digest)
  }

  mutating func next() throws(ReadFailure) -> PairPiece? {
    if !isRead {
      var bytes: [UInt8] = []
      var end = 0
      while !feed.isAtEnd { end = try feed.fill(&bytes, at: end, upTo: 16) }
      let texts = String(decoding: bytes[..<end], as: UTF8.self).split(separator: "\n")
      lines = Array(texts.enumerated().map { ($0.offset + 1, String($0.element)) })[...]
      ending.isEmpty = lines.isEmpty
      isRead = true
    }
    guard ending.broken == nil, let line = lines.popFirst() else { return nil }
    if line.text == "#" {
      ending.broken = (
        .brokenDocument(format: "pairs", problem: .cutOff, byteOffset: 0), line.number
      )
      return nil
    }
    return PairPiece(firstLine: line.number, text: line.text)
  }
}

struct PairPiece: RecordPiece {
  let firstLine: Int
  let text: String

  func read(_ fields: FieldTable, collectingNames: Bool) -> FieldBuilder {
    var builder = FieldBuilder(fields, collectingNames: collectingNames)
    builder.begin(line: 0)
    for pair in text.split(separator: ";") where pair != "!" {
      let parts = pair.split(separator: "=", omittingEmptySubsequences: false)
      builder.add(copying: parts[1].utf8, named: parts[0].utf8)
    }
    if text.hasSuffix("!") {
      builder.setAside(.noKey, unreadable: [0])
    } else {
      builder.end()
    }
    return builder
  }
}
