import Identity

/// On which lines the records of one batch begin.
///
/// Where each record takes one line and none was set aside, that is one number for all of them.
enum BatchLines: Sendable {
  /// How many lines further than its number a record stands.
  case onePerRecord(ahead: Int)
  case listed(numbers: [UInt32], lines: [UInt32])

  init(_ batch: RecordBatch) {
    let ahead = batch.count == 0 ? 0 : Int(batch.lines[0]) - Int(batch.numbers[0])
    let isRegular = (0..<batch.count).allSatisfy {
      Int(batch.lines[$0]) - Int(batch.numbers[$0]) == ahead
    }
    self =
      isRegular
      ? .onePerRecord(ahead: ahead) : .listed(numbers: batch.numbers, lines: batch.lines)
  }

  /// How many lines into the batch the record with this number begins, nil where it knows none.
  func line(ofNumber number: UInt32) -> Int? {
    switch self {
    case .onePerRecord(let ahead): return Int(number) + ahead
    case .listed(let numbers, let lines):
      var (low, high) = (0, numbers.count)
      while low < high {
        let middle = (low + high) / 2
        if numbers[middle] < number { low = middle + 1 } else { high = middle }
      }
      return low < numbers.count && numbers[low] == number ? Int(lines[low]) : nil
    }
  }
}

/// On which lines the records of a whole export begin: asked for the few of which something comes.
struct ExportLines: Sendable {
  private var batches: [(place: BatchPlace, lines: BatchLines)] = []

  /// Batches come in the order of the export.
  mutating func append(_ lines: BatchLines, at place: BatchPlace) { batches.append((place, lines)) }

  /// The lines of some records, whose numbers ascend.
  func lines(ofNumbers numbers: [UInt32]) -> RecordLines {
    var found = RecordLines()
    var batch = 0
    for number in numbers {
      while batch + 1 < batches.count, batches[batch + 1].place.firstNumber <= Int(number) {
        batch += 1
      }
      guard batch < batches.count, batches[batch].place.firstNumber <= Int(number) else { continue }
      let (place, lines) = batches[batch]
      guard let line = lines.line(ofNumber: number - UInt32(place.firstNumber)) else { continue }
      found.append(number: Int(number), line: place.firstLine + line, file: place.file)
    }
    return found
  }
}
