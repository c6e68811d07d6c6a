import Crypto
import Scanning

/// The bytes a file of an export stands for: its own, or those that are packed in it with gzip.
///
/// ```
/// var content = try FileContent(input, digest: false)
/// content.isPacked                        // by its first bytes, whatever it is called
/// let got = try content.read(into: &bytes, at: 0, upTo: 4096, fromOffset: 70_000)
/// ```
///
/// Offsets count unpacked bytes. Going back in a packed file means unpacking it from its start again,
/// so read forward.
struct FileContent {
  let path: String
  /// What the file was when it was opened.
  let opened: InputFile.Status
  let isPacked: Bool
  /// Bytes of the file itself that were read, packed ones where it is packed.
  private(set) var fileByteCount = 0

  private let file: InputFile
  private var digest: SHA256?
  private var unpacking: Unpacking?

  /// Opens a file; with a digest, which is that of the file as it lies there, the content must be read
  /// once, from front to back.
  ///
  /// - Throws: when there is no readable regular file.
  init(_ input: InputPath, digest: Bool) throws(ReadFailure) {
    path = input.path
    file = try input.open()
    self.digest = digest ? SHA256() : nil
    do throws(SystemFailure) {
      opened = try file.status()
      var magic: [UInt8] = [0, 0]
      let count = try file.read(into: &magic, at: 0, upTo: 2, fromOffset: 0)
      isPacked = count == 2 && magic == [0x1F, 0x8B]
    } catch {
      throw .cannotRead(path: path, error)
    }
  }

  /// The same file once more, from its start and without a digest.
  func again() -> FileContent {
    var other = self
    other.digest = nil
    other.unpacking = nil
    other.fileByteCount = 0
    return other
  }

  /// Reads some bytes of the content.
  ///
  /// - Returns: bytes read; fewer than asked for only at the end of the content.
  mutating func read(
    into bytes: inout [UInt8], at place: Int, upTo count: Int, fromOffset offset: Int
  ) throws(ReadFailure) -> Int {
    if isPacked { return try unpack(into: &bytes, at: place, upTo: count, fromOffset: offset) }
    let got: Int
    do throws(SystemFailure) {
      got = try file.read(into: &bytes, at: place, upTo: count, fromOffset: offset)
    } catch {
      throw .cannotRead(path: path, error)
    }
    fileByteCount = max(fileByteCount, offset + got)
    digest?.update(data: bytes[place..<place + got])
    return got
  }

  /// - Throws: when the file is not what it was when it was opened.
  func checkUnchanged() throws(ReadFailure) {
    let now: InputFile.Status
    do throws(SystemFailure) { now = try file.status() } catch {
      throw .cannotRead(path: path, error)
    }
    guard now == opened else { throw .changedWhileReading(path: path) }
  }

  /// SHA-256 of all bytes read; nil where it was not asked for.
  func finalDigest() -> [UInt8]? { digest.map { Array($0.finalize()) } }
}

// MARK: - Packed files

extension FileContent {
  private struct Unpacking {
    let gzip: GzipInflater
    /// Bytes of text given so far.
    var position = 0
    var raw = [UInt8](repeating: 0, count: Self.step)
    /// What of `raw` is still packed.
    var left = 0..<0
    var isAtEnd = false

    /// Bytes of the file read at once.
    static let step = 1 << 18
  }

  private mutating func unpack(
    into bytes: inout [UInt8], at place: Int, upTo count: Int, fromOffset offset: Int
  ) throws(ReadFailure) -> Int {
    if let unpacking, unpacking.position > offset {
      precondition(digest == nil, "a digest needs one reading, from front to back")
      self.unpacking = nil
    }
    var unpacking: Unpacking
    if let known = self.unpacking {
      unpacking = known
    } else {
      do throws(GzipFailure) { unpacking = Unpacking(gzip: try GzipInflater()) } catch {
        throw .gzip(path: path, error)
      }
      fileByteCount = 0
    }
    self.unpacking = nil
    defer { self.unpacking = unpacking }
    var skipped = [UInt8](
      repeating: 0, count: min(offset - unpacking.position, Unpacking.step))
    while unpacking.position < offset {
      let some = min(offset - unpacking.position, skipped.count)
      if try fill(&skipped, 0..<some, from: &unpacking) == 0 { return 0 }
    }
    return try fill(&bytes, place..<place + count, from: &unpacking)
  }

  /// Fills the range, but for the end of the content.
  private mutating func fill(
    _ bytes: inout [UInt8], _ range: Range<Int>, from unpacking: inout Unpacking
  ) throws(ReadFailure) -> Int {
    var given = 0
    while true {
      do throws(GzipFailure) {
        let step = try unpacking.gzip.step(
          unpacking.raw, from: unpacking.left.lowerBound, to: unpacking.left.upperBound,
          isFinal: unpacking.isAtEnd, into: &bytes, at: range.lowerBound + given,
          upTo: range.count - given)
        unpacking.left = unpacking.left.dropFirst(step.taken)
        given += step.given
      } catch {
        throw .gzip(path: path, error)
      }
      if given == range.count || unpacking.isAtEnd { break }
      try readOn(&unpacking)
    }
    unpacking.position += given
    return given
  }

  private mutating func readOn(_ unpacking: inout Unpacking) throws(ReadFailure) {
    let got: Int
    do throws(SystemFailure) {
      got = try file.read(
        into: &unpacking.raw, at: 0, upTo: Unpacking.step, fromOffset: fileByteCount)
    } catch {
      throw .cannotRead(path: path, error)
    }
    fileByteCount += got
    digest?.update(data: unpacking.raw[..<got])
    unpacking.left = 0..<got
    unpacking.isAtEnd = got < Unpacking.step
  }
}
