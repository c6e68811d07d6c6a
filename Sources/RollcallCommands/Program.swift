import ArgumentParser
import Glibc
import Reconciling
import Scanning

/// One call of the program, from arguments to an exit code.
///
/// The only place where errors become messages and codes: a command throws, and whatever it throws ends here.
package enum Program {
  /// Runs what the arguments ask for; data went to standard output, messages to standard error.
  package static func run(_ arguments: [String]) async -> Int32 {
    FreedMemory.keep()
    // A reader that has gone (`| head`) is then an error of `write`, which commands can answer.
    signal(SIGPIPE, SIG_IGN)
    do {
      var command = try RollcallCommand.parseAsRoot(arguments)
      if var asynchronous = command as? any AsyncParsableCommand {
        try await asynchronous.run()
      } else {
        try command.run()
      }
      return ExitStatus.done.rawValue
    } catch {
      return status(after: error)
    }
  }

  private static func status(after error: any Error) -> Int32 {
    switch error {
    case let status as ExitStatus: return status.rawValue
    case let failure as JobFailure:
      Console.complain(failure.lines)
      return ExitStatus(failure).rawValue
    // Who reads our output has seen enough.
    case OutputEnd.closed: return ExitStatus.done.rawValue
    case OutputEnd.failed(let reason):
      Console.complain(["Standard output could not be written: \(reason)"])
      return ExitStatus.unexpected.rawValue
    default: return status(afterParsing: error)
    }
  }

  /// Help and versions are answers; wrong flags are not.
  private static func status(afterParsing error: any Error) -> Int32 {
    let code = RollcallCommand.exitCode(for: error)
    let message = RollcallCommand.fullMessage(for: error)
    if code == .success {
      try? StandardOutput.write(Array("\(message)\n".utf8))
    } else {
      StandardError.write("\(message)\n")
    }
    return code.rawValue
  }
}
