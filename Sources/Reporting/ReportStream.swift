/// Hands bytes on in pieces of about 64 KiB, so that a million operations need no giant text.
///
/// ```
/// try ReportStream.run(to: output) { stream in
///   try stream.append("{")
/// }
/// ```
struct ReportStream<Failure: Error> {
  private static var pieceSize: Int { 1 << 16 }

  private let output: ([UInt8]) throws(Failure) -> Void
  private var pending: [UInt8] = []

  private init(output: @escaping ([UInt8]) throws(Failure) -> Void) {
    self.output = output
    pending.reserveCapacity(Self.pieceSize + Self.pieceSize / 4)
  }

  /// Runs `body` and hands on what is left at its end; the first failure of `output` ends it.
  static func run(
    to output: ([UInt8]) throws(Failure) -> Void,
    _ body: (inout ReportStream) throws(Failure) -> Void
  ) throws(Failure) {
    try withoutActuallyEscaping(output) { (output) throws(Failure) in
      var stream = ReportStream(output: output)
      try body(&stream)
      try stream.flush()
    }
  }

  mutating func append(_ text: String) throws(Failure) {
    pending.append(contentsOf: text.utf8)
    try flushWhenFull()
  }

  /// Lets `write` append bytes of its own.
  mutating func append(_ write: (inout [UInt8]) -> Void) throws(Failure) {
    write(&pending)
    try flushWhenFull()
  }

  /// Whether it is time to tell how many rows have been written.
  ///
  /// Telling every single one would take a tenth of the time of writing them.
  func tells(_ count: Int) -> Bool { count.isMultiple(of: 1024) }

  private mutating func flushWhenFull() throws(Failure) {
    if pending.count >= Self.pieceSize { try flush() }
  }

  private mutating func flush() throws(Failure) {
    guard !pending.isEmpty else { return }
    try output(pending)
    pending.removeAll(keepingCapacity: true)
  }
}
