import PlanFile
import TestSupport
import Testing

@testable import Reporting

struct MarkdownReportTests {
  private func text(_ source: ReportSource) -> String {
    MarkdownReport(planFile: "tonight.plan").text(of: source)
  }

  @Test func aRefusedPlanSaysByWhatAndWhatToRun() {
    let text = text(SamplePlan(isRefused: true).source)
    #expect(text.hasPrefix("## ⛔ Refused by removals\n"))
    #expect(
      text.contains("- Apply it: `rollcall apply tonight.plan --approval tonight.plan.approval`\n"))
    #expect(
      text.contains("| `removals` | refused | 15 of 248 | at most 10 and 5 % (always up to 5) |\n"))
    #expect(text.contains("**Unreliable export** `memberships`: There are 812 records"))
  }

  @Test func whatIsAppliedIsCounted() {
    let text = text(SamplePlan().appliedSource)
    #expect(text.hasPrefix("## 🟡 Applied: 15 changes, 3 held\n"))
    #expect(text.contains("| Members updated | 3 |\n"))
    #expect(text.contains("Of these 4 removals, 2 grants, 1 rekey.\n"))
    #expect(text.contains("- `record E1001`: duplicate · several records with one key, since"))
    #expect(text.contains("| `Finance` | 1 | 1 |\n"))
    #expect(text.contains("\nRun 12, plan `"))
  }

  @Test func anEmptyPlanIsThreeLines() {
    #expect(text(PlanBuilder().source()).hasPrefix("## ✅ Nothing to do\n\nEverything agrees"))
    #expect(!text(PlanBuilder().source()).contains("|"))
  }

  /// Ten thousand letters in a ticket are nobody's summary.
  @Test func longNamesAreCutAndSaySo() {
    let long = String(repeating: "x", count: 10_000)
    var builder = PlanBuilder()
    builder.join(long, "ann")
    builder.hold("record \(long)", .duplicate)
    builder.guarded("removals", 9, of: 10, limit: "at most 1", passed: false, scope: long)
    let text = text(builder.source())
    #expect(text.utf8.count < 4_000)
    #expect(
      text.contains("x… (9,920 more characters)") || text.contains("x… (9920 more characters)"))
  }

  @Test func longListsAreCutAndSaySo() {
    var builder = PlanBuilder()
    for number in 0..<25 { builder.hold("record \(number)", .duplicate) }
    #expect(text(builder.source()).contains("\nand 15 more\n"))
  }

  /// Names are code, and code holds no markup but the backticks that end it.
  @Test func namesNeverBecomeMarkup() {
    let expected = Self.skeleton(text(SamplePlan(isRefused: true, word: "x").source))
    for (number, word)
      in (HostileText.own + [
        "`", "``` a", "`\u{301}", "|\u{301}", "<\u{338}b>", "a|b", "@everyone", "](http://x)",
        "www.x.example",
      ])
      .enumerated()
    {
      let text = text(SamplePlan(isRefused: true, word: word).source)
      #expect(Self.skeleton(text) == expected, "text \(number)")
      #expect(Unseen.count(in: text) == 0, "text \(number)")
    }
  }

  /// The first backtick that a backslash does not make a letter (CommonMark §2.4).
  private static func firstOpening(
    in text: String.UnicodeScalarView.SubSequence
  ) -> String.UnicodeScalarView.Index? {
    var isEscaped = false
    return text.indices.first { index in
      if text[index] == "`", !isEscaped { return true }
      isEscaped = text[index] == "\\" && !isEscaped
      return false
    }
  }

  /// The markup that is left when code spans and escaped sentences are taken away.
  private static func skeleton(_ text: String) -> String {
    // Scalar by scalar, as those who read Markdown do.
    var rest = text.unicodeScalars[...]
    var kept = String.UnicodeScalarView()
    while let open = firstOpening(in: rest) {
      kept += rest[..<open]
      let fence = rest[open...].prefix { $0 == "`" }
      rest = rest[fence.endIndex...]
      // A run of as many backticks ends the span, no shorter or longer one.
      while let next = rest.firstIndex(of: "`") {
        let run = rest[next...].prefix { $0 == "`" }
        rest = rest[run.endIndex...]
        if run.count == fence.count { break }
      }
    }
    kept += rest
    let marks = "\n|*_[]<>#!`@"
    let sentences = String(kept).replacing(/&#\d+;/.matchingSemantics(.unicodeScalar), with: "")
      .replacing(/\\[!-\/:-@\[-`{-~]/.matchingSemantics(.unicodeScalar), with: "")
    #expect(!sentences.contains("://") && !sentences.contains("www."))
    return String(
      String.UnicodeScalarView(sentences.unicodeScalars.filter(marks.unicodeScalars.contains)))
  }
}
