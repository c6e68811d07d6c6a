import Identity
import Scanning
import TestSupport
import Testing

@testable import Storing

/// The document of a resource is the slow twin.
struct IdentifiedValuesTests {
  @Test(arguments: [
    ["active", "displayName", "externalId", "title"], ["active"], ["title"], ["id", "title"], [],
  ])
  func readsTheIDAndWhatTheDocumentHas(paths: [String]) throws {
    let set = SampleState.set(paths)
    for text in [
      #"{"active":true,"displayName":"A \"b\"","externalId":"7","id":"x1","title":"Buyer"}"#,
      #"{"id":"0f8fad5b-d9cb-469f-a165-70867728950e","title":""}"#,
      #"{ "title" : "spaced" , "id" : "y" }"#, #"{"externalId":"e","id":"last"}"#,
    ] {
      let document = try ResourceDocument(parsing: Array(text.utf8))
      let values = IdentifiedValues(set).values(in: Array(text.utf8).span)
      let found = try #require(values, "\(text)")
      #expect(found.id == document.root["id"]?.text.map { ResourceID($0) }, "\(text)")
      #expect(found.image == document.image(of: set), "\(text)")
    }
  }

  @Test func whatHasNoIDOrIsNoResourceIsNothing() {
    let values = IdentifiedValues(SampleState.set(["title"]))
    for text in [#"{"title":"Buyer"}"#, #"{"title":"#] {
      let found = values.values(in: Array(text.utf8).span)
      #expect(found == nil, "\(text)")
    }
  }
}
