/// Values that other threads make ahead of the one that takes them, in their order.
///
/// ```
/// var blocks = MadeAhead(count: 100) { number in block(number) }
/// while let block = blocks.next() { try write(block) }
///   taken 0 1 2 …     made meanwhile 3 4
/// ```
///
/// Some are made ahead of their turn, so that neither side waits for the other to be woken each time.
package struct MadeAhead<Value: Sendable> {
  private let count: Int
  private let make: @Sendable (Int) -> Value
  private var upcoming: [Prepared<Value>] = []
  private var started = 0

  /// `make` makes the values 0 ..< `count`, up to `depth` of them ahead.
  package init(count: Int, depth: Int = 3, make: @escaping @Sendable (Int) -> Value) {
    self.count = count
    self.make = make
    for _ in 0..<depth { start() }
  }

  private mutating func start() {
    guard started < count else { return }
    let (make, number) = (make, started)
    upcoming.append(Prepared { make(number) })
    started += 1
  }

  /// The next value, or nil behind the last one.
  package mutating func next() -> Value? {
    guard !upcoming.isEmpty else { return nil }
    let value = upcoming.removeFirst().take()
    start()
    return value
  }
}
