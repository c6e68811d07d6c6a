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
      guard OutputFile.Calls.makeFolder(folder) == 0 || errno == EEXIST || errno == EISDIR else {
        // Above it, others may own folders in which nothing may be made.
        if end < path.endIndex, errno == EACCES || errno == EROFS || errno == EPERM { continue }
        throw OutputFailure(path: folder, reason: .system(.makeFolder, errno: errno))
      }
    }
    let folder = OutputFile.Calls.posix.openFolder(path)
    guard folder >= 0 else {
      throw OutputFailure(path: path, reason: .system(.makeFolder, errno: errno))
    }
    _ = close(folder)
  }
}
