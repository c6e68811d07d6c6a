import Foundation

/// The bytes of a plan file in blocks, from the start as often as wanted.
///
/// A file is opened once, so that the bytes that were checked and the bytes that are read are those
/// of one file even if another takes its name in between.
struct PlanBytes {
  private enum Source {
    case file(FileHandle)
    case memory([UInt8])
  }

  /// What no line is longer than, bytes.
  static let lineLimit = 1 << 26
  private static let blockSize = 1 << 18

  /// The file as the caller named it.
  let name: String
  private let source: Source
  private var offset = 0
  /// Bytes of all passes so far.
  private var done = 0
  private let total: Int
  private let progress: (_ done: Int, _ total: Int) -> Void

  /// `progress` is told how many bytes are read of the file's two passes.
  init(
    path: String, progress: @escaping (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) throws(PlanFileFailure) {
    name = path
    self.progress = progress
    do {
      let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
      source = .file(handle)
      // A pipe has no end to look for, and a folder a strange one.
      let size = (try? handle.seekToEnd()) ?? 0
      total = size < 1 << 60 ? 2 * Int(size) : 0
      if size > 0 { try handle.seek(toOffset: 0) }
    } catch {
      throw PlanFileFailure(file: path, reason: .unreadable(error.localizedDescription))
    }
  }

  init(_ bytes: [UInt8], named name: String) {
    self.name = name
    source = .memory(bytes)
    total = 2 * bytes.count
    progress = { _, _ in }
  }

  /// The next bytes; none at the end.
  mutating func next() throws(PlanFileFailure) -> [UInt8] {
    switch source {
    case .memory(let bytes):
      let block = bytes[offset..<min(offset + Self.blockSize, bytes.count)]
      offset += block.count
      return Array(block)
    case .file(let handle):
      do {
        let block = try handle.read(upToCount: Self.blockSize).map(Array.init) ?? []
        done += block.count
        progress(done, total)
        return block
      } catch {
        throw PlanFileFailure(file: name, reason: .unreadable(error.localizedDescription))
      }
    }
  }

  mutating func rewind() throws(PlanFileFailure) {
    offset = 0
    guard case .file(let handle) = source else { return }
    do {
      try handle.seek(toOffset: 0)
    } catch {
      throw PlanFileFailure(file: name, reason: .unreadable(error.localizedDescription))
    }
  }

  /// Refuses a line that has grown to `count` bytes, when that is too long.
  func checkLineLength(_ count: Int, line: Int?) throws(PlanFileFailure) {
    guard count > Self.lineLimit else { return }
    throw PlanFileFailure(
      file: name, line: line, reason: .lineTooLong(limit: Self.lineLimit, fileBytes: size))
  }

  private var size: Int {
    switch source {
    case .memory(let bytes): bytes.count
    case .file(let handle): (try? handle.seekToEnd()).map { Int($0) } ?? 0
    }
  }
}
