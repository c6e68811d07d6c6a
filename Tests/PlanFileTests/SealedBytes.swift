import Crypto
import Foundation
import Identity
import PlanFile

extension Plan {
  /// Nothing to do, nothing read.
  static let empty = Plan(
    decisions: Decisions(
      memberAttributes: AttributeSet([]), teamAttributes: AttributeSet([]), operations: [],
      holds: [], situations: [:], lowerBound: 0),
    evidence: Evidence(
      toolVersion: "t", now: 0, policyDigest: "p", lineage: "l", journalHead: "j", inputs: [],
      health: [], verdicts: [], grounds: [], findings: [], bookkeeping: Bookkeeping()))
}

/// A changed file with a fresh seal under the right key, as whoever holds the key could make it.
///
/// It is written here from the documented format alone, and so checks the seal of the sources.
func resealed(_ bytes: [UInt8]) -> [UInt8] {
  let newline = UInt8(ascii: "\n")
  guard let end = bytes.dropLast().lastIndex(of: newline) else { return bytes }
  let body = Array(bytes[...end])
  var decisions: [UInt8] = []
  for line in body.split(separator: newline) {
    if line.starts(with: "{\"evidence\":".utf8) { break }
    decisions += line + [newline]
  }
  let plan = hexadecimal(SHA256.hash(data: body))
  let section = hexadecimal(SHA256.hash(data: decisions))
  let key = HMAC<SHA256>.authenticationCode(
    for: Array("rollcall seal plan".utf8), using: SymmetricKey(data: RandomPlan.key))
  let code = HMAC<SHA256>.authenticationCode(
    for: Array("plan \(plan)\ndecisions \(section)\n".utf8), using: SymmetricKey(data: key))
  let seal =
    "{\"seal\":{\"decisions\":\"\(section)\",\"plan\":\"\(plan)\",\"hmac\":\"\(hexadecimal(code))\"}}\n"
  return body + seal.utf8
}

func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
  bytes.map { String(format: "%02x", $0) }.joined()
}

/// Calls `body` with the path of a file that holds `bytes` and is gone afterwards.
func withFile<Result>(_ bytes: [UInt8], _ body: (String) throws -> Result) throws -> Result {
  let url = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
  try Data(bytes).write(to: url)
  defer { try? FileManager.default.removeItem(at: url) }
  return try body(url.path)
}
