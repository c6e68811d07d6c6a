import Crypto
import Identity

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
  private var fields = JournalFields()

  init(after head: String) {
    add("rollcall run")
    add(head)
  }

  mutating func add(_ field: String?) { fields.add(field) }
  mutating func add(_ number: Int) { fields.add(number) }
  mutating func add(_ field: [UInt8]?) { fields.add(field) }

  mutating func add(_ operation: JournaledOperation.Facts) {
    fields.add(operation.bytes)
    passOnWhenMany()
  }

  /// Takes the facts of many operations, each with its length.
  mutating func add(facts: [UInt8]) {
    fields.add(contentsOf: facts)
    passOnWhenMany()
  }

  private mutating func passOnWhenMany() {
    if fields.bytes.count > 1 << 16 {
      hash.update(data: fields.bytes)
      fields.removeAll()
    }
  }

  /// The head, in hexadecimal.
  ///
  /// What is added later has no part in it.
  func head() -> String {
    var hash = hash
    hash.update(data: fields.bytes)
    return Hexadecimal.text(of: Array(hash.finalize()))
  }
}

/// Fields one after the other, each with its length, so that no two lists of fields are the same bytes.
struct JournalFields {
  private(set) var bytes: [UInt8] = []

  init() {
    bytes.reserveCapacity(512)
  }

  mutating func add(_ field: [UInt8]?) {
    // No field is that long, so nil is not the same as an empty one.
    bytes.append(littleEndian: field.map { UInt64($0.count) } ?? .max)
    if let field { bytes += field }
  }

  mutating func add(_ field: String?) {
    bytes.append(littleEndian: field.map { UInt64($0.utf8.count) } ?? .max)
    if let field { bytes += field.utf8 }
  }

  mutating func add(bytes field: ArraySlice<UInt8>) {
    bytes.append(littleEndian: UInt64(field.count))
    bytes += field
  }

  mutating func add(_ image: AttributeImage) {
    let start = bytes.count
    bytes.append(littleEndian: 0 as UInt64)
    image.appendDigested(to: &bytes)
    let count = UInt64(bytes.count - start - 8)
    for place in 0..<8 {
      bytes[start + place] = UInt8(truncatingIfNeeded: count >> UInt64(place * 8))
    }
  }

  mutating func add(_ number: Int) {
    bytes.append(littleEndian: UInt64(bitPattern: Int64(number)))
  }

  /// Adds fields that have their lengths already.
  mutating func add(contentsOf fields: JournalFields) { bytes += fields.bytes }
  mutating func add(contentsOf fields: [UInt8]) { bytes += fields }

  mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

  /// SHA-256 of them.
  var digest: [UInt8] { Array(SHA256.hash(data: bytes)) }

  /// The digest of one field under a salt.
  static func digest(salt: [UInt8], _ field: [UInt8]) -> [UInt8] {
    var fields = JournalFields()
    fields.add(salt)
    fields.add(field)
    return fields.digest
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
