import Foundation
import Glibc

/// A terminal to run the program on, and what came out of it.
///
/// Read by a thread of its own: the kernel keeps a few thousand bytes, and then the program would wait.
final class Terminal: @unchecked Sendable {
  /// What the program writes to.
  let screen: FileHandle
  private let master: Int32
  private let end = DispatchGroup()
  /// Written by the thread alone until `end` is left.
  private var bytes: [UInt8] = []

  /// TIOCSPTLCK and TIOCGPTN (ioctl_tty(2)), which Swift does not see: the functions around them are hidden from it.
  private static let setLock: UInt = 0x4004_5431
  private static let getNumber: UInt = 0x8004_5430

  struct Failed: Error {
    let errno: Int32
  }

  init() throws {
    // SAFETY: Swift lends a NUL-terminated copy of a path for the call, and each number is there for the call.
    let master = unsafe open("/dev/ptmx", O_RDWR | O_NOCTTY)
    var isLocked: CInt = 0
    var number: CInt = 0
    guard master >= 0, unsafe ioctl(master, Self.setLock, &isLocked) == 0,
      unsafe ioctl(master, Self.getNumber, &number) == 0
    else { throw Failed(errno: errno) }
    let screen = unsafe open("/dev/pts/\(number)", O_RDWR | O_NOCTTY)
    guard screen >= 0 else { throw Failed(errno: errno) }
    self.master = master
    self.screen = FileHandle(fileDescriptor: screen, closeOnDealloc: false)
    DispatchQueue.global().async(group: end) { [self] in read() }
  }

  private func read() {
    var piece = [UInt8](repeating: 0, count: 4_096)
    while true {
      // SAFETY: the call is told how long the array is, and the array outlives it.
      let count = unsafe Glibc.read(master, &piece, piece.count)
      // EIO once nobody has the screen open any more.
      guard count > 0 else { return }
      bytes += piece.prefix(count)
    }
  }

  /// All that was written, once the program has ended; lines end as the terminal ends them.
  func text() -> String {
    close(screen.fileDescriptor)
    end.wait()
    close(master)
    return String(decoding: bytes, as: UTF8.self).replacing("\r\n", with: "\n")
  }
}
