import CSpawning
import Glibc

/// A program that was started, until it ends.
///
/// Not Foundation's `Process`: with more than a thousand open files, which tests that run side by side have, its
/// `run` reads beyond a buffer and now and then crashes (swift-corelibs-foundation #5472, after Swift 6.3.1).
package final class Spawned: Sendable {
  private let pid: pid_t

  package struct NotStarted: Error {
    package let errno: Int32
  }

  /// Starts `program` with empty input; `output` and `errors` are files that are open for writing, nil for nowhere.
  package init(
    _ program: String, _ arguments: [String], in folder: String = "/tmp",
    environment: [String: String], output: Int32? = nil, errors: Int32? = nil
  ) throws(NotStarted) {
    // SAFETY: `actions` is initialised before it is used and destroyed after the spawn; the strings and the arrays of
    // their addresses outlive the spawn, which copies them.
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    for (number, file) in [(Int32(1), output), (2, errors)] {
      if let file {
        unsafe posix_spawn_file_actions_adddup2(&actions, file, number)
      } else {
        unsafe posix_spawn_file_actions_addopen(&actions, number, "/dev/null", O_WRONLY, 0)
      }
    }
    unsafe rollcall_begin_in(&actions, folder)
    var texts = unsafe ([program] + arguments).map { unsafe strdup($0) } + [nil]
    defer { unsafe texts.forEach { unsafe free($0) } }
    var settings = unsafe environment.map { unsafe strdup("\($0.key)=\($0.value)") } + [nil]
    defer { unsafe settings.forEach { unsafe free($0) } }
    var child: pid_t = 0
    let code = unsafe posix_spawn(&child, program, &actions, nil, &texts, &settings)
    guard code == 0 else { throw NotStarted(errno: code) }
    pid = child
  }

  /// Whether it has not ended yet; it stays there to be waited for.
  package var isRunning: Bool {
    // SAFETY: the address is of a local variable and used during the call only.
    var info = unsafe siginfo_t()
    let result = unsafe waitid(P_PID, id_t(pid), &info, WEXITED | WNOHANG | WNOWAIT)
    return unsafe result == 0 && info.si_signo == 0
  }

  package func signal(_ number: Int32) { kill(pid, number) }

  /// Waits for its end, once; the exit code, or 128 and the signal, as a shell shows it.
  package func end() -> Int32 {
    var status: Int32 = 0
    // SAFETY: as above.
    while unsafe waitpid(pid, &status, 0) == -1, errno == EINTR {}
    let signal = status & 0x7F
    return signal == 0 ? (status >> 8) & 0xFF : 128 + signal
  }
}
