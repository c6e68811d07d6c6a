import Scanning
import TestSupport
import Testing

@Suite(.enabled(if: SHA256Lane.isPossible))
struct SHA256LaneTests {
  /// FIPS 180-4, step by step.
  private static func slowDigest(_ text: [UInt8]) -> [UInt8] {
    var state: [UInt32] = [
      0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab,
      0x5be0_cd19,
    ]
    var padded = text + [0x80]
    while padded.count % 64 != 56 { padded.append(0) }
    padded += (0..<8).map {
      UInt8(truncatingIfNeeded: UInt64(text.count * 8) >> UInt64(56 - $0 * 8))
    }
    for start in stride(from: 0, to: padded.count, by: 64) {
      var words = (0..<16).map { word in
        (0..<4).reduce(UInt32(0)) { $0 << 8 | UInt32(padded[start + word * 4 + $1]) }
      }
      for place in 16..<64 {
        let (low, high) = (words[place - 15], words[place - 2])
        words.append(
          words[place - 16] &+ (turned(low, 7) ^ turned(low, 18) ^ low >> 3) &+ words[place - 7]
            &+ (turned(high, 17) ^ turned(high, 19) ^ high >> 10))
      }
      var now = state
      for place in 0..<64 {
        let mixed = turned(now[4], 6) ^ turned(now[4], 11) ^ turned(now[4], 25)
        let chosen = now[4] & now[5] ^ ~now[4] & now[6]
        let first = now[7] &+ mixed &+ chosen &+ constant(place) &+ words[place]
        let other = turned(now[0], 2) ^ turned(now[0], 13) ^ turned(now[0], 22)
        let most = now[0] & now[1] ^ now[0] & now[2] ^ now[1] & now[2]
        now = [first &+ other &+ most] + now.dropLast()
        now[4] = now[4] &+ first
      }
      state = zip(state, now).map { $0 &+ $1 }
    }
    return state.flatMap { number in (0..<4).map { UInt8(number >> UInt32(24 - $0 * 8) & 255) } }
  }

  private static func turned(_ number: UInt32, _ bits: UInt32) -> UInt32 {
    number >> bits | number << (32 - bits)
  }

  /// The first 32 bits behind the point of the cube root of a prime.
  private static let constants: [UInt32] = {
    let primes = (2..<312).filter { number in !(2..<number).contains { number % $0 == 0 } }
    return primes.map { prime in
      // The largest number whose cube is at most the prime times 2⁹⁶.
      var root: UInt64 = 0
      for bit in (0..<35).reversed() {
        let next = root | 1 << UInt64(bit)
        let (high, low) = next.multipliedFullWidth(by: next)
        let cube = (UInt128(high) << 64 | UInt128(low)) * UInt128(next)
        if cube <= UInt128(prime) << 96 { root = next }
      }
      return UInt32(truncatingIfNeeded: root)
    }
  }()

  private static func constant(_ place: Int) -> UInt32 { constants[place] }

  @Test func theTwinKnowsTheDigestOfABC() {
    let digest = Self.slowDigest(Array("abc".utf8)).map { String($0, radix: 16) }
    #expect(digest.prefix(4) == ["ba", "78", "16", "bf"])
    #expect(digest.suffix(2) == ["15", "ad"])
  }

  @Test func everyLengthAgreesWithTheTwin() {
    var random = SeededGenerator(seed: 5)
    for length in 0...200 {
      let text = (0..<length).map { _ in UInt8.random(in: 0...255, using: &random) }
      var lane = SHA256Lane()
      lane.update(with: text.span)
      #expect(lane.digest() == Self.slowDigest(text), "length \(length)")
      #expect(lane.count == length)
    }
  }

  /// In pieces of any length, alone and side by side, however long the other text is.
  @Test(arguments: UInt64(0)..<24)
  func sideBySideAgreesWithTheTwin(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let texts = (0..<2).map { _ in
      (0..<Int.random(in: 0...3000, using: &random)).map { _ in
        UInt8.random(in: 0...255, using: &random)
      }
    }
    var (one, other) = (SHA256Lane(), SHA256Lane())
    var places = [0, 0]
    func piece(_ text: Int) -> [UInt8] {
      let longest = Int.random(in: 0...1, using: &random) == 0 ? 70 : 500
      let end = min(
        texts[text].count, places[text] + Int.random(in: 0...longest, using: &random))
      defer { places[text] = end }
      return Array(texts[text][places[text]..<end])
    }
    while places != texts.map(\.count) {
      switch Int.random(in: 0..<4, using: &random) {
      case 0: one.update(with: piece(0).span)
      case 1: other.update(with: piece(1).span)
      default:
        let (mine, theirs) = (piece(0), piece(1))
        SHA256Lane.update(&one, with: mine.span, &other, with: theirs.span)
      }
    }
    #expect(one.digest() == Self.slowDigest(texts[0]), "seed \(seed)")
    #expect(other.digest() == Self.slowDigest(texts[1]), "seed \(seed)")
    #expect([one.count, other.count] == texts.map(\.count))
  }
}
