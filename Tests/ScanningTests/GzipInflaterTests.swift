import Scanning
import TestSupport
import Testing

struct GzipInflaterTests {
  @Test func unpacksWhatWasPackedInAnyPieces() throws {
    var random = SeededGenerator(seed: 41)
    var text: [UInt8] = []
    for _ in 0..<4000 {
      text += Array("user\(Int.random(in: 0..<100_000, using: &random))@contoso.com,".utf8)
    }
    let packed = PackedText.gzip(text)
    for (piece, room) in [(1, 1), (1, 7), (13, 1), (100, 64), (1 << 20, 1), (1 << 20, 1 << 20)] {
      #expect(try unpacked(packed, piece: piece, room: room) == text, "\(piece) in, \(room) out")
    }
  }

  @Test func severalMembersAndPaddingAreOneText() throws {
    let packed =
      PackedText.gzip(Array("one ".utf8)) + PackedText.gzip([]) + PackedText.gzip(Array("two".utf8))
    #expect(try unpacked(packed) == Array("one two".utf8))
    #expect(try unpacked(packed + [0, 0, 0]) == Array("one two".utf8))
  }

  @Test func whatFollowsTheLastMemberIsRefused() {
    let packed = PackedText.gzip(Array("one".utf8))
    for tail in ["x", "\0x", "\n"] {
      let byte = packed.count + (tail == "\0x" ? 1 : 0)
      #expect(throws: GzipFailure(kind: .trailingBytes, byte: byte)) {
        try unpacked(packed + Array(tail.utf8))
      }
    }
  }

  @Test func everyCutIsNoticed() {
    let packed = PackedText.gzip(Array("some text that repeats, repeats, repeats".utf8))
    for count in 0..<packed.count {
      #expect(throws: GzipFailure(kind: .cut, byte: count)) {
        try unpacked(Array(packed[..<count]))
      }
    }
  }

  /// Flags, time and system of the header are not checked by anything, so a flip may go unseen there.
  @Test func noFlippedBitChangesTheText() {
    let text = Array("some text that repeats, repeats, repeats".utf8)
    let packed = PackedText.gzip(text)
    for bit in 0..<packed.count * 8 {
      var flipped = packed
      flipped[bit / 8] ^= 1 << (bit % 8)
      if let found = try? unpacked(flipped) { #expect(found == text, "bit \(bit)") }
    }
  }

  @Test func aBombStopsAtItsLimit() throws {
    let packed = PackedText.gzip([UInt8](repeating: 0x41, count: 5_000_000))
    #expect(try unpacked(packed).count == 5_000_000)
    let limits = GzipLimits(ratio: 100, allowance: 1 << 16)
    let failure = #expect(throws: GzipFailure.self) { try unpacked(packed, limits: limits) }
    guard case .growsTooLarge(let limit) = failure?.kind else {
      Issue.record("\(String(describing: failure))")
      return
    }
    #expect(limit < 1 << 20)
    #expect(throws: GzipFailure(kind: .growsTooLarge(limit: 10), byte: 31)) {
      try unpacked(PackedText.gzip(Array("elf letters".utf8)), limits: GzipLimits(size: 10))
    }
  }

  private func unpacked(
    _ packed: [UInt8], piece: Int = 1 << 20, room: Int = 1 << 16,
    limits: GzipLimits = GzipLimits()
  ) throws -> [UInt8] {
    let gzip = try GzipInflater(limits: limits)
    var text: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: room + 2)
    var place = 0
    var end = min(piece, packed.count)
    while true {
      let step = try gzip.step(
        packed, from: place, to: end, isFinal: end == packed.count, into: &buffer, at: 1,
        upTo: room)
      text += buffer[1..<1 + step.given]
      place += step.taken
      if step.given == room { continue }
      if end == packed.count { return text }
      end = min(end + piece, packed.count)
    }
  }
}
