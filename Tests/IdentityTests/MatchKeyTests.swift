import Identity
import Testing

struct MatchKeyTests {
  private static let hasher = KeyHasher(
    keys: [
      MatchKey(path: .externalID, id: AttributeID(0)),
      MatchKey(path: .userName, id: AttributeID(1)),
    ], secret: [UInt8](1...32))

  private func hash(_ text: String, key: Int = 1) -> UInt64 {
    Self.hasher.hash(Array(text.utf8).span, key: key)
  }

  @Test(arguments: [("Ann@Contoso.COM", "ann@contoso.com"), ("ÀB", "Àb"), ("[\\]^_`{", "[\\]^_`{")])
  func lettersOfASCIIAreOneInBothCases(left: String, right: String) {
    #expect(MatchKeyText.same(left.utf8, right.utf8))
    #expect(hash(left) == hash(right))
    #expect(MatchKeyText.folded(left.utf8) == MatchKeyText.folded(right.utf8))
  }

  /// Each pair is one text to some wider fold, and two people to Rollcall.
  @Test(arguments: [
    ("s", "ſ"), ("k", "\u{212A}"), ("é", "e\u{301}"), ("À", "à"), ("I", "ı"), ("i", "İ"),
    ("ss", "ß"), ("a", "ａ"), ("fi", "ﬁ"), ("a", "а"), ("å", "Å"), ("ann", "ann "), ("@", "`"),
    ("[", "{"), ("a", "a\u{0}"), ("a", "a\u{200D}"),
  ])
  func lookAlikesStayApart(left: String, right: String) {
    #expect(!MatchKeyText.same(left.utf8, right.utf8))
    #expect(hash(left) != hash(right))
    #expect(MatchKeyText.folded(left.utf8) != MatchKeyText.folded(right.utf8))
  }

  @Test func onlyTheEmptyValueHashesToNone() {
    #expect(hash("") == KeyHasher.none)
    #expect(hash("a") != KeyHasher.none)
  }

  @Test func theSameValueHashesDifferentlyUnderAnotherKey() {
    #expect(hash("ann", key: 0) != hash("ann", key: 1))
  }

  @Test func anImagesHashesStandInMatchingOrder() {
    var image = AttributeImage()
    image.append(AttributeID(1), "Ann".utf8)
    #expect(Self.hasher.hashes(of: image) == [KeyHasher.none, hash("ann")])
  }
}
