import GRDBSQLite

/// One blob of a table, open to be read and written in place.
///
/// A few bytes of a long row are changed without the row being copied out and in again; the change is part of
/// the transaction, and every statement sees it at once. While it is open nothing can be committed, and
/// a statement that writes the same row invalidates it. It must not outlive its connection.
///
/// ```
/// let blob = try SQLBlob("member_index", "entries", on: connection, row: 3)
/// try blob?.write(UInt64(5), at: 272)
/// ```
@safe
final class SQLBlob {
  private let handle: OpaquePointer
  private let connection: SQLConnection
  private(set) var row: Int

  /// Nil when there is no such row.
  init?(
    _ table: String, _ column: String, on connection: SQLConnection, row: Int
  ) throws(StoreFailure) {
    var handle: OpaquePointer?
    // SAFETY: SQLite reads NUL-terminated copies of both names during the call and writes `handle`.
    let code = unsafe sqlite3_blob_open(
      connection.handle, "main", table, column, Int64(row), 1, &handle)
    if code == SQLITE_ERROR { return nil }
    guard code == SQLITE_OK, let handle = unsafe handle else { throw connection.failure() }
    unsafe self.handle = handle
    self.connection = connection
    self.row = row
  }

  deinit {
    // SAFETY: the handle is this object's alone and never used after.
    unsafe sqlite3_blob_close(handle)
  }

  /// Goes to another row of the same table; false when there is none, and then the blob is of no further use.
  func move(to row: Int) throws(StoreFailure) -> Bool {
    // SAFETY: `handle` lives as long as `self`.
    let code = unsafe sqlite3_blob_reopen(handle, Int64(row))
    if code == SQLITE_ERROR { return false }
    guard code == SQLITE_OK else { throw connection.failure() }
    self.row = row
    return true
  }

  var count: Int {
    // SAFETY: `handle` lives as long as `self`.
    unsafe Int(sqlite3_blob_bytes(handle))
  }

  /// The little-endian number at a byte of the blob.
  func read<Value: FixedWidthInteger & BitwiseCopyable>(
    _: Value.Type, at offset: Int
  ) throws(StoreFailure) -> Value {
    var value = Value.zero
    // SAFETY: SQLite writes the bytes of one `Value`, of which all bytes make one, and checks the offset.
    let code = unsafe sqlite3_blob_read(
      handle, &value, Int32(MemoryLayout<Value>.size), Int32(offset))
    guard code == SQLITE_OK else { throw connection.failure() }
    return Value(littleEndian: value)
  }

  /// Puts a number at a byte of the blob, little-endian.
  func write<Value: FixedWidthInteger & BitwiseCopyable>(
    _ value: Value, at offset: Int
  ) throws(StoreFailure) {
    var bytes = value.littleEndian
    // SAFETY: SQLite reads the bytes of one `Value` during the call and checks the offset.
    let code = unsafe sqlite3_blob_write(
      handle, &bytes, Int32(MemoryLayout<Value>.size), Int32(offset))
    guard code == SQLITE_OK else { throw connection.failure() }
  }
}
