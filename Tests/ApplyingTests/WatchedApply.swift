import Foundation
import Glibc
import Spawning

/// One apply of the built program, watched from outside: its write lock and its log.
///
/// ```
/// start ── reads the plan ──│── lock taken: the transaction has written ──│── log grows ──│ committed
///                           first write                                                 last write
/// ```
///
/// SQLite keeps changed pages in memory until they are many or the transaction ends, so the log alone says
/// little. Its write lock says when the first statement that changes something is about to run.
struct WatchedApply {
  /// What was seen last before the kill.
  struct Sighting: Sendable {
    let start: ContinuousClock.Instant
    var logBytes = 0
    /// Since when the lock has been seen at every look.
    fileprivate(set) var lockedSince: ContinuousClock.Instant?
    fileprivate(set) var lockedUntil: ContinuousClock.Instant?

    /// Opening a state takes the lock for a moment, too, to see whether it must be migrated.
    var firstWrite: ContinuousClock.Instant? {
      guard let lockedSince, let lockedUntil, lockedUntil - lockedSince > .milliseconds(100) else {
        return nil
      }
      return lockedSince
    }

    var hadBegunToWrite: Bool { firstWrite != nil }

    fileprivate mutating func note(isLocked: Bool, at now: ContinuousClock.Instant) {
      if lockedSince == nil || !isLocked { lockedSince = isLocked ? now : nil }
      lockedUntil = isLocked ? now : nil
    }
  }

  private let state: String
  private let process: Spawned
  private let night: NightOfChanges
  private let clock = ContinuousClock()

  init(_ night: NightOfChanges, state: String) throws {
    self.night = night
    self.state = state
    process = try night.start(["apply", night.plan], state: state)
  }

  /// Waits for the moment, kills the process, and says what had been seen of it.
  func kill(at moment: KillTests.Moment) async throws -> Sighting {
    try await offPool {
      var sighting = Sighting(start: clock.now)
      while process.isRunning {
        sighting.logBytes = Self.size(of: state + "-wal")
        sighting.note(isLocked: isLocked, at: clock.now)
        if isDue(moment, sighting) { break }
        // The log is written within milliseconds; before that there is time.
        if case .amidLog = moment, sighting.hadBegunToWrite { usleep(20) } else { usleep(500) }
      }
      process.signal(SIGKILL)
      _ = process.end()
      return sighting
    }
  }

  private func isDue(_ moment: KillTests.Moment, _ sighting: Sighting) -> Bool {
    switch moment {
    case .beforeFirstWrite(let share):
      clock.now - sighting.start >= night.untilFirstWrite * share
    case .amidWrites(let share):
      sighting.firstWrite.map { clock.now - $0 >= night.untilLastWrite * share } ?? false
    case .amidLog(let share):
      sighting.logBytes > 0 && Double(sighting.logBytes) >= Double(night.logBytes) * share
    }
  }

  /// How long the whole takes when nobody interferes.
  func timesUndisturbed() async throws -> (first: Duration, last: Duration, logBytes: Int) {
    try await offPool {
      var sighting = Sighting(start: clock.now)
      var times: (first: Duration, last: Duration) = (.zero, .zero)
      var logBytes = 0
      while process.isRunning {
        sighting.note(isLocked: isLocked, at: clock.now)
        if let first = sighting.firstWrite, let last = sighting.lockedUntil {
          times = (first - sighting.start, last - first)
        }
        logBytes = max(logBytes, Self.size(of: state + "-wal"))
        usleep(200)
      }
      let code = process.end()
      guard code == 0 else { throw Failed(code: code) }
      return (times.first, times.last, logBytes)
    }
  }

  struct Failed: Error {
    let code: Int32
  }

  /// Whether somebody holds SQLite's lock for writing: byte 120 of the shared index
  /// (sqlite.org/walformat.html §2.3).
  private var isLocked: Bool {
    // SAFETY: Swift passes a NUL-terminated copy of the path that lives through the call.
    let file = unsafe open(state + "-shm", O_RDWR | O_CLOEXEC)
    guard file >= 0 else { return false }
    defer { close(file) }
    var lock = flock()
    lock.l_type = Int16(F_WRLCK)
    lock.l_whence = Int16(SEEK_SET)
    lock.l_start = 120
    lock.l_len = 1
    // SAFETY: the call only writes to `lock`, which outlives it.
    guard unsafe fcntl(file, F_GETLK, &lock) == 0 else { return false }
    return lock.l_type != Int16(F_UNLCK)
  }

  private static func size(of path: String) -> Int {
    var info = stat()
    // SAFETY: the call only writes to `info`, which outlives it.
    return unsafe stat(path, &info) == 0 ? Int(info.st_size) : 0
  }
}

/// Runs what blocks on a thread that no other test waits for.
func offPool<T: Sendable>(_ body: @escaping @Sendable () throws -> T) async throws -> T {
  try await withCheckedThrowingContinuation { continuation in
    DispatchQueue.global().async { continuation.resume(with: Result { try body() }) }
  }
}
