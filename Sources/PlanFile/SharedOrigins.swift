package import Identity
import Scanning

/// Where many records stand, one for each place: eight bytes for what would be a list and an object of its own.
///
/// ```
/// place   0    1    2
/// lines   18   5    91
/// files   0    0    1        0: people, staff.csv     1: people, guests.csv     no column for one file
/// ```
///
/// Operations that come by the million (creates, added memberships) rest on one record each and share such columns.
package final class SharedOrigins: Sendable {
  /// Origins that come one by one.
  package struct Columns: Sendable {
    fileprivate var lines: [UInt32]
    /// Empty as long as there is one file.
    fileprivate var files: [UInt32] = []
    fileprivate var places: [RecordOrigin] = []
    private var known: [RecordOrigin: UInt32] = [:]
    private var last: UInt32 = 0
    private let capacity: Int

    package init(capacity: Int = 0) {
      self.capacity = capacity
      // The order of a plan is another one than that of its newcomers.
      lines = [UInt32](largeCapacity: capacity)
    }

    package var count: Int { lines.count }

    package mutating func append(_ origin: RecordOrigin) {
      // Records of one file follow each other for long.
      if places.isEmpty || !places[Int(last)].isSameFile(as: origin) {
        let file = RecordOrigin(export: origin.export, file: origin.file, line: 0)
        last = known[file] ?? UInt32(places.count)
        if known.updateValue(last, forKey: file) == nil { places.append(file) }
      }
      if last > 0, files.isEmpty {
        files = [UInt32](largeCapacity: capacity)
        files.append(contentsOf: repeatElement(0, count: lines.count))
      }
      if !files.isEmpty { files.append(last) }
      lines.append(UInt32(clamping: origin.line))
    }
  }

  private let columns: Columns

  package init(_ columns: Columns) { self.columns = columns }

  /// Takes the origins in the order of their places.
  package convenience init(_ origins: some Sequence<RecordOrigin>) {
    var columns = Columns(capacity: origins.underestimatedCount)
    for origin in origins { columns.append(origin) }
    self.init(columns)
  }

  /// Whether columns would tell all of an origin.
  package static func holds(_ origin: RecordOrigin) -> Bool {
    origin.byte == nil && UInt32(exactly: origin.line) != nil
  }

  /// The line of one, without its file.
  package func line(_ place: Int) -> Int { Int(columns.lines[place]) }

  /// Which file one stands in; `file(_:)` tells more.
  package func fileNumber(_ place: Int) -> Int {
    columns.files.isEmpty ? 0 : Int(columns.files[place])
  }

  /// A file and its export, with the line 0.
  package func file(_ number: Int) -> RecordOrigin { columns.places[number] }

  package subscript(place: Int) -> RecordOrigin {
    let file = columns.places[fileNumber(place)]
    return RecordOrigin(export: file.export, file: file.file, line: line(place))
  }
}

extension RecordOrigin {
  fileprivate func isSameFile(as other: RecordOrigin) -> Bool {
    export == other.export && file == other.file
  }
}
