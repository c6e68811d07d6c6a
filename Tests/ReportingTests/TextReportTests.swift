import Foundation
import Identity
import PlanFile
import TestSupport
import Testing

@testable import Reporting

struct TextReportTests {
  static func listing(_ source: ReportSource, style: Style = .plain) -> String {
    var bytes: [UInt8] = []
    TextReport(style: style, planFile: "tonight.plan").listing(of: source) { bytes += $0 }
    return String(decoding: bytes, as: UTF8.self)
  }

  static func summary(_ source: ReportSource, style: Style = .plain) -> String {
    TextReport(style: style, planFile: "tonight.plan").summary(of: source)
  }

  @Test func aRefusedPlanSaysByWhatAndWhatToRun() {
    let text = Self.summary(SamplePlan(isRefused: true).source)
    #expect(text.hasPrefix("Refused by removals\nremovals: 15 of 248, limit at most 10"))
    #expect(text.contains("REFUSED   removals "))
    #expect(text.contains("UNRELIABLE  memberships  812 records"))
    #expect(
      text.contains("rollcall approve tonight.plan --let removals=15 --until 2h --reason \"…\"\n"))
    #expect(text.contains("rollcall apply tonight.plan --approval tonight.plan.approval\n"))
  }

  @Test func anEmptyPlanIsShort() {
    #expect(Self.summary(PlanBuilder().source()).hasPrefix("Nothing to do\n"))
    #expect(!Self.summary(PlanBuilder().source()).contains("Operations"))
  }

  @Test(arguments: [
    "+ create zoe.muller@contoso.com   joiner · lifecycle.joiners.create · users.csv:42\n",
    "    displayName: \"Zoë Müller\"\n",
    "    title: \"Buyer\" → \"Senior buyer\"\n",
    ":User:department: \"Purchasing\" → none\n",
    "    active: true → false\n",
    "~ update guest.north@fabrikam.example   [removal] source disabled · ",
    "- deactivate carl.diaz@contoso.com   [removal] leaver · lifecycle.leavers.deactivate\n",
    "- delete old.account@contoso.com",
    "^ reactivate eve.stone@contoso.com   [grant] returner",
    "    title: none → \"Analyst\"\n",
    "Finance  1 join, 1 leave\n  > joins eve.stone@contoso.com   listed · memberships.add · group-",
    "  < leaves bob.lee@contoso.com   [removal] unlisted · memberships.remove\n",
    "! record E1001   duplicate · several records with one key · since 2026-02-25 02:00 UTC\n",
    "Blocked by protection (plan.protected): 1\n",
    "Removals withheld (plan.removal-withheld): 1\n",
    "  group-members.csv:40  Team Finance names contractor-17",
  ])
  func theListingHasEachDecision(line: String) {
    #expect(Self.listing(SamplePlan().source).contains(line))
  }

  @Test func blocksStandBeforeOtherFindings() throws {
    let text = Self.listing(SamplePlan().source)
    let blocked = try #require(text.range(of: "Blocked by protection"))
    let error = try #require(text.range(of: "error match.conflicting-keys"))
    #expect(blocked.lowerBound < error.lowerBound)
  }

  @Test func aValueCannotPretendToBeTwo() {
    var builder = PlanBuilder()
    builder.update("ann", [PlanBuilder.change(PlanBuilder.title, "a\" → \"b", "c")])
    #expect(Self.listing(builder.source()).contains(#"title: "a\u{22} → "b" → "c""# + "\n"))
  }

  @Test func longListsOfFindingsAreCutAndSaySo() {
    var builder = PlanBuilder()
    builder.findings = (0..<250).map { Finding(.unmanaged(member: "user \($0)")) }
    let text = Self.listing(builder.source())
    #expect(text.contains("note match.unmanaged: 250\n"))
    #expect(text.contains("  and 50 more; --output json has them all\n"))
  }

  /// Nothing but line feeds and the colours we chose may reach a terminal.
  @Test func noForbiddenCharacterReachesTheTerminal() {
    for (number, word) in HostileText.all.enumerated() where number < 120 || number % 5 == 0 {
      let source = SamplePlan(isRefused: true, word: word).source
      let plain = Self.summary(source) + Self.listing(source)
      #expect(Unseen.count(in: plain) == 0, "text \(number)")
      let isSame = Self.withoutColours(
        Self.summary(source, style: .ansi) + Self.listing(source, style: .ansi)
      ).elementsEqual(plain.utf8)
      #expect(isSame, "text \(number)")
    }
  }

  @Test func hostileNamesNeverAddALine() {
    let expected = Self.listing(SamplePlan(word: "x").source).utf8.count { $0 == 0x0A }
    for (number, word) in HostileText.own.enumerated() {
      let text = Self.listing(SamplePlan(word: word).source)
      #expect(text.utf8.count { $0 == 0x0A } == expected, "text \(number)")
    }
  }

  @Test func everySituationAndKindHasWords() {
    for situation in Situation.allCases { #expect(!situation.explanation.isEmpty) }
    #expect(Situation.inactiveNotByUs.words == "inactive not by us")
    for kind in Operation.Kind.allCases {
      #expect(kind.heading(isApplied: true) != kind.heading(isApplied: false))
    }
  }

  /// Takes our sequences away by bytes: a mark after one would make one `Character` with its `m`.
  private static func withoutColours(_ text: String) -> [UInt8] {
    ["0", "1", "2", "31", "32", "33"].reduce(Array(text.utf8)) { bytes, code in
      bytes.replacing(Array("\u{1b}[\(code)m".utf8), with: [])
    }
  }
}
