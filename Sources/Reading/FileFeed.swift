import Scanning

/// The bytes of one file as UTF-8, from front to back, with their digest.
struct FileFeed {
  let encoding: TextEncoding
  /// Bytes of the content before its first character.
  let markLength: Int
  private(set) var isAtEnd = false

  private var content: FileContent
  /// Bytes of the content read so far.
  private var position = 0
  private var transcoder: Transcoder?
  private var raw: [UInt8] = []
  private let meter: ReadMeter?
  /// Keeps the last line back, where that is no record.
  private var holder: LineHolder?

  init(_ input: InputPath, options: CSVOptions, digest: Bool) throws(ReadFailure) {
    content = try FileContent(input, digest: digest)
    meter = digest ? input.meter : nil
    var mark: [UInt8] = [0, 0, 0]
    var look = content.again()
    let count = try look.read(into: &mark, at: 0, upTo: 3, fromOffset: 0)
    let marked = TextEncoding.marked(by: mark[..<count])
    encoding = marked?.0 ?? options.encoding ?? .utf8
    // UTF-8 goes through as it is, its mark too.
    markLength = encoding == .utf8 ? 0 : marked?.1 ?? 0
    if encoding != .utf8 { transcoder = Transcoder(encoding) }
    holder = options.trailer.map { LineHolder($0) }
  }

  var path: String { content.path }
  /// What the file was when it was opened.
  var opened: InputFile.Status { content.opened }
  /// When the file was last written, seconds since 1970; nil for standard input.
  var modified: Int? { path == "-" ? nil : content.opened.seconds }
  /// What the last line was, once all is read; nil where none was asked for.
  var trailer: TrailerEnd? { holder?.end }
  /// Bytes of the file read so far, as it lies there.
  var byteCount: Int { content.fileByteCount }

  /// Appends up to about `count` bytes of text at `place`, and grows the array where it must.
  ///
  /// - Returns: where the text ends now. It does not grow once `isAtEnd`.
  /// - Throws: when reading fails, or the file is not what it was when it was opened.
  mutating func fill(
    _ bytes: inout [UInt8], at place: Int, upTo count: Int
  ) throws(ReadFailure) -> Int {
    guard !isAtEnd else { return place }
    guard var holder else { return try fillOn(&bytes, at: place, upTo: count) }
    // The end of the line that is held back may stand in any later piece.
    let begin = place + holder.heldCount
    if bytes.count < begin {
      bytes.append(contentsOf: repeatElement(0, count: begin - bytes.count))
    }
    holder.release(into: &bytes, at: place)
    let end = try fillOn(&bytes, at: begin, upTo: count)
    let kept = holder.hold(bytes, place..<end, isAtEnd: isAtEnd)
    self.holder = holder
    return kept
  }

  private mutating func fillOn(
    _ bytes: inout [UInt8], at place: Int, upTo count: Int
  ) throws(ReadFailure) -> Int {
    let end =
      transcoder == nil
      ? try fillPlain(&bytes, at: place, upTo: count)
      : try fillTranscoded(&bytes, at: place, upTo: count)
    if isAtEnd { try content.checkUnchanged() }
    return end
  }

  /// Reads on to the end, for the sake of size and digest.
  mutating func drain() throws(ReadFailure) {
    var bytes = [UInt8](repeating: 0, count: 1 << 18)
    while !isAtEnd { _ = try fill(&bytes, at: 0, upTo: 1 << 18) }
  }

  /// SHA-256 of all bytes read; nil where it was not asked for.
  func finalDigest() -> [UInt8]? { content.finalDigest() }

  private mutating func fillPlain(
    _ bytes: inout [UInt8], at place: Int, upTo count: Int
  ) throws(ReadFailure) -> Int {
    if bytes.count < place + count {
      // Some more than needed now, so that a longer rest of the next block fits too; and room behind that for values
      // with doubled quotes, which a batch writes behind its text.
      let whole = place + count + count / 16 + CSVScanner.slack
      var larger = [UInt8](zeros: whole, capacity: whole + whole / 4)
      larger.replaceSubrange(0..<place, with: bytes[..<place])
      bytes = larger
    }
    let got = try readOn(into: &bytes, at: place, upTo: count)
    return place + got
  }

  private mutating func fillTranscoded(
    _ bytes: inout [UInt8], at place: Int, upTo count: Int
  ) throws(ReadFailure) -> Int {
    var piece = raw
    raw = []
    if piece.count < count { piece = [UInt8](repeating: 0, count: count) }
    let got = try readOn(into: &piece, at: 0, upTo: count)
    // The mark comes whole in the first piece, or its end in the next ones.
    let skipped = min(max(0, markLength - (position - got)), got)
    bytes.removeSubrange(min(place, bytes.count)...)
    transcoder?.append(piece.span.extracting(skipped..<got), to: &bytes)
    raw = piece
    if isAtEnd { transcoder?.finish(into: &bytes) }
    return bytes.count
  }

  private mutating func readOn(
    into bytes: inout [UInt8], at place: Int, upTo count: Int
  ) throws(ReadFailure) -> Int {
    let before = content.fileByteCount
    let got = try content.read(into: &bytes, at: place, upTo: count, fromOffset: position)
    position += got
    meter?.add(content.fileByteCount - before)
    if got < count { isAtEnd = true }
    return got
  }
}
