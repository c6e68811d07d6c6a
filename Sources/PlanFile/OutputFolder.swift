import Glibc

/// Makes the folder that files are written to, with all above it.
package enum OutputFolder {
  /// What is there already stays as it is; what is made is this user's alone.
  package static func make(_ path: String) throws(OutputFailure) {
    var end = path.startIndex
    while end < path.endIndex {
      // Past the slashes, then to the next one.
      end = path[end...].firstIndex { $0 != "/" } ?? path.endIndex
      end = path[end...].firstIndex(of: "/") ?? path.endIndex
      let folder = String(path[..<end])
      // SAFETY: Swift passes a NUL-terminated copy of `folder` that lives through the call.
      let made = unsafe mkdir(folder, 0o700)
      guard made == 0 || errno == EEXIST || errno == EISDIR else {
        // Above it, others may own folders in which nothing may be made.
        if end < path.endIndex, errno == EACCES || errno == EROFS || errno == EPERM { continue }
        throw OutputFailure(path: folder, reason: .system(.makeFolder, errno: errno))
      }
    }
    var info = stat()
    // SAFETY: the call only writes to `info`, which outlives it.
    guard unsafe stat(path, &info) == 0, info.st_mode & S_IFMT == S_IFDIR else {
      throw OutputFailure(path: path, reason: .system(.makeFolder, errno: ENOTDIR))
    }
  }
}
