import Glibc

/// Writes a whole file or none: readers see the old file or the new one, never half of one.
///
/// ```
/// try OutputFile.write(to: "Reports/tonight.json") { sink in
///   try sink.append("{}\n")
/// }
///
/// Reports/.rollcall-5f0c….tmp   created, written, synced, closed
/// Reports/tonight.json          ← renamed over it, then the folder is synced
/// ```
///
/// The folder is opened once and everything happens relative to it. A symbolic link, a folder or a
/// device in the place of the file is refused; links in the folder's own path are followed. After any
/// failure, a failed sync too, the temporary file is gone and the old file is as it was; a program that a
/// signal ends removes it by `UnfinishedFiles`. Only when the folder itself cannot be synced does the new
/// file already stand there; that is a failure as well.
package enum OutputFile {
  /// Writes what `body` appends to the file at `path`.
  ///
  /// The file has exactly `mode` afterwards, whatever the umask. An error that `body` throws of its
  /// own comes out as `OutputFailure.Reason.content`.
  package static func write(
    to path: String, mode: UInt32 = 0o600, calls: Calls = .posix,
    _ body: (inout Sink) throws -> Void
  ) throws(OutputFailure) {
    let (folderPath, name) = try split(path)
    let folder = calls.openFolder(folderPath)
    guard folder >= 0 else { throw failure(.openFolder, folderPath) }
    defer { _ = close(folder) }
    try refuseWhatIsNoFile(folder: folder, name: name, path: path, calls: calls)

    let temporary = temporaryName()
    let entry = UnfinishedFiles.Entry(folder: folder, name: temporary)
    let file = UnfinishedFiles.open(entry) { calls.create(folder, temporary, mode) }
    guard file >= 0 else { throw failure(.create, path) }
    defer { UnfinishedFiles.forget(entry) }
    do throws(OutputFailure) {
      try fill(Sink(file: file, path: path, calls: calls), mode: mode, body)
      guard calls.rename(folder, temporary, name) == 0 else { throw failure(.rename, path) }
    } catch {
      calls.remove(folder, temporary)
      throw error
    }
    // Some network file systems cannot sync a folder and say so with EINVAL.
    guard calls.sync(folder) == 0 || errno == EINVAL else { throw failure(.syncFolder, folderPath) }
  }

  /// Writes, syncs and closes the temporary file; closes it on every way out.
  private static func fill(
    _ empty: Sink, mode: UInt32, _ body: (inout Sink) throws -> Void
  ) throws(OutputFailure) {
    var sink = empty
    do {
      try body(&sink)
      try sink.flush()
      guard fchmod(sink.file, mode) == 0 else { throw failure(.setMode, sink.path) }
      guard sink.calls.sync(sink.file) == 0 else { throw failure(.sync, sink.path) }
    } catch {
      _ = close(sink.file)
      throw error as? OutputFailure ?? OutputFailure(path: sink.path, reason: .content(error))
    }
    guard sink.calls.close(sink.file) == 0 else { throw failure(.close, sink.path) }
  }

  private static func split(
    _ path: String
  ) throws(OutputFailure) -> (folder: String, name: String) {
    // A NUL would cut the name short for the system, and another file would be written.
    guard !path.isEmpty, !path.utf8.contains(0) else {
      throw OutputFailure(path: path, reason: .notAFileName)
    }
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return (".", path) }
    let name = String(path[path.utf8.index(after: slash)...])
    guard !name.isEmpty else { throw OutputFailure(path: path, reason: .isFolder) }
    return (slash == path.startIndex ? "/" : String(path[..<slash]), name)
  }

  private static func refuseWhatIsNoFile(
    folder: Int32, name: String, path: String, calls: Calls
  ) throws(OutputFailure) {
    guard let type = calls.fileType(folder, name) else {
      guard errno == ENOENT else { throw failure(.look, path) }
      return
    }
    switch type {
    case S_IFREG: return
    case S_IFDIR: throw OutputFailure(path: path, reason: .isFolder)
    case S_IFLNK: throw OutputFailure(path: path, reason: .isSymbolicLink)
    default: throw OutputFailure(path: path, reason: .isNoRegularFile)
    }
  }

  /// Not made of the file's name, which may already be as long as the system allows.
  private static func temporaryName() -> String {
    ".rollcall-\(String(UInt64.random(in: 0 ... .max), radix: 16)).tmp"
  }

  private static func failure(_ step: OutputFailure.Step, _ path: String) -> OutputFailure {
    OutputFailure(path: path, reason: .system(step, errno: errno))
  }
}

// MARK: - The content

extension OutputFile {
  /// Takes the content; hands it to the system in pieces of 64 KiB.
  package struct Sink {
    private static let pieceSize = 1 << 16
    /// After so many bytes the disk is asked to begin, so that the sync at the end has little left to wait for.
    static let earlySize = 1 << 22

    fileprivate let file: Int32
    fileprivate let path: String
    fileprivate let calls: Calls
    private var pending: [UInt8] = []
    /// How many bytes the disk has not been asked for.
    private var unasked = 0

    fileprivate init(file: Int32, path: String, calls: Calls) {
      self.file = file
      self.path = path
      self.calls = calls
    }

    package mutating func append(_ bytes: some Sequence<UInt8>) throws(OutputFailure) {
      pending.append(contentsOf: bytes)
      if pending.count >= Self.pieceSize { try flush() }
    }

    package mutating func append(_ text: String) throws(OutputFailure) {
      try append(text.utf8)
    }

    fileprivate mutating func flush() throws(OutputFailure) {
      var written = 0
      while written < pending.count {
        let count = calls.write(file, pending[written...])
        if count >= 0 {
          written += count
        } else if errno != EINTR {
          throw OutputFailure(path: path, reason: .system(.write, errno: errno))
        }
      }
      pending.removeAll(keepingCapacity: true)
      unasked += written
      if unasked >= Self.earlySize {
        calls.beginWriting(file)
        unasked = 0
      }
    }
  }
}
