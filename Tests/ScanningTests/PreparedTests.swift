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
}
