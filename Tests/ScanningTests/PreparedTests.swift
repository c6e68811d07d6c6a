import Dispatch
import Glibc
import Scanning
import Testing

struct PreparedTests {
  @Test func valuesAreTakenInTheOrderAsked() {
    let ahead = (0..<50).map { number in Prepared { number * number } }
    #expect(ahead.map { $0.take() } == (0..<50).map { $0 * $0 })
  }

  @Test func whoTakesEarlyWaits() {
    let slow = Prepared { (0..<200_000).reduce(0) { $0 ^ $1 &* 31 } }
    #expect(slow.take() == (0..<200_000).reduce(0) { $0 ^ $1 &* 31 })
  }

  /// More than there will be threads wait for what stands in the queue behind them: whoever takes it works it out.
  @Test func nobodyWaitsForAThread() {
    let gate = DispatchSemaphore(value: 0)
    let waiting = (0..<64).map { _ in Prepared { gate.wait() } }
    let late = Prepared { pthread_self() }
    #expect(late.take() == pthread_self())
    for _ in waiting { gate.signal() }
    for one in waiting { one.take() }
  }

  @Test(arguments: [1, 2, 9])
  func whatWaitsForOthersGoesOn(depth: Int) {
    @Sendable func nested(_ depth: Int) -> Int {
      guard depth > 0 else { return 1 }
      let (one, other) = (Prepared { nested(depth - 1) }, Prepared { nested(depth - 1) })
      return one.take() + other.take()
    }
    #expect(nested(depth) == 1 << depth)
  }
}

struct MadeAheadTests {
  @Test(arguments: [0, 1, 2, 3, 4, 100])
  func valuesComeInTheirOrderAndEnd(count: Int) {
    var values = MadeAhead(count: count) { $0 * 3 }
    var taken: [Int] = []
    while let value = values.next() { taken.append(value) }
    #expect(taken == (0..<count).map { $0 * 3 })
    #expect(values.next() == nil)
  }

  @Test func aValueIsChangedInPlace() {
    let sorted = Prepared(changing: (0..<1000).reversed().map { $0 }) { $0.sort() }
    #expect(sorted.take() == Array(0..<1000))
  }
}
