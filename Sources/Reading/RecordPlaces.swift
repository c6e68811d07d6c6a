import Scanning

/// Where the records of an export stand, in a few bytes per hundred of them.
///
/// ```
/// blocks    file 0, line 2, number 0, offset 71 │ file 0, line 3710, number 3708, …
/// marks     every 64th record of a block: its line and its offset
/// ```
///
/// To see a record again, the reader goes to the mark before it and scans from there.
package struct RecordPlaces: Sendable {
  /// Records from one mark to the next.
  static let step = 64

  struct Mark: Sendable {
    /// Counted from the block's first.
    let number: UInt32
    let line: UInt32
    /// Bytes of the file from the block's offset on.
    let offset: UInt32
  }

  struct Block: Sendable {
    let file: Int
    let firstLine: Int
    let firstNumber: Int
    let offset: Int
    let marks: [Mark]
  }

  private(set) var blocks: [Block] = []
  private(set) var layouts: [Int: FileLayout] = [:]
  /// What the files of a structured export were when they were opened; such a file is read again from its start.
  private(set) var opened: [Int: InputFile.Status] = [:]

  mutating func note(opened status: InputFile.Status, file: Int) {
    opened[file] = status
  }

  mutating func append(_ block: Block, layout: FileLayout) {
    guard !block.marks.isEmpty else { return }
    blocks.append(block)
    if layouts[block.file] == nil { layouts[block.file] = layout }
  }

  /// A stretch of a file from one mark to the next.
  struct Stretch: Sendable, Hashable {
    let file: Int
    let line: Int
    let number: Int
    let offset: Int
    /// Nil when it goes on to the end of the file.
    let end: Int?
  }

  /// The stretch that holds a record; nil before the first record.
  func stretch(with number: Int) -> Stretch? {
    guard let index = Self.last(blocks.count, where: { blocks[$0].firstNumber <= number })
    else { return nil }
    let block = blocks[index]
    let marks = block.marks
    let wanted = Self.last(marks.count) { block.firstNumber + Int(marks[$0].number) <= number } ?? 0
    let mark = marks[wanted]
    return Stretch(
      file: block.file, line: block.firstLine + Int(mark.line),
      number: block.firstNumber + Int(mark.number), offset: block.offset + Int(mark.offset),
      end: end(after: wanted, of: index))
  }

  /// Where the mark after this one stands in the same file; nil when there is none.
  private func end(after mark: Int, of index: Int) -> Int? {
    let block = blocks[index]
    if mark + 1 < block.marks.count { return block.offset + Int(block.marks[mark + 1].offset) }
    guard index + 1 < blocks.count, blocks[index + 1].file == block.file else { return nil }
    let next = blocks[index + 1]
    return next.offset + Int(next.marks[0].offset)
  }

  /// The last of `count` ascending places for which `isBefore` holds.
  private static func last(_ count: Int, where isBefore: (Int) -> Bool) -> Int? {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if isBefore(middle) { low = middle + 1 } else { high = middle }
    }
    return low == 0 ? nil : low - 1
  }
}
