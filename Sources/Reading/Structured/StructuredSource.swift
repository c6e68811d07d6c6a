import Scanning
import Synchronization

/// Hands out the pieces of an export's files, one after the other, to whoever asks first.
final class StructuredSource<Scanner: RecordScanner>: Sendable {
  /// A piece and its place among all pieces.
  struct Numbered: Sendable {
    let sequence: Int
    let file: Int
    let piece: Scanner.Piece

    /// The piece, of which nothing stays here.
    consuming func taken() -> Scanner.Piece { piece }
  }

  /// A file that has been read.
  struct FinishedFile: Sendable {
    let file: ReadFile
    let ending: FileEnding
    let opened: InputFile.Status
  }

  private struct State {
    var sequence = 0
    var file = 0
    var scanner: Scanner?
    var finished: [FinishedFile] = []
    var failure: ReadFailure?
    /// How the first file is written.
    var encoding: TextEncoding?
  }

  private let inputs: [InputPath]
  private let open: @Sendable (InputPath) throws(ReadFailure) -> Scanner
  private let state = Mutex(State())

  init(
    _ inputs: [InputPath], open: @escaping @Sendable (InputPath) throws(ReadFailure) -> Scanner
  ) {
    self.inputs = inputs
    self.open = open
  }

  /// The next piece; nil after the last one.
  func next() throws(ReadFailure) -> Numbered? {
    try state.withLock { state throws(ReadFailure) in
      if let failure = state.failure { throw failure }
      do throws(ReadFailure) {
        return try next(&state)
      } catch {
        state.failure = error
        throw error
      }
    }
  }

  /// What became of each file; complete once `next` has returned nil.
  var files: [FinishedFile] { state.withLock { $0.finished } }

  /// How the first file is written; nil as long as none was opened.
  var encoding: TextEncoding? { state.withLock { $0.encoding } }

  private func next(_ state: inout State) throws(ReadFailure) -> Numbered? {
    while state.file < inputs.count {
      if state.scanner == nil {
        let scanner = try open(inputs[state.file])
        state.encoding = state.encoding ?? scanner.feed.encoding
        state.scanner = scanner
      }
      if let piece = try state.scanner?.next() {
        defer { state.sequence += 1 }
        return Numbered(sequence: state.sequence, file: state.file, piece: piece)
      }
      try state.scanner?.feed.drain()
      if let scanner = state.scanner { state.finished.append(FinishedFile(scanner)) }
      state.scanner = nil
      state.file += 1
    }
    return nil
  }
}

extension StructuredSource.FinishedFile {
  fileprivate init(_ scanner: Scanner) {
    let feed = scanner.feed
    var file = ReadFile(
      path: feed.path, byteCount: feed.byteCount, sha256: feed.finalDigest(),
      isEmpty: scanner.ending.isEmpty, columns: [])
    file.encoding = feed.encoding
    file.modified = feed.modified
    file.trailer = feed.trailer
    self.file = file
    ending = scanner.ending
    opened = feed.opened
  }
}
