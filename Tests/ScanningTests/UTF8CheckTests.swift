import Scanning
import TestSupport
import Testing

struct UTF8CheckTests {
  @Test(
    arguments: [
      ([0x61, 0xC3, 0xA9], nil), ([0xC0, 0x80], 0), ([0xC1, 0xBF], 0),
      ([0x61, 0xE0, 0x9F, 0x80], 1),
      ([0xED, 0xA0, 0x80], 0), ([0xED, 0x9F, 0xBF], nil), ([0xF0, 0x8F, 0xBF, 0xBF], 0),
      ([0xF4, 0x8F, 0xBF, 0xBF], nil), ([0xF4, 0x90, 0x80, 0x80], 0),
      ([0xF5, 0x80, 0x80, 0x80], 0),
      ([0x61, 0x80], 1), ([0x61, 0xE2, 0x82], 1), ([], nil),
    ] as [([UInt8], Int?)])
  func theFirstBadByteIsFound(bytes: [UInt8], expected: Int?) {
    #expect(UTF8Check.firstInvalid(in: bytes.span) == expected)
  }

  @Test(arguments: UInt64(0)..<20)
  func agreesWithTheStandardLibrary(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let alphabet: [UInt8] = [
      0x00, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xED,
      0xEF,
      0xF0, 0xF1, 0xF4, 0xF5, 0xFF,
    ]
    for _ in 0..<500 {
      let count = Int.random(in: 0...6, using: &random)
      let bytes = (0..<count).map { _ in alphabet.randomElement(using: &random) ?? 0 }
      let isValid = String(validating: bytes, as: UTF8.self) != nil
      let invalid = UTF8Check.firstInvalid(in: bytes.span)
      #expect((invalid == nil) == isValid, "\(bytes)")
      if let invalid {
        #expect(String(validating: bytes[..<invalid], as: UTF8.self) != nil, "\(bytes)")
      }
    }
  }
}
