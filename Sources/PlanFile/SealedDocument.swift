/// What is told of a value that is written as a small sealed JSON document of one line.
///
/// ```
/// {"rollcall-approval":{"version":1,…,"hmac":"<64 hex>"}}
/// ```
///
/// The seal covers every byte before its comma, under a key that is used for this kind of document alone.
struct SealedDocument {
  /// The only member of the outer object.
  let name: String
  let version: Int
  let purpose: SealKey.Purpose
  /// What a file is told that holds something else.
  let mismatch: PlanFileFailure.Reason

  /// The bytes of `,"hmac":"<64 hex>"}}␤`.
  private static let sealLength = 9 + 64 + 4
  /// Nothing that `bytes(of:key:)` writes for a person's eyes is longer.
  private static let sizeLimit = 1 << 20

  private var opening: String { "{\"\(name)\":" }

  /// The file to write; `key` is the 32-byte seal secret of the state.
  func bytes(of value: some LineObject, key: [UInt8]) -> [UInt8] {
    var text = LineWriter()
    text.raw("\(opening){".utf8)
    text.member("version", version)
    value.writeMembers(to: &text)
    let code = SealKey(secret: key, purpose: purpose).code(for: text.bytes)
    text.member("hmac", code.hexadecimal)
    text.raw("}}\n".utf8)
    return text.bytes
  }

  /// As much of a file as a document can have, and a little more where it has more.
  static func content(of path: String) throws(PlanFileFailure) -> [UInt8] {
    var source = try PlanBytes(path: path)
    var bytes: [UInt8] = []
    while bytes.count <= sizeLimit {
      let block = try source.next()
      if block.isEmpty { break }
      bytes += block
    }
    return bytes
  }

  /// Whether the bytes begin as such a document does.
  func begins(_ bytes: [UInt8]) -> Bool {
    var text = LineScanner(bytes)
    return text.take(opening)
  }

  /// Believes nothing of the document before its seal has been checked.
  func value<Value: LineObject>(
    sealedIn bytes: [UInt8], key: [UInt8], as type: Value.Type = Value.self
  ) throws(PlanFileFailure.Reason) -> Value {
    var text = LineScanner(bytes)
    guard bytes.count <= Self.sizeLimit, text.take(opening), text.take("{"),
      let found = try? text.member("version", as: Int.self)
    else { throw mismatch }
    guard found == version else { throw .unknownVersion(found, known: version) }
    let end = bytes.count - Self.sealLength
    var seal = LineScanner(bytes, max(end, 0)..<bytes.count)
    guard end > 0, seal.take(",\"hmac\":"), let code = try? seal.digest(), seal.take("}}\n") else {
      throw .noSeal
    }
    guard SealKey(secret: key, purpose: purpose).isValid(code, for: Array(bytes[..<end])) else {
      throw .wrongSeal
    }
    do throws(LineProblem) {
      let value = try Value(membersOf: &text)
      try text.expect(",\"hmac\":")
      return value
    } catch {
      throw .malformed(error)
    }
  }
}
