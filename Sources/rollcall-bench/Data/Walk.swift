/// Visits each of `count` items once, in an order that looks random, without a list of them.
///
/// Steps of a length that shares no factor with the count: 7 items by steps of 3 from 1 are
/// 1 4 0 3 6 2 5. The first k items of a walk are k different ones, which is how teams get members.
struct Walk {
  private let count: Int
  private let start: Int
  private let stride: Int

  init(over count: Int, seed: UInt64) {
    var numbers = SeededNumbers(seed)
    self.count = max(count, 1)
    start = numbers.below(self.count)
    var stride = 1 + numbers.below(self.count)
    while Self.greatestCommonDivisor(stride, self.count) != 1 { stride += 1 }
    self.stride = stride % self.count
  }

  /// The items as they come, from 0.
  init(inOrderOver count: Int) {
    self.count = max(count, 1)
    start = 0
    stride = 1
  }

  func item(at step: Int) -> Int {
    (start + step * stride) % count
  }

  private static func greatestCommonDivisor(_ left: Int, _ right: Int) -> Int {
    right == 0 ? left : greatestCommonDivisor(right, left % right)
  }
}
