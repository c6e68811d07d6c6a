import CScanning
import Dispatch

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Has the kernel bring a file to the disk while it is still being written, so that a commit has little left to wait for.
///
/// ```
/// without   │ write 1.2 GB into memory │ commit: 1.2 GB to the disk │
/// with      │ write 1.2 GB into memory │ commit │
///           │       … to the disk      │
/// ```
///
/// Left to itself a kernel with much memory begins after thirty seconds. Nothing depends on what it has done by then:
/// the commit asks for all of it, as always.
package final class EarlyWriting {
  private let descriptor: Int32
  private let queue = DispatchQueue(label: "early writing", qos: .utility)
  private let timer: any DispatchSourceTimer

  /// How often the kernel is asked.
  private static let interval = DispatchTimeInterval.milliseconds(200)

  /// Nil where the file cannot be opened; then the commit does it all.
  package init?(of path: String) {
    // SAFETY: Swift passes a NUL-terminated copy of `path` that lives through the call.
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    self.descriptor = descriptor
    let timer = DispatchSource.makeTimerSource(queue: queue)
    timer.schedule(deadline: .now() + Self.interval, repeating: Self.interval)
    timer.setEventHandler { Self.begin(on: descriptor) }
    timer.activate()
    self.timer = timer
  }

  /// Asks once, for a file that somebody else has open.
  package static func begin(on descriptor: Int32) { rollcall_begin_writing(descriptor) }

  /// Ends it; the file is closed when this returns.
  ///
  /// Whoever closes any descriptor of a file lets go of all locks that the process has on it (POSIX): a database must not
  /// be in the midst of a transaction.
  package func end() {
    timer.cancel()
    // Behind the handler that may be running.
    queue.sync { _ = close(descriptor) }
  }
}
