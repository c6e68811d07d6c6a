import GRDB
import Identity
import PlanFile
import Scanning
import Synchronization

/// The state: current members, teams and memberships, and the journal of every run, in one file.
///
/// ```
/// let store = try StateStore.open("rollcall.state", as: .writing)
/// let members = try await store.members(basis)
/// try store.write { transaction in
///   try transaction.rebase(basis)
///   let ordinal = try transaction.insertMember(document, standing: .active, owners: people)
/// }
/// ```
///
/// A store opened for reading sees the state as it was when it was opened, however long it reads. A store opened
/// for writing excludes every other one until it is closed or gone.
package final class StateStore: Sendable {
  package enum Access: Sendable {
    /// The state must exist.
    case reading
    /// As `reading`; a state that does not exist is created, with its identity and nothing else.
    case readingOrCreating
    /// Takes the lock; creates the state if need be.
    case writing
  }

  package let path: String
  let origin: StateOrigin
  private let queue: DatabaseQueue
  private let lock: StateLock?
  /// Used on `queue` alone.
  private let statements: ReadStatements
  private let current: Mutex<StateIdentity>

  /// Opens a state, or says why not in a `StoreFailure`.
  package static func open(_ path: String, as access: Access) throws(StoreFailure) -> StateStore {
    switch access {
    case .writing: return try StateStore(writing: path, lock: StateLock(ofState: path))
    case .reading, .readingOrCreating:
      switch try StateFile.condition(of: path) {
      case .current: break
      case .absent where access == .reading, .unfinished where access == .reading:
        throw StoreFailure(.missing, path: path)
      case .older(let version): try bringUp(path, from: version)
      case .absent, .unfinished, .interrupted:
        try StateStore(writing: path, lock: StateLock(ofState: path)).close()
      }
      return try StateStore(reading: path)
    }
  }

  /// Whoever only reads an older state has it written once.
  private static func bringUp(_ path: String, from version: Int) throws(StoreFailure) {
    do {
      try StateStore(writing: path, lock: StateLock(ofState: path)).close()
    } catch {
      switch error.problem {
      case .readOnly, .permission:
        throw StoreFailure(.olderAndReadOnly(version: version), path: path)
      default: throw error
      }
    }
  }

  private init(reading path: String) throws(StoreFailure) {
    do {
      let queue = try DatabaseQueue(path: path, configuration: StateSettings.reader())
      // Left open until the store closes: everything is read from one snapshot.
      let (origin, identity, statements) = try queue.unsafeReentrantWrite { database in
        let connection = try SQLConnection(database, path: path)
        try connection.execute("BEGIN")
        return try Self.readStart(connection)
      }
      self.path = path
      self.queue = queue
      lock = nil
      self.origin = origin
      self.statements = statements
      current = Mutex(identity)
    } catch {
      throw StoreFailure(error, path: path)
    }
  }

  private init(writing path: String, lock: StateLock) throws(StoreFailure) {
    var condition = try StateFile.condition(of: path)
    if case .interrupted = condition {
      try StateFile.rollBack(path)
      // Only now can it be told whose file it is.
      condition = try StateFile.condition(of: path)
    }
    var isNew = false
    if case .absent = condition {
      try StateFile.create(at: path)
      isNew = true
    }
    do {
      let queue = try DatabaseQueue(
        path: path, configuration: StateSettings.writer(path: path))
      try StateSchema.migrator(path: path).migrate(queue)
      let (origin, identity, statements) = try queue.unsafeReentrantWrite { database in
        try Self.readStart(SQLConnection(database, path: path))
      }
      self.path = path
      self.queue = queue
      self.lock = lock
      self.origin = origin
      self.statements = statements
      current = Mutex(identity)
    } catch {
      // What a full disk has left of a first run would only be in the way of the next one.
      if isNew { StateFile.remove(path) }
      throw StoreFailure(error, path: path)
    }
  }

  private static func readStart(
    _ connection: SQLConnection
  ) throws(StoreFailure) -> (StateOrigin, StateIdentity, ReadStatements) {
    (
      try StateOrigin.read(from: connection), try StateIdentity.read(from: connection),
      ReadStatements(StatementCache(connection))
    )
  }

  /// Ends the store; the last one to close a state folds its write-ahead log into the file.
  package func close() throws(StoreFailure) {
    // Released whatever happens: nothing can be written through this store any more.
    defer { lock?.release() }
    queue.unsafeReentrantWrite { _ in statements.cache.clear() }
    do { try queue.close() } catch { throw StoreFailure(error, path: path) }
  }

  // A statement that is still prepared would keep the connection open.
  deinit { statements.cache.clear() }

  /// Whether nothing has ever been written here but the state's own origin.
  package func hasNoMembers() throws(StoreFailure) -> Bool {
    try query { queries throws(StoreFailure) in
      try queries.statements("SELECT 1 FROM member LIMIT 1").first { _ in true } == nil
    }
  }

  /// Who this state is and where its journal stands.
  package var identity: StateIdentity { current.withLock { $0 } }

  package enum Purpose: Sendable {
    case fingerprints
    /// Plans and approvals are sealed with it.
    case seal
  }

  /// 32 random bytes, made with the state and never leaving it but for this.
  package func secret(_ purpose: Purpose) -> [UInt8] {
    switch purpose {
    case .fingerprints: origin.fingerprintSecret
    case .seal: origin.sealSecret
    }
  }

  /// Reads on the store's own connection.
  func read<T>(
    _ body: (StatementCache) throws(StoreFailure) -> T
  ) throws(StoreFailure) -> T {
    do {
      return try queue.unsafeReentrantWrite { _ in try body(statements.cache) }
    } catch {
      throw StoreFailure(error, path: path)
    }
  }

  /// How SQLite keeps the old content until the new one is whole.
  package enum WriteMode: Sendable {
    /// A write-ahead log: others may read meanwhile.
    case logged
    /// A rollback journal, for loads of so much that a log would hold all of it a second time.
    ///
    /// Just as durable, in half the time; nobody else may look meanwhile. Where somebody does, it is
    /// `logged` all the same.
    case bulk
  }

  /// Changes the state: all that `body` does, or nothing of it.
  ///
  /// When this returns, the change is on the disk. When it throws, nothing has changed: it throws
  /// what `body` threw, or a `StoreFailure`. After a failure inside `body` nothing more is written,
  /// even if `body` ignores it.
  @discardableResult
  package func write<T>(
    _ mode: WriteMode = .logged, _ body: (StateTransaction) throws -> T
  ) throws -> T {
    guard lock != nil else { throw StoreFailure(.readOnly, path: path) }
    do {
      return try queue.unsafeReentrantWrite { database in
        let connection = try SQLConnection(database, path: path)
        let isBulk = mode == .bulk && StateSettings.beginBulk(on: connection)
        let early = isBulk ? EarlyWriting(of: path) : nil
        defer {
          // Behind the commit or the rollback, when SQLite has no locks on the file that could be lost.
          early?.end()
          if isBulk { StateSettings.endBulk(on: connection) }
        }
        try connection.execute("BEGIN IMMEDIATE")
        do {
          let transaction = try StateTransaction(connection, origin: origin)
          let value = try body(transaction)
          try transaction.finish()
          let identity = try StateIdentity.read(from: connection)
          try connection.execute("COMMIT")
          current.withLock { $0 = identity }
          return value
        } catch {
          // After some failures SQLite has rolled back by itself, and this one has nothing to do.
          try? connection.execute("ROLLBACK")
          throw error
        }
      }
    } catch let error as DatabaseError {
      throw StoreFailure(error, path: path)
    }
  }
}

extension StateStore {
  /// What `body` finds out by a change that is taken back, whatever comes of it.
  package func trial<T>(
    _ body: (StateTransaction) throws(StoreFailure) -> T
  ) throws(StoreFailure) -> T {
    guard lock != nil else { throw StoreFailure(.readOnly, path: path) }
    do {
      return try queue.unsafeReentrantWrite { database in
        let connection = try SQLConnection(database, path: path)
        try connection.execute("BEGIN IMMEDIATE")
        defer { try? connection.execute("ROLLBACK") }
        return try body(StateTransaction(connection, origin: origin))
      }
    } catch {
      throw StoreFailure(error, path: path)
    }
  }
}

/// The prepared statements of one store, kept so that a look-up costs no preparation.
private final class ReadStatements: @unchecked Sendable {
  /// Used only on the store's queue, which runs one closure at a time.
  let cache: StatementCache

  init(_ cache: StatementCache) {
    self.cache = cache
  }
}

/// Which state a plan was made from, and how far its journal was then.
package struct StateIdentity: Sendable, Hashable {
  package let lineage: String
  /// Hexadecimal SHA-256 over all runs so far.
  package let journalHead: String
  package let runCount: Int

  package init(lineage: String, journalHead: String, runCount: Int) {
    self.lineage = lineage
    self.journalHead = journalHead
    self.runCount = runCount
  }

  static func read(from connection: SQLConnection) throws(StoreFailure) -> StateIdentity {
    let setting = Settings(connection)
    let runs = try connection.statement("SELECT coalesce(max(number), 0) FROM run")
    return StateIdentity(
      lineage: try setting.text("lineage"), journalHead: try setting.text("journal head"),
      runCount: try runs.first { $0.integer(0) } ?? 0)
  }
}
