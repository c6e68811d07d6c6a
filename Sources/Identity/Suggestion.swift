/// Finds what somebody probably meant to write.
package enum Suggestion {
  /// The nearest of `candidates`, or nil when none is near enough to be worth a guess.
  ///
  /// Near is one slip for every three letters: `contnet` → `content`, `exprots` → `exports`.
  package static func nearest(to text: String, among candidates: some Sequence<String>) -> String? {
    guard text.unicodeScalars.count <= 200 else { return nil }
    let folded = text.lowercased()
    var best: (candidate: String, distance: Int)?
    for candidate in candidates where candidate != text {
      let limit = max(1, min(text.count, candidate.count) / 3)
      guard abs(text.count - candidate.count) <= limit else { continue }
      let distance = distance(folded, candidate.lowercased())
      guard distance <= limit else { continue }
      if let best, best.distance <= distance { continue }
      best = (candidate, distance)
    }
    return best?.candidate
  }

  /// How many letters must be added, dropped, changed or swapped with their neighbour (Damerau's
  /// distance, each place edited once).
  package static func distance(_ left: String, _ right: String) -> Int {
    let left = Array(left.unicodeScalars)
    let right = Array(right.unicodeScalars)
    var beforeLast: [Int] = []
    var last = Array(0...right.count)
    for (row, letter) in left.enumerated() {
      var current = [row + 1]
      for (column, other) in right.enumerated() {
        var cost = min(
          last[column] + (letter == other ? 0 : 1), last[column + 1] + 1, current[column] + 1)
        if row > 0, column > 0, letter == right[column - 1], left[row - 1] == other {
          cost = min(cost, beforeLast[column - 1] + 1)
        }
        current.append(cost)
      }
      beforeLast = last
      last = current
    }
    return last[right.count]
  }
}
