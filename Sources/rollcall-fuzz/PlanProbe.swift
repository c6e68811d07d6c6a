import Crypto
import PlanFile

/// Reads a plan file, under a seal that agrees with it: else no change would get past the first check.
enum PlanProbe {
  private static let key = [UInt8](repeating: 7, count: 32)

  /// What can be read is written as it was read.
  static func run(_ input: [UInt8]) {
    _ = try? PlanReader.read(input, named: "plan", key: nil)
    guard let sealed = try? PlanReader.read(sealed(input), named: "plan", key: nil) else { return }
    var written: [UInt8] = []
    _ = PlanWriter.write(sealed.plan, key: key) { (piece: [UInt8]) in written += piece }
    let again = try? PlanReader.read(written, named: "plan", key: key)
    precondition(again?.plan == sealed.plan, "a plan is not written as it was read")
  }

  /// The lines but the last one, with the digests they have.
  private static func sealed(_ input: [UInt8]) -> [UInt8] {
    let newline = UInt8(ascii: "\n")
    guard let end = input.dropLast().lastIndex(of: newline) else { return input }
    let body = Array(input[...end])
    var decisions: [UInt8] = []
    for line in body.split(separator: newline, omittingEmptySubsequences: false).dropLast() {
      if line.starts(with: "{\"evidence\":".utf8) { break }
      decisions += line + [newline]
    }
    let code = String(repeating: "0", count: 64)
    let seal =
      "{\"seal\":{\"decisions\":\"\(hex(decisions))\",\"plan\":\"\(hex(body))\",\"hmac\":\"\(code)\"}}\n"
    return body + seal.utf8
  }

  private static func hex(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(
      decoding: SHA256.hash(data: bytes).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] },
      as: UTF8.self)
  }
}
