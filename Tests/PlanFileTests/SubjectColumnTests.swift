import Identity
import PlanFile
import TestSupport
import Testing

/// A column has the subjects that were put into it, and their order.
struct SubjectColumnTests {
  private static func subjects(_ random: inout SeededGenerator) -> [SubjectRef] {
    let starts = ["ann", "somebody.somewhere@", "é", "", "e\u{301}", "a\0b"]
    return (0..<Int.random(in: 0..<60, using: &random)).map { number in
      SubjectRef(
        id: Bool.random(using: &random)
          ? ResourceID(high: random.next(), low: 1) : ResourceID("id \(number)"),
        name: (starts.randomElement(using: &random) ?? "")
          + (["", "a", "B", "ü"].randomElement(using: &random) ?? ""))
    }
  }

  @Test(arguments: UInt64(0)..<40)
  func subjectsComeOutAsTheyWentIn(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let (some, more) = (Self.subjects(&random), Self.subjects(&random))
    var column = SubjectColumn(some)
    var other = SubjectColumn()
    for subject in more { other.append(subject.id, name: subject.name.utf8.span) }
    column.append(contentsOf: other)
    #expect(column.count == some.count + more.count)
    #expect(column.indices.map { column[$0] } == some + more, "seed \(seed)")
    #expect(column.indices.map { column.id($0) } == (some + more).map(\.id), "seed \(seed)")
  }

  /// Sorting whole subjects is the slow twin.
  @Test(arguments: UInt64(0)..<60)
  func theOrderIsThatOfSubjects(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let column = SubjectColumn(Self.subjects(&random))
    #expect(
      column.order().map { column[$0] } == column.indices.map { column[$0] }.sorted(),
      "seed \(seed)")
  }

  @Test func whatIsNoTextIsReplaced() {
    var column = SubjectColumn()
    let bytes: [UInt8] = [0x61, 0xFF, 0x62]
    column.append(ResourceID("x"), name: bytes.span)
    #expect(column[0].name == "a\u{FFFD}b")
  }
}
