import Glibc
import Synchronization

/// Who holds the state, as the lock file tells.
package struct LockHolder: Sendable, Hashable {
  package let process: Int
  package let host: String
  package let command: String
  /// Seconds since 1970.
  package let startedAt: Int

  package init(process: Int, host: String, command: String, startedAt: Int) {
    self.process = process
    self.host = host
    self.command = command
    self.startedAt = startedAt
  }

  /// This process, as it will be named to others.
  static func current() -> LockHolder {
    LockHolder(
      process: Int(getpid()), host: SystemCalls.hostName,
      command: CommandLine.arguments.joined(separator: " "), startedAt: SystemCalls.now)
  }

  /// When it started, for people: `2026-03-01 02:15:07 UTC`.
  package var startedText: String { SystemCalls.utcText(startedAt) }

  /// Four lines, so that a person can read the lock file too.
  var text: String {
    "\(process)\n\(host)\n\(command.split(separator: "\n").joined(separator: " "))\n\(startedAt)\n"
  }

  init?(text: String) {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    guard lines.count >= 4, let process = Int(lines[0]), let startedAt = Int(lines[3]) else {
      return nil
    }
    self.init(
      process: process, host: String(lines[1]), command: String(lines[2]), startedAt: startedAt)
  }
}

/// The advisory lock of one state, held until it is released or this value is gone.
///
/// It is an `flock` on `<state>.lock`. The kernel gives it back when the process ends, however it
/// ends; the text in the file only says whom to ask. The file itself stays: removing it would let
/// two runs lock two different files of that name.
final class StateLock: Sendable {
  /// Nil once released.
  private let descriptor: Mutex<Int32?>

  /// Takes the lock, or throws `locked` with its holder at once.
  init(ofState path: String) throws(StoreFailure) {
    let lockPath = path + ".lock"
    let descriptor = SystemCalls.open(
      lockPath, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, mode: 0o600)
    guard descriptor >= 0 else {
      throw StoreFailure(openingErrno: errno, path: path)
    }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let holder = SystemCalls.contents(of: descriptor, limit: 4096)
      close(descriptor)
      throw StoreFailure(
        .locked(LockHolder(text: String(decoding: holder, as: UTF8.self))), path: path)
    }
    self.descriptor = Mutex(descriptor)
    SystemCalls.replaceContents(of: descriptor, with: Array(LockHolder.current().text.utf8))
  }

  func release() {
    descriptor.withLock { held in
      guard let descriptor = held else { return }
      // The name of a holder that is gone would only mislead whoever looks into the file.
      ftruncate(descriptor, 0)
      // A child on its way to another program may still have a copy of the descriptor; the lock must not wait for it.
      flock(descriptor, LOCK_UN)
      close(descriptor)
      held = nil
    }
  }

  deinit { release() }
}
