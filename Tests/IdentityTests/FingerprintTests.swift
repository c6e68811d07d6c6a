import Identity
import Scanning
import TestSupport
import Testing

struct FingerprintTests {
  private static let secret = [UInt8](1...32)
  private static let set = AttributeSet(
    ["active", "displayName", "externalId", "title", "userName"].map {
      ManagedAttribute(path: AttributePath(attribute: $0))
    })
  private let print = Fingerprinter(attributes: set, secret: secret)

  private func image(_ values: [(Int, String)]) -> AttributeImage {
    var image = AttributeImage()
    for (id, value) in values { image.append(AttributeID(id), value.utf8) }
    return image
  }

  private func digest(_ value: String, _ id: Int) -> Fingerprint {
    print.digest(of: Array(value.utf8).span, for: AttributeID(id))
  }

  @Test func itIsTheSumOfItsAttributesInAnyOrder() {
    let whole = print.fingerprint(of: image([(1, "Ann"), (3, "Buyer"), (4, "ann")]))
    #expect(whole == digest("ann", 4) &+ digest("Ann", 1) &+ digest("Buyer", 3))
    #expect(whole == digest("Buyer", 3) &+ (digest("ann", 4) &+ digest("Ann", 1)))
  }

  @Test func anAttributeCanBeTakenOutAgain() {
    let whole = print.fingerprint(of: image([(1, "Ann"), (3, "Buyer"), (4, "ann")]))
    #expect(
      whole &- digest("Buyer", 3) == print.fingerprint(of: image([(1, "Ann"), (4, "ann")])))
  }

  @Test func absentAndEmptyAddNothing() {
    #expect(print.fingerprint(of: AttributeImage()) == .zero)
    #expect(digest("", 3) == .zero)
    #expect(
      print.fingerprint(of: image([(1, "Ann"), (3, "")]))
        == print.fingerprint(of: image([(1, "Ann")])))
  }

  @Test func theSameValueIsDifferentInAnotherAttribute() {
    #expect(digest("ann", 1) != digest("ann", 4))
    #expect(
      print.fingerprint(of: image([(1, "a"), (4, "b")]))
        != print.fingerprint(of: image([(1, "b"), (4, "a")])))
  }

  @Test func anotherSecretGivesOtherFingerprints() {
    let other = Fingerprinter(attributes: Self.set, secret: [UInt8](2...33))
    let image = image([(4, "ann")])
    #expect(other.fingerprint(of: image) != print.fingerprint(of: image))
  }

  @Test func theOtherAttributesOfThePolicyDoNotMatter() {
    let alone = Fingerprinter(
      attributes: AttributeSet([ManagedAttribute(path: .userName)]), secret: Self.secret)
    #expect(alone.digest(of: Array("ann".utf8).span, for: AttributeID(0)) == digest("ann", 4))
  }

  @Test(arguments: [
    ("a", "b"), ("ann", "Ann"), ("ann", "ann "), ("a", "a\u{0}"), ("\u{0}", "\u{0}\u{0}"),
    ("é", "e\u{301}"), ("12345678", "12345679"), ("1234567890123456", "12345678901234567"),
  ])
  func valuesThatDifferInAByteDiffer(left: String, right: String) {
    #expect(digest(left, 1) != digest(right, 1))
  }

  @Test func everyByteOfALongValueCounts() {
    let value = [UInt8](repeating: 0x61, count: 700)
    let whole = print.digest(of: value.span, for: AttributeID(1))
    for index in value.indices {
      var changed = value
      changed[index] = 0x62
      #expect(print.digest(of: changed.span, for: AttributeID(1)) != whole, "byte \(index)")
    }
  }

  @Test(arguments: UInt64(0)..<20)
  func sumsWrapAndComeBack(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let numbers = (0..<8).map { _ in Digest128(low: random.next(), high: random.next()) }
    let forward = numbers.reduce(.zero, &+)
    #expect(forward == numbers.shuffled(using: &random).reduce(.zero, &+), "seed \(seed)")
    #expect(numbers.reduce(forward, &-) == .zero, "seed \(seed)")
    #expect(Digest128.zero &- numbers[0] &+ numbers[0] == .zero, "seed \(seed)")
  }

  @Test func aTeamsFingerprintDoesNotDependOnTheOrderOfItsMembers() {
    let edges = EdgeHasher(secret: Self.secret)
    let ordinals = (0..<50).map { UInt32($0 * 7) }
    let forward = ordinals.map(edges.digest(ofMember:)).reduce(.zero, &+)
    #expect(forward == ordinals.reversed().map(edges.digest(ofMember:)).reduce(.zero, &+))
    #expect(forward &- edges.digest(ofMember: 7) != forward)
    #expect(Set(ordinals.map(edges.digest(ofMember:))).count == ordinals.count)
  }

  /// Sums under one key must not add up: the ordinals of other members may well do.
  @Test func teamsWhoseOrdinalsAddUpAlikeDiffer() {
    let edges = EdgeHasher(secret: Self.secret)
    func sum(_ ordinals: [UInt32]) -> Fingerprint {
      ordinals.map(edges.digest(ofMember:)).reduce(.zero, &+)
    }
    #expect(sum([5, 11]) != sum([8, 8]))
    #expect(sum([1, 4]) != sum([2, 3]))
    // The same sums of squares, too (Prouhet).
    #expect(sum([0, 3, 5, 6]) != sum([1, 2, 4, 7]))
    var seen: Set<Fingerprint> = []
    for first in 0..<60 as Range<UInt32> {
      for second in first..<60 { seen.insert(sum([first, second])) }
    }
    #expect(seen.count == 60 * 61 / 2)
  }
}
