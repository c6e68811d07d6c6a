import Logging
import Synchronization

/// What `--verbose` tells on standard error: swift-log, set up once per process.
enum Diagnostics {
  private static let hasBegun = Mutex(false)

  /// Without it libraries would choose for themselves where and how much they log.
  static func begin(isVerbose: Bool) {
    let isFirst = hasBegun.withLock { hasBegun in
      defer { hasBegun = true }
      return !hasBegun
    }
    guard isFirst else { return }
    let level: Logger.Level = isVerbose ? .debug : .error
    LoggingSystem.bootstrap { label in
      var handler = StreamLogHandler.standardError(label: label)
      handler.logLevel = level
      return handler
    }
  }

  static var logger: Logger { Logger(label: "rollcall") }
}
