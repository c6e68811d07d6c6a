/// Numbers that look random and are the same for the same seed, everywhere.
///
/// SplitMix64 (Steele, Lea, Flood 2014): one addition and three mixes per number, and any two seeds
/// give unrelated sequences. So each person has numbers of their own, `SeededNumbers(seed, of: 42)`,
/// and can be written without writing those before.
struct SeededNumbers: RandomNumberGenerator {
  private var state: UInt64

  init(_ seed: UInt64) {
    state = seed
  }

  /// The numbers of one item among many.
  init(_ seed: UInt64, of item: Int) {
    state = Self.mixed(seed) ^ Self.mixed(UInt64(truncatingIfNeeded: item) &+ Self.step)
  }

  mutating func next() -> UInt64 {
    state &+= Self.step
    return Self.mixed(state)
  }

  /// A number in 0 ..< `bound`.
  ///
  /// Multiply and keep the high half: for bounds this small the bias is far below one in a billion.
  mutating func below(_ bound: Int) -> Int {
    Int(truncatingIfNeeded: next().multipliedFullWidth(by: UInt64(bound)).high)
  }

  /// Whether something that happens `part` times in 1000 happens this time.
  mutating func happens(_ part: Int) -> Bool {
    below(1000) < part
  }

  private static let step: UInt64 = 0x9E37_79B9_7F4A_7C15

  private static func mixed(_ value: UInt64) -> UInt64 {
    var mixed = value
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
