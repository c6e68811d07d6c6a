import Reading
import Testing

/// Records of a delta about the same thing.
struct RepeatedRecordsTests {
  private static let fields = [["id"], ["mail"], ["title"], ["gone"]]

  private static func rows(_ text: String) async throws -> [[String]] {
    let merging = FormatOptions.Merging(key: [["id"]], marker: ["gone"])
    return try await JSONExport(
      [Array(text.utf8)], fields: fields, blockSize: 16, merging: merging
    ).rows
  }

  @Test func whatALaterRecordDoesNotHaveIsThatOfTheOneBefore() async throws {
    let text = """
      {"id":1,"mail":"a","title":"x"}
      {"id":2,"mail":"b"}
      {"id":1,"title":"y"}
      {"id":1,"mail":null}
      """
    #expect(
      try await Self.rows(text) == [["2", "b", "absent", "absent"], ["1", "", "y", "absent"]])
  }

  @Test func onlyTheLastRecordSaysWhetherAThingIsGone() async throws {
    let text = """
      {"id":1,"mail":"a","gone":"yes"}
      {"id":2,"mail":"b"}
      {"id":1}
      {"id":2,"gone":"yes"}
      """
    #expect(
      try await Self.rows(text) == [["1", "a", "absent", "absent"], ["2", "b", "absent", "yes"]])
  }

  @Test func aBooleanThatIsTakenOverStaysOne() async throws {
    let text = """
      {"id":1,"mail":true,"title":"true"}
      {"id":1,"gone":false}
      """
    let read = try await JSONExport(
      [Array(text.utf8)], fields: Self.fields, blockSize: 16,
      merging: FormatOptions.Merging(key: [["id"]], marker: ["gone"]))
    #expect(read.rows == [["1", "true", "true", "false"]])
    #expect(read.truths == [[nil, true, nil, false]])
  }

  @Test func recordsWithoutAKeyAreLeftAlone() async throws {
    let text = "{\"mail\":\"a\"}\n{\"mail\":\"a\"}\n"
    #expect(try await Self.rows(text).count == 2)
  }
}
