extension Array where Element: Sendable {
  /// The elements in order, sorted by two threads where there are many; equal ones keep their order.
  ///
  /// ```
  /// [3, 1, 2, 0].sortedInParallel { $0 < $1 }
  ///   this thread  3 1 ⟶ 1 3  ╮
  ///   another one  2 0 ⟶ 0 2  ┴ 0 1 2 3
  /// ```
  package func sortedInParallel(
    by precedes: @escaping @Sendable (Element, Element) -> Bool
  ) -> [Element] {
    guard count >= 1 << 16 else { return sorted(by: precedes) }
    let middle = count / 2
    let upper = Prepared { self[middle...].sorted(by: precedes) }
    let left = self[..<middle].sorted(by: precedes)
    let right = upper.take()
    var merged: [Element] = []
    merged.reserveCapacity(count)
    var (one, other) = (0, 0)
    while one < left.count, other < right.count {
      if precedes(right[other], left[one]) {
        merged.append(right[other])
        other += 1
      } else {
        merged.append(left[one])
        one += 1
      }
    }
    merged += left[one...]
    merged += right[other...]
    return merged
  }
}
