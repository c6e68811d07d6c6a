import Scanning
import TestSupport
import Testing

struct ByteMaskTests {
  /// The masks against a loop over single bytes, wherever the 64 bytes begin.
  @Test(arguments: 0..<16)
  func agreesWithSingleBytes(alignment: Int) {
    var random = SeededGenerator(seed: UInt64(alignment))
    for round in 0..<200 {
      let alphabet: [UInt8] = round % 2 == 0 ? [0x2C, 0x22, 0x0A, 0x61] : Array(0...255)
      let bytes = (0..<96).map { _ in alphabet.randomElement(using: &random) ?? 0 }
      for byte in [UInt8(0x2C), 0x22, 0x0A, 0x00, 0x80, 0xFF] {
        var expected: UInt64 = 0
        for bit in 0..<64 where bytes[alignment + bit] == byte { expected |= 1 << UInt64(bit) }
        #expect(ByteMask(bytes.span, at: alignment, equalTo: byte).bits == expected)
      }
      var high: UInt64 = 0
      for bit in 0..<64 where bytes[alignment + bit] >= 0x80 { high |= 1 << UInt64(bit) }
      #expect(ByteMask(nonASCIIIn: bytes.span, at: alignment).bits == high)
    }
  }
}
