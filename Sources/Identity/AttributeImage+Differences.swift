import Scanning

extension AttributeImage {
  /// Calls `body` with every value that somebody with the values of `current` does not have, ids ascending.
  ///
  /// `before` is its place in the bytes of `current`, nil where there is none, and `after` that in this image's own. What
  /// is absent here is no difference, and an empty value none where there is nothing to clear.
  package func forEachDifference(
    from current: AttributeImage,
    _ body: (_ id: AttributeID, _ before: Range<Int>?, _ after: Range<Int>) -> Void
  ) {
    let (mine, theirs) = (bytes.span, current.bytes.span)
    // Both have their ids ascending, so one walk goes along both.
    var (own, others) = (steps, current.steps)
    var other = others.next(in: theirs)
    while let (index, after) = own.next(in: mine) {
      while let next = other, next.index < index { other = others.next(in: theirs) }
      let before = other.flatMap { $0.index == index ? $0.range : nil }
      let isSame = mine.extracting(after).isSame(as: theirs.extracting(before ?? 0..<0))
      if !isSame { body(AttributeID(index), before, after) }
    }
  }

  /// Whether there is any such difference.
  package func differs(from current: AttributeImage) -> Bool {
    var isDifferent = false
    forEachDifference(from: current) { _, _, _ in isDifferent = true }
    return isDifferent
  }

  /// The text at a place of `bytes`.
  package func text(at place: Range<Int>) -> String {
    String(decoding: bytes[place], as: UTF8.self)
  }
}
