import Scanning
import Synchronization

/// Hands out the blocks of an export's files, one after the other, to whoever asks first.
///
/// A block is cut after the last line end in it, and what follows goes to the next one. One worker reads at a
/// time, and puts one block more on a shelf: whoever comes while it reads takes that one and need not wait. It gives up
/// its turn between the two, so that nobody waits for the second one who could have the first.
final class BlockSource: Sendable {
  private let inputs: [InputPath]
  private let options: CSVOptions
  private let digest: Bool
  private let state: Mutex<State>
  /// Read, and not handed out yet; in their order.
  private let shelf = Mutex<[Block]>([])
  /// Buffers that can be filled again; apart from the state, which whoever reads holds for milliseconds.
  private let spare = Mutex<[[UInt8]]>([])

  private struct State {
    var sequence = 0
    var file = 0
    var feed: FileFeed?
    var layout: FileLayout?
    /// Names of the first file that has any, and its path.
    var columns: (names: [String], path: String)?
    /// What stood after the last line end of the block before.
    var carry: [UInt8] = []
    /// Where in the file the next block begins.
    var offset = 0
    /// Of the file that is being read, once its last block has come.
    var endsLastLine: Bool?
    var stopped: Set<Int> = []
    var files: [ReadFile] = []
    var failure: ReadFailure?
  }

  init(_ inputs: [InputPath], options: CSVOptions, digest: Bool) {
    self.inputs = inputs
    self.options = options
    self.digest = digest
    state = Mutex(State())
  }

  /// The next block; nil after the last one.
  ///
  /// The first and the last block of a file may hold no record.
  func next() throws(ReadFailure) -> Block? {
    // One for itself and one for the shelf; between the two, somebody who waits takes the first.
    for _ in 0..<2 {
      let hasRead = state.withLockIfAvailable { state in
        shelf.withLock { $0.count < 2 } && readOn(&state)
      }
      if hasRead != true { break }
    }
    if let block = fromShelf() { return block }
    return try state.withLock { state throws(ReadFailure) in
      while true {
        // Whoever had the lock has left something, or it is this one's turn.
        if let block = fromShelf() { return block }
        guard readOn(&state) else { break }
      }
      if let failure = state.failure { throw failure }
      return nil
    }
  }

  private func fromShelf() -> Block? {
    shelf.withLock { $0.isEmpty ? nil : $0.removeFirst() }
  }

  /// Puts the next block on the shelf; false where there is none.
  private func readOn(_ state: inout State) -> Bool {
    guard state.failure == nil else { return false }
    do throws(ReadFailure) {
      guard let block = try next(&state) else { return false }
      shelf.withLock { $0.append(block) }
      return true
    } catch {
      state.failure = error
      return false
    }
  }

  /// Takes back a buffer that is no longer needed.
  func recycle(_ bytes: consuming [UInt8]) {
    let bytes = bytes
    guard bytes.count <= 2 * options.blockSize + CSVScanner.slack else { return }
    // Of blocks that were read ahead there are more than are ever wanted again at once.
    spare.withLock { if $0.count < Self.mostSpare { $0.append(bytes) } }
  }

  private static var mostSpare: Int { 8 }

  private func spareBuffer() -> [UInt8] { spare.withLock { $0.popLast() } ?? [] }

  /// Gives out no more of this file: a record in it has no end.
  func stop(file: Int) {
    state.withLock { _ = $0.stopped.insert(file) }
  }

  /// What became of each file; complete once `next` has returned nil.
  var files: [ReadFile] { state.withLock { $0.files } }

  private func next(_ state: inout State) throws(ReadFailure) -> Block? {
    while state.file < inputs.count {
      if state.feed == nil { return try firstBlock(&state) }
      if !state.stopped.contains(state.file) { return try furtherBlock(&state) }
      try state.feed?.drain()
      close(&state)
    }
    return nil
  }

  private func firstBlock(_ state: inout State) throws(ReadFailure) -> Block {
    let input = inputs[state.file]
    var feed = try FileFeed(input, options: options, digest: digest)
    var bytes = spareBuffer()
    var count = 0
    var read: FilePreamble?
    while read == nil {
      count = try feed.fill(&bytes, at: count, upTo: options.blockSize)
      read = try FilePreamble.read(
        bytes, count: count, isFinal: feed.isAtEnd, path: input.path, encoding: feed.encoding,
        options: options)
    }
    guard let preamble = read else { preconditionFailure("a file ends, and then has a preamble") }
    if state.columns == nil, !preamble.isEmpty {
      state.columns = (preamble.names, input.path)
    }
    let layout =
      preamble.isEmpty
      ? try FileLayout(preamble, of: feed.opened, path: input.path, in: [], first: "")
      : try FileLayout(
        preamble, of: feed.opened, path: input.path, in: state.columns?.names ?? [],
        first: state.columns?.path ?? input.path)
    state.offset = feed.markLength
    state.layout = layout
    state.feed = feed
    return try cut(&state, &bytes, preamble.dataStart..<count, layout)
  }

  private func furtherBlock(_ state: inout State) throws(ReadFailure) -> Block {
    guard let layout = state.layout else { preconditionFailure("an open file has a layout") }
    var bytes = spareBuffer()
    let carried = state.carry.count
    if bytes.count < carried {
      bytes.append(contentsOf: repeatElement(0, count: carried - bytes.count))
    }
    bytes.replaceSubrange(0..<carried, with: state.carry)
    let count = try state.feed?.fill(&bytes, at: carried, upTo: options.blockSize) ?? carried
    return try cut(&state, &bytes, 0..<count, layout)
  }

  /// Cuts after the last line end; where there is none, reads on, but not beyond the longest record.
  ///
  /// The buffer goes into the block; what is left in `bytes` is nothing.
  private func cut(
    _ state: inout State, _ bytes: inout [UInt8], _ text: Range<Int>, _ layout: FileLayout
  ) throws(ReadFailure) -> Block {
    let isFinal = state.feed?.isAtEnd ?? true
    var end = text.upperBound
    if !isFinal {
      if let place = lastLineEnd(bytes, text, layout.dialect.lineEnd) {
        end = place
      } else if text.count <= options.limits.record {
        let more = try state.feed?.fill(&bytes, at: end, upTo: options.blockSize) ?? end
        return try cut(&state, &bytes, text.lowerBound..<more, layout)
      }
    }
    state.carry.removeAll(keepingCapacity: true)
    state.carry.append(contentsOf: bytes[end..<text.upperBound])
    clearSlack(&bytes, from: end)
    var block = Block(
      sequence: state.sequence, file: state.file, bytes: [], start: text.lowerBound, end: end,
      offset: state.offset, isFinal: isFinal, layout: layout)
    swap(&block.bytes, &bytes)
    state.sequence += 1
    if isFinal, end > text.lowerBound {
      let last = block.bytes[end - 1]
      state.endsLastLine = last == ASCII.lineFeed || last == ASCII.carriageReturn
    }
    if isFinal { close(&state) } else { state.offset = block.offset(of: end) }
    return block
  }

  /// The offset after the last line end; a CR that an LF may follow does not count.
  private func lastLineEnd(
    _ bytes: [UInt8], _ range: Range<Int>, _ lineEnd: CSVDialect.LineEnd
  ) -> Int? {
    var index = range.upperBound
    while index > range.lowerBound {
      let byte = bytes[index - 1]
      if byte == ASCII.lineFeed { return index }
      if byte == ASCII.carriageReturn, lineEnd == .carriageReturn, index < range.upperBound,
        bytes[index] != ASCII.lineFeed
      {
        return index
      }
      index -= 1
    }
    return nil
  }

  private func clearSlack(_ bytes: inout [UInt8], from end: Int) {
    let wanted = end + CSVScanner.slack
    if bytes.count < wanted {
      bytes.append(contentsOf: repeatElement(0, count: wanted - bytes.count))
    }
    for index in end..<wanted { bytes[index] = 0 }
  }

  private func close(_ state: inout State) {
    if let feed = state.feed, let layout = state.layout {
      var file = ReadFile(
        path: feed.path, byteCount: feed.byteCount, sha256: feed.finalDigest(),
        isEmpty: layout.preamble.isEmpty, columns: layout.preamble.names)
      file.encoding = feed.encoding
      file.modified = feed.modified
      file.trailer = feed.trailer
      file.endsLastLine = state.endsLastLine
      state.files.append(file)
    }
    state.feed = nil
    state.layout = nil
    state.endsLastLine = nil
    state.carry.removeAll(keepingCapacity: true)
    state.file += 1
  }
}
