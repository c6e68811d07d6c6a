import Glibc

/// The clock of the machine.
package enum SystemClock {
  /// Seconds since 1970.
  package static var now: Int { time(nil) }
}

/// What the file system says of a path.
enum SystemFiles {
  static func exists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }
}

/// Which file a name leads to, however many names it has.
struct FileIdentity: Hashable {
  private let device: UInt
  private let inode: UInt

  /// Nil where there is no file.
  init?(ofFileAt path: String) {
    var info = stat()
    // SAFETY: the call only writes to `info`, which outlives it.
    guard unsafe stat(path, &info) == 0 else { return nil }
    device = UInt(info.st_dev)
    inode = UInt(info.st_ino)
  }
}

/// Who runs the program.
enum SystemUser {
  /// The login name, or the number of a user without one.
  static var name: String {
    let id = geteuid()
    // SAFETY: the entry belongs to the C library; its name is copied before another call can change it.
    guard let entry = unsafe getpwuid(id), let name = unsafe entry.pointee.pw_name else {
      return "user \(id)"
    }
    return unsafe String(cString: name)
  }
}
