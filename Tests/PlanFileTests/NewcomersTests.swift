import Identity
import PlanFile
import TestSupport
import Testing

/// A place among newcomers says what the whole thing would say.
struct NewcomersTests {
  private static let attributes = AttributeSet([
    ManagedAttribute(path: .userName), ManagedAttribute(path: .externalID),
    ManagedAttribute(path: .active, kind: .boolean),
  ])

  private func newcomers(_ count: Int) throws -> Newcomers {
    let userName = try #require(Self.attributes.id(of: .userName))
    let images = (0..<count).map { number in
      var image = AttributeImage()
      for id in Self.attributes.ids {
        image.append(id, (id == userName ? "näme \"\(number)\"" : "true").utf8)
      }
      return image
    }
    return Newcomers(
      ids: ResourceIDs((0..<count).map { ResourceID("id-\($0)") }),
      images: AttributeImage.sharingMemory(images),
      records: (0..<count).map { RecordNumber(export: $0 % 2, number: $0) },
      seats: (0..<count).map { UInt32($0) }, userName: userName, exports: ["staff", "guests"])
  }

  private func origin(_ number: Int) -> RecordOrigin {
    RecordOrigin(
      export: ["staff", "guests"][number % 2], file: "users-\(number % 3).csv", line: number + 2)
  }

  private func whole(_ newcomers: Newcomers, _ place: Int) -> Operation {
    Operation(
      subject: SubjectRef(id: ResourceID("id-\(place)"), name: "näme \"\(place)\""),
      action: .createMember(newcomers.images[place]), situation: .joiner, classes: [],
      rule: "lifecycle.create")
  }

  @Test func operationsGroundsAndOwnershipsAreEqualToWholeOnes() throws {
    let newcomers = try newcomers(40)
    let origins = SharedOrigins((0..<40).map(origin))
    for place in 0..<40 {
      let operation = Operation(of: newcomers, at: place)
      let expected = whole(newcomers, place)
      #expect(operation == expected)
      #expect(operation.hashValue == expected.hashValue)
      #expect(operation.kind == .createMember)
      #expect(operation.newcomerExport == ["staff", "guests"][place % 2])
      #expect(expected.newcomerExport == nil)
      for one in [operation, expected] {
        #expect(
          one.withName { name in name.indices.map { name[$0] } } == Array(one.subject.name.utf8))
      }
      let grounds = Evidence.Grounds(operation: 7 + place, origins, at: place)
      let whole = Evidence.Grounds(
        operation: 7 + place, origins: [origin(place)], stateBefore: nil)
      #expect(grounds == whole)
      #expect(grounds.hashValue == whole.hashValue)
      let ownership = Bookkeeping.Ownership(of: newcomers, at: place)
      #expect(
        ownership
          == Bookkeeping.Ownership(
            kind: .member, subject: ResourceID("id-\(place)"),
            export: ["staff", "guests"][place % 2]))
      #expect(ownership.newcomer != nil)
    }
  }

  @Test func aPlanOfPlacesIsTheSameBytesAsAPlanOfWholeOperations() throws {
    let newcomers = try newcomers(1000)
    func decisions(_ operation: (Int) -> Operation) -> Decisions {
      Decisions(
        memberAttributes: Self.attributes, teamAttributes: AttributeSet([]),
        operations: (0..<1000).map(operation), holds: [], situations: [.joiner: 1000],
        lowerBound: 1000)
    }
    #expect(
      PlanWriter.decisionsDigest(of: decisions { Operation(of: newcomers, at: $0) })
        == PlanWriter.decisionsDigest(of: decisions { whole(newcomers, $0) }))
  }
}
