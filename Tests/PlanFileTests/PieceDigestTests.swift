import Crypto
import Testing

@testable import PlanFile

/// A digest of pieces is that of all their bytes, whoever works it out.
struct PieceDigestTests {
  @Test(arguments: [false, true])
  func isThatOfThePiecesSoFar(isAhead: Bool) {
    let digest = PieceDigest(isAhead: isAhead)
    var bytes: [UInt8] = []
    #expect(digest.hexadecimal == SHA256.hash(data: bytes).hexadecimal)
    for number in 0..<100 {
      let piece = [UInt8](repeating: UInt8(number), count: number * 37)
      digest.add(piece)
      bytes += piece
      if number % 40 == 39 {
        #expect(digest.hexadecimal == SHA256.hash(data: bytes).hexadecimal)
      }
    }
    #expect(digest.hexadecimal == SHA256.hash(data: bytes).hexadecimal)
  }
}
