import TestSupport
import Testing

@testable import Scanning

/// A walk over the cells one by one is the slow twin.
struct ColumnCellsTests {
  private struct Place: BytePlace, Equatable {
    var start: UInt32
    var end: UInt32
    var range: Range<Int> { Int(start)..<Int(end) }
  }

  @Test(arguments: UInt64(0)..<60)
  func rowsWithOneValueAreThoseThatAWalkFinds(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let width = Int.random(in: 1...3, using: &random)
    let column = Int.random(in: 0..<width, using: &random)
    let length = Int.random(in: 0...40, using: &random)
    let bytes = (0..<400).map { _ in UInt8.random(in: 0...1, using: &random) }
    let value = 7..<7 + length
    let last = Int.random(in: 0...20, using: &random)
    let cells = (0..<20 * width).map { number -> Place in
      if number / width < last { return Place(start: 7, end: UInt32(7 + length)) }
      let start = UInt32.random(in: 0..<350, using: &random)
      return Place(start: start, end: start + UInt32(length))
    }
    for first in 0...20 {
      let found = cells.span.countEqual(
        to: value, inColumn: column, width: width, rows: first..<20, of: bytes.span)
      let expected = (first..<20).prefix {
        bytes[cells[$0 * width + column].range] == bytes[value]
      }
      #expect(found == expected.count, "seed \(seed), from \(first)")
    }
  }

  /// One byte that differs, wherever it stands in a value of any length.
  @Test func everyByteOfAValueCounts() {
    for length in 1...70 {
      let one = [UInt8](repeating: 5, count: length)
      for place in 0..<length {
        var other = one
        other[place] = 6
        let bytes = one + one + other
        let cells = (0..<3).map {
          Place(start: UInt32($0 * length), end: UInt32(($0 + 1) * length))
        }
        let found = cells.span.countEqual(
          to: 0..<length, inColumn: 0, width: 1, rows: 0..<3, of: bytes.span)
        #expect(found == 2, "\(place) of \(length)")
      }
    }
  }

  @Test func aPlaceBeyondTheBytesIsNoValue() {
    let cells = [Place(start: 0, end: 2), Place(start: 9, end: 11)]
    let bytes = [UInt8](repeating: 0, count: 10)
    #expect(
      cells.span.countEqual(to: 0..<2, inColumn: 0, width: 1, rows: 0..<2, of: bytes.span) == 1)
  }

  @Test(arguments: 1...9)
  func cellsOfPlainRecordsStandBetweenTheirEnds(columns: Int) {
    let rows = (0..<30).map { row in
      (0..<columns).map { column in
        column == 0 && row % 7 == 3 ? "\"q\"" : String(repeating: "x", count: row % 4 + 1)
      }
    }
    let text = Array((rows.map { $0.joined(separator: ",") }.joined(separator: "\n") + "\n").utf8)
    var block = ScannedBlock(columns: columns)
    CSVScanner(dialect: CSVDialect(delimiter: UInt8(ascii: ","))).scan(
      text + [UInt8](repeating: 0, count: CSVScanner.slack), to: text.count, isFinal: true,
      into: &block)
    #expect(block.recordCount == 30)
    var row = 0
    while row < 30 {
      var next = row
      let cells = [Place](capacity: (30 - row) * columns) {
        next = block.appendCells(from: row, to: &$0)
      }
      #expect(cells.count == (next - row) * columns)
      for (place, cell) in cells.enumerated() {
        let (offset, column) = place.quotientAndRemainder(dividingBy: columns)
        #expect(String(decoding: text[cell.range], as: UTF8.self) == rows[row + offset][column])
      }
      // Words of 64 bytes with a quote in them are looked at more closely, and so are records that end in them.
      #expect(next == 30 || block.records[next].shape != [])
      row = next + 1
    }
  }
}
