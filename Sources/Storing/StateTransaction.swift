import Identity

/// All changes of one `StateStore.write`: they become the state together, or not at all.
///
/// Rows that stand in another order than they are written in (ids, key values, memberships) are kept
/// back and written sorted at the end, which makes a bulk load three times as fast. A look-up
/// writes them first, so do all look-ups before a bulk load, not between its rows.
///
/// It must not be used after the `write` that handed it out.
package final class StateTransaction {
  let statements: StatementCache
  let index: MemberIndex
  let names: MemberNames
  let origin: StateOrigin
  /// What the stored columns mean; nil when another version of the fingerprints wrote them.
  var codec: MemberCodec?
  var pendingKeys = PendingKeys()
  var pendingEdges: PendingEdges
  var nextMember: Int
  var nextTeam: Int
  var openRun: OpenRun?
  private var firstFailure: StoreFailure?

  init(_ connection: SQLConnection, origin: StateOrigin) throws(StoreFailure) {
    statements = StatementCache(connection)
    index = MemberIndex(statements)
    names = MemberNames(statements)
    self.origin = origin
    let settings = Settings(connection)
    // Lets other connections of this store see whether they read the same state.
    try settings.set("change", to: try settings.integer("change") + 1)
    nextMember = try settings.integer("next member")
    nextTeam = try settings.integer("next team")
    let basis = IndexBasis(text: try settings.text("index basis"))
    codec = basis.map { MemberCodec($0, secret: origin.fingerprintSecret) }
    pendingEdges = PendingEdges(secret: origin.fingerprintSecret)
  }

  package var path: String { statements.connection.path }

  /// Every change goes through here: after the first failure, all others fail in the same way.
  func attempt<T>(_ body: () throws(StoreFailure) -> T) throws(StoreFailure) -> T {
    if let firstFailure { throw firstFailure }
    do {
      return try body()
    } catch {
      firstFailure = error
      throw error
    }
  }

  func failure(_ problem: StoreFailure.Problem) -> StoreFailure {
    StoreFailure(problem, path: path)
  }

  /// Writes what has been kept back, so that look-ups find it.
  func flush() throws(StoreFailure) {
    try pendingKeys.write(to: statements)
    try pendingEdges.write(to: statements)
  }

  /// Called once, before the commit.
  func finish() throws(StoreFailure) {
    try attempt { () throws(StoreFailure) in
      guard openRun == nil else { throw failure(.runNotFinished) }
      try flush()
      index.close()
      try names.flush()
      let settings = Settings(statements.connection)
      try settings.set("next member", to: nextMember)
      try settings.set("next team", to: nextTeam)
    }
  }
}

/// Prepared statements by their text.
///
/// A cached statement must be read to its end, or reset, before the same text is asked for again.
final class StatementCache {
  let connection: SQLConnection
  private var statements: [String: SQLStatement] = [:]

  init(_ connection: SQLConnection) {
    self.connection = connection
  }

  /// Gives all statements up, so that the connection can close.
  func clear() {
    statements = [:]
  }

  func callAsFunction(_ sql: String) throws(StoreFailure) -> SQLStatement {
    if let statement = statements[sql] { return statement }
    let statement = try connection.statement(sql)
    statements[sql] = statement
    return statement
  }
}
