import Synchronization
import Testing

@testable import Reconciling

/// What a terminal shows while a job runs: each step that may take long says how far it is.
struct JobProgressTests {
  private final class Told: Sendable {
    private let list = Mutex<[JobProgress]>([])

    var notify: @Sendable (JobProgress) -> Void {
      { [self] progress in list.withLock { $0.append(progress) } }
    }

    func done(_ step: JobProgress.Step) -> [Int] {
      list.withLock { $0.filter { $0.step == step && $0.done > 0 } }.map(\.done)
    }

    func totals(_ step: JobProgress.Step) -> Set<Int?> {
      Set(list.withLock { $0.filter { $0.step == step && $0.done > 0 } }.map(\.total))
    }
  }

  @Test func decidingTellsHowManyPeopleItHasDecidedAbout() async throws {
    let company = try Company(crowd: 20_000)
    try company.people([Person("ann")])
    let told = Told()
    _ = try await company.job(night: 1).plan(notify: told.notify)
    let done = told.done(.deciding)
    #expect(done.count > 4 && done == done.sorted(), "\(done)")
    #expect(told.totals(.deciding) == [20_001])
    #expect(done.last ?? 0 > 15_000 && done.last ?? 0 <= 20_001)
  }

  @Test func checkingAndReadingTheJournalTellHowManyOperationsAreLookedAt() async throws {
    let company = try Company(crowd: 5_000)
    try company.people([])
    try await company.apply(night: 1)
    let told = Told()
    let job = try company.job(night: 2)
    _ = try job.verifyState(notify: told.notify)
    #expect(told.done(.checkingJournal) == [1024, 2048, 3072, 4096])
    #expect(told.totals(.checkingJournal) == [5_000])
    _ = try job.reportSource(run: 1, notify: told.notify)
    #expect(told.done(.readingRun) == [1024, 2048, 3072, 4096])
  }

  @Test func readingAPlanTellsHowMuchOfItsFileIsRead() async throws {
    let company = try Company(crowd: 10_000)
    try company.people([])
    try await company.save(night: 1)
    let told = Told()
    let path = company.path("tonight.plan")
    _ = try company.job(night: 1).load(planAt: path, notify: told.notify)
    let done = told.done(.readingPlan(file: path))
    // Megabytes, in two passes.
    #expect(done == done.sorted() && Set(done).count > 2, "\(done)")
  }
}
