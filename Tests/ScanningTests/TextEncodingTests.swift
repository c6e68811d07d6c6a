import Scanning
import TestSupport
import Testing

struct TextEncodingTests {
  private let sample = "aé山👩‍🚀\u{FFFF}\u{10000}\u{10FFFF}z"

  @Test(arguments: [TextEncoding.utf16LittleEndian, .utf16BigEndian], 1..<8)
  func utf16IsTheSameHoweverItIsCut(encoding: TextEncoding, pieceSize: Int) {
    let bytes = sample.utf16.flatMap { unit in
      let pair = [UInt8(unit & 0xFF), UInt8(unit >> 8)]
      return encoding == .utf16LittleEndian ? pair : pair.reversed()
    }
    #expect(text(bytes, encoding, pieceSize: pieceSize) == Array(sample.utf8))
    let length = Transcoder.originalLength(of: Array(sample.utf8).span, in: encoding)
    #expect(length == bytes.count)
  }

  @Test(arguments: 1..<6)
  func whatIsNotUTF16StaysVisible(pieceSize: Int) {
    // A high half alone, a low half alone, half a unit.
    let bytes: [UInt8] = [0x3D, 0xD8, 0x61, 0x00, 0x00, 0xDC, 0x62, 0x00, 0x3D, 0xD8, 0x63]
    let text = text(bytes, .utf16LittleEndian, pieceSize: pieceSize)
    #expect(
      text == [0xED, 0xA0, 0xBD, 0x61, 0xED, 0xB0, 0x80, 0x62, 0xED, 0xA0, 0xBD, 0xFF])
    #expect(UTF8Check.firstInvalid(in: text.span) == 0)
    #expect(Transcoder.originalLength(of: text.span, in: .utf16LittleEndian) == bytes.count)
  }

  @Test func windows1252HasAllItsSigns() {
    let bytes: [UInt8] = [0x41, 0x80, 0x8A, 0x9F, 0xA0, 0xE4, 0xFF, 0x81]
    let text = text(bytes, .windows1252, pieceSize: 3)
    #expect(String(validating: text, as: UTF8.self) == "A€ŠŸ\u{A0}äÿ\u{81}")
    #expect(Transcoder.originalLength(of: text.span, in: .windows1252) == bytes.count)
  }

  @Test func marksAreRecognised() {
    #expect(TextEncoding.marked(by: [0xEF, 0xBB, 0xBF, 0x61])?.0 == .utf8)
    #expect(TextEncoding.marked(by: [0xFF, 0xFE])?.0 == .utf16LittleEndian)
    #expect(TextEncoding.marked(by: [0xFE, 0xFF])?.0 == .utf16BigEndian)
    #expect(TextEncoding.marked(by: [0xFE]) == nil)
  }

  private func text(_ bytes: [UInt8], _ encoding: TextEncoding, pieceSize: Int) -> [UInt8] {
    var transcoder = Transcoder(encoding)
    var text: [UInt8] = []
    for start in stride(from: 0, to: bytes.count, by: pieceSize) {
      let piece = start..<min(start + pieceSize, bytes.count)
      transcoder.append(bytes.span.extracting(piece), to: &text)
    }
    transcoder.finish(into: &text)
    return text
  }
}
