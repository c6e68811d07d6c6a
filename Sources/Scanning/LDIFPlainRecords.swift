import CScanning

/// Lays records of LDIF that look like those before them straight into cells, a window of some text at a time.
///
/// ```
/// dn: uid=0␤cn: Ann␤␤dn: uid=1␤cn:: Qm8=␤␤dn: uid=2␤ folded␤␤
/// └ taken ─────────┘└ taken ───────────┘└ left to LDIFScanner ┘
///
/// cells   [4..<9] [14..<17]   [23..<28] [34..<36]         a row to a record, `columnCount` to a row
/// ```
///
/// It gives what `LDIFScanner` gives, or nothing: a fold, a URL, a change, an attribute that is not in the shape, or
/// bytes that are not UTF-8 end it. What was found is overwritten by the next window.
package struct LDIFPlainRecords: Sendable {
  /// A second or further value.
  package struct Further: Sendable {
    /// Among the cells of the window.
    package let cell: Int
    package let value: Range<Int>
  }

  /// Bytes of text that are looked at together.
  package static let window = 32 << 10
  /// What must follow the text, and what must stand before it.
  package static let slack = 64
  package static let lead = 3
  /// Records of one window, and further values.
  private static let rowLimit = 256
  private static let furtherLimit = 4096
  /// The bytes that are looked at after a record that was left.
  private static let shortWindow = window / 16

  /// Records that were taken.
  package private(set) var rowCount = 0
  /// Physical lines that were taken, those of records that do not count among them.
  package private(set) var lineCount = 0
  /// Where the lines that were taken end.
  package private(set) var end = 0
  /// Whether it is worth to go on from `end`: it may be that only the window ended.
  package private(set) var goesOn = false
  /// In how many records of the window each column is there.
  package private(set) var presence: [Int64]

  private var feeds = [UInt32](repeating: 0, count: window + slack)
  private var rowLines = [UInt32](repeating: 0, count: rowLimit)
  private var furtherValues = [rollcall_ldif_further_t](
    repeating: rollcall_ldif_further_t(), count: furtherLimit)
  private var furtherCount = 0
  private var ranks: [UInt8]
  /// How much of the text is looked at the next time.
  ///
  /// Line feeds are looked for anew after each record that was left, so that a window is short at first where there are
  /// many of them.
  private var reach = window

  package init(columnCount: Int) {
    presence = [Int64](repeating: 0, count: columnCount)
    ranks = [UInt8](repeating: 0, count: max(1, columnCount))
  }

  /// Physical lines of the window before each record.
  package var lines: ArraySlice<UInt32> { rowLines[..<rowCount] }

  /// Second and further values, in the order they came.
  package var further: [Further] {
    furtherValues[..<furtherCount].map {
      Further(cell: Int($0.cell), value: Int($0.value.start)..<Int($0.value.end))
    }
  }

  /// How many records the next call takes at most.
  package var rowCapacity: Int { Self.rowLimit * reach / Self.window }

  /// Takes records from `bytes[start..<stop]`, where a record or nothing begins at `start`, into `cells[first…]`.
  ///
  /// At least `lead` bytes stand before `start`, `slack` bytes follow `stop`, and there are cells of zeros for
  /// `rowCapacity` rows.
  package mutating func take<Cell: BytePlace>(
    _ bytes: inout [UInt8], from start: Int, to stop: Int, shape: inout LDIFShape,
    cells: inout [Cell], at first: Int
  ) {
    precondition(MemoryLayout<Cell>.stride == 8 && MemoryLayout<Cell>.alignment == 4)
    precondition(start >= Self.lead && start <= stop && stop + Self.slack <= bytes.count)
    precondition(cells.count - first >= rowCapacity * shape.columnCount && first >= 0)
    precondition(presence.count == shape.columnCount && bytes.count < Int(UInt32.max))
    for column in presence.indices { presence[column] = 0 }
    let words = min(stop - start, reach) / 64
    var isStuck = false
    // SAFETY: the words lie in the range, so that their line feeds do; `feeds` has room for as many as there
    // are bytes, `cells` for the rows that are asked for, and everything else for what its count says.
    unsafe bytes.withUnsafeMutableBufferPointer { text in
      guard let text = text.baseAddress else { return }
      let count = unsafe Self.lineFeeds(text, start, words, with: .ofWords, &feeds)
      unsafe cells.withUnsafeMutableBytes { cells in
        let target = unsafe cells.baseAddress?.advanced(by: first * 8)
        let found = unsafe records(
          text, start, count, &shape, target?.assumingMemoryBound(to: rollcall_ldif_cell_t.self))
        rowCount = found.rows
        furtherCount = found.further
        lineCount = found.lines
        isStuck = found.is_stuck != 0
      }
    }
    end = lineCount == 0 ? start : Int(feeds[lineCount - 1]) + 1
    goesOn = !isStuck && stop - end >= 64 && (end > start || reach < Self.window)
    reach = isStuck ? Self.shortWindow : min(reach * 2, Self.window)
  }

  /// Calls the loop over lines.
  private mutating func records(
    _ text: UnsafeMutablePointer<UInt8>, _ start: Int, _ count: Int, _ shape: inout LDIFShape,
    _ cells: UnsafeMutablePointer<rollcall_ldif_cell_t>?
  ) -> rollcall_ldif_found_t {
    let (columnCount, limit) = (shape.columnCount, shape.valueLimit)
    let capacity = rowCapacity
    // SAFETY: pointers and counts are those of the same arrays, all of which outlive the call.
    return unsafe shape.withTables { attributes, classes in
      unsafe rowLines.withUnsafeMutableBufferPointer { lines in
        unsafe furtherValues.withUnsafeMutableBufferPointer { further in
          unsafe ranks.withUnsafeMutableBufferPointer { ranks in
            unsafe presence.withUnsafeMutableBufferPointer { presence in
              var known = unsafe rollcall_ldif_shape_t(
                attributes: attributes.baseAddress, attribute_count: attributes.count,
                classes: classes.baseAddress, class_count: classes.count,
                column_count: columnCount, all_columns: Self.bits(columnCount), value_limit: limit)
              var rows = unsafe rollcall_ldif_rows_t(
                cells: cells, lines: lines.baseAddress, row_capacity: capacity,
                further: further.baseAddress, further_capacity: further.count,
                ranks: ranks.baseAddress, presence: presence.baseAddress)
              return unsafe rollcall_ldif_records(text, start, feeds, count, &known, &rows)
            }
          }
        }
      }
    }
  }

  /// As many ones as there are columns; none where there are more than a word has bits.
  private static func bits(_ columnCount: Int) -> UInt64 {
    columnCount < 64 ? 1 << UInt64(columnCount) - 1 : columnCount == 64 ? .max : 0
  }

  /// Finds the line feeds of words of 64 bytes, up to one that is not UTF-8 without NUL.
  static func lineFeeds(
    _ text: UnsafePointer<UInt8>, _ start: Int, _ words: Int, with vectors: VectorInstructions,
    _ feeds: inout [UInt32]
  ) -> Int {
    // SAFETY: `take` says that the words are there, with three bytes before them and more behind.
    if vectors > .baseline {
      return unsafe rollcall_line_feed_words(vectors.inC, text, start, words, &feeds)
    }
    var (count, character) = (0, start)
    for place in stride(from: start, to: start + words * 64, by: 64) {
      let next = place + 64
      character = unsafe UTF8Check.advance(text, from: character, until: next, count: next + 3)
      guard character >= next, unsafe rollcall_mask_equal(text + place, 0) == 0 else {
        return count
      }
      var bits = unsafe rollcall_mask_equal(text + place, ASCII.lineFeed)
      while bits != 0 {
        feeds[count] = UInt32(place + bits.trailingZeroBitCount)
        count += 1
        bits &= bits - 1
      }
    }
    return count
  }
}
