import Identity
import Scanning
import TestSupport
import Testing

@testable import Storing

struct ResourceReaderTests {
  private func image(_ text: String, _ paths: [String]) throws -> [String: String] {
    let set = SampleState.set(paths)
    let image = try ResourceReader(attributes: set).image(of: Array(text.utf8).span)
    var values: [String: String] = [:]
    for id in set.ids { values[set[id].path.description] = image.text(id) }
    return values
  }

  @Test func aNameWithinAValueIsNoName() throws {
    let text = #"{"a":"\"title\":\"no\"","b":{"title":"no"},"c":[{"title":"no"}],"title":"yes"}"#
    #expect(try image(text, ["title"]) == ["title": "yes"])
  }

  @Test func aNameThatBeginsLikeAnotherIsAnother() throws {
    #expect(try image(#"{"titl":"1","title":"2","title2":"3"}"#, ["title"]) == ["title": "2"])
  }

  @Test func aFilterPicksItsFirstElement() throws {
    let text =
      #"{"emails":[{"value":"a"},{"type":"home","value":"b"},{"type":"work"},{"type":"work","value":"c"}]}"#
    #expect(try image(text, [#"emails[type eq "home"].value"#]).values.sorted() == ["b"])
    #expect(try image(text, [#"emails[type eq "work"].value"#]).isEmpty)
  }

  @Test func aBooleanFilterPicksByItsWord() throws {
    let text = #"{"emails":[{"primary":false,"value":"a"},{"primary":true,"value":"b"}]}"#
    #expect(try image(text, [#"emails[primary eq "True"].value"#]).values.sorted() == ["b"])
  }

  @Test func nothingIsFoundInAnotherShape() throws {
    #expect(
      try image(#"{"name":"Ann","title":["x"],"x":null}"#, ["name.givenName", "title", "x"]).isEmpty
    )
    #expect(try image("{}", ["title"]).isEmpty)
    #expect(try image(#"{"title":""}"#, ["title"]).isEmpty)
  }

  @Test func valuesThatAreNoTextAreTheirWords() throws {
    #expect(
      try image(#"{"a":true,"b":false,"c":-1.5e3,"d":null}"#, ["a", "b", "c", "d"])
        == ["a": "true", "b": "false", "c": "-1.5e3"])
  }

  @Test func allValuesOfAListAreRead() throws {
    let paths = ["emails", "urn:x:y:skills"].map { text in
      ManagedAttribute(
        path: text == "emails"
          ? AttributePath(attribute: text) : AttributePath(schema: "urn:x:y", attribute: "skills"),
        kind: .list)
    }
    let set = AttributeSet(paths)
    let text = #"{"emails":[{"value":"b"},{"value":"a\"b"}],"urn:x:y":{"skills":["d","c"]}}"#
    let image = try ResourceReader(attributes: set).image(of: Array(text.utf8).span)
    #expect(set.ids.map { image.text($0) } == [#"["a\"b","b"]"#, #"["c","d"]"#])
  }

  @Test func textThatIsNotOursIsReadTheSlowWay() throws {
    #expect(try image("{ \"title\" : \"yes\" }", ["title"]) == ["title": "yes"])
    #expect(throws: JSONProblem.self) { try image("{\"a\":\"b", ["title"]) }
    #expect(throws: JSONProblem.self) { try image("", ["title"]) }
    #expect(throws: JSONProblem.self) { try image("{\"title\":\"\\u12", ["title"]) }
  }

  /// `ResourceDocument` builds the tree and walks it.
  ///
  /// It judges, we hurry.
  @Test(arguments: UInt64(0)..<120)
  func agreesWithTheDocument(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let set = RandomResource.attributes(&random)
    let reader = ResourceReader(attributes: set)
    for _ in 0..<5 {
      let document = RandomResource.document(&random)
      let text = document.canonicalBytes
      let found = try reader.image(of: text.span)
      #expect(
        found == document.image(of: set),
        "seed \(seed): \(String(decoding: text, as: UTF8.self)) \(set.canonicalText)")
    }
  }

  /// A text that ends anywhere is an error or has the values it has, but never crashes.
  @Test(arguments: UInt64(0)..<8)
  func truncatedTextsAreSafe(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let set = RandomResource.attributes(&random)
    let reader = ResourceReader(attributes: set)
    let text = RandomResource.document(&random).canonicalBytes
    for end in 0..<text.count {
      var broken = Array(text[..<end])
      _ = try? reader.image(of: broken.span)
      if end > 0 {
        broken[Int.random(in: 0..<end, using: &random)] = UInt8.random(in: 0...255, using: &random)
        _ = try? reader.image(of: broken.span)
      }
    }
  }
}

/// Resources full of what a hasty reader would trip over.
enum RandomResource {
  private static let names = [
    "title", "titl", "title2", "active", "emails", "name", "type", "value", "givenName", "Z", "a",
    "urn:x:y", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "department",
    "\"title\":", "{", "ti\\tle", "ä", "\u{1}",
  ]
  private static let texts = [
    "", "x", "title", "\"title\":\"no\"", "\\", "\"", "\\\"", "a\nb\tc\rd", "\u{1}\u{7F}", "Ä€😀",
    "{\"title\":1}", "],[", "12345678", "1234567\"", "12345678\"", "work", "home", "true",
    String(repeating: "long ", count: 30),
  ]

  static func attributes(_ random: inout SeededGenerator) -> AttributeSet {
    let paths = [
      "title", "titl", "active", "name", "name.givenName", "name.title", "emails",
      "emails[type eq \"work\"].value", "emails[type eq \"home\"].value",
      "emails[type eq \"work\"].title",
      "emails[value eq \"true\"].type", "Z", "a", "urn:x:y:title", "urn:x:y:name.title",
      "urn:x:y:emails[type eq \"work\"].value",
      "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department",
    ]
    let chosen = SampleState.set(paths.filter { _ in Int.random(in: 0..<3, using: &random) == 0 })
    return AttributeSet(
      chosen.attributes.map { attribute in
        let isList = attribute.path.filter == nil && Int.random(in: 0..<4, using: &random) == 0
        return isList ? ManagedAttribute(path: attribute.path, kind: .list) : attribute
      })
  }

  static func document(_ random: inout SeededGenerator) -> ResourceDocument {
    ResourceDocument(object(&random, depth: 0))
  }

  private static func object(_ random: inout SeededGenerator, depth: Int) -> JSONValue {
    let chosen = names.filter { _ in Int.random(in: 0..<2, using: &random) == 0 }
    return .object(chosen.map { JSONMember(name: $0, value: value(&random, depth: depth + 1)) })
  }

  private static func value(_ random: inout SeededGenerator, depth: Int) -> JSONValue {
    switch Int.random(in: 0..<(depth > 3 ? 6 : 10), using: &random) {
    case 0: .null
    case 1: .bool(Bool.random(using: &random))
    case 2: .number(Int.random(in: -5...500, using: &random))
    case 3...5: .string(texts.randomElement(using: &random) ?? "")
    case 6: object(&random, depth: depth)
    case 7:
      .array(
        (0..<Int.random(in: 0...3, using: &random)).map { _ in value(&random, depth: depth + 1) })
    default: .array((0..<Int.random(in: 0...3, using: &random)).map { _ in element(&random) })
    }
  }

  /// An element that filters have a chance to pick.
  private static func element(_ random: inout SeededGenerator) -> JSONValue {
    var members: [JSONMember] = []
    if Bool.random(using: &random) {
      members.append(
        JSONMember(name: "title", value: .string(texts.randomElement(using: &random) ?? "")))
    }
    let types: [JSONValue] = [
      .string("work"), .string("home"), .bool(true), .null, .string("w\"k"),
    ]
    members.append(JSONMember(name: "type", value: types.randomElement(using: &random) ?? .null))
    let values: [JSONValue] = [
      .string("v"), .bool(true), .string("true"), .string(""), .object([JSONMember]()),
    ]
    members.append(JSONMember(name: "value", value: values.randomElement(using: &random) ?? .null))
    return .object(members)
  }
}
