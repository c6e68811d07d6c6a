import Foundation
import Identity
import PlanFile
import TestSupport
import Testing

@testable import Reporting

/// The page in a real browser; reported as skipped where there is none.
@Suite(.enabled(if: Browser.path != nil, "no chromium is installed"), .serialized)
struct HTMLBrowserTests {
  private func visit(
    _ page: String, with script: String = "", width: Int = 1280
  ) throws -> Browser {
    try #require(try Browser(page, with: script, width: width))
  }

  /// By how many pixels the page is wider than the window, with everything opened that can be.
  private func excess(of page: String, width: Int) throws -> String {
    let script = """
      for (const one of document.querySelectorAll("details")) one.open = true;
      const page = document.documentElement;
      document.title = "" + (page.scrollWidth - page.clientWidth);
      """
    let seen = try visit(page, with: "\"use strict\"; { \(script) }", width: width).dom
    return seen.firstMatch(of: /<title>([^<]*)<\/title>/).map { String($0.1) } ?? ""
  }

  @Test(arguments: [390, 700, 1280])
  func thePageIsNeverWiderThanTheWindow(width: Int) throws {
    let long = String(repeating: "x", count: 10_000)
    var builder = PlanBuilder()
    builder.create(long, [.userName: long, PlanBuilder.department: long])
    builder.join(long, long)
    builder.hold("record \(long)", .duplicate)
    builder.guarded("removals", 9, of: 10, limit: "at most 1", passed: false, scope: long)
    builder.read(long, long + ".csv", records: 1, bytes: 1)
    let sources = [
      SamplePlan().appliedSource, SamplePlan(isRefused: true).source, builder.source(),
      SamplePlan().appliedSource.pseudonymous(by: PseudonymsTests.pseudonyms),
    ]
    for source in sources {
      #expect(try excess(of: HTMLReportTests.page(source), width: width) == "0")
    }
  }

  /// Whoever files the paper finds on each sheet what its columns are, and nothing that only a screen has.
  @Test(.enabled(if: Browser.textOfPDF != nil, "no pdftotext is installed"))
  func aPrintedTableHasItsHeadingsOnEverySheet() throws {
    var builder = PlanBuilder()
    for number in 1...80 { builder.create("person\(number)", [.userName: "person\(number)"]) }
    let sheets = try #require(try Browser.printed(HTMLReportTests.page(builder.source())))
    let withPeople = sheets.filter { $0.contains(/person\d+/) }
    #expect(withPeople.count > 1)
    for sheet in withPeople {
      #expect(sheet.contains(/Change +Who +Values +Why +Origin/), "\(sheet)")
    }
    #expect(!sheets.joined().contains("Filter"))
  }

  /// What a screen folds away, paper has: with the style sheet alone, since a printer may run no script.
  @Test(
    .enabled(if: Browser.textOfPDF != nil, "no pdftotext is installed"), arguments: [true, false])
  func whatIsFoldedIsPrinted(hasScript: Bool) throws {
    var builder = PlanBuilder()
    for number in 1...30 { builder.join("Team number \(number)", "ann") }
    builder.history = HTMLReportTests.history([.applied, .refused], in: builder)
    var page = HTMLReportTests.page(builder.source())
    if !hasScript { page = page.replacing(/<script>(?s:.*?)<\/script>/, with: "") }
    let text = try #require(try Browser.printed(page)).joined()
    let teams = text.matches(of: /Team number (\d+) +1 +0/).compactMap { Int($0.1) }
    #expect(Set(teams) == Set(1...30))
    #expect(text.contains(/2 +2026-03-01 02:00 UTC +refused +0 +0 +0/))
    #expect(text.contains(/This plan +not applied +30 +0 +0/))
  }

  /// Bars and numbers of two charts stand in the card whatever the names before them are.
  @Test func aLongNameDoesNotPushTheBarsAway() throws {
    let long = String(repeating: "x", count: 10_000)
    var builder = PlanBuilder()
    builder.create("ann", [.userName: "ann", PlanBuilder.department: long])
    builder.join(long, "ann")
    let script = """
      const charts = Array.from(document.querySelectorAll(".chart"));
      document.title = charts.every((chart) => {
        const card = chart.getBoundingClientRect();
        return card.height < 300 && Array.from(chart.querySelectorAll("svg, .amount")).every((one) =>
          one.getBoundingClientRect().right <= card.right && one.getBoundingClientRect().width > 20);
      }) + " " + charts.length;
      """
    let seen = try visit(
      HTMLReportTests.page(builder.source()), with: "\"use strict\"; { \(script) }")
    #expect(seen.dom.contains("<title>true 3</title>"))
  }

  private var hostilePage: String {
    HTMLReportTests.page(HTMLReportTests.source(of: HostileText.all))
  }

  @Test func hostileDataMakesNoElementsInABrowserEither() throws {
    let benign = HTMLReportTests.page(
      HTMLReportTests.source(of: HostileText.all.indices.map { "name \($0)" }))
    let expected = PageElements(try visit(benign).dom).tags.map(Self.name)
    let seen = PageElements(try visit(hostilePage).dom).tags.map(Self.name)
    #expect(seen.count == expected.count)
    let isSame = seen == expected
    #expect(isSame)
    #expect(seen.count > 20 * HostileText.all.count)
  }

  private static func name(_ tag: String) -> String { String(tag.prefix { $0 != " " }) }

  @Test func nothingIsFetchedAndNothingIsComplainedOf() throws {
    for page in [hostilePage, HTMLReportTests.page(SamplePlan(isRefused: true).source)] {
      let seen = try visit(page)
      #expect(seen.console == [])
      #expect(seen.fetched == [])
    }
  }

  /// What the test above looks at would show something if there were something.
  @Test func theBrowserTellsOfWhatThePolicyForbids() throws {
    let page = HTMLReportTests.page(SamplePlan().source)
      .replacing("<footer>", with: "<footer><img src=\"http://127.0.0.1:9/x\" onerror=\"y()\">")
    let seen = try visit(page)
    #expect(seen.console.contains { $0.contains("Content Security Policy") })
    let open = page.replacing(/<meta http-equiv[^>]*>/, with: "")
    #expect(try visit(open).fetched.contains("http://127.0.0.1:9/x"))
  }

  @Test func withoutScriptNothingIsMissingAndNothingIsDead() throws {
    let page = HTMLReportTests.page(SamplePlan().source)
      .replacing(/<script>(?s:.*?)<\/script>/, with: "")
    let seen = PageElements(try visit(page).dom)
    let written = PageElements(page).texts
      .map { $0.replacing("&quot;", with: "\"").replacing("&#39;", with: "'") }
    #expect(seen.texts == written)
    #expect(written.count > 300)
    #expect(!seen.tags.contains { $0.hasPrefix("button") })
    #expect(
      seen.tags.filter { $0.contains("class=\"controls\"") }.allSatisfy { $0.contains("hidden") })
  }

  @Test func theScriptShowsControlsAndMakesHeadingsButtons() throws {
    let seen = PageElements(try visit(HTMLReportTests.page(SamplePlan().source)).dom)
    #expect(seen.tags.count { $0.hasPrefix("button") } == 4 + 4 + 5)
    #expect(!seen.tags.contains { $0.contains("class=\"controls\"") && $0.contains("hidden") })
  }

  private static let result = """
    const table = document.querySelector("table.operations");
    const shown = Array.from(table.tBodies[0].rows).filter((row) => !row.hidden);
    document.title = shown.map((row) => row.cells[1].firstChild.textContent.split("@")[0]).join(" ")
      + " | " + Array.from(table.querySelectorAll("[aria-sort]"))
        .map((th) => th.textContent + " " + th.getAttribute("aria-sort")).join()
      + " | " + table.closest("section").querySelector("[role=status]").textContent;
    """

  private func title(after hands: String) throws -> String {
    let page = HTMLReportTests.page(SamplePlan().source)
    let seen = try visit(page, with: "\"use strict\"; { \(hands) \(Self.result) }").dom
    return seen.firstMatch(of: /<title>([^<]*)<\/title>/).map { String($0.1) } ?? ""
  }

  @Test func headingsSortAndSaySo() throws {
    let click =
      "const who = document.querySelectorAll('table.operations th button')[1]; who.click();"
    let up = "bob.lee carl.diaz d.ohara eve.stone guest.north ida.jensen old.account zoe.muller"
    let teams = ["Buyers – North", "Finance"]
    let ascending = try title(after: click)
    #expect(ascending.contains(" | Who ascending | "))
    let names = ascending.prefix { $0 != "|" }
    #expect(
      teams.reduce(String(names)) { $0.replacing($1 + " ", with: "") } == up + " ", "\(names)")
    #expect(try title(after: click + "who.click();").contains("| Who descending |"))
    let restored = try title(after: click + "who.click(); who.click();")
    #expect(restored == (try title(after: "")))
  }

  /// Where headings are out of sight, the Tab key must not stop at them, and a finger needs something to sort by.
  @Test(arguments: [(390, -1, true), (1280, 0, false)])
  func aNarrowScreenHasAListToSortBy(width: Int, tabIndex: Int, isShown: Bool) throws {
    let hands = """
      const buttons = Array.from(document.querySelectorAll("th button"));
      const lists = Array.from(document.querySelectorAll(".sorting"));
      const section = document.querySelector("table.operations").closest("section");
      const chooser = section.querySelector(".sorting select");
      chooser.value = "1 descending"; chooser.dispatchEvent(new Event("change"));
      const rows = Array.from(section.querySelectorAll("tbody tr"));
      document.title = [
        buttons.length > 0 && buttons.every((one) => one.tabIndex === \(tabIndex)),
        lists.length === 3 && lists.every((one) => (one.offsetWidth > 50) === \(isShown)),
        new Set(lists.map((one) => one.firstElementChild.textContent)).size,
        rows[0].cells[1].firstChild.textContent.split("@")[0],
        section.querySelector("[aria-sort]").getAttribute("aria-sort"),
        chooser.options.length,
      ].join(" ");
      section.querySelectorAll("th button")[1].click();
      document.title += " " + (chooser.value || "none");
      """
    let page = HTMLReportTests.page(SamplePlan().source)
    let seen = try visit(page, with: "\"use strict\"; { \(hands) }", width: width).dom
    #expect(seen.contains("<title>true true 3 zoe.muller descending 9 none</title>"), "\(width)")
  }

  @Test func theFilterTakesWordsAndChoices() throws {
    let type = """
      const search = document.querySelector("table.operations").closest("section")
        .querySelector("input");
      search.value = "BUYER bob"; search.dispatchEvent(new Event("input"));
      """
    #expect(try title(after: type) == "bob.lee |  | 1 of 10 shown")
    let choose = """
      const choice = document.querySelector("[data-field=class]");
      choice.value = "rekey"; choice.dispatchEvent(new Event("change"));
      """
    #expect(try title(after: choose) == "ida.jensen |  | 1 of 10 shown")
  }
}
