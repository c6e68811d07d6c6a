import Identity
import Scanning

/// What is known of the lines of a piece that look like those before them.
struct JSONPlainWork: ~Copyable {
  /// Of a piece, so many records are learnt from, and one more for so many that were taken: where learning does not
  /// help, it ends soon.
  private static let lessons = 64
  private static let takenPerLesson = 4
  /// So many records in a row that are not plain, and not every one is looked at twice any more.
  private static let patience = 4
  private static let longestPause = 64

  private var shape: JSONLineShape
  private var records: JSONPlainRecords
  /// Lines that were taken.
  private(set) var takenCount = 0
  private var lessonCount = 0
  private var misses = 0
  private var pause = 0

  init(
    _ reader: borrowing JSONFieldReader, targets: [[FieldTable.Target]], columnCount: Int,
    limit: Int
  ) {
    shape = JSONLineShape(
      reader,
      targets: targets.map { slot in
        slot.map { .init(column: $0.column, rank: $0.rank, isFirst: $0.isFirst) }
      }, columnCount: columnCount, valueLimit: limit)
    records = JSONPlainRecords(columnCount: columnCount)
  }

  /// Takes lines until one wants a closer look; `place` and `line` step over them.
  mutating func take(
    into builder: inout FieldBuilder, from place: inout Int, to end: Int, line: inout Int
  ) {
    guard lessonCount > 0, place >= JSONPlainRecords.lead else { return }
    guard pause == 0 else { return pause -= 1 }
    let (start, first) = (place, line)
    var before = -1
    repeat {
      before = place
      builder.layPlain(&records, shape: &shape, from: &place, to: end, line: &line)
    } while place < end && place != before && !records.isStuck
    takenCount += line - first
    misses = place > start ? misses / 2 : misses + 1
    // Where hardly any line is plain, it is not worth looking at each of them twice.
    pause = misses < Self.patience ? 0 : min(misses, Self.longestPause)
  }

  /// Learns from a line that `reader` has read.
  mutating func learn(_ text: [UInt8], _ range: Range<Int>, from reader: borrowing JSONFieldReader)
  {
    guard lessonCount < Self.lessons + takenCount / Self.takenPerLesson else { return }
    lessonCount += 1
    shape.learn(text, range, from: reader)
  }
}

extension JSONRecordWork {
  /// Reads a record to a line: those that look like the ones before them in one go, all others one by one.
  ///
  /// ```
  /// {"id":"7","on":true}      JSONFieldReader; what stands between its values is learnt
  /// {"id":"8","on":false} ┐
  /// {"id":"9","on":null}  ┘   JSONPlainRecords
  /// {"id":"10","off":1}       JSONFieldReader: something else stands there
  /// ```
  mutating func readLines(_ range: Range<Int>, isLast: Bool) {
    let end = range.upperBound
    var (start, line) = (range.lowerBound, 0)
    while start < end {
      plain?.take(into: &builder, from: &start, to: end, line: &line)
      guard start < end else { return }
      let stop = LineFeeds.first(in: piece.text, start..<end) ?? end
      if !piece.text[start..<stop].allSatisfy(\.isJSONSpace) {
        let isRead = read(start..<stop, line: line, isOpen: isLast && stop == end)
        if isRead { plain?.learn(piece.text, start..<stop, from: reader) }
      }
      line += 1
      start = stop + 1
    }
  }
}
