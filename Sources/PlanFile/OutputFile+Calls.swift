import Glibc
import Scanning

extension OutputFile {
  /// The system calls a write is made of, as values, so that tests can make the n-th one fail.
  ///
  /// Each sets `errno` when it fails, as the call it stands for does.
  package struct Calls: Sendable {
    package var openFolder: @Sendable (_ path: String) -> Int32
    /// The type bits of `st_mode`, of the name itself and not of what a link points to.
    package var fileType: @Sendable (_ folder: Int32, _ name: String) -> UInt32?
    package var create: @Sendable (_ folder: Int32, _ name: String, _ mode: UInt32) -> Int32
    package var write: @Sendable (_ file: Int32, _ bytes: ArraySlice<UInt8>) -> Int
    /// Asks the disk to begin; nothing depends on what becomes of it.
    package var beginWriting: @Sendable (_ file: Int32) -> Void
    package var sync: @Sendable (_ file: Int32) -> Int32
    package var close: @Sendable (_ file: Int32) -> Int32
    package var rename: @Sendable (_ folder: Int32, _ old: String, _ new: String) -> Int32
    package var remove: @Sendable (_ folder: Int32, _ name: String) -> Void

    // SAFETY: strings and buffers are lent to the system for the one call, and C keeps none of them.
    package static let posix = Calls(
      openFolder: { unsafe open($0, O_RDONLY | O_DIRECTORY | O_CLOEXEC) },
      fileType: { folder, name in
        var status = stat()
        let answer = unsafe fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW)
        return answer == 0 ? status.st_mode & S_IFMT : nil
      },
      create: { folder, name, mode in
        unsafe openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode)
      },
      write: { file, bytes in
        unsafe bytes.withUnsafeBytes { unsafe Glibc.write(file, $0.baseAddress, $0.count) }
      },
      beginWriting: { EarlyWriting.begin(on: $0) },
      sync: { fsync($0) },
      close: { Glibc.close($0) },
      rename: { folder, old, new in unsafe renameat(folder, old, folder, new) },
      remove: { folder, name in _ = unsafe unlinkat(folder, name, 0) })

    /// Makes a folder for this user alone.
    static func makeFolder(_ path: String) -> Int32 { unsafe mkdir(path, 0o700) }
  }
}
