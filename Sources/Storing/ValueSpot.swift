/// Where a value stands in the memory of its image, in four bytes.
///
/// ```
/// 7200..<7236    offset 7200, length 36
/// nothing        0
/// 5 at 20 MB     all bits: too far or too long, and looked for in the image
/// ```
struct ValueSpot: Sendable, BitwiseCopyable {
  private let packed: UInt32
  private static let lengthBits: UInt32 = 8
  private static let longest = (1 << 8) - 1
  /// Lower than the offsets that `elsewhere` may be taken for.
  private static let farthest = (1 << 24) - 2
  private static let elsewhere = UInt32.max

  init(_ range: Range<Int>?) {
    guard let range, !range.isEmpty else {
      packed = 0
      return
    }
    packed =
      range.count <= Self.longest && range.lowerBound <= Self.farthest
      ? UInt32(range.lowerBound) << Self.lengthBits | UInt32(range.count) : Self.elsewhere
  }

  /// Where it stands; nil where that must be looked for.
  var range: Range<Int>? {
    guard packed != Self.elsewhere else { return nil }
    let start = Int(packed >> Self.lengthBits)
    return start..<start + Int(packed & UInt32(Self.longest))
  }
}
