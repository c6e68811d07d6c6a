import Foundation

extension Double {
  /// With this many decimals, and a point whatever the locale.
  func text(_ decimals: Int) -> String {
    String(format: "%.\(decimals)f", self)
  }
}

extension String {
  /// With blanks behind it up to `width`.
  func padded(to width: Int) -> String {
    self + String(repeating: " ", count: Swift.max(0, width - count))
  }
}
