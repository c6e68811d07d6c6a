import CScanning

/// Lays lines of JSON that look like those before them straight into cells, a window of some text at a time.
///
/// ```
/// {"id":"7","on":true}␤{"id":"8","on":null}␤␤{"no":1,"id":"9"}␤
/// └ taken ────────────┘└ taken ─────────────┘└ left to JSONFieldReader ┘
///
/// cells   [7..<8] [15..<19]   [28..<29] [1..<1]       a row to a record, `columnCount` to a row
/// ```
///
/// It gives what `JSONFieldReader` gives, or nothing. Where line feeds and quotes stand is found for a whole window in
/// one go, and known again after a record that was left: no line depends on the one before it.
package struct JSONPlainRecords: Sendable {
  /// A second or further value.
  package struct Further: Sendable {
    /// Among the cells of the window.
    package let cell: Int
    package let value: Range<Int>
  }

  /// A value that has to be unescaped yet: that of a cell, or a further one, by its number.
  package struct Escaped: Sendable {
    package let place: Int
    package let isFurther: Bool
  }

  /// Bytes of text that are looked at together.
  package static let window = 32 << 10
  /// What must follow the text, and what must stand before it.
  package static let slack = 64
  package static let lead = 3
  /// Records of one call, further values, and values with escapes.
  package static let rowLimit = 256
  private static let furtherLimit = 2048
  private static let escapedLimit = 1024

  /// Records that were taken.
  package private(set) var rowCount = 0
  /// Lines that were taken, blank ones among them.
  package private(set) var lineCount = 0
  /// Where the lines that were taken end.
  package private(set) var end = 0
  /// Whether a line comes next that was looked at and left.
  package private(set) var isStuck = false
  /// In how many records each column is there.
  package private(set) var presence: [Int64]

  private var places = JSONLinePlaces()
  private var rowLines = [UInt32](repeating: 0, count: rowLimit)
  private var furtherValues = [rollcall_json_further_t](
    repeating: rollcall_json_further_t(), count: furtherLimit)
  private var furtherCount = 0
  private var escapedValues = [rollcall_json_escaped_t](
    repeating: rollcall_json_escaped_t(), count: escapedLimit)
  private var escapedCount = 0
  private var values = [rollcall_json_value_t](
    repeating: rollcall_json_value_t(), count: Int(ROLLCALL_JSON_VALUES))
  private var ranks: [UInt8]

  private let vectors: VectorInstructions

  package init(columnCount: Int) {
    self.init(columnCount: columnCount, vectors: .ofWords)
  }

  /// With some of the processor's instructions; what comes of it is the same.
  package init(columnCount: Int, vectors: VectorInstructions) {
    self.vectors = vectors
    presence = [Int64](repeating: 0, count: columnCount)
    ranks = [UInt8](repeating: 0, count: max(1, columnCount))
  }

  /// Lines before each record.
  package var lines: ArraySlice<UInt32> { rowLines[..<rowCount] }

  /// Second and further values, in the order they came.
  package var further: [Further] {
    furtherValues[..<furtherCount].map {
      Further(cell: Int($0.cell), value: Int($0.value.start)..<Int($0.value.end))
    }
  }

  /// Values with escapes, in the order they came.
  package var escaped: [Escaped] {
    escapedValues[..<escapedCount].map {
      Escaped(place: Int($0.place), isFurther: $0.is_further != 0)
    }
  }

  /// Takes records from `bytes[start..<stop]`, where a line begins at `start`, into `cells[first…]`.
  ///
  /// At least `lead` bytes stand before `start`, `slack` bytes follow `stop`, and there are cells of zeros for
  /// `rowLimit` rows. All calls are about the same bytes.
  package mutating func take<Cell: BytePlace>(
    _ bytes: [UInt8], from start: Int, to stop: Int, shape: inout JSONLineShape,
    cells: inout [Cell], at first: Int
  ) {
    precondition(MemoryLayout<Cell>.stride == 8 && MemoryLayout<Cell>.alignment == 4)
    precondition(start >= Self.lead && start <= stop && stop + Self.slack <= bytes.count)
    precondition(cells.count - first >= Self.rowLimit * shape.columnCount && first >= 0)
    precondition(presence.count == shape.columnCount && bytes.count < Int(UInt32.max))
    for column in presence.indices { presence[column] = 0 }
    // SAFETY: what the index knows lies in the range, and so do its line feeds; `cells` has room for the rows that are
    // asked for, and everything else for what its count says.
    unsafe bytes.withUnsafeBufferPointer { text in
      guard let text = text.baseAddress else { return }
      unsafe places.look(text, from: start, to: min(stop, start + Self.window))
      unsafe cells.withUnsafeMutableBytes { cells in
        let target = unsafe cells.baseAddress?.advanced(by: first * 8)
        let found = unsafe records(
          text, start, &shape, target?.assumingMemoryBound(to: rollcall_json_cell_t.self))
        rowCount = found.rows
        furtherCount = found.further
        escapedCount = found.escaped
        lineCount = found.lines
        end = found.end
        isStuck = rowCount < Self.rowLimit && places.hasLine
      }
    }
  }

  /// Calls the loop over lines.
  private mutating func records(
    _ text: UnsafePointer<UInt8>, _ start: Int, _ shape: inout JSONLineShape,
    _ cells: UnsafeMutablePointer<rollcall_json_cell_t>?
  ) -> rollcall_json_found_t {
    // SAFETY: pointers and counts are those of the same arrays, all of which outlive the call.
    unsafe shape.withTables { shape in
      unsafe rowLines.withUnsafeMutableBufferPointer { lines in
        unsafe furtherValues.withUnsafeMutableBufferPointer { further in
          unsafe escapedValues.withUnsafeMutableBufferPointer { escaped in
            unsafe ranks.withUnsafeMutableBufferPointer { ranks in
              unsafe presence.withUnsafeMutableBufferPointer { presence in
                unsafe values.withUnsafeMutableBufferPointer { values in
                  var rows = unsafe rollcall_json_rows_t(
                    cells: cells, lines: lines.baseAddress, row_capacity: lines.count,
                    further: further.baseAddress, further_capacity: further.count,
                    escaped: escaped.baseAddress, escaped_capacity: escaped.count,
                    ranks: ranks.baseAddress, presence: presence.baseAddress,
                    values: values.baseAddress)
                  return unsafe places.withIndex { index in
                    unsafe rollcall_json_records(
                      text, start, index, shape, &rows, vectors.inC)
                  }
                }
              }
            }
          }
        }
      }
    }
  }
}
