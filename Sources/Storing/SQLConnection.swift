import GRDB
import GRDBSQLite

/// An open connection as C knows it, for as long as its owner keeps it open.
@safe
struct SQLConnection {
  let handle: OpaquePointer
  /// The state's file, for failures.
  let path: String

  /// The connection that GRDB hands to a closure; it must not leave that closure.
  init(_ database: Database, path: String) throws(StoreFailure) {
    // SAFETY: only copied here; `SQLStatement` says how long it may be used.
    guard let handle = unsafe database.sqliteConnection else {
      throw StoreFailure(.database(code: 0, detail: "the connection is closed"), path: path)
    }
    unsafe self.handle = handle
    self.path = path
  }

  /// A further connection that only reads, for one thread alone.
  ///
  /// `close` ends it. With `mayRollBack` SQLite may finish what a killed process has left, and nothing else is
  /// written.
  init(readingFrom path: String, mayRollBack: Bool = false) throws(StoreFailure) {
    var handle: OpaquePointer?
    let access = mayRollBack ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY
    // SAFETY: SQLite writes `handle` even on failure; it is closed then.
    let code = unsafe sqlite3_open_v2(
      path, &handle, access | SQLITE_OPEN_NOMUTEX, nil)
    guard code == SQLITE_OK, let opened = unsafe handle else {
      unsafe sqlite3_close_v2(handle)
      throw StoreFailure(code: code, detail: "cannot open", path: path)
    }
    unsafe self.handle = opened
    self.path = path
    for setting in StateSettings.reading { try execute(setting) }
  }

  func close() {
    // SAFETY: the owner calls it once, after its last statement is gone.
    unsafe sqlite3_close_v2(handle)
  }

  /// Runs statements that yield nothing of interest.
  func execute(_ sql: String) throws(StoreFailure) {
    // SAFETY: SQLite reads a NUL-terminated copy of `sql` during the call.
    guard unsafe sqlite3_exec(handle, sql, nil, nil, nil) == SQLITE_OK else { throw failure() }
  }

  func statement(_ sql: String) throws(StoreFailure) -> SQLStatement {
    try SQLStatement(sql, on: self)
  }

  /// How many rows the last INSERT, UPDATE or DELETE touched.
  var changedRows: Int {
    // SAFETY: the connection is open as long as this value may be used.
    unsafe Int(sqlite3_changes64(handle))
  }

  /// What went wrong last on this connection.
  func failure() -> StoreFailure {
    // SAFETY: the message is copied before anything else runs on this connection.
    unsafe StoreFailure(
      code: sqlite3_extended_errcode(handle), detail: String(cString: sqlite3_errmsg(handle)),
      path: path)
  }
}

extension StoreFailure {
  /// What SQLite's result code means for an operator (sqlite.org/rescode.html).
  init(code: Int32, detail: String, path: String) {
    let problem: Problem =
      switch code & 0xFF {
      case SQLITE_FULL: .diskFull
      // SQLITE_IOERR_SHMSIZE: there is no room for the file beside the log.
      case SQLITE_IOERR where code == SQLITE_IOERR | 19 << 8: .diskFull
      case SQLITE_IOERR: .inputOutput(detail: "\(detail), code \(code)")
      case SQLITE_CORRUPT: .corrupt(detail: detail)
      case SQLITE_NOTADB: .notAState
      case SQLITE_BUSY, SQLITE_LOCKED: .busy
      case SQLITE_READONLY: .readOnly
      case SQLITE_CANTOPEN, SQLITE_PERM, SQLITE_AUTH: .permission(detail: detail)
      default: .database(code: Int(code), detail: detail)
      }
    self.init(problem, path: path)
  }

  /// Any error that came through GRDB; our own pass unchanged.
  init(_ error: any Error, path: String) {
    switch error {
    case let failure as StoreFailure: self = failure
    case let error as DatabaseError:
      self.init(
        code: error.extendedResultCode.rawValue, detail: error.message ?? "no message", path: path)
    default: self.init(.database(code: 0, detail: "\(error)"), path: path)
    }
  }
}
