// What looks random. It comes from a seed, so that a record gets the same again on the next run.

extension ExpressionMachine {
  /// Version 4 of RFC 9562 in small letters.
  mutating func guid() -> ExpressionValue {
    var bytes = (0..<16).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    bytes[6] = bytes[6] & 0x0F | 0x40
    bytes[8] = bytes[8] & 0x3F | 0x80
    let digits = Array("0123456789abcdef".utf8)
    let start = Int32(memory.count)
    for (place, byte) in bytes.enumerated() {
      if [4, 6, 8, 10].contains(place) { memory.append(UInt8(ascii: "-")) }
      memory.append(digits[Int(byte >> 4)])
      memory.append(digits[Int(byte & 0xF)])
    }
    return .text(.init(start: start, end: Int32(memory.count)))
  }

  /// The least of each kind, filled up with all kinds that have a least, then shuffled.
  mutating func randomString(_ call: ExpressionCall) throws(ExpressionStop) -> ExpressionValue {
    let length = try number(0, of: call)
    let kinds = [
      "0123456789", "!#$%&*+-.:;=?@^_~", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz",
    ]
    let avoided = try text(5, of: call).map { Set(memory[$0.range]) } ?? []
    var letters: [UInt8] = []
    var all: [UInt8] = []
    for (place, kind) in kinds.enumerated() {
      let least = try number(place + 1, of: call)
      let allowed = kind.utf8.filter { !avoided.contains($0) }
      guard (0...256).contains(least), least == 0 || !allowed.isEmpty else {
        throw .fault(.impossibleRandomString, step: call.step, input: nil)
      }
      for _ in 0..<least { letters.append(allowed[pick(allowed.count)]) }
      if least > 0 { all += allowed }
    }
    guard (1...256).contains(length), letters.count <= length, !all.isEmpty else {
      throw .fault(.impossibleRandomString, step: call.step, input: nil)
    }
    while letters.count < length { letters.append(all[pick(all.count)]) }
    letters.shuffle(using: &random)
    return .text(append(letters))
  }

  private mutating func pick(_ count: Int) -> Int { Int.random(in: 0..<count, using: &random) }
}
