import Scanning
import Testing

@testable import Reading

/// What the operations of a BulkRequest come to.
struct SCIMBulkTests {
  @Test(arguments: [
    // A new resource is known by its externalId, else by the name that the request gives it.
    (
      #"{"method":"POST","path":"/Users","bulkId":"q","data":{"userName":"ann","externalId":"E1"}}"#,
      #"{"id":"E1","userName":"ann","externalId":"E1"}"#
    ),
    (
      #"{"method":"post","path":"/Users","bulkId":"q","data":{"userName":"ann"}}"#,
      #"{"id":"ann","userName":"ann"}"#
    ),
    (
      #"{"method":"PUT","path":"https://example.com/v2/Users/26","data":{"id":"x","title":"Buyer"}}"#,
      #"{"id":"26","title":"Buyer"}"#
    ),
    (
      #"{"method":"DELETE","path":"/Users/26"}"#,
      #"{"id":"26","@removed":{"reason":"deleted"}}"#
    ),
    (
      #"{"method":"PATCH","path":"/Users/26","data":{"Operations":[{"op":"Replace","path":"active","value":"False"}]}}"#,
      #"{"id":"26","active":"False"}"#
    ),
    (
      #"{"method":"PATCH","path":"/Users/26","data":{"operations":[{"op":"add","value":{"name.givenName":"Ann"}},{"op":"remove","path":"title"}]}}"#,
      #"{"id":"26","name.givenName":"Ann","title":null}"#
    ),
    (
      #"{"method":"PATCH","path":"/Users/26","data":{"Operations":[{"op":"add","path":"emails[type eq \"work\"].value","value":"a@x"},{"op":"remove","path":"emails[type eq \"home\"].value"}]}}"#,
      #"{"id":"26","emails":[{"type":"work","value":"a@x"},{"type":"home","value":null}]}"#
    ),
    (
      #"{"method":"PATCH","path":"/Users/26","data":{"Operations":[{"op":"Add","path":"manager","value":[{"value":"7"}]}]}}"#,
      #"{"id":"26","manager":[{"value":"7"}]}"#
    ),
    (
      #"{"method":"PATCH","path":"/Groups/7","data":{"Operations":[{"op":"Remove","path":"members","value":[{"value":"26"}]},{"op":"add","path":"members","value":[{"value":"27"}]}]}}"#,
      #"{"id":"7","members":[{"value":"26","@removed":{"reason":"deleted"}},{"value":"27"}]}"#
    ),
    // Whoever replaces a list, or takes all of it away, takes out everybody who is not named then.
    (
      #"{"method":"PATCH","path":"/Groups/7","data":{"Operations":[{"op":"add","path":"members","value":[{"value":"1"}]},{"op":"remove","path":"members"}]}}"#,
      #"{"id":"7","members":[{"@removed":{"reason":"everybody"}}]}"#
    ),
    (
      #"{"method":"PATCH","path":"/Groups/7","data":{"Operations":[{"op":"replace","value":{"members":[{"value":"26"}]}},{"op":"add","path":"members","value":[{"value":"27"}]}]}}"#,
      #"{"id":"7","members":[{"@removed":{"reason":"everybody"}},{"value":"26"},{"value":"27"}]}"#
    ),
    (
      #"{"method":"PUT","path":"/Groups/7","data":{"displayName":"Sales","members":[]}}"#,
      #"{"id":"7","displayName":"Sales","members":[{"@removed":{"reason":"everybody"}}]}"#
    ),
    (
      #"{"method":"PUT","path":"/Groups/7","data":{"displayName":"Sales"}}"#,
      #"{"id":"7","displayName":"Sales"}"#
    ),
    (
      #"{"method":"PATCH","path":"/Groups/7","data":{"Operations":[{"op":"remove","path":"members[value eq \"26\"]"}]}}"#,
      #"{"id":"7","members":[{"value":"26","@removed":{"reason":"deleted"}}]}"#
    ),
    (
      #"{"method":"PUT","path":"/Groups/7","data":{"displayName":"Sales","members":null}}"#,
      #"{"id":"7","displayName":"Sales"}"#
    ),
    (
      #"{"method":"PATCH","path":"/Users/26","data":{"Operations":[{"op":"remove","path":"emails[type eq \"work\"]"}]}}"#,
      #"{"id":"26","emails":[{"type":"work","value":null}]}"#
    ),
    (
      #"{"method":"PATCH","path":"/Users/26","data":{"Operations":[{"op":"replace","value":{"urn:x:2.0:User:manager":"7","urn:x:2.0:User":{"manager":"8"}}}]}}"#,
      #"{"id":"26","urn:x:2.0:User:manager":{"value":"7"},"urn:x:2.0:User":{"manager":{"value":"8"}}}"#
    ),
  ])
  func anOperationBecomesARecord(operation: String, record: String) throws {
    #expect(try Self.records([operation]) == [record])
  }

  @Test(arguments: [
    #"{"method":"GET","path":"/Users/26"}"#, #"{"method":"POST","path":"/Roles","data":{}}"#,
    #"{"method":"DELETE","path":"/Users"}"#, #"{"path":"/Users/26"}"#, "7",
    #"{"method":"PATCH","path":"/Groups/7","data":{"Operations":[{"op":"remove","path":"members","value":[]}]}}"#,
    #"{"method":"PATCH","path":"/Users/7","data":{"Operations":[{"op":"move","path":"title"}]}}"#,
    #"{"method":"PATCH","path":"/Users/7","data":{"Operations":[{"op":"remove"}]}}"#,
    #"{"method":"PATCH","path":"/Groups/7","data":{"Operations":[{"op":"remove","path":"members[display sw \"A\"]"}]}}"#,
    #"{"method":"PATCH","path":"/Groups/7","data":{"Operations":[{"op":"remove","path":"members[value eq \"1\" or value eq \"2\"]"}]}}"#,
    #"{"method":"PATCH","path":"/Users/7","data":{"Operations":[{"op":"replace","path":"emails[type eq (","value":"x"}]}}"#,
    #"{"method":"PATCH","path":"/Groups/7","data":{"Operations":[{"op":"replace","path":"members","value":null}]}}"#,
    #"{"method":"PATCH","path":"/Groups/7","data":{"Operations":[{"op":"replace","value":{"members":["26"]}}]}}"#,
    #"{"method":"PATCH","path":"/Groups/7","data":{"Operations":[{"op":"add","path":"members","value":["26"]}]}}"#,
    #"{"method":"PUT","path":"/Groups/7","data":{"members":"26"}}"#,
  ])
  func whatCannotBeFollowedIsSetAside(operation: String) throws {
    #expect(try Self.records([operation]) == [nil])
  }

  @Test func whatIsDeletedStaysDeletedUntilItIsMadeAnew() throws {
    let delete = #"{"method":"DELETE","path":"/Users/7"}"#
    let patch =
      #"{"method":"PATCH","path":"/Users/7","data":{"Operations":[{"op":"replace","path":"title","value":"x"}]}}"#
    let post = #"{"method":"POST","path":"/Users","data":{"externalId":"7"}}"#
    #expect(
      try Self.records([patch, delete, patch, post, patch]).map { $0 == nil } == [
        false, false, true, false, false,
      ])
  }

  @Test func referencesAreResolvedForwardsAndBackwards() throws {
    let group =
      #"{"method":"POST","path":"/Groups","bulkId":"g","data":{"members":[{"value":"bulkId:q"}]}}"#
    let user = #"{"method":"POST","path":"/Users","bulkId":"q","data":{"externalId":"E1"}}"#
    let patch = #"{"method":"PATCH","path":"/Users/bulkId:q","data":{"Operations":[]}}"#
    #expect(
      try Self.records([group, user, patch]) == [
        #"{"members":[{"value":"E1"}]}"#, #"{"id":"E1","externalId":"E1"}"#,
        #"{"id":"E1"}"#,
      ])
    #expect(try Self.records([group, user, patch], of: .groups).count == 1)
  }

  private static func records(
    _ texts: [String], of resource: SCIMBulk.Resource? = nil
  ) throws -> [String?] {
    let operations = try texts.map {
      SCIMBulk.Operation(value: try JSONParser.parse(Array($0.utf8)), line: 1, offset: 0)
    }
    return SCIMBulk(operations).records(of: resource).map { record in
      record.value.map { String(decoding: $0.bytes, as: UTF8.self) }
    }
  }
}
