#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// What the operating system answered when something could not be done.
package struct SystemFailure: Error, Sendable, Hashable {
  package let number: Int32

  package init(number: Int32) {
    self.number = number
  }

  package static func last() -> SystemFailure { SystemFailure(number: errno) }

  /// The system's own words, such as `Permission denied`.
  package var text: String {
    // SAFETY: strerror returns a NUL-terminated text, copied at once.
    unsafe strerror(number).map { unsafe String(cString: $0) } ?? "error \(number)"
  }
}

/// A file open for reading; closed when the last reference goes.
///
/// Read, never mapped: an export that another job rewrites would raise SIGBUS in our loop.
package final class InputFile: Sendable {
  /// What tells one state of a file from another.
  package struct Status: Sendable, Hashable {
    package enum Kind: Sendable, Hashable {
      case regular
      case directory
      case pipe
      case device
    }

    package let kind: Kind
    /// Bytes.
    package let size: Int
    let device: UInt64
    let inode: UInt64
    /// When it was last written, since 1970.
    package let seconds: Int
    let nanoseconds: Int
  }

  private let descriptor: Int32
  private let isOwned: Bool

  private init(descriptor: Int32, isOwned: Bool) {
    self.descriptor = descriptor
    self.isOwned = isOwned
  }

  deinit {
    if isOwned { _ = close(descriptor) }
  }

  /// Opens a file; a named pipe is opened without waiting for its other end.
  package static func open(_ path: String) throws(SystemFailure) -> InputFile {
    #if canImport(Darwin)
      let descriptor = unsafe Darwin.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    #elseif canImport(Musl)
      let descriptor = unsafe Musl.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    #else
      let descriptor = unsafe Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    #endif
    guard descriptor >= 0 else { throw .last() }
    return InputFile(descriptor: descriptor, isOwned: true)
  }

  /// Standard input; read it from its start, whatever is left of it.
  package static let standardInput = InputFile(descriptor: 0, isOwned: false)

  /// Copies what `source` still has into a file without a name, which can be read again and again.
  package static func spool(
    _ source: InputFile, folder: String
  ) throws(SystemFailure) -> InputFile {
    var path = Array("\(folder)/rollcall-XXXXXX".utf8CString)
    // SAFETY: mkstemp writes six characters into the template, which ends with a NUL.
    let descriptor = unsafe path.withUnsafeMutableBufferPointer { name -> Int32 in
      guard let start = name.baseAddress else { return -1 }
      let descriptor = unsafe mkstemp(start)
      if descriptor >= 0 { unsafe unlink(start) }
      return descriptor
    }
    guard descriptor >= 0 else { throw .last() }
    let copy = InputFile(descriptor: descriptor, isOwned: true)
    var bytes = [UInt8](repeating: 0, count: 1 << 18)
    while true {
      let count = try source.read(into: &bytes, at: 0, upTo: bytes.count)
      if count == 0 { break }
      try copy.write(bytes[..<count])
    }
    return copy
  }

  package func status() throws(SystemFailure) -> Status {
    var info = stat()
    guard unsafe fstat(descriptor, &info) == 0 else { throw .last() }
    let kind: Status.Kind =
      switch info.st_mode & S_IFMT {
      case S_IFREG: .regular
      case S_IFDIR: .directory
      case S_IFIFO, S_IFSOCK: .pipe
      default: .device
      }
    #if canImport(Darwin)
      let modified = info.st_mtimespec
    #else
      let modified = info.st_mtim
    #endif
    return Status(
      kind: kind, size: Int(info.st_size), device: UInt64(truncatingIfNeeded: info.st_dev),
      inode: UInt64(truncatingIfNeeded: info.st_ino), seconds: Int(modified.tv_sec),
      nanoseconds: Int(modified.tv_nsec))
  }

  /// Reads on from where the last `read` ended.
  ///
  /// - Returns: bytes read; 0 at the end of the file.
  package func read(
    into bytes: inout [UInt8], at place: Int, upTo count: Int
  ) throws(SystemFailure) -> Int {
    precondition(place >= 0 && count >= 0 && place + count <= bytes.count)
    while true {
      // SAFETY: the precondition keeps the bytes written inside the array.
      let got = unsafe bytes.withUnsafeMutableBytes { buffer in
        unsafe buffer.baseAddress.map { unsafe readSome(descriptor, $0 + place, count) } ?? 0
      }
      if got >= 0 { return got }
      let failure = SystemFailure.last()
      if failure.number != EINTR { throw failure }
    }
  }

  /// Reads from `offset` of the file, without moving where `read` goes on.
  ///
  /// - Returns: bytes read; fewer than asked for only at the end of the file.
  package func read(
    into bytes: inout [UInt8], at place: Int, upTo count: Int, fromOffset offset: Int
  ) throws(SystemFailure) -> Int {
    precondition(place >= 0 && count >= 0 && place + count <= bytes.count)
    var total = 0
    while total < count {
      // SAFETY: as above.
      let got = unsafe bytes.withUnsafeMutableBytes { buffer in
        unsafe buffer.baseAddress.map {
          unsafe pread(descriptor, $0 + place + total, count - total, off_t(offset + total))
        } ?? 0
      }
      if got == 0 { break }
      if got > 0 {
        total += got
        continue
      }
      let failure = SystemFailure.last()
      if failure.number != EINTR { throw failure }
    }
    return total
  }

  private func write(_ bytes: ArraySlice<UInt8>) throws(SystemFailure) {
    var left = bytes
    while !left.isEmpty {
      // SAFETY: write reads exactly the slice's bytes.
      let count = unsafe left.withUnsafeBytes { buffer in
        unsafe writeSome(descriptor, buffer.baseAddress, buffer.count)
      }
      if count >= 0 {
        left = left.dropFirst(count)
      } else {
        let failure = SystemFailure.last()
        if failure.number != EINTR { throw failure }
      }
    }
  }
}

// Inside a method called `read`, the system's `read` needs another name.

private func readSome(_ descriptor: Int32, _ start: UnsafeMutableRawPointer, _ count: Int) -> Int {
  unsafe read(descriptor, start, count)
}

private func writeSome(_ descriptor: Int32, _ start: UnsafeRawPointer?, _ count: Int) -> Int {
  unsafe write(descriptor, start, count)
}
