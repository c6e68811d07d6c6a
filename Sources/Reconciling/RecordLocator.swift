import Identity
import Reading
import Synchronization

/// The lines of some records of one export, by ascending number; eight bytes each, four where every record was kept.
struct RecordLines: Sendable {
  private var first: UInt32 = 0
  /// None as long as the numbers follow each other.
  private var numbers: [UInt32] = []
  private var lines: [UInt32] = []
  private var files: [(firstNumber: UInt32, file: Int)] = []

  /// Records come in the order of their numbers.
  mutating func append(number: Int, line: Int, file: Int) {
    if files.last?.file != file { files.append((UInt32(number), file)) }
    if lines.isEmpty { first = UInt32(number) }
    if numbers.isEmpty, number != Int(first) + lines.count {
      numbers = lines.indices.map { first + UInt32($0) }
    }
    if !numbers.isEmpty { numbers.append(UInt32(number)) }
    lines.append(UInt32(truncatingIfNeeded: line))
  }

  func place(of number: UInt32) -> (file: Int, line: Int)? {
    guard !lines.isEmpty, number >= first else { return nil }
    // Numbers ascend, so it stands no further back than this; where every record was kept, it stands here.
    let last = Int(number - first)
    guard !numbers.isEmpty else { return last < lines.count ? place(at: last, number) : nil }
    var low = last < numbers.count && numbers[last] == number ? last : 0
    var high = min(last, numbers.count)
    while low < high {
      let middle = (low + high) / 2
      if numbers[middle] < number { low = middle + 1 } else { high = middle }
    }
    return low < numbers.count && numbers[low] == number ? place(at: low, number) : nil
  }

  private func place(at index: Int, _ number: UInt32) -> (file: Int, line: Int)? {
    files.last { $0.firstNumber <= number }.map { ($0.file, Int(lines[index])) }
  }
}

/// Turns record numbers into places for people.
///
/// Records that were kept have their line at hand; for the few others the reader looks at their block once
/// more, all blocks of one export in one go (`prepare`).
final class RecordLocator: Sendable {
  /// What is at hand of one export; an object, because each look-up would count the references of its parts.
  private final class Kept: Sendable {
    let lines: RecordLines
    let name: String
    let files: [String]

    init(_ lines: RecordLines, of export: RunExport) {
      self.lines = lines
      name = export.settings.name
      files = export.files
    }
  }

  private let run: RunFacts
  private let exports: [Int: RunExport]
  private let found = Mutex<[RecordNumber: RecordOrigin]>([:])
  /// By number of an export.
  private let kept: [Kept?]

  init(_ run: RunFacts) {
    self.run = run
    var kept: [Kept?] = []
    for export in run.roster.all {
      while kept.count <= export.number { kept.append(nil) }
      kept[export.number] = run.lines[export.number].map { Kept($0, of: export) }
    }
    self.kept = kept
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
    if let origin = found.withLock({ $0.isEmpty ? nil : $0[number] }) { return origin }
    if !run.stated.isEmpty, let origin = run.stated[number] { return origin }
    guard Int(number.export) < kept.count, let export = kept[Int(number.export)],
      let place = export.lines.place(of: number.number)
    else { return nil }
    return RecordOrigin(export: export.name, file: export.files[place.file], line: place.line)
  }
}
