import Crypto
import Foundation
import Identity
import PlanFile
import TestSupport
import Testing

@testable import Reporting

struct HTMLReportTests {
  static func page(_ source: ReportSource, companions: [String] = []) -> String {
    var bytes: [UInt8] = []
    HTMLReport(planFile: "tonight.plan", companions: companions).write(source) { bytes += $0 }
    return String(decoding: bytes, as: UTF8.self)
  }

  // MARK: - Hostile data

  @Test(arguments: HostileText.own.indices)
  func dataNeverChangesTheElements(number: Int) {
    let page = Self.page(SamplePlan(isRefused: true, word: HostileText.own[number]).source)
    let isSame = PageElements(page).tags == Self.benignTags
    #expect(isSame)
    #expect(Unseen.count(in: page) == 0)
  }

  private static let benignTags =
    PageElements(page(SamplePlan(isRefused: true, word: "x").source)).tags

  @Test(
    .enabled(if: !HostileText.naughty.isEmpty, "the naughty strings are not beside the repository"))
  func naughtyStringsNeverChangeTheElements() {
    let page = Self.page(Self.source(of: HostileText.naughty))
    let benign = Self.page(Self.source(of: HostileText.naughty.indices.map { "name \($0)" }))
    let isSame = PageElements(page).tags == PageElements(benign).tags
    #expect(isSame)
    #expect(Unseen.count(in: page) == 0)
  }

  @Test func escapingWorksOnScalarsAndNotOnCharacters() {
    #expect(
      HTMLText().escapeText("\"\u{301}<\u{338}&'>").utf8
        .elementsEqual("&quot;\u{301}&lt;\u{338}&amp;&#39;&gt;".utf8))
  }

  @Test func peopleWhoAreHeldAreNeverPlainGreen() {
    var builder = PlanBuilder()
    builder.deactivate("carl")
    #expect(Self.page(builder.source()).contains("class=\"banner open\""))
    builder.hold("record E1", .duplicate)
    #expect(Self.page(builder.source()).contains("class=\"banner changed\""))
    #expect(Self.page(SamplePlan().appliedSource).contains("class=\"banner changed\""))
    #expect(Self.page(PlanBuilder().source()).contains("class=\"banner good\""))
  }

  /// One plan with every text as a name, a value, a team, a hold and a finding.
  static func source(of texts: [String]) -> ReportSource {
    var builder = PlanBuilder()
    for (number, text) in texts.enumerated() {
      // The names decide the order of operations; a number before them keeps it.
      let name = "\(10_000 + number) \(text)"
      builder.update(name, [PlanBuilder.change(PlanBuilder.title, text, text + "x")])
      builder.join("\(10_000 + number)", text)
      builder.holds.append(Hold(subject: text, situation: .duplicate))
      builder.findings.append(
        Finding(.unmanaged(member: text), at: PlanBuilder.origin("users.csv", number)))
    }
    return builder.source()
  }

  // MARK: - The page

  @Test func nothingIsFetchedAndOnlyOurScriptRuns() {
    let page = Self.page(SamplePlan(isRefused: true).source)
    let tags = PageElements(page).tags
    for name in ["link", "img", "iframe", "object", "form", "base", "use", "image"] {
      #expect(!tags.contains { $0 == name || $0.hasPrefix(name + " ") }, "\(name)")
    }
    #expect(tags.filter { $0.hasPrefix("script") } == ["script"])
    #expect(!tags.contains { $0.contains(" style=") || $0.contains(" on") || $0.contains(" src=") })
    #expect(!page.contains("url(") && !page.contains("@import") && !page.contains("://"))
  }

  @Test(arguments: [("style", "style-src"), ("script", "script-src")])
  func thePolicyAllowsExactlyTheTextOfThePage(element: String, source: String) throws {
    let page = Self.page(SamplePlan().source)
    let start = try #require(page.range(of: "<\(element)>")?.upperBound)
    let end = try #require(page.range(of: "</\(element)>")?.lowerBound)
    let hash = Data(SHA256.hash(data: Data(page[start..<end].utf8))).base64EncodedString()
    #expect(page.contains("default-src 'none'; "))
    #expect(page.contains("\(source) 'sha256-\(hash)';"))
  }

  @Test func elementsAreClosedInOrder() {
    let void: Set<String> = ["meta", "input"]
    var open: [String] = []
    for tag in PageElements(Self.page(SamplePlan(isRefused: true).source)).tags {
      let name = String(tag.prefix { $0 != " " })
      if name.hasPrefix("!") || void.contains(name) || tag.hasSuffix("/") { continue }
      if name.hasPrefix("/") {
        #expect(open.popLast() == String(name.dropFirst()))
      } else {
        open.append(name)
      }
    }
    #expect(open.isEmpty)
  }

  @Test func idsAreUniqueAndLabelsExist() {
    let tags = PageElements(Self.page(SamplePlan(isRefused: true).source)).tags
    let ids = tags.compactMap { $0.firstMatch(of: /\bid="([^"]*)"/).map { String($0.1) } }
    #expect(Set(ids).count == ids.count)
    let labels = tags.compactMap { tag in
      tag.firstMatch(of: /(?:aria-labelledby="|href="#)([^"]*)"/).map { String($0.1) }
    }
    #expect(!labels.isEmpty && Set(labels).isSubset(of: ids))
  }

  @Test func screenReadersGetLanguageTitleHeadingsAndScopes() {
    let page = Self.page(SamplePlan(isRefused: true).source)
    let tags = PageElements(page).tags
    #expect(tags.contains("html lang=\"en\""))
    #expect(page.contains("<title>Rollcall: Refused by removals</title>"))
    #expect(tags.count { $0 == "h1" } == 1)
    let captions = tags.count { $0.hasPrefix("caption") }
    #expect(tags.count { $0.hasPrefix("table") } == captions && captions > 5)
    #expect(!tags.contains { $0.hasPrefix("th ") && !$0.contains("scope=") })
  }

  @Test(arguments: [
    (SamplePlan().source, "Planned: 15 changes, 3 held", "rollcall apply tonight.plan"),
    (SamplePlan(isRefused: true).source, "Refused by removals", "--let removals=15"),
    (SamplePlan().appliedSource, "Applied: 15 changes, 3 held", "Run 12 finished"),
    (PlanBuilder().source(), "Nothing to do", "Everything agrees"),
  ])
  func theBannerSaysWhatBecameOfIt(source: ReportSource, title: String, text: String) {
    let page = Self.page(source)
    #expect(page.contains("<h1>\(title)</h1>"))
    #expect(page.contains(text))
  }

  @Test func everyOperationHoldAndFindingIsThere() {
    let source = SamplePlan().source
    let page = Self.page(source)
    let text = PageElements(page).texts.joined(separator: "\n")
    for operation in source.plan.decisions.operations {
      #expect(
        text.contains(HTMLText().escapeText((operation.edgeMember ?? operation.subject).name)))
    }
    for hold in source.plan.decisions.holds { #expect(text.contains(hold.subject)) }
    for finding in source.plan.evidence.findings { #expect(text.contains(finding.code)) }
    for place in ["users.csv:42", "group-members.csv:77", "lifecycle.leavers.delete"] {
      #expect(text.contains(place), "\(place)")
    }
  }

  /// What a page of a million changes weighs must not depend on the million.
  @Test func aPageOfTwiceAsManyChangesIsHardlyLarger() {
    let sizes = [6_000, 12_000].map { count in
      var builder = PlanBuilder()
      for number in 0..<count {
        builder.create("user \(number)", [.userName: "user \(number)", .displayName: "User"])
        builder.join("team \(number % 40)", "user \(number)")
      }
      return Self.page(builder.source()).utf8.count
    }
    #expect(sizes[1] < sizes[0] + 2_000)
    #expect(sizes[1] < 600_000)
  }

  @Test func withoutOtherReportsThePageSaysWhatWritesThem() {
    var builder = PlanBuilder()
    for number in 0...HTMLReport.operationLimit { builder.deactivate("user \(number)") }
    #expect(
      Self.page(builder.source()).contains(
        "“rollcall report tonight.plan --format json csv” writes"))
  }

  @Test func largePlansAreSampledAndSaySo() {
    var builder = PlanBuilder()
    for number in 0..<(HTMLReport.operationLimit + 1) { builder.deactivate("user \(number)") }
    for number in 0..<300 { builder.hold("record \(number)", .duplicate) }
    builder.join("Team", "ann")
    let page = Self.page(builder.source(), companions: ["tonight.json", "operations.csv"])
    #expect(page.contains("The plan has 5,002 changes"))
    #expect(page.contains("tonight.json, operations.csv"))
    #expect(page.contains("Members to deactivate: 200 of 5,001 shown"))
    let tags = PageElements(page).tags
    #expect(tags.count { $0.hasPrefix("tr role=\"row\" data-kind=\"deactivate") } == 200)
    #expect(page.matches(of: /rowheader" class="long">record/).count == 300)
  }

  // MARK: - What a refusal is about

  /// The removals come last: samples of the others would otherwise take the place.
  private static func breaching(_ count: Int, value: String = "") -> PlanBuilder {
    var builder = PlanBuilder()
    for number in 0..<6_000 { builder.create("new \(number)", [.userName: "new \(number)"]) }
    for number in 0..<count { builder.deactivate("old \(number)\(value)") }
    builder.guarded("removals", count, of: 20_000, limit: "at most 200", passed: false)
    return builder
  }

  @Test func everyRemovalThatAGuardRefusesIsShown() {
    let page = Self.page(Self.breaching(9_000).source())
    let tags = PageElements(page).tags
    #expect(tags.count { $0.hasPrefix("tr role=\"row\" data-kind=\"deactivate") } == 9_000)
    #expect(tags.count { $0.hasPrefix("tr role=\"row\" data-kind=\"create") } == 200)
    #expect(page.contains("and all 9,000 that refusing guards count. "))
    #expect(!page.contains("Members to deactivate: "))
    #expect(page.contains("Members to create: 200 of 6,000 shown"))
    #expect(page.utf8.count < 10_000_000)
  }

  @Test func asManyAsThereIsRoomForIsSaidWithTheReportThatHasThemAll() {
    let page = Self.page(Self.breaching(20_000).source(), companions: ["tonight.json"])
    #expect(page.utf8.count < 10_000_000)
    #expect(page.utf8.count > 8_000_000)
    #expect(
      page.contains("of the 20,000 that refusing guards count, as many as there is room for."))
    #expect(page.contains("tonight.json has every one of them."))
  }

  @Test func holdsWithoutNumberLeaveThePageBelowItsSize() {
    var builder = PlanBuilder()
    let name = String(repeating: "x", count: 60)
    for number in 0..<20_000 { builder.hold("user \(number) \(name)", .ambiguous) }
    let page = Self.page(builder.source(), companions: ["tonight.json"])
    #expect(page.utf8.count < 10_000_000)
    let shown = PageElements(page).tags.count {
      $0.hasPrefix("td role=\"cell\" data-label=\"Since")
    }
    #expect(shown > 10_000 && shown < 20_000)
    #expect(
      page.contains("and \(Quantity(20_000 - shown)) more; tonight.json has every one of them"))
  }

  @Test func ofOneTeamThatLosesTooManyItsOwnAreShown() {
    var builder = PlanBuilder()
    for number in 0..<5_000 { builder.leave("Other", "ann \(number)") }
    for number in 0..<400 { builder.leave("Sales", "bob \(number)") }
    builder.guarded(
      "membershipsRemovedPerTeam", 400, of: 400, limit: "at most 100", passed: false, scope: "Sales"
    )
    let page = Self.page(builder.source())
    #expect(page.contains("all 400 that refusing guards count"))
    #expect(page.matches(of: #/>bob /#).count == 400)
  }

  // MARK: - Counts

  @Test func membersThatAreHeldAndNotNamedAreCounted() {
    var builder = PlanBuilder()
    builder.hold("member ann", .withheld, isRemoval: true)
    builder.unnamedWithheld = 8_181
    let page = Self.page(builder.source())
    #expect(page.contains("Nothing to apply, 8,182 held for a person"))
    #expect(page.contains("<b>8,182</b> <span class=\"note\">8,182 removals withheld"))
    #expect(page.contains("and 8,181 further members whose removals are withheld are not named"))
    #expect(page.matches(of: /rowheader" class="long">member/).count == 1)
  }

  // MARK: - The journal

  /// `outcomes` of runs 1, 2, 3 …; those that were applied created three members.
  static func history(_ outcomes: [RunRecord.Outcome], in builder: PlanBuilder) -> [RunRecord] {
    outcomes.enumerated().map { index, outcome in
      RunRecord(
        number: index + 1, outcome: outcome, startedAt: builder.now, finishedAt: builder.now,
        planName: "", policyDigest: "", head: "", approval: nil,
        counts: outcome == .applied ? [.createMember: 3] : [:])
    }
  }

  @Test func aRunWithoutAColumnHasASignThatTheLegendExplains() {
    var builder = PlanBuilder()
    builder.deactivate("carl")
    builder.history = Self.history(
      [.applied, .refused, .nothingToDo, .resumed, .refreshed], in: builder)
    let page = Self.page(builder.source())
    #expect(page.contains("<title>Run 2, 2026-03-01 02:00 UTC: refused</title>"))
    for (label, mark) in [
      ("refused", TrendMark.refused), ("nothing to do", .idle), ("resumed", .resumed),
      ("refreshed", .refreshed),
    ] {
      #expect(page.ranges(of: "<path d=\"\(mark.path)\"/>").count == 2, "\(label)")
      #expect(page.contains("</svg>\(label)</span>"), "\(label)")
      #expect(page.contains("<td>\(label)</td>"), "\(label)")
    }
    #expect(!page.contains("</svg>held</span>"))
    #expect(Set(TrendMark.all.map(\.path)).count == TrendMark.all.count)
  }

  @Test func aRunThatOnlyHeldIsSeenAmongTheLastRuns() {
    var builder = PlanBuilder()
    builder.hold("record E1", .duplicate)
    builder.history = Self.history([.applied, .nothingToDo], in: builder)
    let page = Self.page(builder.source(run: builder.history[1]))
    #expect(page.contains("</svg>held</span>"))
    #expect(page.contains("<td>nothing to do, 1 held</td>"))
    #expect(!page.contains("</svg>nothing to do</span>"))
  }

  @Test func aPlanThatIsNotAppliedIsToldFromTheRuns() {
    var builder = PlanBuilder()
    builder.deactivate("carl")
    builder.history = Self.history([.applied], in: builder)
    let page = Self.page(builder.source())
    #expect(page.contains("<span class=\"swatch pending\"></span>not applied</span>"))
    #expect(page.contains("<th scope=\"row\">This plan</th><td></td><td>not applied</td>"))
    #expect(page.contains("The dashed column is this plan"))
    builder.history = Self.history([.applied, .applied], in: builder)
    let applied = Self.page(builder.source(run: builder.history[1]))
    #expect(!applied.contains("pending\"></span>") && !applied.contains("dashed column"))
  }

  @Test func theLastRunsHaveNumbersAndAScale() {
    var builder = PlanBuilder()
    builder.history = Self.history(Array(repeating: .applied, count: 30), in: builder)
    let page = Self.page(builder.source(run: builder.history[29]))
    for number in 1...30 { #expect(page.contains("y=\"97%\">\(number)</text>")) }
    // Where there is little room, some have none; the last has.
    #expect(page.contains("<text class=\"major\" x=\"98.33%\" y=\"97%\">30</text>"))
    #expect(page.ranges(of: "<text class=\"major\"").count == 8)
    #expect(page.contains("dy=\".35em\">0</text>"))
    #expect(page.contains("dy=\".35em\">2</text>"))
  }

  @Test(arguments: [
    (0, 1, "1"), (1, 1, "1"), (4, 2, "2"), (9, 5, "5"), (47, 20, "20"), (999, 500, "500"),
    (1_000, 1_000, "1k"), (2_500_000, 2_000_000, "2M"),
  ])
  func amountsOfTheScaleAreRound(most: Int, value: Int, text: String) {
    #expect(RoundAmount(upTo: most).value == value)
    #expect(RoundAmount.short(value) == text)
  }

  @Test func wildNumbersOfRunsAreDrawn() {
    var builder = PlanBuilder()
    builder.history = [0, Int.max, 1, Int.min].enumerated().map { index, count in
      RunRecord(
        number: index, outcome: .applied, startedAt: builder.now, finishedAt: builder.now,
        planName: "", policyDigest: "", head: "", approval: nil,
        counts: [.createMember: count, .deactivateMember: count])
    }
    #expect(Self.page(builder.source(run: builder.history[3])).contains("The last runs"))
  }

  // MARK: - Colours

  /// WCAG 2.2, 1.4.11, for what touches each other in a chart: bars, tracks, the mark of a limit, and the card.
  @Test(arguments: [0, 1, 2])
  func whatAChartIsMadeOfStandsOutFromWhatIsAroundIt(scheme: Int) throws {
    let schemes = HTMLPage.style.split(separator: ":root{")
    try #require(schemes.count == 3)
    let colours = Dictionary(
      schemes[schemes.startIndex + scheme].prefix { $0 != "}" }
        .matches(of: /--([a-z-]+):#([0-9a-f]+)/).map { (String($0.1), Luminance($0.2)) }
    ) { first, _ in first }
    func contrast(_ one: String, _ other: String) throws -> Double {
      let pair = (try #require(colours[one]), try #require(colours[other]))
      return pair.0.contrast(to: pair.1)
    }
    for bar in ["gained", "changed", "lost", "plain", "rekey", "grant"] {
      for around in ["card", "tint"] {
        let ratio = try contrast("bar-" + bar, around)
        #expect(ratio >= 3, "\(bar) on \(around)")
      }
    }
    for bar in ["bar-gained", "bar-lost", "tint"] {
      let ratio = try contrast("ink", bar)
      #expect(ratio >= 3, "limit on \(bar)")
    }
    let text = try contrast("soft", "card")
    #expect(text >= 4.5)
  }

  /// Two colours that touch have a line of the card's colour between them.
  @Test func segmentsOfABarAreKeptApart() {
    #expect(HTMLPage.style.contains(".bars rect,.plot rect{stroke:var(--card)}"))
  }

  // MARK: - Names

  /// No pointer is needed to read one.
  @Test func namesInChartsAreWhole() {
    let name =
      "Purchasing and Supplier Management, Northern Region and the Baltic States " + "(2026)"
    var builder = PlanBuilder()
    builder.join(name, "ann")
    let page = Self.page(builder.source())
    #expect(page.contains("<th scope=\"row\">\(name)</th><td><div><svg"))
    #expect(!page.contains("line-clamp") && !HTMLPage.style.contains(".name"))
  }

  @Test func fieldsToFilterByHaveNamesOfTheirOwn() {
    let page = Self.page(SamplePlan(isRefused: true).source)
    let names = page.matches(of: #/<label>(?<name>[^<]*<span class="unseen">[^<]*)</span>/#)
      .map { String($0.output.name).replacing("<span class=\"unseen\">", with: "") }
    #expect(
      names == [
        "Filter (held)", "Filter (members and teams)", "Change (members and teams)",
        "Class (members and teams)", "Filter (memberships)", "Change (memberships)",
      ])
    #expect(page.ranges(of: "<label>").count == names.count)
  }

  // MARK: - Words

  @Test func whoApprovedIsSaidWithTheReason() {
    var source = SamplePlan().appliedSource
    source.run?.word = RunRecord.Word(by: "ann", reason: "Plant <b>sold</b>")
    let page = Self.page(source)
    #expect(page.contains("<dt>Approved by</dt><dd><code>ann</code></dd>"))
    #expect(page.contains("<dt>Reason</dt><dd><code>Plant &lt;b&gt;sold&lt;/b&gt;</code></dd>"))
    #expect(page.contains("ann gave the reason: Plant &lt;b&gt;sold&lt;/b&gt;"))
  }
}

/// How bright a colour is, by the formula of WCAG 2.2.
private struct Luminance {
  let value: Double

  init(_ digits: Substring) {
    let pairs =
      digits.count == 3
      ? digits.map { "\($0)\($0)" }
      : stride(from: 0, to: 6, by: 2).map {
        String(digits.dropFirst($0).prefix(2))
      }
    let channels = pairs.map { pair -> Double in
      let channel = Double(Int(pair, radix: 16) ?? 0) / 255
      return channel <= 0.04045 ? channel / 12.92 : pow((channel + 0.055) / 1.055, 2.4)
    }
    value = zip(channels, [0.2126, 0.7152, 0.0722]).reduce(0) { $0 + $1.0 * $1.1 }
  }

  func contrast(to other: Luminance) -> Double {
    (max(value, other.value) + 0.05) / (min(value, other.value) + 0.05)
  }
}
