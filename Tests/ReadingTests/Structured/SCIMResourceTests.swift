import Identity
import Reading
import TestSupport
import Testing

/// Of a file with users and groups, each export reads its own.
struct SCIMResourceTests {
  private static let user = "urn:ietf:params:scim:schemas:core:2.0:User"
  private static let records = [
    #"{"schemas":["\#(user)"],"id":"1","userName":"ann"}"#,
    #"{"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"id":"2","displayName":"Sales","members":[{"value":"1","type":"User"}]}"#,
    #"{"id":"3","meta":{"resourceType" : "User"}}"#,
    #"{"id":"4","meta":{"resourceType":"Group"}}"#,
    #"{"id":"5","meta":{"resourceType":"Role"}}"#,
    #"{"id":"6"}"#,
    #"{"schemas":["URN:ietf:params:scim:schemas:core:2.0:user","urn:x"],"id":"7","meta":{"resourceType":"Group"}}"#,
  ]

  @Test(arguments: [true, false])
  func resourcesOfAnotherKindAreLeftOut(inLines: Bool) async throws {
    for (resource, ids) in [
      (SCIMResource.user, ["1", "3", "6", "7"]), (.group, ["2", "4", "6"]),
    ] {
      let read = try await Self.read(Self.records, inLines: inLines, resource)
      #expect(read.ids == ids)
      #expect(read.summary.findings.isEmpty)
    }
    #expect(try await Self.read(Self.records, inLines: inLines, nil).ids.count == 7)
  }

  /// Lines that look alike are read in another way, which knows of no kinds.
  @Test func oneGroupAmongManyLinesOfUsersIsLeftOut() async throws {
    let users = (10..<500).map { #"{"schemas":["\#(Self.user)"],"id":"\#($0)"}"# }
    let read = try await Self.read(
      users + [users[0].replacing(":User", with: ":Group")], inLines: true, .user)
    #expect(read.ids.count == 490)
  }

  private static func read(
    _ records: [String], inLines: Bool, _ resource: SCIMResource?
  ) async throws -> (ids: [String], summary: ReadSummary) {
    let folder = try TemporaryFolder()
    let text =
      inLines
      ? records.map { $0 + "\n" }.joined()
      : #"{"totalResults":\#(records.count),"Resources":[\#(records.joined(separator: ","))]}"#
    let path = try folder.write(Array(text.utf8), as: "resources")
    let reader = try ExportReader(
      exportName: "people", paths: [path],
      format: FormatOptions(fields: [["id"]], resource: resource), jobs: 2)
    var ids: [String] = []
    let summary = try await reader.read { batch in
      (0..<batch.count).map { batch.text(row: $0, column: 0) }
    } collect: { texts, _ in
      ids += texts
    }
    return (ids, summary)
  }
}
