import Testing

@testable import Identity

struct SuggestionTests {
  private static let keys = ["content", "path", "name", "formerly", "preset", "delimiter"]

  @Test(arguments: [
    ("contnet", "content"), ("pathh", "path"), ("Name", "name"), ("delimeter", "delimiter"),
    ("formely", "formerly"), ("prest", "preset"),
  ])
  func aSlipFindsItsWord(slip: String, word: String) {
    #expect(Suggestion.nearest(to: slip, among: Self.keys) == word)
  }

  @Test(arguments: ["", "x", "users", "removals", "ab"])
  func anythingElseFindsNothing(text: String) {
    #expect(Suggestion.nearest(to: text, among: Self.keys) == nil)
  }

  @Test(arguments: [
    ("", "", 0), ("abc", "abc", 0), ("abc", "acb", 1), ("abc", "ab", 1), ("abc", "abcd", 1),
    ("abc", "xbc", 1), ("kitten", "sitting", 3), ("", "abc", 3),
  ])
  func distancesAreThoseOfTheTextbook(left: String, right: String, distance: Int) {
    #expect(Suggestion.distance(left, right) == distance)
    #expect(Suggestion.distance(right, left) == distance)
  }
}
