import Testing

@testable import Mapping

/// Which records count: RFC 7644's filters and Entra's clauses, on columns.
struct ScopeFilterTests {
  private static let cells = [
    "department": "Sales", "userType": "Guest", "level": "7", "hired": "2024-05-01", "empty": "",
    "Job title": "Head of \"X\"", "blocked": "FALSE", "upn": "ann@contoso.com",
  ]

  private static func accepts(
    _ filter: ScopeFilter, unknown: String? = nil
  ) -> Bool? {
    filter.accepts { place in
      let column = filter.columns[place]
      return column == unknown ? nil : [ScopeValue(Array((cells[column] ?? "").utf8))]
    }
  }

  private static let several = [
    "roles": ["r1", "r2"], "emails.value": ["ann@x.org", "ann@home.net"],
    "emails.type": ["work", "home"], #"emails[type eq "work"].value"#: ["ann@x.org"],
    #"emails[primary eq "true"].value"#: ["ann@home.net"], "one": ["x"], "none": [],
    "a[1]": ["indexed"],
  ]

  private static func acceptsSeveral(_ filter: ScopeFilter) -> Bool? {
    filter.accepts { place in
      (several[filter.columns[place]] ?? []).map { ScopeValue(Array($0.utf8)) }
    }
  }

  /// RFC 7644 §3.4.2.2: a multi-valued attribute matches if any of its values does.
  @Test(arguments: [
    (#"roles eq "r2""#, true), (#"roles co "2""#, true), (#"roles eq "r3""#, false),
    (#"not (roles eq "r2")"#, false), (#"roles ne "r2""#, true), (#"one ne "x""#, false),
    ("roles pr", true), ("none pr", false), ("none eq null", true), (#"none ne "x""#, false),
    (#"emails[type eq "work" and value co "x.org"]"#, true),
    (#"emails[type eq "work" and value co "home"]"#, false),
    (#"emails[value co "home" and type eq "work"]"#, false),
    (#"emails[type eq "work"]"#, true), (#"emails[type eq "other"]"#, false),
    (#"emails[value sw "ann" and value ew ".net"]"#, true),
    (#"emails[value ew ".org" and value ew ".net"]"#, false),
    (#"emails[type eq "other" or value ew ".net"]"#, true),
    (#"emails[primary eq true and value ew ".net"]"#, true), ("emails[type pr]", true),
    (#"emails[type eq "work"].value ew ".org""#, true),
    (#"emails[type eq "work"].value pr and one eq "x""#, true),
    (#"not (emails[type eq "work" and value ew ".net"]) and one pr"#, true),
    (#"a[1] eq "indexed""#, true),
  ])
  func oneOfSeveralValuesHasToFit(text: String, expected: Bool) throws {
    #expect(Self.acceptsSeveral(try ScopeFilter(parsing: text)) == expected, "\(text)")
  }

  @Test(
    arguments: [
      ("EQUALS", "r2", true), ("NOT EQUALS", "r2", false), ("NOT EQUALS", "r3", true),
      ("REGEX MATCH", "2$", true), ("NOT REGEX MATCH", "2$", false), ("NOT REGEX MATCH", "3", true),
      ("IS NOT NULL", nil, true), ("!&", "r2,r9", false), ("&", "r2,r9", true),
    ] as [(String, String?, Bool)])
  func whatAClauseDeniesIsSoOfAllValues(name: String, value: String?, expected: Bool) throws {
    let clause = ScopeClause(column: "roles", operatorName: name, value: value)
    #expect(Self.acceptsSeveral(try ScopeFilter(groups: [[clause]])) == expected)
  }

  @Test(arguments: [
    ("True", true), ("true", true), ("TRUE", true), ("False", false), ("1", false),
  ])
  func aBooleanOfJSONIsEqualToAnySpelling(word: String, expected: Bool) throws {
    let clause = ScopeClause(column: "on", operatorName: "EQUALS", value: word)
    let filters = [
      try ScopeFilter(groups: [[clause]]), try ScopeFilter(parsing: "on eq \"\(word)\""),
    ]
    for filter in filters {
      let truth = ScopeValue(Array("True".utf8), isTruth: true)
      #expect(filter.accepts { _ in [truth] } == expected)
    }
    #expect(
      try ScopeFilter(parsing: "on eq true").accepts { _ in
        [ScopeValue(Array("True".utf8), isTruth: true)]
      } == true)
    // A text of a CSV is compared letter by letter.
    #expect(
      try ScopeFilter(groups: [[clause]]).accepts { _ in [ScopeValue(Array("true".utf8))] }
        == (word == "true"))
  }

  @Test func anOperatorOfAnotherLanguageIsTranslated() {
    let problem = #expect(throws: ScopeFilter.Problem.self) {
      try ScopeFilter(parsing: #"department = "Sales""#)
    }
    #expect(problem?.offset == 11)
    #expect(problem?.message.contains("Did you mean `eq`? There is: co, eq, ew") == true)
  }

  @Test(arguments: [
    (#"department eq "Sales""#, true), (#"department eq "sales""#, true),
    (#"department EQ "x""#, false),
    (#"department ne "Sales""#, false), (#"empty ne "x""#, false), (#"department co "ale""#, true),
    (#"department sw "sa""#, true), (#"department ew "LES""#, true), (#"department ew "x""#, false),
    ("empty pr", false), ("department pr", true), ("empty eq null", true),
    ("department ne null", true),
    ("level gt 10", false), ("level lt 10", true), ("level ge 7", true), ("level le 6", false),
    (#"hired gt "2024-04-30""#, true), (#"hired lt "5/2/2024""#, true),
    (#"[Job title] eq "head of \"x\"""#, true),
    (#"department eq "Sales" and not (userType eq "Guest")"#, false),
    (#"department eq "Sales" or userType eq "x" and level gt 10"#, true),
    (#"(department eq "Sales" or userType eq "x") and level gt 10"#, false),
    (#"not (empty pr) and blocked eq false"#, true), ("  department\n pr  ", true),
  ])
  func filtersAreThoseOfTheRFC(text: String, expected: Bool) throws {
    #expect(Self.accepts(try ScopeFilter(parsing: text)) == expected, "\(text)")
  }

  @Test(
    arguments: [
      ("department", "EQUALS", "Sales", true), ("department", "EQUALS", "sales", false),
      ("department", "NOT EQUALS", "x", true), ("empty", "NOT EQUALS", "x", false),
      ("department", "Includes", "ale", true), ("department", "ENDS_WITH", "les", true),
      ("level", "Greater_Than", "6", true), ("level", "Greater_Than_OR_EQUALS", "8", false),
      ("upn", "REGEX MATCH", #".*\@contoso.com"#, true), ("upn", "NOT REGEX MATCH", "^bob", true),
      ("empty", "NOT REGEX MATCH", "x", false), ("empty", "IS NULL", nil, true),
      ("upn", "IS NOT NULL", nil, true),
      ("blocked", "IS FALSE", nil, true), ("blocked", "IS TRUE", nil, false),
      ("department", "&", "Sales,Legal", true),
      ("department", "!&", "Sales,Legal", false), ("level", "REGEX MATCH", "([1-9][0-9])", false),
    ] as [(String, String, String?, Bool)])
  func clausesAreThoseOfEntra(
    column: String, name: String, value: String?, expected: Bool
  ) throws {
    let clause = ScopeClause(column: column, operatorName: name, value: value)
    #expect(Self.accepts(try ScopeFilter(groups: [[clause]])) == expected)
  }

  @Test func oneGroupMustHoldAndAllClausesOfIt() throws {
    func clause(_ column: String, _ value: String) -> ScopeClause {
      ScopeClause(column: column, operatorName: "EQUALS", value: value)
    }
    let right = clause("department", "Sales")
    let wrong = clause("userType", "Member")
    #expect(Self.accepts(try ScopeFilter(groups: [[right, wrong]])) == false)
    #expect(Self.accepts(try ScopeFilter(groups: [[wrong], [right]])) == true)
  }

  @Test(
    arguments: [
      (#"department eq "Sales" and level pr"#, nil), (#"userType eq "x" and level pr"#, false),
      (#"department eq "Sales" or level pr"#, true), ("not (level pr)", nil),
    ] as [(String, Bool?)])
  func whatIsUnknownDecidesNothing(text: String, expected: Bool?) throws {
    #expect(Self.accepts(try ScopeFilter(parsing: text), unknown: "level") == expected, "\(text)")
  }

  @Test(arguments: [
    "", "department", "department eq", "department eq Sales", #"department eqq "x""#, #"eq "x""#,
    #"emails[type eq "work" and value co "x" and display pr]"#, #"emails[not (type eq "work")]"#,
    #"emails[(type eq "work")]"#, #"emails[type eq "work""#, #"emails[type co "w"].value pr"#,
    #"emails[type eq "work"]."#, #"emails[ "#,
    "(department pr", "department pr)", "not department pr", "department pr and", "level gt null",
    #"department eq "x"#, "[department pr", String(repeating: "(", count: 100),
    String(repeating: "a", count: 20_000),
  ])
  func whatIsNoFilterSaysWhy(text: String) {
    do {
      _ = try ScopeFilter(parsing: text)
      Issue.record("\(text) is a filter")
    } catch {
      #expect(!error.message.isEmpty)
    }
  }

  @Test(
    arguments: [
      ("department", "EQUAL", "x"), ("department", "EQUALS", nil), ("department", "IS NULL", "x"),
      ("level", "Greater_Than", "many"), ("upn", "REGEX MATCH", "(a"), ("upn", "IsMemberOf", "x"),
    ] as [(String, String, String?)])
  func whatIsNoClauseSaysWhy(column: String, name: String, value: String?) {
    #expect(throws: ScopeFilter.Problem.self) {
      try ScopeFilter(groups: [[ScopeClause(column: column, operatorName: name, value: value)]])
    }
  }
}
