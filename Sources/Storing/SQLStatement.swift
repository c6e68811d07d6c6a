import GRDBSQLite

/// One prepared statement on an open connection, used again and again.
///
/// GRDB opens, migrates and serialises the connection; its statements, though, box every value, which
/// at a million rows costs more than SQLite itself. This is the thin form: bind, run, read columns.
/// It must not outlive the closure that handed out the connection.
///
/// ```
/// let insert = try SQLStatement("INSERT INTO hold VALUES (?, ?)", on: connection)
/// try insert.bind("member ann", at: 1).bind(1_700_000_000, at: 2).run()
/// ```
@safe
final class SQLStatement {
  private let handle: OpaquePointer
  private let connection: SQLConnection

  init(_ sql: String, on connection: SQLConnection) throws(StoreFailure) {
    var handle: OpaquePointer?
    // SAFETY: SQLite reads the NUL-terminated copy of `sql` during the call and writes `handle`.
    let code = unsafe sqlite3_prepare_v3(connection.handle, sql, -1, 0, &handle, nil)
    guard code == SQLITE_OK, let handle = unsafe handle else { throw connection.failure() }
    unsafe self.handle = handle
    self.connection = connection
  }

  deinit {
    // SAFETY: the handle is this object's alone and never used after.
    unsafe sqlite3_finalize(handle)
  }

  // MARK: Binding; parameters are numbered from 1, and SQLite copies what is bound.

  @discardableResult
  func bind(_ value: Int, at index: Int32) -> SQLStatement {
    // SAFETY: `handle` lives as long as `self`.
    unsafe sqlite3_bind_int64(handle, index, Int64(value))
    return self
  }

  @discardableResult
  func bind(_ value: String, at index: Int32) -> SQLStatement {
    var value = value
    // SAFETY: the bytes live through the call and are copied (`transient`).
    value.withUTF8 { bytes in unsafe bindText(UnsafeRawBufferPointer(bytes), at: index) }
    return self
  }

  /// Binds bytes that are UTF-8 as text.
  @discardableResult
  func bind(text bytes: [UInt8], at index: Int32) -> SQLStatement {
    // SAFETY: as for `String`.
    unsafe bytes.withUnsafeBytes { unsafe bindText($0, at: index) }
    return self
  }

  /// Binds bytes that are UTF-8 as text.
  @discardableResult
  func bind(text bytes: ArraySlice<UInt8>, at index: Int32) -> SQLStatement {
    // SAFETY: as for `String`.
    unsafe bytes.withUnsafeBytes { unsafe bindText($0, at: index) }
    return self
  }

  private func bindText(_ bytes: UnsafeRawBufferPointer, at index: Int32) {
    // SAFETY: SQLite copies `count` bytes during the call. A null pointer would bind NULL, so no
    // bytes are bound as the empty text.
    guard let start = bytes.baseAddress, bytes.count > 0 else {
      unsafe sqlite3_bind_text(handle, index, "", 0, Self.transient)
      return
    }
    unsafe sqlite3_bind_text64(
      handle, index, start.assumingMemoryBound(to: CChar.self), UInt64(bytes.count),
      Self.transient, UInt8(SQLITE_UTF8))
  }

  @discardableResult
  func bind(_ bytes: [UInt8], at index: Int32) -> SQLStatement {
    bind(bytes[...], at: index)
  }

  @discardableResult
  func bind(_ bytes: ArraySlice<UInt8>, at index: Int32) -> SQLStatement {
    if bytes.isEmpty {
      // A null pointer would bind NULL, which is not the same as no bytes.
      unsafe sqlite3_bind_zeroblob(handle, index, 0)
    } else {
      // SAFETY: the bytes live through the call and are copied (`transient`).
      unsafe bytes.withUnsafeBytes { raw in
        _ = unsafe sqlite3_bind_blob64(
          handle, index, raw.baseAddress, UInt64(raw.count), Self.transient)
      }
    }
    return self
  }

  @discardableResult
  func bind(_ value: String?, at index: Int32) -> SQLStatement {
    guard let value else { return bindNull(at: index) }
    return bind(value, at: index)
  }

  @discardableResult
  func bind(_ value: Int?, at index: Int32) -> SQLStatement {
    guard let value else { return bindNull(at: index) }
    return bind(value, at: index)
  }

  /// Binds bytes that are UTF-8 as text.
  @discardableResult
  func bind(text bytes: [UInt8]?, at index: Int32) -> SQLStatement {
    guard let bytes else { return bindNull(at: index) }
    return bind(text: bytes, at: index)
  }

  @discardableResult
  func bindNull(at index: Int32) -> SQLStatement {
    // SAFETY: `handle` lives as long as `self`.
    unsafe sqlite3_bind_null(handle, index)
    return self
  }

  // MARK: Lending; SQLite reads what is lent where it stands, and only while `body` runs.

  /// Runs `body` with bytes that are UTF-8 as text.
  ///
  /// A copy of each text costs SQLite a piece of memory, and two locks.
  func lending<T>(
    text bytes: Span<UInt8>, at index: Int32, _ body: () throws(StoreFailure) -> T
  ) throws(StoreFailure) -> T {
    try lending(bytes, as: .text, at: index, body)
  }

  /// Runs `body` with a blob.
  func lending<T>(
    blob bytes: Span<UInt8>, at index: Int32, _ body: () throws(StoreFailure) -> T
  ) throws(StoreFailure) -> T {
    try lending(bytes, as: .blob, at: index, body)
  }

  private func lending<T>(
    _ bytes: Span<UInt8>, as form: Lent, at index: Int32, _ body: () throws(StoreFailure) -> T
  ) throws(StoreFailure) -> T {
    defer { bindNull(at: index) }
    // SAFETY: the bytes live as long as `body` runs, and then nothing is bound any more.
    return try unsafe bytes.withUnsafeBytes { raw throws(StoreFailure) in
      unsafe lend(raw, as: form, at: index)
      return try body()
    }
  }

  /// What lent bytes are to SQLite.
  enum Lent {
    case text
    case blob
  }

  /// Runs `body` with many parts of one piece of memory: the first at `index`, each further one `step` parameters on.
  func lending<T>(
    _ ranges: some Sequence<Range<Int>>, of bytes: Span<UInt8>, as form: Lent, at index: Int32,
    step: Int32, _ body: () throws(StoreFailure) -> T
  ) throws(StoreFailure) -> T {
    var place = index
    defer {
      while place > index {
        place -= step
        bindNull(at: place)
      }
    }
    // SAFETY: the bytes live as long as `body` runs, and then nothing is bound any more; each range is checked.
    return try unsafe bytes.withUnsafeBytes { raw throws(StoreFailure) in
      for range in ranges {
        precondition(range.lowerBound >= 0 && range.upperBound <= raw.count, "a part of the memory")
        unsafe lend(UnsafeRawBufferPointer(rebasing: raw[range]), as: form, at: place)
        place += step
      }
      return try body()
    }
  }

  private func lend(_ bytes: UnsafeRawBufferPointer, as form: Lent, at index: Int32) {
    // SAFETY: the caller keeps the bytes. A null pointer would bind NULL, so no bytes are bound as such.
    guard let start = bytes.baseAddress, bytes.count > 0 else {
      switch form {
      case .text: unsafe sqlite3_bind_text(handle, index, "", 0, Self.transient)
      case .blob: unsafe sqlite3_bind_zeroblob(handle, index, 0)
      }
      return
    }
    switch form {
    case .text:
      unsafe sqlite3_bind_text64(
        handle, index, start.assumingMemoryBound(to: CChar.self), UInt64(bytes.count), nil,
        UInt8(SQLITE_UTF8))
    case .blob: unsafe sqlite3_bind_blob64(handle, index, start, UInt64(bytes.count), nil)
    }
  }

  // MARK: Running

  /// Runs a statement that yields no rows, to be bound and run again.
  func run() throws(StoreFailure) {
    // SAFETY: `handle` lives as long as `self`.
    let code = unsafe sqlite3_step(handle)
    let failure = code == SQLITE_DONE || code == SQLITE_ROW ? nil : connection.failure()
    unsafe sqlite3_reset(handle)
    if let failure { throw failure }
  }

  /// Moves to the next row; after the last one it is false, and the statement may be run again.
  func next() throws(StoreFailure) -> Bool {
    // SAFETY: `handle` lives as long as `self`.
    switch unsafe sqlite3_step(handle) {
    case SQLITE_ROW: return true
    case SQLITE_DONE:
      unsafe sqlite3_reset(handle)
      return false
    default:
      let failure = connection.failure()
      unsafe sqlite3_reset(handle)
      throw failure
    }
  }

  /// Gives up the remaining rows.
  func reset() {
    // SAFETY: `handle` lives as long as `self`.
    unsafe sqlite3_reset(handle)
  }

  /// All rows, each turned into a value.
  func all<T>(_ row: (SQLStatement) throws(StoreFailure) -> T) throws(StoreFailure) -> [T] {
    var values: [T] = []
    do {
      while try next() { values.append(try row(self)) }
    } catch {
      reset()
      throw error
    }
    return values
  }

  /// Calls `body` for every row.
  func each(_ body: (SQLStatement) -> Void) throws(StoreFailure) {
    while try next() { body(self) }
  }

  /// The first row as a value, or nil when there is none.
  func first<T>(_ row: (SQLStatement) throws(StoreFailure) -> T) throws(StoreFailure) -> T? {
    defer { reset() }
    return try next() ? try row(self) : nil
  }

  // MARK: The columns of a row, numbered from 0

  func isNull(_ column: Int32) -> Bool {
    // SAFETY: `handle` lives as long as `self`.
    unsafe sqlite3_column_type(handle, column) == SQLITE_NULL
  }

  func integer(_ column: Int32) -> Int {
    // SAFETY: `handle` lives as long as `self`.
    unsafe Int(sqlite3_column_int64(handle, column))
  }

  /// A text or blob as bytes.
  func bytes(_ column: Int32) -> [UInt8] {
    // SAFETY: copied before the statement moves on.
    unsafe Array(memory(column))
  }

  func text(_ column: Int32) -> String {
    // SAFETY: copied before the statement moves on.
    unsafe String(decoding: memory(column), as: UTF8.self)
  }

  func optionalText(_ column: Int32) -> String? {
    isNull(column) ? nil : text(column)
  }

  /// A text or blob where SQLite holds it, for as long as `body` runs.
  @inline(__always)
  func withBytes<T, Failure: Error>(
    _ column: Int32, _ body: (Span<UInt8>) throws(Failure) -> T
  ) throws(Failure) -> T {
    // SAFETY: SQLite keeps the value until the next step or reset, and `body` cannot keep the span.
    try unsafe body(memory(column).span)
  }

  /// Valid until the statement moves on; a null pointer comes with the count 0.
  @inline(__always)
  private func memory(_ column: Int32) -> UnsafeBufferPointer<UInt8> {
    // SAFETY: `handle` lives as long as `self`; the pointer must be asked for before the count.
    let start = unsafe sqlite3_column_blob(handle, column)
    let count = unsafe Int(sqlite3_column_bytes(handle, column))
    return unsafe UnsafeBufferPointer(
      start: start?.assumingMemoryBound(to: UInt8.self), count: start == nil ? 0 : count)
  }

  // SAFETY: -1 is SQLite's own constant for "copy it"; it is never called.
  private static let transient = unsafe unsafeBitCast(-1, to: sqlite3_destructor_type.self)
}
