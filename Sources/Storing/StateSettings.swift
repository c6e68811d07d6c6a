import GRDB

/// How every connection to a state is set up, and why.
enum StateSettings {
  /// The file may have been edited by others: no functions with side effects from its schema, no
  /// trust in cell sizes, and no memory map that a truncated file would turn into a crash.
  static let reading = [
    "PRAGMA trusted_schema = OFF", "PRAGMA cell_size_check = ON", "PRAGMA mmap_size = 0",
  ]

  /// How long a connection waits for another's lock before it is `busy`, in seconds.
  ///
  /// Runs exclude each other by the lock file already; this is for a person with the `sqlite3`
  /// shell.
  static let patience = 2.0

  /// Pages of the size that scans fastest (measured); it takes effect when the file is created.
  static let pageSize = 16384

  /// Memory for pages while writing, in KiB.
  static let cacheSize = 65536

  static func reader() -> Configuration {
    var configuration = Configuration()
    configuration.readonly = true
    configuration.label = "state, reading"
    configuration.busyMode = .timeout(patience)
    configuration.allowsUnsafeTransactions = true
    configuration.foreignKeysEnabled = false
    configuration.prepareDatabase { database in
      for setting in reading { try database.execute(sql: setting) }
    }
    return configuration
  }

  static func writer(path: String) -> Configuration {
    var configuration = Configuration()
    configuration.label = "state, writing"
    configuration.busyMode = .timeout(patience)
    configuration.allowsUnsafeTransactions = true
    configuration.foreignKeysEnabled = false
    configuration.prepareDatabase { database in
      for setting in reading { try database.execute(sql: setting) }
      try database.execute(sql: "PRAGMA page_size = \(pageSize)")
      try database.execute(sql: "PRAGMA cache_size = -\(cacheSize)")
      try set("journal_mode", to: "wal", on: database, path: path)
      // NORMAL would lose acknowledged commits when the power fails.
      try database.execute(sql: "PRAGMA synchronous = FULL")
      try check("synchronous", is: "2", on: database, path: path)
    }
    return configuration
  }

  /// Memory for pages in a bulk load, in KiB: what is full is not looked at again.
  static let bulkCacheSize = 8192

  /// Goes over to a rollback journal; false where somebody else has the state open.
  ///
  /// `EXTRA` syncs the folder after the journal is gone: with `FULL` a power failure right after the commit could
  /// bring the journal back, and with it the old state.
  static func beginBulk(on connection: SQLConnection) -> Bool {
    let mode = try? connection.statement("PRAGMA journal_mode = DELETE").first { $0.text(0) }
    guard mode == "delete" else { return false }
    do {
      try connection.execute("PRAGMA synchronous = EXTRA")
      try connection.execute("PRAGMA cache_size = -\(bulkCacheSize)")
      return true
    } catch {
      endBulk(on: connection)
      return false
    }
  }

  /// Goes back to the log.
  ///
  /// Where that fails, whoever writes next does it.
  static func endBulk(on connection: SQLConnection) {
    try? connection.execute("PRAGMA cache_size = -\(cacheSize)")
    _ = try? connection.statement("PRAGMA journal_mode = wal").first { $0.text(0) }
    try? connection.execute("PRAGMA synchronous = FULL")
  }

  private static func set(
    _ name: String, to value: String, on database: Database, path: String
  ) throws {
    let found = try String.fetchOne(database, sql: "PRAGMA \(name) = \(value)") ?? ""
    guard found == value else {
      throw StoreFailure(.unsafeSetting(name: name, value: found), path: path)
    }
  }

  private static func check(
    _ name: String, is value: String, on database: Database, path: String
  ) throws {
    let found = try String.fetchOne(database, sql: "PRAGMA \(name)") ?? ""
    guard found == value else {
      throw StoreFailure(.unsafeSetting(name: name, value: found), path: path)
    }
  }
}
