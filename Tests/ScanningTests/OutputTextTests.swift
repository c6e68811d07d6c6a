import TestSupport
import Testing

@testable import Scanning

/// Writing into room that is there hurries; `JSONValue` and `String` judge.
struct OutputTextTests {
  private func text(_ random: inout SeededGenerator) -> [UInt8] {
    let special = Array("\"\\\n\r\t\u{1}\u{1F}\u{7F}ä八".utf8)
    return (0..<Int.random(in: 0..<40, using: &random)).map { _ in
      Int.random(in: 0..<12, using: &random) == 0
        ? special.randomElement(using: &random) ?? 0 : UInt8.random(in: 0x20..<0x7F, using: &random)
    }
  }

  @Test(arguments: UInt64(0)..<50)
  func quotedTextsAreThoseOfJSON(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    for _ in 0..<200 {
      let text = text(&random)
      var expected = Array("before".utf8)
      JSONValue.write(string: text.span, to: &expected)
      expected += Array("behind".utf8)
      var written: [UInt8] = []
      written.append(addingCapacity: 14 + text.count * OutputText.escapeFactor) { out in
        out.append(copying: "before")
        out.append(quoting: text.span)
        out.append(copying: Array("behind".utf8).span)
      }
      #expect(written == expected, "seed \(seed)")
    }
  }

  @Test func everyByteIsEscapedAsInJSON() {
    for length in 1..<20 {
      for byte in UInt8.min...(.max) {
        for place in [0, length / 2, length - 1] {
          var text = [UInt8](repeating: UInt8(ascii: "a"), count: length)
          text[place] = byte
          var expected: [UInt8] = []
          JSONValue.write(string: text.span, to: &expected)
          let written = [UInt8](capacity: 2 + length * OutputText.escapeFactor) { out in
            out.append(quoting: text.span)
          }
          #expect(written == expected, "byte \(byte) at \(place) of \(length)")
        }
      }
    }
  }

  @Test func decimalsAreThoseOfString() {
    var random = SeededGenerator(seed: 7)
    let powers = (0..<18).map { power in (0..<power).reduce(1) { number, _ in number * 10 } }
    let numbers =
      powers.flatMap { [$0 - 1, $0, $0 + 1] } + [Int.max, 0]
      + (0..<1000).map { _ in
        Int.random(in: 0...(.max), using: &random) >> Int.random(in: 0..<63, using: &random)
      }
    for number in numbers {
      let written = [UInt8](capacity: 32) { $0.append(decimal: number) }
      #expect(String(decoding: written, as: UTF8.self) == String(number))
    }
  }

  @Test func numbersHaveTheirLowByteFirst() {
    let written = [UInt8](capacity: 8) { $0.append(littleEndian: 0x0807_0605_0403_0201) }
    #expect(written == [1, 2, 3, 4, 5, 6, 7, 8])
  }

  @Test func aLateTextIsWaitedForAndStaysThere() {
    let late = LateText { String(repeating: "x", count: 3) }
    #expect(late.text == "xxx")
    #expect(late.text == "xxx")
    #expect(late == "xxx")
    #expect(late.hashValue == LateText("xxx").hashValue)
    #expect(LateText("a") != "b")
  }
}
