import Scanning

// Functions of texts. Places count letters (Unicode scalars) from 1; what only shortens a text copies nothing.

extension ExpressionMachine {
  mutating func textOrNull(_ call: ExpressionCall) throws(ExpressionStop) -> ExpressionValue {
    try text(0, of: call).map { .text($0) } ?? .null
  }

  mutating func concatenateTexts(_ call: ExpressionCall) throws(ExpressionStop) -> ExpressionValue {
    let first = try text(0, of: call)
    let second = try text(1, of: call)
    return try joined(first, second, step: call.step)
  }

  mutating func concatenate(
    _ left: ExpressionValue, _ right: ExpressionValue, step: Int
  ) throws(ExpressionStop) -> ExpressionValue {
    let first = try piece(of: left, step: step)
    let second = try piece(of: right, step: step)
    return try joined(first, second, step: step)
  }

  /// One after the other, without an array for the two.
  private mutating func joined(
    _ first: ExpressionValue.ByteRange?, _ second: ExpressionValue.ByteRange?, step: Int
  ) throws(ExpressionStop) -> ExpressionValue {
    let start = memory.count
    if let first { copy(first) }
    if let second { copy(second) }
    return try made(since: start, step: step)
  }

  /// Sources without a value are left out, and so is the separator before them.
  mutating func join(_ call: ExpressionCall) throws(ExpressionStop) -> ExpressionValue {
    let separator = try text(0, of: call) ?? .init(start: 0, end: 0)
    let firstItem = items.count
    // The parts stand behind one another from there on; behind them what functions among the sources have left.
    var end = firstItem
    for place in 1..<call.arguments.count {
      guard let step = argument(place, of: call) else { continue }
      let value = try value(of: step)
      if case .list(let range) = value {
        // A list that a source has made stands behind the parts, so that none is overwritten before it is read.
        for index in range where !items[Int(index)].isEmpty {
          put(items[Int(index)], at: &end)
        }
      } else if let part = try piece(of: value, step: Int(step)), !part.isEmpty {
        put(part, at: &end)
      }
      if items.count > end { items.removeLast(items.count - end) }
    }
    let start = memory.count
    for index in firstItem..<end {
      if index > firstItem { copy(separator) }
      copy(items[index])
    }
    items.removeLast(items.count - firstItem)
    return try made(since: start, step: call.step)
  }

  private mutating func put(_ part: ExpressionValue.ByteRange, at end: inout Int) {
    if end < items.count { items[end] = part } else { items.append(part) }
    end += 1
  }

  mutating func left(_ call: ExpressionCall) throws(ExpressionStop) -> ExpressionValue {
    let source = try text(0, of: call) ?? .init(start: 0, end: 0)
    let count = try number(1, of: call)
    if count < 0 { return .text(source) }
    return .text(.init(start: source.start, end: place(count, in: source)))
  }

  mutating func middle(_ call: ExpressionCall) throws(ExpressionStop) -> ExpressionValue {
    let source = try text(0, of: call) ?? .init(start: 0, end: 0)
    let start = max(try number(1, of: call), 1)
    let length = max(try number(2, of: call), 0)
    let from = place(start - 1, in: source)
    let rest = ExpressionValue.ByteRange(start: from, end: source.end)
    return .text(.init(start: from, end: place(length, in: rest)))
  }

  /// Where the letter with this number begins; the end if there are not so many.
  private func place(_ count: Int, in piece: ExpressionValue.ByteRange) -> Int32 {
    var place = Int(piece.start)
    var left = count
    while left > 0, place < Int(piece.end) {
      place += 1
      while place < Int(piece.end), memory[place] & 0xC0 == 0x80 { place += 1 }
      left -= 1
    }
    return Int32(place)
  }

  private func letterCount(_ range: Range<Int>) -> Int {
    range.count { memory[$0] & 0xC0 != 0x80 }
  }

  mutating func position(_ call: ExpressionCall) throws(ExpressionStop) -> ExpressionValue {
    let source = try text(0, of: call) ?? .init(start: 0, end: 0)
    let wanted = try text(1, of: call) ?? .init(start: 0, end: 0)
    let start = argument(2, of: call) == nil ? 1 : try number(2, of: call)
    guard start >= 1 else { throw .fault(.outOfRange, step: call.step, input: "\(start)") }
    var foldsCase = false
    if let step = argument(3, of: call), case .word(.textCompare) = program.steps[Int(step)].kind {
      foldsCase = true
    }
    let from = place(start - 1, in: source)
    guard
      let found = find(wanted, in: .init(start: from, end: source.end), foldsCase: foldsCase)
    else { return .number(0) }
    return .number(letterCount(Int(source.start)..<found) + 1)
  }

  func find(
    _ wanted: ExpressionValue.ByteRange, in source: ExpressionValue.ByteRange, foldsCase: Bool
  ) -> Int? {
    guard source.count >= wanted.count else { return nil }
    for start in Int(source.start)...(Int(source.end) - wanted.count) {
      var offset = 0
      while offset < wanted.count {
        let (one, other) = (memory[start + offset], memory[Int(wanted.start) + offset])
        guard one == other || (foldsCase && one.asciiFolded == other.asciiFolded) else { break }
        offset += 1
      }
      if offset == wanted.count { return start }
    }
    return nil
  }

  mutating func withoutSpaces(_ call: ExpressionCall) throws(ExpressionStop) -> ExpressionValue {
    guard let source = try text(0, of: call) else { return .null }
    let space = UInt8(ascii: " ")
    guard source.range.contains(where: { memory[$0] == space }) else { return .text(source) }
    let start = memory.count
    for index in source.range where memory[index] != space { memory.append(memory[index]) }
    return try made(since: start, step: call.step)
  }

  mutating func trim(_ call: ExpressionCall) throws(ExpressionStop) -> ExpressionValue {
    try text(0, of: call).map { .text(trimmed($0)) } ?? .null
  }

  /// Without blanks and line feeds at its ends.
  func trimmed(_ piece: ExpressionValue.ByteRange) -> ExpressionValue.ByteRange {
    var (start, end) = (Int(piece.start), Int(piece.end))
    func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
    while start < end, isBlank(memory[start]) { start += 1 }
    while end > start, isBlank(memory[end - 1]) { end -= 1 }
    return .init(start: Int32(start), end: Int32(end))
  }

  /// Any of the delimiters' letters ends a word.
  mutating func word(_ call: ExpressionCall) throws(ExpressionStop) -> ExpressionValue {
    let source = try text(0, of: call) ?? .init(start: 0, end: 0)
    let wanted = try number(1, of: call)
    let delimiters = try text(2, of: call) ?? .init(start: 0, end: 0)
    var number = 0
    var place = Int(source.start)
    while place < Int(source.end), wanted >= 1 {
      let start = place
      while place < Int(source.end), !isLetter(at: place, of: delimiters) { next(&place) }
      if place > start {
        number += 1
        if number == wanted { return .text(.init(start: Int32(start), end: Int32(place))) }
      }
      if place < Int(source.end) { next(&place) }
    }
    return .text(.init(start: 0, end: 0))
  }

  private func next(_ place: inout Int) {
    place += memory.span.scalarLength(at: place)
  }

  private func isLetter(at place: Int, of piece: ExpressionValue.ByteRange) -> Bool {
    if memory[place] < 0x80 { return piece.range.contains { memory[$0] == memory[place] } }
    let scalar = memory.span.scalar(at: place)
    var other = Int(piece.start)
    while other < Int(piece.end) {
      if memory.span.scalar(at: other) == scalar { return true }
      next(&other)
    }
    return false
  }

  // MARK: - Codes

  mutating func hexadecimal(_ call: ExpressionCall) throws(ExpressionStop) -> ExpressionValue {
    guard let source = try text(0, of: call) else { return .null }
    let digits = Array("0123456789ABCDEF".utf8)
    let start = memory.count
    for index in source.range {
      memory.append(digits[Int(memory[index] >> 4)])
      memory.append(digits[Int(memory[index] & 0xF)])
    }
    return try made(since: start, step: call.step)
  }

  /// Base64 of UTF-16, the form .NET's texts have.
  mutating func base64(_ call: ExpressionCall) throws(ExpressionStop) -> ExpressionValue {
    guard let source = try text(0, of: call) else { return .null }
    let units = text(source).utf16.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
    let letters = Array(
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    let start = memory.count
    for place in stride(from: 0, to: units.count, by: 3) {
      let bytes = units[place..<min(place + 3, units.count)]
      var bits = 0
      for offset in 0..<3 {
        bits = bits << 8 | (offset < bytes.count ? Int(bytes[bytes.startIndex + offset]) : 0)
      }
      for group in 0..<4 {
        let isPadding = group > bytes.count
        memory.append(isPadding ? UInt8(ascii: "=") : letters[bits >> (18 - 6 * group) & 0x3F])
      }
    }
    return try made(since: start, step: call.step)
  }
}
