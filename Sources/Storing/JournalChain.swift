import Crypto

/// The chain of digests that makes a change to the journal's past visible.
///
/// ```
/// value digest = SHA-256(salt, facts of the operation, names and values)
/// head         = SHA-256(head before, facts of the run,
///                        facts and value digest of each operation, outcome)
/// ```
///
/// The values and their salt stand in a side table. Without the salt nobody can guess a value from its
/// digest, so deleting that row erases the person, and the head still follows from what remains.
struct JournalChain {
  private var hash = SHA256()
  private var pending: [UInt8] = []

  init(after head: String) {
    add("rollcall run")
    add(head)
  }

  /// Fields carry their length, so that no two lists of fields are the same bytes.
  mutating func add(_ field: some Collection<UInt8>) {
    pending.append(littleEndian: UInt64(field.count))
    pending.append(contentsOf: field)
    if pending.count > 1 << 16 {
      hash.update(data: pending)
      pending.removeAll(keepingCapacity: true)
    }
  }

  mutating func add(_ field: String) { add(field.utf8) }

  mutating func add(_ number: Int) { add(String(number)) }

  /// Nil is not the same as an empty field.
  mutating func add(_ field: String?) {
    guard let field else { return add("-") }
    add("+")
    add(field)
  }

  mutating func add(_ operation: JournaledOperation.Facts) { add(operation.bytes) }

  /// The head, in hexadecimal.
  ///
  /// What is added later has no part in it.
  func head() -> String {
    var hash = hash
    hash.update(data: pending)
    return Hexadecimal.text(of: Array(hash.finalize()))
  }

  /// The digest of one list of fields under a salt.
  static func digest(salt: [UInt8], _ fields: [[UInt8]?]) -> [UInt8] {
    var bytes = salt
    for field in fields {
      guard let field else {
        bytes.append(0)
        continue
      }
      bytes.append(1)
      bytes.append(littleEndian: UInt64(field.count))
      bytes += field
    }
    return Array(SHA256.hash(data: bytes))
  }
}

/// Salts for value digests: unpredictable, and drawn from the kernel many at a time.
struct SaltSource {
  static let saltSize = 16

  private var bytes: [UInt8] = []

  mutating func next() -> [UInt8] {
    if bytes.count < Self.saltSize { bytes = SystemCalls.randomBytes(256 * Self.saltSize) }
    defer { bytes.removeLast(Self.saltSize) }
    return Array(bytes.suffix(Self.saltSize))
  }
}
