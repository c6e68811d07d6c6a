import Identity
import Scanning
import Testing

/// RFC 7643 §2.3: what is a value of each type, and its one spelling.
struct TypedValueTests {
  typealias Kind = ManagedAttribute.Kind

  private func spelling(_ text: String, _ kind: Kind) -> String? {
    kind.spelling(of: text.utf8.span).map { String(decoding: $0, as: UTF8.self) }
  }

  @Test(arguments: [
    ("7", "7"), ("007", "7"), ("+7", "7"), ("-7", "-7"), ("-0", "0"), ("0", "0"),
    ("9223372036854775807", "9223372036854775807"),
    ("-9223372036854775808", "-9223372036854775808"),
  ])
  func aWholeNumberHasOneSpelling(text: String, expected: String) {
    #expect(spelling(text, .integer) == expected)
  }

  @Test(arguments: [
    "", "-", "7.0", "1e3", "9223372036854775808", "7 ", " 7", "٧", "0x7", "1,000", "--7",
  ])
  func whatIsNoWholeNumberHasNone(text: String) {
    #expect(spelling(text, .integer) == nil)
  }

  @Test(arguments: [
    ("1.5", "1.5"), ("1.50", "1.5"), ("01.5", "1.5"), ("2", "2.0"), ("2.0", "2.0"), ("-0.0", "0.0"),
    ("-1.25", "-1.25"), ("+3.1", "3.1"), ("0.001", "0.001"),
  ])
  func aDecimalNumberHasADigitOnBothSides(text: String, expected: String) {
    #expect(spelling(text, .decimal) == expected)
  }

  @Test(arguments: [
    "", ".5", "5.", "1,5", "1e3", "1.2.3", "NaN", "-", String(repeating: "1", count: 35),
  ])
  func whatIsNoDecimalNumberHasNone(text: String) {
    #expect(spelling(text, .decimal) == nil)
  }

  @Test(arguments: [
    "2008-01-23T04:56:22Z", "2008-01-23T04:56:22", "2008-01-23T04:56:22.123+02:00",
    "2024-02-29T23:59:59-14:00", "2000-02-29T00:00:00Z",
  ])
  func aMomentStaysAsItIs(text: String) {
    #expect(spelling(text, .dateTime) == text)
  }

  @Test func aDayBeginsAtMidnightUTC() {
    #expect(spelling("2010-03-01", .dateTime) == "2010-03-01T00:00:00Z")
    #expect(spelling("2010-02-30", .dateTime) == nil)
    #expect(spelling("01-03-2010", .dateTime) == nil)
  }

  @Test func aListHasOneSpelling() {
    #expect(spelling(#"["b", "a"]"#, .list) == #"["a","b"]"#)
    #expect(spelling("a", .list) == nil)
  }

  @Test(arguments: [
    "2008-1-23T04:56:22Z", "2008-13-23T04:56:22Z", "2023-02-29T04:56:22Z",
    "1900-02-29T04:56:22Z", "2008-01-23T24:00:00Z", "2008-01-23 04:56:22", "2008-01-23T04:56:22z",
    "2008-01-23T04:56:22.Z", "2008-01-23T04:56:22+15:00", "2008-01-23T04:56:22ZZ",
    "2008-01-23T04:56", "23/01/2008",
  ])
  func whatIsNoMomentHasNoSpelling(text: String) {
    #expect(spelling(text, .dateTime) == nil)
  }

  /// The spelling of a spelling is itself, or a value would differ every night.
  @Test(arguments: ["7", "-0", "007", "1.50", "2", "-3.10"])
  func spellingTwiceChangesNothing(text: String) throws {
    for kind in [Kind.integer, .decimal] {
      guard let once = spelling(text, kind) else { continue }
      #expect(spelling(once, kind) == once)
    }
  }

  /// As a number in the resource, and read back as it was written.
  @Test(arguments: [(Kind.integer, "7", "7"), (.decimal, "1.5", "1.5"), (.integer, "x", #""x""#)])
  func numbersStandWithoutQuotes(kind: Kind, text: String, json: String) throws {
    let path = try AttributePath(parsing: "urn:contoso:hr:1.0:User:badge")
    var document = ResourceDocument()
    document.set(ManagedAttribute(path: path, kind: kind), to: text)
    #expect(
      String(decoding: document.canonicalBytes, as: UTF8.self)
        == #"{"urn:contoso:hr:1.0:User":{"badge":\#(json)}}"#)
    #expect(document.value(at: path) == text)
  }
}
