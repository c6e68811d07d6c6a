import Foundation
import Testing

/// Readers that go, disks that are full, and people who press Ctrl-C.
struct StreamTests {
  @Test func aReaderThatHasSeenEnoughIsNoFailure() throws {
    let job = try SmallJob(people: SmallJob.crowd(0..<50))
    try #require(try job.run("apply", "-q").code == 0)
    let commands = [
      ["export", "--format", "json"], ["report", "--format", "text", "--to", "-"], ["history"],
      ["plan"], ["check"],
    ]
    for command in commands {
      let pipe = Pipe()
      try pipe.fileHandleForReading.close()
      let run = try ProgramRun(command, in: job.path, output: pipe.fileHandleForWriting)
      #expect(run.code == 0, "\(command) \(run.complaints)")
      #expect(run.complaints.isEmpty, "\(command) \(run.complaints)")
    }
  }

  @Test func aReaderThatGoesDoesNotTurnARefusalIntoASuccess() throws {
    let job = try RefusalTests.refusedJob()
    let pipe = Pipe()
    try pipe.fileHandleForReading.close()
    for form in ["text", "json"] {
      let run = try ProgramRun(
        ["plan", "--output", form, "--now", "2026-03-02T02:00Z"], in: job.path,
        output: pipe.fileHandleForWriting)
      #expect(run.code == 4, "\(run.complaints)")
    }
  }

  @Test func aFullDiskIsToldAndIsNoSuccess() throws {
    let job = try SmallJob(people: ["ann"])
    try #require(try job.run("apply", "-q").code == 0)
    for command in [["export", "--format", "csv"], ["plan"], ["history"]] {
      let full = try #require(FileHandle(forWritingAtPath: "/dev/full"))
      let run = try ProgramRun(command, in: job.path, output: full)
      #expect(run.code == 1, "\(command)")
      #expect(run.complaints.contains("Standard output could not be written"), "\(run.complaints)")
    }
  }

  /// Stopped where it holds the lock, so that the order of events is certain.
  @Test func aSecondRunIsTurnedAwayAndAnInterruptedOneLeavesTheStateAlone() throws {
    let job = try SmallJob(people: SmallJob.crowd(0..<20_000))
    let first = try RunningProgram(["apply", "--verbose"], in: job.path)
    let isReading = try first.says("loading the state")
    try #require(isReading, "it ended before it could be stopped")
    first.signal(SIGSTOP)
    let second = try job.run("apply")
    #expect(second.code == 6, "\(second.complaints)")
    #expect(second.complaints.contains("Another run holds"), "\(second.complaints)")
    first.signal(SIGINT)
    first.signal(SIGCONT)
    let (code, complaints) = try first.end()
    #expect(code == 130, "\(complaints)")
    #expect(complaints.contains("the state is as it was"), "\(complaints)")
    #expect(try job.run("history").output == "No runs yet.\n")
  }
}
