import Reporting
import RollcallCommands
import TestSupport
import Testing

struct MomentTests {
  @Test(arguments: [
    ("1970-01-01T00:00:00Z", 0), ("2026-03-01T02:00:00Z", 1_772_330_400),
    ("2026-03-01T02:00Z", 1_772_330_400), ("2026-03-01T03:00+01:00", 1_772_330_400),
    ("2026-02-28T21:30:00-04:30", 1_772_330_400), ("2000-02-29T23:59:59Z", 951_868_799),
  ])
  func aTimeNeedsAnOffsetAndNoSeconds(text: String, seconds: Int) throws {
    #expect(try Moment(parsing: text).seconds == seconds)
  }

  @Test(arguments: [
    "", "now", "2026-03-01", "2026-03-01T02:00", "2026-03-01 02:00Z", "2026-3-1T02:00Z",
    "2026-03-01T02:00:00.5Z", "1772330400", "2026-03-01T02:00Z ", "２026-03-01T02:00Z",
  ])
  func whatIsNoTimeIsRefusedWithAnExample(text: String) {
    #expect(throws: MomentProblem.form(text)) { try Moment(parsing: text) }
  }

  @Test(arguments: [
    "2026-02-29T00:00Z", "1900-02-29T00:00Z", "2026-13-01T00:00Z", "2026-00-10T00:00Z",
    "2026-04-31T00:00Z", "2026-03-01T24:00Z", "2026-03-01T23:60Z", "2026-03-01T23:59:60Z",
    "2026-03-01T00:00+24:00", "1969-12-31T00:00Z",
  ])
  func datesThatDoNotExistAreRefused(text: String) {
    #expect(throws: MomentProblem.noSuchTime(text)) { try Moment(parsing: text) }
  }

  /// `UTCTime` writes what `Moment` reads, by other arithmetic.
  @Test(arguments: UInt64(0)..<50)
  func readsWhatReportsWrite(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let seconds = Int.random(in: 0..<253_402_300_800, using: &random)
    #expect(try Moment(parsing: UTCTime(seconds).description).seconds == seconds, "seed \(seed)")
  }
}

struct DeadlineTests {
  @Test(arguments: [("30m", 1800), ("2h", 7200), ("7d", 604_800), ("168h", 604_800)])
  func aWhileIsCountedFromNow(text: String, seconds: Int) throws {
    #expect(try Deadline(parsing: text).seconds(from: 1000) == 1000 + seconds)
  }

  @Test func aTimeIsATime() throws {
    #expect(try Deadline(parsing: "1970-01-02T00:00Z").seconds(from: 5) == 86_400)
  }

  @Test(arguments: ["8d", "169h", "99999999999999999999m"])
  func nothingLastsLongerThanAWeek(text: String) {
    #expect(throws: MomentProblem.tooLong(text)) { try Deadline(parsing: text) }
  }

  @Test(arguments: ["", "2", "h", "2 h", "2w", "-2h", "forever"])
  func otherWordsAreRefused(text: String) {
    #expect(throws: MomentProblem.form(text)) { try Deadline(parsing: text) }
  }

  @Test func noTimeAtAllIsRefused() {
    #expect(throws: MomentProblem.noSuchTime("0h")) { try Deadline(parsing: "0h") }
  }
}
