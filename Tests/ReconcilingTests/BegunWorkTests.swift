import Synchronization
import Testing

@testable import Reconciling

struct BegunWorkTests {
  @Test(arguments: [nil, 1, 4])
  func theValueIsTheSameWhoeverMakesIt(jobs: Int?) {
    let work = BegunWork(jobs: jobs) { (0..<1000).reduce(0, +) }
    #expect(work.take() == 499_500)
  }

  /// With one core nothing is done that nobody asks for.
  @Test(arguments: [nil, 1])
  func nothingIsAtWorkAnyMoreWhenItIsLetGoOf(jobs: Int?) {
    let done = Flag()
    do { _ = BegunWork(jobs: jobs) { done.raise() } }
    #expect(done.isRaised == (jobs == nil))
  }

  private final class Flag: Sendable {
    private let value = Atomic(false)
    var isRaised: Bool { value.load(ordering: .acquiring) }
    func raise() { value.store(true, ordering: .releasing) }
  }
}
