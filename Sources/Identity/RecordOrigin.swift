/// Where a record stands, exactly enough to open an editor there.
package struct RecordOrigin: Sendable, Hashable, Comparable {
  /// The export's name in the policy.
  package let export: String
  /// The file as the operator named it; one export may be several files.
  package let file: String
  /// The physical line on which the record begins, from 1.
  package let line: Int
  /// How many bytes of the file stand before it, where whoever found it knows; the line is for editors, this for
  /// everything else.
  package let byte: Int?

  package init(export: String, file: String, line: Int, byte: Int? = nil) {
    self.export = export
    self.file = file
    self.line = line
    self.byte = byte
  }

  /// The place as an editor takes it: `users.csv:42`.
  package var place: String { "\(file):\(line)" }

  package static func < (left: RecordOrigin, right: RecordOrigin) -> Bool {
    (left.export, left.file, left.line) < (right.export, right.file, right.line)
  }
}

/// A record of one export by number, small enough to keep for every member.
///
/// The number counts all records of the export in file order, over all its files, from 0. The
/// reader turns it back into an origin, or into the record itself, by reading that block again.
package struct RecordNumber: Sendable, Hashable, Comparable {
  package let export: UInt8
  package let number: UInt32

  @inlinable
  package init(export: Int, number: Int) {
    self.export = UInt8(export)
    self.number = UInt32(number)
  }

  package static func < (left: RecordNumber, right: RecordNumber) -> Bool {
    (left.export, left.number) < (right.export, right.number)
  }
}
