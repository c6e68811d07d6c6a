import Scanning
import TestSupport
import Testing

/// A look at each byte is the slow twin.
struct SameBytesTests {
  @Test(arguments: UInt64(0)..<100)
  func saysWhatALookAtEachByteSays(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    func bytes() -> [UInt8] {
      (0..<Int.random(in: 0..<4, using: &random)).map { _ in UInt8.random(in: 0...1, using: &random)
      }
    }
    let (left, right) = (bytes(), bytes())
    let isSame = left.span.isSame(as: right.span)
    #expect(isSame == (left == right), "seed \(seed)")
  }
}
