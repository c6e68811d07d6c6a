import Testing

@testable import Mapping

/// Every function, beyond the examples of its documentation.
struct ExpressionFunctionTests {
  private static let inputs: [String: ExpressionTrial.Input] = [
    "first": .text("Ann"), "last": .text("Doe"), "empty": .text(""), "null": .null,
    "city": .text("Zürich"), "number": .text("12"), "mails": .list(["a@x.org", "b@x.org"]),
    "one": .list(["only"]), "word": .text("soon"), "date": .text("2024-01-31"),
    "huge": .text("99999999999999999999"),
  ]

  /// 2026-03-01T02:00:00Z.
  private static let now = 1_772_330_400

  static func run(
    _ expression: String, taken: [String] = [], seed: UInt64 = 1
  ) throws -> ExpressionTrial.Outcome {
    let table = LookupTable(
      name: "offices", values: [Array("Zürich".utf8): Array("ZRH-1".utf8)])
    let program = try ExpressionProgram(
      compiling: expression,
      in: ExpressionSurroundings(defaultDomain: "contoso.com", tables: ["offices": table]))
    return ExpressionTrial(program, inputs: inputs, now: now, taken: taken, seed: seed).outcome
  }

  @Test(arguments: [
    (#"Append([first], "x")"#, "Annx"), (#"Append([null], "x")"#, "x"),
    (#"Prepend("x", [first])"#, "xAnn"), (#"[first] & " " & [last]"#, "Ann Doe"),
    (#"Join("-", [mails], [one], [null], "", 7)"#, "a@x.org-b@x.org-only-7"),
    (#"Join("", [null])"#, ""), (#"Left([city], 2)"#, "Zü"), (#"Left([city], 0)"#, ""),
    (#"Left([city], -1)"#, "Zürich"), (#"Left([null], 3)"#, ""), (#"Left([city], 99)"#, "Zürich"),
    (#"Mid([city], 2, 3)"#, "üri"), (#"Mid([city], "5", "9")"#, "ch"), (#"Mid([city], 9, 1)"#, ""),
    (#"Mid([city], 0, 2)"#, "Zü"), (#"Mid([city], 2, -1)"#, ""),
    (#"StripSpaces(" a  b ")"#, "ab"), (#"Trim("  a b\t ")"#, #"a b\t"#),
    (#"Trim(" a b ")"#, "a b"), (#"Word("a,,b;c", 2, ",;")"#, "b"), (#"Word("a b", 3, " ")"#, ""),
    (#"Word("aüb", 2, "ü")"#, "b"), (#"ToUpper([city])"#, "ZÜRICH"), (#"ToLower("ÀÉ", )"#, "àé"),
    (#"ToUpper("title", "tr-TR")"#, "TİTLE"), (#"ToLower("TITLE", "tr-TR")"#, "tıtle"),
    (#"ToUpper("straße")"#, "STRAßE"), (#"ToLower("İbrahim")"#, "İbrahim"),
    (#"ToLower("İbrahim", "en-US")"#, "ibrahim"), (#"ToUpper("ı")"#, "ı"),
    (#"ToUpper("ı", "de")"#, "I"), (#"ToUpper("ᾳ")"#, "ᾼ"), (#"ToLower("ΣΑΣ")"#, "σασ"),
    (#"ToUpper("title", "")"#, "TITLE"), (#"Coalesce([null], "")"#, ""),
    (#"FormatDateTime(" 2024-01-31 ", , "yyyy-MM-dd", "yyyy")"#, "2024"),
    (#"ConvertToUTF8Hex("ü")"#, "C3BC"),
    (#"ConvertToBase64("ab")"#, "YQBiAA=="), (#"CStr(12)"#, "12"), (#"CStr(-9)"#, "-9"),
    (#"CStr(IsPresent([first]))"#, "True"), (#"Redact([first])"#, "Ann"),
  ])
  func textsComeOut(expression: String, expected: String) throws {
    let outcome = try Self.run(expression)
    if expression.hasPrefix("Redact") {
      #expect(outcome == .value(.redacted))
    } else {
      #expect(outcome == .value(.text(expected)), "\(expression)")
    }
  }

  @Test(arguments: [
    ("PCase(\"o'brien-smith OF kent\")", "O'brien-Smith Of Kent"),
    ("PCase(\"3rd floor\")", "3Rd Floor"),
    ("PCase(\"mary-ann LEE\", \" \")", "Mary-ann Lee"), ("PCase(\"ängström\")", "Ängström"),
    ("PCase(\"ßtraße\")", "ßtraße"), ("PCase(\"ﬁx\")", "ﬁx"), ("PCase(\"ǆ İİ\")", "ǅ İİ"),
    ("NormalizeDiacritics(\"Łódź Straße Œuvre\")", "Lodz Strasse OEuvre"),
    ("NormalizeDiacritics(\"e\\u0301 Ἀθήνα हिन्दी\")", "e\\u0301 Αθηνα हिन्दी"),
    ("NormalizeDiacritics(\"e\u{301}\")", "e"),
  ])
  func lettersAreChanged(expression: String, expected: String) throws {
    #expect(try Self.run(expression) == .value(.text(expected)))
  }

  /// ASCII has a faster way, which comes to what the way of all other letters does.
  @Test func theShortWayOfPCaseIsTheLongOne() throws {
    for byte in UInt8(1)..<0x7F where byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\") {
      let letter = String(Unicode.Scalar(byte))
      let text = "xY\(letter)zW \(letter)q1aB'\(letter)cD\(letter)"
      let short = try Self.run("PCase(\"\(text)\")")
      let long = try Self.run("PCase(\"\(text) é\")")
      guard case .value(.text(let one)) = short, case .value(.text(let other)) = long else {
        Issue.record("\(text): \(short), \(long)")
        continue
      }
      #expect(one + " É" == other)
    }
  }

  @Test(arguments: [
    (#"InStr("abcabc", "c")"#, 3), (#"InStr("abcabc", "c", 4)"#, 6), (#"InStr("abc", "x")"#, 0),
    (#"InStr("abc", "B", 1, vbTextCompare)"#, 2), (#"InStr("abc", "B", 1, vbBinaryCompare)"#, 0),
    (#"InStr([city], "r")"#, 3), (#"InStr("ab", "", 1)"#, 1), (#"BitAnd(&HF, &HF7)"#, 7),
    (#"BitAnd([number], 8)"#, 8), (#"Count([mails])"#, 2), (#"Count([null])"#, 0),
    (#"Count([first])"#, 1), (#"DateDiff("yyyy", "2024-12-31", "2025-01-01")"#, 1),
    (#"DateDiff("m", [date], "2023-01-01")"#, -12),
    (#"DateDiff("d", "2024-01-31T23:00:00Z", "2024-02-01T01:00:00Z")"#, 1),
    (#"DateDiff("h", "2024-01-31T23:30:00Z", "2024-02-01T01:00:00Z")"#, 1),
    (#"DateDiff("s", [date], "2024-01-31T00:01:00Z")"#, 60),
    (#"DateDiff("ww", "2024-01-06", "2024-01-07")"#, 1), (#"NumFromDate("1601-01-01")"#, 0),
    (#"NumFromDate("2025-12-31T23:59:59-05:00")"#, 134_117_171_990_000_000),
  ])
  func numbersComeOut(expression: String, expected: Int) throws {
    #expect(try Self.run(expression) == .value(.number(expected)), "\(expression)")
  }

  @Test(arguments: [
    ("CBool(\"1\")", true), ("CBool(0)", false), ("CBool(\"FALSE\")", false),
    ("CBool([number] = 12)", true),
    ("CBool([number] < \"9\")", false), ("CBool(\"b\" > \"a\")", true),
    ("CBool([first] <> [last])", true),
    ("CBool([date] >= Now())", false), ("CBool([empty] = \"\")", true), ("Not(\"True\")", false),
    ("Not(\"true\")", false), ("Not([null])", true), ("Not(\"1\")", true), ("IsNull([null])", true),
    ("IsNull(\"\")", false), ("IsNothing([first])", false), ("IsNullOrEmpty([empty])", true),
    ("IsPresent([mails])", true), ("IsString([first])", true), ("IsString(1)", false),
    ("And(IsPresent([first]), [number] > 9)", true),
    ("And([number] > 20, CDate([word]) > Now())", false),
    ("Or([number] > 9, CDate([word]) > Now())", true),
    ("Or([number] > 20, IsNull([first]))", false),
  ])
  func truthsComeOut(expression: String, expected: Bool) throws {
    #expect(try Self.run(expression) == .value(.boolean(expected)), "\(expression)")
  }

  @Test(arguments: [
    (#"CDate("2020-03-16-07:00")"#, "3/16/2020 7:00:00 AM"),
    (#"CDate("2020-03-16+08:00")"#, "3/15/2020 4:00:00 PM"),
    (#"CDate("12/31/2025 11:59:59 PM")"#, "12/31/2025 11:59:59 PM"),
    (#"CDate("2024-02-29T12:30Z")"#, "2/29/2024 12:30:00 PM"),
    (#"CDate("2009/06/15")"#, "6/15/2009 12:00:00 AM"),
    (#"CDate("15-Jun-2009")"#, "6/15/2009 12:00:00 AM"),
    (#"CDate("15 June 2009 13:45")"#, "6/15/2009 1:45:00 PM"),
    (#"CDate("June 15, 2009")"#, "6/15/2009 12:00:00 AM"),
    (#"CDate("Monday, June 15, 2009 1:45 PM")"#, "6/15/2009 1:45:00 PM"),
    (#"CDate("Mon, 15 Jun 2009 20:45:30 GMT")"#, "6/15/2009 8:45:30 PM"),
    (#"CDate("06/15/09")"#, "6/15/2009 12:00:00 AM"), (#"CDate("6/5/50")"#, "6/5/1950 12:00:00 AM"),
    (#"DateAdd("m", 1, [date])"#, "2/29/2024 12:00:00 AM"),
    (#"DateAdd("yyyy", "-1", "2024-02-29")"#, "2/28/2023 12:00:00 AM"),
    (#"DateAdd("ww", 1, [date])"#, "2/7/2024 12:00:00 AM"),
    (#"DateAdd("h", 25, [date])"#, "2/1/2024 1:00:00 AM"),
    (#"DateAdd("n", -1, [date])"#, "1/30/2024 11:59:00 PM"),
    (#"DateAdd("s", 1, [date])"#, "1/31/2024 12:00:01 AM"),
    (#"DateFromNum(0)"#, "1/1/1601 12:00:00 AM"),
    (#"DateFromNum(129699324000000000)"#, "1/1/2012 11:00:00 PM"),
    ("Now()", "3/1/2026 2:00:00 AM"),
  ])
  func datesComeOut(expression: String, expected: String) throws {
    #expect(try Self.run(expression) == .value(.date(expected)), "\(expression)")
  }

  @Test(arguments: [
    (#"FormatDateTime("20150123105347.1Z", , "yyyyMMddHHmmss.fZ", "yyyy-MM-dd")"#, "2015-01-23"),
    (
      #"FormatDateTime("3/1/2026 2:05:09 PM", "M/d/yyyy h:mm:ss tt", "dddd d MMM yy HH:mm:ss.ff 'of' zzz")"#,
      "Sunday 1 Mar 26 14:05:09.00 of +00:00"
    ),
    (#"FormatDateTime([date], "yyyy-MM-dd", "o")"#, "2024-01-31T00:00:00.0000000Z"),
    (#"FormatDateTime([date], "yyyy-MM-dd", "g")"#, "01/31/2024 00:00"),
    (#"FormatDateTime([date], "yyyy-MM-dd", "G")"#, "01/31/2024 00:00:00"),
    (#"FormatDateTime([date], "yyyy-MM-dd", "f")"#, "Wednesday, 31 January 2024 00:00"),
    (#"FormatDateTime([date], "yyyy-MM-dd", "F")"#, "Wednesday, 31 January 2024 00:00:00"),
    (#"FormatDateTime([date], "yyyy-MM-dd", "U")"#, "Wednesday, 31 January 2024 00:00:00"),
    (#"FormatDateTime([date], "yyyy-MM-dd", "M")"#, "January 31"),
    (#"FormatDateTime([date], "yyyy-MM-dd", "y")"#, "2024 January"),
    (#"FormatDateTime([date], "yyyy-MM-dd", "R")"#, "Wed, 31 Jan 2024 00:00:00 GMT"),
    (#"FormatDateTime([date], "yyyy-MM-dd", "yyyy gg")"#, "2024 A.D."),
    (#"FormatDateTime("Wed 31 Jan 2024", "ddd d MMM yyyy", "d")"#, "01/31/2024"),
    (
      #"FormatDateTime(" 31 January 2024 ", "AllowWhiteSpaces", "d MMMM yyyy", "MM/dd/yyyy")"#,
      "01/31/2024"
    ),
    (
      #"FormatDateTime("2024-01-31T23:00:00-05:00", "yyyy-MM-ddTHH:mm:sszzz", "yyyy-MM-dd")"#,
      "2024-02-01"
    ),
    (#"FormatDateTime(CDate([date]), , "HH:mm", "yyyyMMdd")"#, "20240131"),
  ])
  func datesAreWrittenInTheirFormat(expression: String, expected: String) throws {
    #expect(try Self.run(expression) == .value(.text(expected)), "\(expression)")
  }

  /// Each value once, wherever the list comes from and whatever stands beside it.
  @Test(arguments: [
    (#"Join(";", Split("a, b", ","))"#, "a;b"),
    (#"Join(";", "x", Split("a,b", ","), "y", [mails], "z")"#, "x;a;b;y;a@x.org;b@x.org;z"),
    (#"Join(";", [mails], RemoveDuplicates(Split("a,a,b", ",")))"#, "a@x.org;b@x.org;a;b"),
    (
      #"Join("-", Join(";", Split("a,b", ","), "c"), Join(";", [mails]), Split("d", ","))"#,
      "a;b;c-a@x.org;b@x.org-d"
    ),
    (#"Join(";", Item(Split("a,b", ","), 2), Split("c,,d", ","), Word("e f", 2, " "))"#, "b;c;d;f"),
    (#"Join(",", Split(Join(";", Split("a b", " "), "c"), ";"), Split("", ","), "d")"#, "a,b,c,d"),
  ])
  func aListIsJoinedValueByValue(expression: String, expected: String) throws {
    #expect(try Self.run(expression) == .value(.text(expected)), "\(expression)")
  }

  @Test func everyKeyOfAListIsLookedUp() throws {
    #expect(
      try Self.run(#"Lookup("offices", Split("Zürich,Nowhere,Zürich", ","), "HQ")"#)
        == .value(.list(["ZRH-1", "HQ", "ZRH-1"])))
    #expect(
      try Self.run(#"Join(";", "a", Lookup("offices", Split("Zürich,Zürich", ",")), "b")"#)
        == .value(.text("a;ZRH-1;ZRH-1;b")))
    #expect(try Self.run(#"Lookup("offices", [null], "HQ")"#) == .value(.text("HQ")))
    guard case .fault(let fault) = try Self.run(#"Lookup("offices", Split("Zürich,x", ","))"#)
    else {
      Issue.record("a key that is not there is a fault")
      return
    }
    #expect(fault.kind == .notInTable("offices"))
    #expect(fault.input == "x")
  }

  @Test func listsComeOut() throws {
    #expect(try Self.run(#"Split("a, b,,c", ",")"#) == .value(.list(["a", "b", "", "c"])))
    #expect(
      try Self.run(#"RemoveDuplicates(Split("a,b,a,A", ","))"#) == .value(.list(["a", "b", "A"])))
    #expect(try Self.run("Item([mails], 2)") == .value(.text("b@x.org")))
    #expect(try Self.run("SingleAppRoleAssignment([one])") == .value(.text("only")))
    for function in [
      "AppRoleAssignments", "AppRoleAssignmentsComplex", "AssertiveAppRoleAssignmentsComplex",
    ] {
      #expect(try Self.run("\(function)([mails])") == .value(.list(["a@x.org", "b@x.org"])))
    }
  }

  /// One optional hire date must not set a person aside.
  @Test(arguments: [
    #"CDate([null])"#, #"FormatDateTime([null], "yyyy-MM-dd", "yyyy")"#, "NumFromDate([empty])",
    "DateFromNum([null])", "Item([null], 1)", #"DateAdd("d", 1, [null])"#,
    #"DateDiff("d", [null], Now())"#, #"FormatDateTime(CDate([empty]), , "HH:mm", "yyyy")"#,
  ])
  func ofNothingComesNothing(expression: String) throws {
    #expect(try Self.run(expression) == .value(.null), "\(expression)")
  }

  @Test func aBooleanOfJSONIsTrueOrFalseAsInEntra() throws {
    func outcome(_ expression: String, _ truth: Bool) throws -> ExpressionTrial.Outcome {
      ExpressionTrial(
        try ExpressionProgram(compiling: expression), inputs: ["on": .truth(truth)], now: 0
      ).outcome
    }
    #expect(try outcome(#"Switch([on], "d", "True", "yes")"#, true) == .value(.text("yes")))
    #expect(try outcome(#"IIF([on] = "True", "1", "2")"#, true) == .value(.text("1")))
    #expect(try outcome(#"IIF([on], "1", "2")"#, false) == .value(.text("2")))
    #expect(try outcome(#"Append([on], "!")"#, false) == .value(.text("False!")))
    #expect(try outcome("IsString([on])", true) == .value(.boolean(false)))
  }

  /// What stands in a branch that is not taken may fail.
  @Test(arguments: [
    (#"IIF([number] = 12, [first], CDate([word]))"#, "Ann"),
    (#"Switch([first], CDate([word]), "Ann", "yes", CDate([word]), "no")"#, "yes"),
    (#"Coalesce([null], [empty], [first], CDate([word]))"#, "Ann"),
    (#"Switch([last], "d", "a", CDate("x"))"#, "d"),
    (#"IIF([number] = 12, [first], Left([last], "x"))"#, "Ann"),
    (#"Switch([null], "d", "", "none")"#, "none"), (#"Switch([first], "d", "ann", "x")"#, "d"),
    (#"Lookup("offices", [city])"#, "ZRH-1"), (#"Lookup("offices", [first], "HQ")"#, "HQ"),
    ("DefaultDomain()", "contoso.com"),
  ])
  func branchesAreLazy(expression: String, expected: String) throws {
    #expect(try Self.run(expression) == .value(.text(expected)), "\(expression)")
  }

  @Test(arguments: [
    (#"IIF([number] = 12, IgnoreAttributeFlow, "x")"#, ExpressionResult.ignoreAttribute),
    (#"Switch([first], IgnoreObjectFlow, "Bo", "x")"#, .ignoreObject),
    (#"Join("", IgnoreFlowIfNullOrEmpty([null]))"#, .ignoreAttribute),
    (#"Coalesce([null], [empty])"#, .null),
    (#"Switch([first], , "Bo", "x")"#, .null), ("IgnoreFlowIfNullOrEmpty([first])", .text("Ann")),
  ])
  func wordsStandForThemselves(expression: String, expected: ExpressionResult) throws {
    #expect(try Self.run(expression) == .value(expected), "\(expression)")
  }

  @Test(arguments: [
    (#"Replace([city], "ü", , , "ue", , )"#, "Zuerich"),
    (#"Replace("aaa", "a", , , "ab")"#, "ababab"),
    (#"Replace([first], "$", , , , , "Dear $!")"#, "Dear Ann!"),
    (#"Replace("xab", , "x*", , "-")"#, "--a-b-"),
    (#"Replace("ab", , "(?<x>a)(b)", , "$2${x}$1$$$0")"#, "aab$ab"),
    (#"Replace("a1b2", , "(?<n>\d)", "n", "%")"#, "a%b%"),
    (#"Replace("ab", , "(?<n>c)?b", "n", "%")"#, "ab"),
    (#"Replace([first], , "(?<x>.*)@", "x", , "b@c")"#, "Ann"),
    (#"Replace([null], , "(?<x>.*)@", "x", , "b@c")"#, "b"),
  ])
  func replaceDoesFiveThings(expression: String, expected: String) throws {
    #expect(try Self.run(expression) == .value(.text(expected)), "\(expression)")
  }

  @Test func aUniqueValueIsTheFirstThatNobodyHas() throws {
    let rules = #"SelectUniqueValue(ToLower([first]), Join("", [first], "2"), "c")"#
    #expect(try Self.run(rules) == .value(.text("ann")))
    #expect(try Self.run(rules, taken: ["ANN"]) == .value(.text("Ann2")))
    guard case .fault(let fault) = try Self.run(rules, taken: ["Ann", "ann2", "C"]) else {
      Issue.record("there was a fourth value")
      return
    }
    #expect(fault.kind == .allTaken(3))
  }

  @Test(arguments: UInt64(0)..<50)
  func randomTextsHaveWhatTheyMust(seed: UInt64) throws {
    guard
      case .value(.text(let text)) = try Self.run(
        "RandomString(12, 2, 3, 1, 4, \"ab0?\")", seed: seed)
    else {
      Issue.record("no text")
      return
    }
    #expect(text.count == 12 && !text.contains { "ab0?".contains($0) }, "\(text), seed \(seed)")
    #expect(
      text.count(where: \.isNumber) >= 2 && text.count(where: \.isLowercase) >= 4, "seed \(seed)")
    #expect(text.count(where: \.isUppercase) >= 1, "seed \(seed)")
    #expect(text.count { !$0.isNumber && !$0.isLetter } >= 3, "seed \(seed)")
    #expect(
      try Self.run("RandomString(12, 2, 3, 1, 4, \"ab0?\")", seed: seed) == .value(.text(text)))
  }

  @Test(
    arguments: [
      (#"CDate([word])"#, ExpressionFault.Kind.notADate, "CDate([word])", "soon"),
      (#"Left([first], [word])"#, .notANumber, "Left([first], [word])", "soon"),
      (#"IIF([word], "a", "b")"#, .notTrueOrFalse, #"IIF([word], "a", "b")"#, "soon"),
      (#"Left([first], [null])"#, .noValue, "Left([first], [null])", nil),
      (
        #"Left([first], [huge])"#, .numberTooLarge, "Left([first], [huge])", "99999999999999999999"
      ),
      (
        #"NumFromDate("1600-12-31")"#, .outOfRange, #"NumFromDate("1600-12-31")"#,
        "12/31/1600 12:00:00 AM"
      ),
      ("DateFromNum(-1)", .outOfRange, "DateFromNum(-1)", "-1"),
      (
        #"FormatDateTime("Monday 31 Jan 2024", "dddd d MMM yyyy", "d")"#,
        .notInFormat("dddd d MMM yyyy"),
        #"FormatDateTime("Monday 31 Jan 2024", "dddd d MMM yyyy", "d")"#, "Monday 31 Jan 2024"
      ),
      (
        #"IIF(DateDiff("d", [null], Now()) > 0, "a", "b")"#, .noValue,
        #"DateDiff("d", [null], Now()) > 0"#, nil
      ),
      (
        #"FormatDateTime(" 2024", "None", "yyyy", "d")"#, .notInFormat("yyyy"),
        #"FormatDateTime(" 2024", "None", "yyyy", "d")"#, " 2024"
      ),
      (#"IIF([empty] = "USA", "a", "b")"#, .noValue, #"[empty] = "USA""#, nil),
      (#"ToLower([mails])"#, .severalValues(2), "[mails]", nil),
      (#"Item([mails], 3)"#, .noSuchItem(index: 3, count: 2), "Item([mails], 3)", nil),
      (#"Item([mails], 0)"#, .noSuchItem(index: 0, count: 2), "Item([mails], 0)", nil),
      (#"DateAdd("yyyy", 9999, [date])"#, .outOfRange, #"DateAdd("yyyy", 9999, [date])"#, "9999"),
      (
        #"DateFromNum(-9000000000000000000)"#, .outOfRange, "DateFromNum(-9000000000000000000)",
        "-9000000000000000000"
      ),
      (
        #"FormatDateTime([date], "M/d/yyyy", "yyyy")"#, .notInFormat("M/d/yyyy"),
        #"FormatDateTime([date], "M/d/yyyy", "yyyy")"#, "2024-01-31"
      ),
      (
        #"Lookup("offices", [first])"#, .notInTable("offices"), #"Lookup("offices", [first])"#,
        "Ann"
      ),
      (
        #"RandomString(3, 2, 2, 0, 0)"#, .impossibleRandomString, "RandomString(3, 2, 2, 0, 0)", nil
      ),
      (
        #"SingleAppRoleAssignment([mails])"#, .severalValues(2), "SingleAppRoleAssignment([mails])",
        nil
      ),
    ] as [(String, ExpressionFault.Kind, String, String?)])
  func whatCannotBeWorkedOutSaysWhy(
    expression: String, kind: ExpressionFault.Kind, part: String, input: String?
  ) throws {
    guard case .fault(let fault) = try Self.run(expression) else {
      Issue.record("\(expression) came to a value")
      return
    }
    #expect(fault.kind == kind, "\(expression)")
    #expect(fault.input == input, "\(expression)")
    let program = try ExpressionProgram(
      compiling: expression,
      in: ExpressionSurroundings(tables: ["offices": LookupTable(name: "offices", values: [:])]))
    #expect(program.text(of: fault.range) == part)
    #expect(!fault.kind.message.isEmpty)
  }
}
