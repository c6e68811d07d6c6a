import Identity
import TestSupport
import Testing

struct AttributeSetTests {
  private static let attributes = [
    ManagedAttribute(path: .userName), ManagedAttribute(path: .active, kind: .boolean),
    ManagedAttribute(path: .workEmail), ManagedAttribute(path: .displayName),
    ManagedAttribute(path: .externalID),
  ]

  @Test(arguments: UInt64(0)..<10)
  func theOrderInThePolicyDoesNotMatter(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let set = AttributeSet(Self.attributes.shuffled(using: &random))
    #expect(set == AttributeSet(Self.attributes), "seed \(seed)")
    #expect(
      set.canonicalText == """
        active boolean
        displayName string
        emails[type eq "work"].value string
        externalId string
        userName string

        """, "seed \(seed)")
  }

  @Test func aRepeatedPathKeepsItsFirstKind() {
    let set = AttributeSet([
      ManagedAttribute(path: .active, kind: .boolean), ManagedAttribute(path: .active),
    ])
    #expect(set.attributes == [ManagedAttribute(path: .active, kind: .boolean)])
  }

  @Test func idsArePlacesInTheOrder() {
    let set = AttributeSet(Self.attributes)
    #expect(set.ids.map(\.index) == [0, 1, 2, 3, 4])
    #expect(set.ids.map { set.id(of: set[$0].path) } == set.ids)
    #expect(set.id(of: AttributePath(attribute: "title")) == nil)
    #expect(AttributeSet([]).ids.isEmpty)
  }
}
