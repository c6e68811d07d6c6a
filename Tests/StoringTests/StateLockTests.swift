import Foundation
import TestSupport
import Testing

@testable import Storing

struct StateLockTests {
  @Test func aSecondWriterIsToldWhoHoldsTheState() throws {
    let sample = try SampleState()
    let first = try sample.open()
    do {
      _ = try sample.open()
      Issue.record("the second writer was let in")
    } catch let failure as StoreFailure {
      guard case .locked(let holder?) = failure.problem else {
        Issue.record("\(failure)")
        return
      }
      #expect(holder.process == Int(ProcessInfo.processInfo.processIdentifier))
      #expect(failure.message.contains("process \(holder.process) on \(holder.host)"))
      #expect(failure.message.contains(holder.startedText))
      #expect(failure.isWorthRetrying)
    }
    #expect(throws: Never.self) { _ = try sample.open(.reading) }
    try first.close()
    #expect(throws: Never.self) { _ = try sample.open() }
  }

  @Test func theKernelReleasesTheLockOfAKilledProcess() throws {
    let sample = try SampleState()
    try sample.open().close()
    let holder = Process()
    holder.executableURL = URL(fileURLWithPath: "/bin/sh")
    holder.arguments = ["-c", "exec 9>>\"$0\"; flock 9 && exec sleep 60", sample.path + ".lock"]
    try holder.run()
    var isRefused = false
    for _ in 0..<400 where !isRefused && holder.isRunning {
      do { try sample.open().close() } catch { isRefused = true }
      usleep(5000)
    }
    kill(holder.processIdentifier, SIGKILL)
    holder.waitUntilExit()
    // Where there is no `flock` (util-linux) nobody has held the lock.
    #expect(isRefused || holder.terminationReason == .exit)
    #expect(throws: Never.self) { try sample.open().close() }
  }

  @Test func aStaleLockFileLocksNobodyOut() throws {
    let sample = try SampleState()
    _ = try sample.folder.write("4711\nhost\nrollcall apply\n1\n", as: "rollcall.state.lock")
    #expect(throws: Never.self) { try sample.open().close() }
  }

  @Test func aDamagedLockFileNamesNobody() {
    #expect(LockHolder(text: "") == nil)
    #expect(LockHolder(text: "x\nhost\ncommand\n1\n") == nil)
    let holder = LockHolder(process: 7, host: "h", command: "a\nb", startedAt: 5)
    #expect(LockHolder(text: holder.text)?.command == "a b")
  }

  @Test(arguments: [
    (0, "1970-01-01 00:00:00 UTC"), (951_782_399, "2000-02-28 23:59:59 UTC"),
    (951_782_400, "2000-02-29 00:00:00 UTC"), (1_772_331_307, "2026-03-01 02:15:07 UTC"),
    (4_107_542_400, "2100-03-01 00:00:00 UTC"), (-1, "1969-12-31 23:59:59 UTC"),
  ])
  func momentsAreWrittenInUTC(seconds: Int, text: String) {
    #expect(SystemCalls.utcText(seconds) == text)
  }
}
