import Foundation

/// A command that is run and measured as a whole: start-up, work, writing and exit.
///
/// The kernel counts the memory of the *parent* at the time of the start towards the child's peak
/// (`exec` keeps the larger of the two), so whoever measures must stay small; this program holds no
/// file and no table of rows, and takes about 30 MB.
struct ChildProcess {
  /// The program's path and its arguments.
  var command: [String]
  /// Exit codes that mean success for this command.
  var successes: Set<Int32> = [0]
  /// The file that gets what it prints; what it says to standard error goes to `….err` beside it.
  let output: URL

  var complaints: URL { output.appendingPathExtension("err") }

  /// Runs it to its end.
  func measured() throws -> Measurement {
    let clock = ContinuousClock()
    let start = clock.now
    let child = try spawn()
    let (code, usage) = try awaitEnd(of: child)
    let wall = clock.now - start
    guard successes.contains(code) else {
      throw BenchFailure.commandFailed(
        command, code: code, says: (try? String(contentsOf: complaints, encoding: .utf8)) ?? "")
    }
    return Measurement(
      wall: wall / .seconds(1), user: seconds(usage.ru_utime), system: seconds(usage.ru_stime),
      peak: usage.ru_maxrss * 1024)
  }

  private func spawn() throws -> pid_t {
    // SAFETY: `actions` is initialised before it is used and destroyed after the spawn; the strings
    // of `arguments` and the array of their addresses outlive the spawn, which copies them.
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    let mode: mode_t = 0o644
    let creating = O_WRONLY | O_CREAT | O_TRUNC
    unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    unsafe posix_spawn_file_actions_addopen(&actions, 1, output.path, creating, mode)
    unsafe posix_spawn_file_actions_addopen(&actions, 2, complaints.path, creating, mode)
    var arguments = unsafe command.map { unsafe strdup($0) } + [nil]
    defer { unsafe arguments.forEach { unsafe free($0) } }
    let settings = ProcessInfo.processInfo.environment.map { "\($0.key)=\($0.value)" }
    var environment = unsafe settings.map { unsafe strdup($0) } + [nil]
    defer { unsafe environment.forEach { unsafe free($0) } }

    var child: pid_t = 0
    let code = unsafe posix_spawn(
      &child, command[0], &actions, nil, &arguments, &environment)
    guard code == 0 else { throw BenchFailure.cannotStart(command[0], errno: code) }
    return child
  }

  private func awaitEnd(of child: pid_t) throws -> (code: Int32, usage: rusage) {
    var status: Int32 = 0
    var usage = rusage()
    // SAFETY: both addresses are of local variables and used during the call only.
    while unsafe wait4(child, &status, 0, &usage) == -1 {
      guard errno == EINTR else { throw BenchFailure.cannotStart(command[0], errno: errno) }
    }
    // As WIFEXITED and WEXITSTATUS have it; a signal counts as 128 and its number, as in a shell.
    let signal = status & 0x7F
    return (signal == 0 ? (status >> 8) & 0xFF : 128 + signal, usage)
  }

  private func seconds(_ time: timeval) -> Double {
    Double(time.tv_sec) + Double(time.tv_usec) / 1_000_000
  }
}
