import Foundation

/// A file that is written in large blocks while rows are appended to a buffer.
///
/// The process stays a few megabytes small however large the file gets; `ChildProcess` says why that
/// matters.
struct ByteFile {
  private static let blockSize = 1 << 20

  private let handle: FileHandle
  private var buffer: [UInt8] = []

  /// Creates the file, and the folders it stands in, or empties the one that is there.
  init(_ url: URL) throws {
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data().write(to: url)
    handle = try FileHandle(forWritingTo: url)
    buffer.reserveCapacity(Self.blockSize + 4096)
  }

  /// Lets `row` append one row to the buffer, and writes the buffer once it is full.
  mutating func append(_ row: (inout [UInt8]) -> Void) throws {
    row(&buffer)
    if buffer.count >= Self.blockSize { try flush() }
  }

  /// Writes what is left and closes the file.
  mutating func close() throws {
    try flush()
    try handle.close()
  }

  private mutating func flush() throws {
    try handle.write(contentsOf: Data(buffer))
    buffer.removeAll(keepingCapacity: true)
  }
}
