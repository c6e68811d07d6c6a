/// Cuts the blocks of a plan file into lines; a line may span any number of blocks.
struct PlanLines {
  /// How many lines have been given out, and with that the number of the latest.
  private(set) var number = 0
  /// What the places of `next` point into.
  private(set) var buffer: [UInt8] = []
  private var bytes: PlanBytes
  private var consumed = 0

  init(_ bytes: PlanBytes) {
    self.bytes = bytes
  }

  /// The place of the next line in `buffer`, line end included; nil at the end of the file.
  ///
  /// Only the last line can lack its line end. The place holds until the next call.
  mutating func next() throws(PlanFileFailure) -> Range<Int>? {
    var searched = consumed
    while true {
      if let end = buffer[searched...].firstIndex(of: UInt8(ascii: "\n")) {
        return take(upTo: end + 1)
      }
      let rest = buffer.count - consumed
      try bytes.checkLineLength(rest, line: number + 1)
      let block = try bytes.next()
      guard !block.isEmpty else { return rest > 0 ? take(upTo: buffer.count) : nil }
      buffer.removeFirst(consumed)
      consumed = 0
      searched = rest
      buffer.append(contentsOf: block)
    }
  }

  private mutating func take(upTo end: Int) -> Range<Int> {
    defer {
      consumed = end
      number += 1
    }
    return consumed..<end
  }
}
