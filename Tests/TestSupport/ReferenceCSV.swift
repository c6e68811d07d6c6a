/// CSV one byte at a time, through the grammar as written: it judges, the reader hurries.
///
/// Nothing here is shared with the reader. What it knows: a quote is special only at the start of a
/// cell; inside quotes it is written twice; text after a closing quote spoils the record; blank
/// lines are skipped; CR before LF, or at the end of the file, belongs to the line end.
package struct ReferenceCSV {
  package struct Record: Hashable, CustomStringConvertible {
    package enum Outcome: Hashable {
      case cells([[UInt8]])
      case bad(String)
    }

    /// From 0.
    package var line: Int
    package var lineCount: Int
    package var outcome: Outcome

    package init(line: Int, lineCount: Int, outcome: Outcome) {
      self.line = line
      self.lineCount = lineCount
      self.outcome = outcome
    }

    package var description: String {
      switch outcome {
      case .cells(let cells): "\(line): \(cells.map { String(decoding: $0, as: UTF8.self) })"
      case .bad(let reason): "\(line)+\(lineCount): \(reason)"
      }
    }
  }

  private enum State {
    case atCellStart
    case plain
    case quoted
    case afterQuote
    case spoiled
  }

  package var delimiter: UInt8
  package var endsWithCarriageReturn: Bool
  package var columns: Int
  package var fieldLimit: Int
  package var recordLimit: Int

  package init(
    delimiter: UInt8 = UInt8(ascii: ","), endsWithCarriageReturn: Bool = false, columns: Int,
    fieldLimit: Int = 1 << 20, recordLimit: Int = 4 << 20
  ) {
    self.delimiter = delimiter
    self.endsWithCarriageReturn = endsWithCarriageReturn
    self.columns = columns
    self.fieldLimit = fieldLimit
    self.recordLimit = recordLimit
  }

  /// All records of `text`, the bad ones too.
  package func records(in text: [UInt8]) -> [Record] {
    var records: [Record] = []
    var place = 0
    var line = 0
    while place < text.count {
      let taken = take(text, from: place)
      if let outcome = taken.outcome {
        records.append(Record(line: line, lineCount: taken.lines, outcome: outcome))
        if outcome == .bad("record too long") { return records }
      }
      line += taken.lines
      place = taken.next
    }
    return records
  }

  private func isLineEnd(_ byte: UInt8) -> Bool {
    byte == 10 || (byte == 13 && endsWithCarriageReturn)
  }

  /// Line ends in a stretch of text; CR LF is one where CR is a line end at all.
  private func lineEnds(_ text: [UInt8], _ range: Range<Int>) -> Int {
    var count = 0
    for place in range where isLineEnd(text[place]) {
      if endsWithCarriageReturn, text[place] == 10, place > 0, text[place - 1] == 13 { continue }
      count += 1
    }
    return count
  }

  private func take(
    _ text: [UInt8], from start: Int
  ) -> (outcome: Record.Outcome?, lines: Int, next: Int) {
    var state = State.atCellStart
    var cells: [[UInt8]] = []
    var rawLengths: [Int] = []
    var cell: [UInt8] = []
    var cellStart = start
    var spoiledCell: Int?
    var openedLine = 0
    var place = start
    while true {
      let byte: UInt8? = place < text.count ? text[place] : nil
      if state == .quoted {
        guard let byte else {
          let lines = lineEnds(text, start..<text.count) + (isLineEnd(text[text.count - 1]) ? 0 : 1)
          if text.count - start > recordLimit { return tooLong(text, start) }
          return (.bad("unterminated quote from \(openedLine)"), lines, text.count)
        }
        if byte == 34 { state = .afterQuote } else { cell.append(byte) }
        place += 1
        continue
      }
      if state == .afterQuote, byte == 34 {
        cell.append(34)
        state = .quoted
        place += 1
        continue
      }
      let isEnd = byte.map(isLineEnd) ?? true
      if isEnd || byte == delimiter {
        var length = place - cellStart
        if isEnd, !endsWithCarriageReturn, place > cellStart, text[place - 1] == 13,
          state != .afterQuote
        {
          cell.removeLast()
          length -= 1
        }
        cells.append(cell)
        rawLengths.append(length)
        cell = []
        cellStart = place + 1
        state = .atCellStart
        place += 1
        if !isEnd { continue }
        let end = min(place, text.count)
        let lines = lineEnds(text, start..<end) + (byte == nil ? 1 : 0)
        if cells == [[]], rawLengths == [0] { return (nil, lines, end) }
        if place - 1 - start > recordLimit { return tooLong(text, start) }
        let outcome = judge(cells, rawLengths, spoiled: spoiledCell)
        return (outcome, lines, end)
      }
      guard let byte else { return (nil, 0, text.count) }
      switch state {
      case .atCellStart:
        if byte == 34 {
          state = .quoted
          openedLine = lineEnds(text, 0..<place)
        } else {
          state = .plain
          cell.append(byte)
        }
      case .afterQuote:
        let next = place + 1 < text.count ? text[place + 1] : nil
        let isLastCarriageReturn = byte == 13 && (next == nil || next == 10)
        if isLastCarriageReturn {
          // Taken off again with the line end.
          cell.append(byte)
          state = .plain
        } else {
          spoiledCell = spoiledCell ?? cells.count
          state = .spoiled
        }
      case .plain, .spoiled, .quoted:
        cell.append(byte)
      }
      if state == .spoiled, cell.isEmpty { cell.append(byte) }
      place += 1
    }
  }

  private func tooLong(
    _ text: [UInt8], _ start: Int
  ) -> (outcome: Record.Outcome?, lines: Int, next: Int) {
    (
      .bad("record too long"), lineEnds(text, start..<min(text.count, start + recordLimit)) + 1,
      text.count
    )
  }

  private func judge(
    _ cells: [[UInt8]], _ rawLengths: [Int], spoiled: Int?
  ) -> Record.Outcome {
    if let spoiled { return .bad("text after quote in \(spoiled)") }
    if cells.count != columns { return .bad("\(cells.count) cells") }
    if let column = rawLengths.firstIndex(where: { $0 > fieldLimit }) {
      return .bad("field too long in \(column)")
    }
    if let column = cells.firstIndex(where: { $0.contains(0) }) {
      return .bad("NUL in \(column)")
    }
    if let column = cells.firstIndex(where: { String(validating: $0, as: UTF8.self) == nil }) {
      return .bad("not UTF-8 in \(column)")
    }
    return .cells(cells)
  }
}
