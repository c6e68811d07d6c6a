/// The first 16 bytes of a text, and whose text it is: what nearly always decides between two texts.
///
/// ```
/// ann@contoso.com, member 7    first "ann@cont"   second "oso.com" and a zero   place 7
/// ```
///
/// 24 bytes that are sorted without a look at the texts themselves, which lie all over the memory. What agrees in all of
/// them is put in order by whoever has the texts (`sortTies`).
package struct LeadingLetters: Sendable {
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

  /// The same by two threads where there are many, in twice the memory.
  package mutating func putInOrderInParallel() {
    guard count >= 1 << 16 else { return putInOrder() }
    var lower = Array(self[..<(count / 2)])
    let upper = Prepared(changing: Array(self[(count / 2)...])) { $0.putInOrder() }
    self = []
    lower.putInOrder()
    let right = upper.take()
    reserveCapacity(lower.count + right.count)
    var (one, other) = (0, 0)
    while one < lower.count, other < right.count {
      if right[other].precedes(lower[one]) {
        append(right[other])
        other += 1
      } else {
        append(lower[one])
        one += 1
      }
    }
    self += lower[one...]
    self += right[other...]
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

extension Span<UInt8> {
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
