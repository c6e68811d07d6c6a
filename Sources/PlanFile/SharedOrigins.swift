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
  private let lines: [UInt32]
  private let files: [UInt32]
  private let places: [RecordOrigin]

  /// Takes the origins in the order of their places.
  package init(_ origins: some Sequence<RecordOrigin>) {
    // The order of a plan is another one than that of its newcomers.
    var lines = [UInt32](largeCapacity: origins.underestimatedCount)
    var files: [UInt32] = []
    var places: [RecordOrigin] = []
    var known: [RecordOrigin: UInt32] = [:]
    var last: UInt32 = 0
    for origin in origins {
      // Records of one file follow each other for long.
      if places.isEmpty || !places[Int(last)].isSameFile(as: origin) {
        let file = RecordOrigin(export: origin.export, file: origin.file, line: 0)
        last = known[file] ?? UInt32(places.count)
        if known.updateValue(last, forKey: file) == nil { places.append(file) }
      }
      if last > 0, files.isEmpty {
        files = [UInt32](largeCapacity: origins.underestimatedCount)
        files.append(contentsOf: repeatElement(0, count: lines.count))
      }
      if !files.isEmpty { files.append(last) }
      lines.append(UInt32(clamping: origin.line))
    }
    self.lines = lines
    self.files = files
    self.places = places
  }

  /// The line of one, without its file.
  package func line(_ place: Int) -> Int { Int(lines[place]) }

  /// Which file one stands in; `file(_:)` tells more.
  package func fileNumber(_ place: Int) -> Int { files.isEmpty ? 0 : Int(files[place]) }

  /// A file and its export, with the line 0.
  package func file(_ number: Int) -> RecordOrigin { places[number] }

  package subscript(place: Int) -> RecordOrigin {
    let file = places[fileNumber(place)]
    return RecordOrigin(export: file.export, file: file.file, line: Int(lines[place]))
  }
}

extension RecordOrigin {
  fileprivate func isSameFile(as other: RecordOrigin) -> Bool {
    export == other.export && file == other.file
  }
}
