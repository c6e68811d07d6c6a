import Identity
import Reading
import Synchronization

/// The lines of some records of one export, by ascending number; eight bytes each.
struct RecordLines: Sendable {
  private var numbers: [UInt32] = []
  private var lines: [UInt32] = []
  private var files: [(firstNumber: UInt32, file: Int)] = []

  /// Records come in the order of their numbers.
  mutating func append(number: Int, line: Int, file: Int) {
    if files.last?.file != file { files.append((UInt32(number), file)) }
    numbers.append(UInt32(number))
    lines.append(UInt32(truncatingIfNeeded: line))
  }

  func place(of number: UInt32) -> (file: Int, line: Int)? {
    guard let first = numbers.first, number >= first else { return nil }
    // Numbers ascend, so it stands no further back than this; where every record was kept, it stands here.
    let last = Int(number - first)
    var low = last < numbers.count && numbers[last] == number ? last : 0
    var high = min(last, numbers.count)
    while low < high {
      let middle = (low + high) / 2
      if numbers[middle] < number { low = middle + 1 } else { high = middle }
    }
    guard low < numbers.count, numbers[low] == number,
      let file = files.last(where: { $0.firstNumber <= number })
    else { return nil }
    return (file.file, Int(lines[low]))
  }
}

/// Turns record numbers into places for people.
///
/// Records that were kept have their line at hand; for the few others the reader looks at their block once
/// more, all blocks of one export in one go (`prepare`).
final class RecordLocator: Sendable {
  private let run: RunFacts
  private let exports: [Int: RunExport]
  private let found = Mutex<[RecordNumber: RecordOrigin]>([:])

  init(_ run: RunFacts) {
    self.run = run
    exports = Dictionary(uniqueKeysWithValues: run.roster.all.map { ($0.number, $0) })
  }

  /// Looks up many records at once.
  func prepare(_ numbers: some Sequence<RecordNumber>) {
    // Few are not known, of however many.
    let wanted = Set(numbers.lazy.filter { self.known($0) == nil })
    for (export, numbers) in Dictionary(grouping: wanted, by: { Int($0.export) }) {
      guard let reader = run.readers[export], let places = run.summaries[export]?.places,
        let settings = exports[export]
      else { continue }
      let sorted = numbers.map { Int($0.number) }.sorted()
      guard let batches = try? reader.records(numbered: sorted, places: places) else { continue }
      for (batch, place) in batches {
        for row in 0..<batch.count {
          let number = place.firstNumber + Int(batch.numbers[row])
          let origin = RecordOrigin(
            export: settings.settings.name, file: settings.files[place.file],
            line: place.line(of: row, in: batch))
          found.withLock { $0[RecordNumber(export: export, number: number)] = origin }
        }
      }
    }
  }

  func origin(of number: RecordNumber) -> RecordOrigin {
    if let origin = known(number) { return origin }
    prepare([number])
    let name = exports[Int(number.export)]?.settings.name ?? ""
    return found.withLock { $0[number] } ?? RecordOrigin(export: name, file: name, line: 0)
  }

  private func known(_ number: RecordNumber) -> RecordOrigin? {
    if let origin = found.withLock({ $0[number] }) ?? run.stated[number] { return origin }
    guard let export = exports[Int(number.export)],
      let place = run.lines[export.number]?.place(of: number.number)
    else { return nil }
    return RecordOrigin(
      export: export.settings.name, file: export.files[place.file], line: place.line)
  }
}
