/// The first 16 bytes of a text, and whose text it is: what nearly always decides between two texts.
///
/// ```
/// ann@contoso.com, member 7    first "ann@cont"   second "oso.com" and a zero   place 7
/// ```
///
/// 24 bytes that are sorted without a look at the texts themselves, which lie all over the memory. What agrees in all of
/// them is put in order by whoever has the texts (`sortTies`).
package struct LeadingLetters: Sendable, BitwiseCopyable {
  /// The first eight bytes, and the next, as numbers that sort as they do; zeros behind the end.
  package let first: UInt64
  package let second: UInt64
  package let place: UInt32
  /// Sorts before the letters.
  package let group: UInt32

  /// Takes numbers that sort as the texts do, such as the halves of a UUID.
  package init(first: UInt64, second: UInt64, place: Int, group: Int = 0) {
    self.first = first
    self.second = second
    self.place = UInt32(place)
    self.group = UInt32(group)
  }

  package init(of text: Span<UInt8>, place: Int, group: Int = 0) {
    self.init(
      first: text.leadingNumber(from: 0), second: text.leadingNumber(from: 8), place: place,
      group: group)
  }

  /// With ASCII letters in lower case.
  package init(folding text: Span<UInt8>, place: Int) {
    self.init(
      first: text.leadingNumber(from: 0).asciiFolded,
      second: text.leadingNumber(from: 8).asciiFolded, place: place)
  }

  fileprivate func precedes(_ other: LeadingLetters) -> Bool {
    if group != other.group { return group < other.group }
    return first == other.first ? second < other.second : first < other.first
  }

  /// The same where those that agree stand in the order of their places: then no two are alike.
  fileprivate func isBefore(_ other: LeadingLetters) -> Bool {
    if group != other.group { return group < other.group }
    if first != other.first { return first < other.first }
    return second == other.second ? place < other.place : second < other.second
  }

  package func agrees(with other: LeadingLetters) -> Bool {
    group == other.group && first == other.first && second == other.second
  }
}

extension [LeadingLetters] {
  /// Sorts by groups and letters; those that agree keep their order.
  ///
  /// It stands here, and not with those who call it, because a sort is compiled for its elements only in the module that
  /// has its comparison.
  package mutating func putInOrder() {
    sort { $0.precedes($1) }
  }

  /// The same without memory of its own, where those that agree stand in the order of their places.
  ///
  /// A sort that keeps the order of equals takes half of the list's memory again.
  package mutating func putInOrderInPlace() {
    let (range, depth) = (indices, 2 * (Int.bitWidth - count.leadingZeroBitCount))
    var letters = mutableSpan
    Self.sort(&letters, range, depth: depth)
  }

  /// A quick sort; where the letters are such that it goes deep, the rest of them are put on a heap.
  private static func sort(
    _ letters: inout MutableSpan<LeadingLetters>, _ whole: Range<Int>, depth: Int
  ) {
    var (range, depth) = (whole, depth)
    while range.count > 16 {
      guard depth > 0 else { return heapSort(&letters, range) }
      depth -= 1
      let border = partition(&letters, range)
      // The shorter part is sorted by a call, so that calls do not pile up.
      let (lower, upper) = (range.lowerBound..<border, border..<range.upperBound)
      let isLowerShorter = lower.count < upper.count
      sort(&letters, isLowerShorter ? lower : upper, depth: depth)
      range = isLowerShorter ? upper : lower
    }
    for place in range.dropFirst() {
      let moving = letters[place]
      var hole = place
      while hole > range.lowerBound, moving.isBefore(letters[hole - 1]) {
        letters[hole] = letters[hole - 1]
        hole -= 1
      }
      letters[hole] = moving
    }
  }

  /// Parts a range of more than two so that nothing below the border belongs behind anything above; neither part is
  /// empty.
  private static func partition(
    _ letters: inout MutableSpan<LeadingLetters>, _ range: Range<Int>
  ) -> Int {
    let last = range.upperBound - 1
    let (one, middle, other) = (
      letters[range.lowerBound], letters[range.lowerBound + range.count / 2], letters[last]
    )
    let (low, high) = one.isBefore(other) ? (one, other) : (other, one)
    let pivot = middle.isBefore(low) ? low : high.isBefore(middle) ? high : middle
    var (left, right) = (range.lowerBound, last)
    while true {
      while letters[left].isBefore(pivot) { left += 1 }
      while pivot.isBefore(letters[right]) { right -= 1 }
      guard left < right else { return left }
      letters.swapAt(left, right)
      left += 1
      right -= 1
    }
  }

  private static func heapSort(
    _ letters: inout MutableSpan<LeadingLetters>, _ range: Range<Int>
  ) {
    func sink(_ start: Int, of count: Int) {
      var place = start
      while 2 * place + 1 < count {
        var child = 2 * place + 1
        let first = range.lowerBound
        if child + 1 < count, letters[first + child].isBefore(letters[first + child + 1]) {
          child += 1
        }
        guard letters[first + place].isBefore(letters[first + child]) else { return }
        letters.swapAt(first + place, first + child)
        place = child
      }
    }
    for start in (0..<range.count / 2).reversed() { sink(start, of: range.count) }
    for count in (1..<range.count).reversed() {
      letters.swapAt(range.lowerBound, range.lowerBound + count)
      sink(0, of: count)
    }
  }

  /// The same by two threads where there are many, in twice the memory.
  package mutating func putInOrderInParallel() {
    guard count >= 1 << 16 else { return putInOrder() }
    var lower = Array(self[..<(count / 2)])
    let upper = Prepared(changing: Array(self[(count / 2)...])) { $0.putInOrder() }
    self = []
    lower.putInOrder()
    self = lower.merged(with: upper.take()) { _, _ in false }
  }

  /// Both lists, each in order, in one.
  ///
  /// Of two that agree in all letters that of `right` comes first where `isBehind` says that the other one, its first
  /// argument, belongs behind it.
  package consuming func merged(
    with right: consuming [LeadingLetters], isBehind: (Element, Element) -> Bool
  ) -> [LeadingLetters] {
    if isEmpty { return right }
    var merged: [LeadingLetters] = []
    merged.reserveCapacity(count + right.count)
    var (one, other) = (0, 0)
    while one < count, other < right.count {
      let (left, next) = (self[one], right[other])
      if next.precedes(left) || (next.agrees(with: left) && isBehind(left, next)) {
        merged.append(next)
        other += 1
      } else {
        merged.append(left)
        one += 1
      }
    }
    merged += self[one...]
    merged += right[other...]
    return merged
  }

  /// Sorts every run of neighbours that agree in all their letters.
  package mutating func sortTies(by precedes: (Element, Element) -> Bool) {
    forEachTie { $0.sort(by: precedes) }
  }

  /// Has every run of neighbours that agree in all their letters changed; a run stays as long as it is.
  package mutating func forEachTie(_ change: (inout ArraySlice<Element>) -> Void) {
    var start = 0
    while start < count {
      var end = start + 1
      while end < count, self[start].agrees(with: self[end]) { end += 1 }
      if end - start > 1 { change(&self[start..<end]) }
      start = end
    }
  }
}

extension [Int] {
  /// This list and another, both in order, as one; the few of the other look for their places in this long one.
  package func merged(withFew others: [Int], by precedes: (Int, Int) -> Bool) -> [Int] {
    guard !others.isEmpty else { return self }
    var merged: [Int] = []
    merged.reserveCapacity(count + others.count)
    var rest = self[...]
    for other in others {
      var (low, high) = (rest.startIndex, rest.endIndex)
      while low < high {
        let middle = (low + high) / 2
        if precedes(rest[middle], other) { low = middle + 1 } else { high = middle }
      }
      merged += rest[..<low]
      merged.append(other)
      rest = rest[low...]
    }
    return merged + rest
  }
}

extension Span<UInt8> {
  /// Whether it is ASCII without NUL: then leading letters sort as the text does.
  package var isPlainASCII: Bool {
    indices.allSatisfy { self[$0] < 0x80 && self[$0] != 0 }
  }

  /// Eight bytes from `start` on, the first one highest; zeros for those that are not there.
  fileprivate func leadingNumber(from start: Int) -> UInt64 {
    guard start + 8 > count else {
      // SAFETY: eight bytes stand there.
      return unsafe UInt64(
        bigEndian: bytes.unsafeLoadUnaligned(fromByteOffset: start, as: UInt64.self))
    }
    var number: UInt64 = 0
    for index in start..<start + 8 {
      number = number << 8 | (index < count ? UInt64(self[index]) : 0)
    }
    return number
  }
}
