import Glibc
import Identity

/// The few calls to the C library that the state's files need.
enum SystemCalls {
  static func open(_ path: String, _ flags: Int32, mode: mode_t) -> Int32 {
    // SAFETY: Swift passes a NUL-terminated copy of `path` that lives through the call.
    unsafe Glibc.open(path, flags, mode)
  }

  /// Takes a name away; one that is not there stays so.
  static func remove(_ path: String) {
    // SAFETY: Swift passes a NUL-terminated copy of `path` that lives through the call.
    _ = unsafe unlink(path)
  }

  /// What kind of file stands at a path, and whose it is; nil when there is none.
  struct FileStatus {
    let isLink: Bool
    let isRegular: Bool
    let isFolder: Bool
    let owner: uid_t
    let size: Int
  }

  /// The status of a link itself, or, `following` it, of what it points to.
  static func status(of path: String, following: Bool) -> FileStatus? {
    var info = stat()
    // SAFETY: both calls only write to `info`, which outlives them.
    let result = following ? unsafe stat(path, &info) : unsafe lstat(path, &info)
    guard result == 0 else { return nil }
    let kind = info.st_mode & S_IFMT
    return FileStatus(
      isLink: kind == S_IFLNK, isRegular: kind == S_IFREG, isFolder: kind == S_IFDIR,
      owner: info.st_uid, size: Int(info.st_size))
  }

  /// At most `limit` bytes from the start of an open file.
  static func contents(of descriptor: Int32, limit: Int) -> [UInt8] {
    // SAFETY: `pread` writes at most `limit` bytes into room for `limit`.
    unsafe [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
      count = max(unsafe pread(descriptor, buffer.baseAddress, limit, 0), 0)
    }
  }

  /// Makes `bytes` all that is in an open file.
  ///
  /// A failure only leaves the text for people out.
  static func replaceContents(of descriptor: Int32, with bytes: [UInt8]) {
    ftruncate(descriptor, 0)
    // SAFETY: `pwrite` reads `bytes.count` bytes of an array that outlives the call.
    _ = unsafe pwrite(descriptor, bytes, bytes.count, 0)
  }

  /// Where a link points to.
  static func target(ofLink path: String) -> String {
    // SAFETY: `readlink` writes at most 4096 bytes into room for 4096 and returns their number.
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: 4096) { buffer, count in
      count = unsafe buffer.withMemoryRebound(to: CChar.self) { room in
        guard let start = room.baseAddress else { return 0 }
        return max(unsafe readlink(path, start, 4096), 0)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  static var hostName: String {
    // SAFETY: `gethostname` writes at most 255 bytes into room for 256 zeroed ones.
    var name = [CChar](repeating: 0, count: 256)
    _ = unsafe gethostname(&name, 255)
    return String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  /// How many threads can run at once.
  static var coreCount: Int { max(Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))), 1) }

  /// Random bytes from the kernel, for salts and secrets.
  static func randomBytes(_ count: Int) -> [UInt8] {
    // SAFETY: `arc4random_buf` fills room for `count` bytes with `count` bytes.
    unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      if let start = buffer.baseAddress { unsafe arc4random_buf(start, count) }
      filled = count
    }
  }

  /// Seconds since 1970.
  static var now: Int {
    time(nil)
  }

  /// What an error number means, in the C library's words.
  static func text(ofError number: Int32) -> String {
    // SAFETY: `strerror` returns a NUL-terminated text that is copied before anything else runs.
    unsafe String(cString: strerror(number))
  }

  /// A moment for people: `2026-03-01 02:15:07 UTC`.
  static func utcText(_ seconds: Int) -> String {
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let day = Int((Double(seconds) / 86400).rounded(.down))
    let second = seconds - day * 86400
    let date = CivilDate(day: day)
    return "\(date.year)-\(two(date.month))-\(two(date.dayOfMonth)) "
      + "\(two(second / 3600)):\(two(second / 60 % 60)):\(two(second % 60)) UTC"
  }
}

extension StoreFailure {
  /// What a failed `open` of the state or its lock file means.
  init(openingErrno number: Int32, path: String) {
    switch number {
    case ENOSPC, EDQUOT: self.init(.diskFull, path: path)
    case ENOENT, ENOTDIR:
      let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
      self.init(.folderMissing(folder: folder), path: path)
    default: self.init(.permission(detail: SystemCalls.text(ofError: number)), path: path)
    }
  }
}
