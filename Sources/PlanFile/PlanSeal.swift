import Crypto
import Scanning

/// The last line of a plan file: what the bytes before it are, and the proof that this state made it.
///
/// ```
/// {"seal":{"decisions":"<64 hex>","plan":"<64 hex>","hmac":"<64 hex>"}}
/// ```
package struct PlanSeal: Sendable, Hashable {
  /// SHA-256 of all bytes before the seal line, in hexadecimal: the plan's name.
  package let planName: String
  /// SHA-256 of the decisions section, in hexadecimal: equal for equal decisions, whatever the
  /// files, the machine and the time they were made from.
  package let decisionsDigest: String
  private let code: [UInt8]

  init(planName: String, decisionsDigest: String, key: SealKey) {
    self.planName = planName
    self.decisionsDigest = decisionsDigest
    code = key.code(for: Self.sealedText(planName: planName, decisionsDigest: decisionsDigest))
  }

  func isGenuine(under key: SealKey) -> Bool {
    key.isValid(
      code, for: Self.sealedText(planName: planName, decisionsDigest: decisionsDigest))
  }

  /// The digests stand for the bytes, so that the key is needed only once per file.
  private static func sealedText(planName: String, decisionsDigest: String) -> [UInt8] {
    Array("plan \(planName)\ndecisions \(decisionsDigest)\n".utf8)
  }
}

extension PlanSeal: LineObject {
  func writeMembers(to line: inout LineWriter) {
    line.member("decisions", decisionsDigest)
    line.member("plan", planName)
    line.member("hmac", code.hexadecimal)
  }

  init(membersOf line: inout LineScanner) throws(LineProblem) {
    decisionsDigest = try line.digest("decisions").hexadecimal
    planName = try line.digest("plan").hexadecimal
    code = try line.digest("hmac")
  }
}

/// A key for one purpose, derived from the secret that the state keeps for seals (HMAC-SHA-256,
/// RFC 2104): a seal made for a plan is never one for an approval.
struct SealKey {
  enum Purpose: String {
    case plan
    case approval
    case attestation
    case pseudonyms
  }

  /// How many bytes the state's secret has.
  static let secretLength = 32

  private let key: SymmetricKey

  init(secret: [UInt8], purpose: Purpose) {
    precondition(secret.count == Self.secretLength, "a seal needs a secret of 32 bytes")
    key = SymmetricKey(
      data: HMAC<SHA256>.authenticationCode(
        for: Array("rollcall seal \(purpose.rawValue)".utf8), using: SymmetricKey(data: secret)))
  }

  func code(for text: [UInt8]) -> [UInt8] {
    Array(HMAC<SHA256>.authenticationCode(for: text, using: key))
  }

  /// Compares in constant time.
  func isValid(_ code: [UInt8], for text: [UInt8]) -> Bool {
    HMAC<SHA256>.isValidAuthenticationCode(code, authenticating: text, using: key)
  }
}

extension Sequence<UInt8> {
  /// Two lower-case hexadecimal digits for each byte.
  var hexadecimal: String {
    let digits = Array("0123456789abcdef".utf8)
    return String(
      decoding: flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }
}

extension LineScanner {
  /// The 32 bytes of a SHA-256 or HMAC, spelled as `hexadecimal` does.
  mutating func digest(_ name: String) throws(LineProblem) -> [UInt8] {
    try self.name(name)
    return try digest()
  }

  mutating func digest() throws(LineProblem) -> [UInt8] {
    let before = self
    let digits = Array(try text().utf8)
    let bytes = stride(from: 0, to: digits.count - 1, by: 2).compactMap {
      UInt8(String(decoding: digits[$0..<$0 + 2], as: UTF8.self), radix: 16)
    }
    guard digits.count == 64, bytes.hexadecimal.utf8.elementsEqual(digits) else {
      throw before.problem(.badText)
    }
    return bytes
  }
}
