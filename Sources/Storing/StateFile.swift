import GRDB
import Glibc

/// What stands at a state's path, judged before SQLite touches it.
enum StateFile {
  enum Condition {
    case absent
    /// There, but nothing was ever stored: a creation was interrupted, or it is an empty file.
    case unfinished
    case older(version: Int)
    /// A bulk load was killed: its journal is to be rolled back, or the log to be gone back to.
    case interrupted
    case current
  }

  /// Refuses what is not a state of ours, or not to be trusted.
  static func condition(of path: String) throws(StoreFailure) -> Condition {
    guard let entry = SystemCalls.status(of: path, following: false) else { return .absent }
    if entry.isLink {
      guard let file = SystemCalls.status(of: path, following: true) else { return .absent }
      // Whoever may plant a link would have us write somebody else's file.
      guard file.owner == geteuid() else {
        throw StoreFailure(.foreignLink(target: SystemCalls.target(ofLink: path)), path: path)
      }
    }
    guard let file = SystemCalls.status(of: path, following: true), file.isRegular else {
      throw StoreFailure(.notAFile, path: path)
    }
    return file.size == 0 ? .unfinished : try contentCondition(of: path)
  }

  private static func contentCondition(of path: String) throws(StoreFailure) -> Condition {
    let connection = try SQLConnection(readingFrom: path)
    defer { connection.close() }
    let application: Int
    do {
      application = try number("PRAGMA application_id", connection)
    } catch {
      // Who only reads cannot roll a journal back, and SQLite says so.
      guard error.problem == .readOnly else { throw error }
      return .interrupted
    }
    let version = try number("PRAGMA user_version", connection)
    if application == 0, version == 0, try isBlank(connection) { return .unfinished }
    guard application == StateSchema.applicationID else {
      throw StoreFailure(.notAState, path: path)
    }
    guard version <= StateSchema.version else {
      throw StoreFailure(
        .newerVersion(found: version, known: StateSchema.version), path: path)
    }
    if let step = try unknownStep(connection) {
      throw StoreFailure(.unknownStep(step), path: path)
    }
    guard version == StateSchema.version else { return .older(version: version) }
    let mode = try connection.statement("PRAGMA journal_mode").first { $0.text(0) }
    return mode == "wal" ? .current : .interrupted
  }

  /// Whether there is no table but the one that a creation begins with, and nothing in that.
  ///
  /// A disk that was full at the first step leaves such a file.
  private static func isBlank(_ connection: SQLConnection) throws(StoreFailure) -> Bool {
    let others = try number(
      "SELECT count(*) FROM sqlite_master WHERE tbl_name <> '\(StateSchema.stepTable)'", connection)
    guard others == 0 else { return false }
    guard try number("SELECT count(*) FROM sqlite_master", connection) > 0 else { return true }
    return try number("SELECT count(*) FROM \(StateSchema.stepTable)", connection) == 0
  }

  /// A step that the tables have been through and this program does not have.
  private static func unknownStep(_ connection: SQLConnection) throws(StoreFailure) -> String? {
    let known = StateSchema.migrator(path: connection.path).migrations
    return try connection.statement("SELECT identifier FROM \(StateSchema.stepTable)")
      .all { $0.text(0) }.first { !known.contains($0) }
  }

  /// Takes a file away whose creation has failed, with all that SQLite put beside it.
  static func remove(_ path: String) {
    for name in [path, path + "-wal", path + "-shm", path + "-journal"] { SystemCalls.remove(name) }
  }

  /// Brings back what a killed bulk load had changed, as any program would that opens the file to write.
  static func rollBack(_ path: String) throws(StoreFailure) {
    let connection = try SQLConnection(readingFrom: path, mayRollBack: true)
    defer { connection.close() }
    _ = try number("PRAGMA application_id", connection)
  }

  private static func number(
    _ sql: String, _ connection: SQLConnection
  ) throws(StoreFailure) -> Int {
    try connection.statement(sql).first { $0.integer(0) } ?? 0
  }

  /// Creates the file for this user alone, whatever the umask, or leaves the one that is there.
  static func create(at path: String) throws(StoreFailure) {
    let descriptor = SystemCalls.open(
      path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode: 0o600)
    guard descriptor >= 0 else {
      if errno == EEXIST { return }
      throw StoreFailure(openingErrno: errno, path: path)
    }
    fchmod(descriptor, 0o600)
    close(descriptor)
  }
}
