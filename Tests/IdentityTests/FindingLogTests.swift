import Identity
import TestSupport
import Testing

/// Findings that were noted apart and then put together are those of one log.
struct FindingLogTests {
  @Test(arguments: UInt64(0)..<40)
  func appendingALogIsNotingWhatItNoted(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let subjects: [Finding.Subject] = (0..<Int.random(in: 0..<60, using: &random)).map { number in
      switch Int.random(in: 0..<3, using: &random) {
      case 0: .edgeWithheld(team: "t\(number)", member: "ann")
      case 1: .teamGone(team: "t\(number)")
      default: .edgeToUnknownTeam(reference: "x\(number)")
      }
    }
    let origins = subjects.indices.map { number in
      number % 3 == 0 ? nil : RecordOrigin(export: "e", file: "f", line: number % 7)
    }
    let middle = Int.random(in: 0...subjects.count, using: &random)
    FindingLog.$listedPerCode.withValue(Int.random(in: 1..<12, using: &random)) {
      var (whole, lower, upper) = (FindingLog(), FindingLog(), FindingLog())
      for (place, subject) in subjects.enumerated() {
        whole.note(subject, at: origins[place])
        if place < middle {
          lower.note(subject, at: origins[place])
        } else {
          upper.note(subject, at: origins[place])
        }
      }
      whole.count(3, like: .teamGone(team: ""))
      upper.count(3, like: .teamGone(team: ""))
      lower.append(contentsOf: upper)
      #expect(lower.findings == whole.findings, "seed \(seed)")
    }
  }
}
