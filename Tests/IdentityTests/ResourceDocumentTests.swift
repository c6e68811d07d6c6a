import Identity
import Scanning
import TestSupport
import Testing

struct ResourceDocumentTests {
  private static let department =
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department"

  private func document(_ text: String) throws -> ResourceDocument {
    try ResourceDocument(parsing: Array(text.utf8))
  }

  private func text(_ document: ResourceDocument) -> String {
    String(decoding: document.canonicalBytes, as: UTF8.self)
  }

  private func attribute(
    _ path: String, _ kind: ManagedAttribute.Kind = .string
  ) throws -> ManagedAttribute {
    ManagedAttribute(path: try AttributePath(parsing: path), kind: kind)
  }

  // MARK: Lists

  @Test(arguments: [
    ("{}", "urn:x:y:skills", #"["a","b"]"#, #"{"urn:x:y":{"skills":["a","b"]}}"#),
    ("{}", "roles", #"["a","b"]"#, #"{"roles":[{"value":"a"},{"value":"b"}]}"#),
    (
      #"{"roles":[{"display":"B","value":"b"},{"value":"c"}]}"#, "roles", #"["a","b"]"#,
      #"{"roles":[{"value":"a"},{"display":"B","value":"b"}]}"#
    ),
    (#"{"urn:x:y":{"skills":["c"]}}"#, "urn:x:y:skills", "[]", #"{"urn:x:y":{"skills":[]}}"#),
    ("{}", "roles", "no list", #"{"roles":"no list"}"#),
  ])
  func aListIsSetAsAWhole(before: String, path: String, value: String, after: String) throws {
    var document = try document(before)
    document.set(try attribute(path, .list), to: value)
    #expect(text(document) == after)
  }

  @Test func aListIsReadWhateverItsOrder() throws {
    let document = try document(
      #"{"roles":[{"value":"b"},{"value":"a"}],"urn:x:y":{"s":["d","c"]}}"#)
    let roles = try attribute("roles", .list)
    let own = try attribute("urn:x:y:s", .list)
    #expect(document.value(of: roles) == #"["a","b"]"#)
    let set = AttributeSet([roles, own])
    let image = document.image(of: set)
    #expect(set.ids.map { image.text($0) } == [#"["a","b"]"#, #"["c","d"]"#])
  }

  // MARK: Setting

  @Test(arguments: [
    ("{}", "userName", "ann", #"{"userName":"ann"}"#),
    (#"{"userName":"bo"}"#, "userName", "ann", #"{"userName":"ann"}"#),
    ("{}", "name.givenName", "Ann", #"{"name":{"givenName":"Ann"}}"#),
    (
      #"{"name":{"familyName":"X"}}"#, "name.givenName", "Ann",
      #"{"name":{"familyName":"X","givenName":"Ann"}}"#
    ),
    (
      "{}", #"emails[type eq "work"].value"#, "a@b",
      #"{"emails":[{"type":"work","value":"a@b"}]}"#
    ),
    (
      #"{"emails":[{"type":"home","value":"h"},{"type":"work","value":"w","primary":true}]}"#,
      #"emails[type eq "work"].value"#, "a@b",
      #"{"emails":[{"type":"home","value":"h"},{"primary":true,"type":"work","value":"a@b"}]}"#
    ),
    (
      #"{"emails":[{"type":"Work","value":"w"}]}"#, #"emails[type eq "work"].value"#, "a",
      #"{"emails":[{"type":"Work","value":"w"},{"type":"work","value":"a"}]}"#
    ),
    (
      "{}", #"roles[primary eq "True"].value"#, "admin",
      #"{"roles":[{"primary":true,"value":"admin"}]}"#
    ),
    (
      #"{"roles":[{"primary":true,"value":"x","display":"X"}]}"#,
      #"roles[primary eq "True"].value"#, "admin",
      #"{"roles":[{"display":"X","primary":true,"value":"admin"}]}"#
    ),
    (
      #"{"roles":[{"primary":false,"value":"x"}]}"#, #"roles[primary eq "false"].value"#, "y",
      #"{"roles":[{"primary":false,"value":"y"}]}"#
    ),
    (
      "{}", department, "Süd \"1\"",
      #"{"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"department":"Süd \"1\""}}"#
    ),
    (
      "{}", #"urn:a:b:badges[kind eq "x"].number"#, "7",
      #"{"urn:a:b":{"badges":[{"kind":"x","number":"7"}]}}"#
    ),
  ])
  func aValueIsSetInItsPlace(start: String, path: String, value: String, end: String) throws {
    var document = try document(start)
    let attribute = try attribute(path)
    document.set(attribute, to: value)
    #expect(text(document) == end)
    #expect(document.value(at: attribute.path) == value)
    let once = document
    document.set(attribute, to: value)
    #expect(document == once)
  }

  @Test(arguments: [("true", "true"), ("false", "false"), ("True", "\"True\""), ("", "\"\"")])
  func onlyTrueAndFalseBecomeBooleans(value: String, json: String) throws {
    var document = ResourceDocument()
    document.set(try attribute("active", .boolean), to: value)
    #expect(text(document) == #"{"active":\#(json)}"#)
    #expect(document.value(at: .active) == value)
  }

  // MARK: Removing

  @Test(arguments: [
    (#"{"userName":"ann","x":1}"#, "userName", #"{"x":1}"#),
    ("{}", "userName", "{}"),
    (#"{"name":{"givenName":"A"}}"#, "name.givenName", "{}"),
    (#"{"name":{"givenName":"A","x":0}}"#, "name.givenName", #"{"name":{"x":0}}"#),
    (#"{"emails":[{"type":"work","value":"w"}]}"#, #"emails[type eq "work"].value"#, "{}"),
    (
      #"{"emails":[{"type":"home","value":"h"}]}"#, #"emails[type eq "work"].value"#,
      #"{"emails":[{"type":"home","value":"h"}]}"#
    ),
    (
      #"{"emails":[{"type":"work","value":"w","display":"W"}]}"#,
      #"emails[type eq "work"].value"#, #"{"emails":[{"display":"W","type":"work"}]}"#
    ),
    (#"{"urn:a:b":{"c":"x"}}"#, "urn:a:b:c", "{}"),
    // Not the shape the path speaks of, so there is nothing of it to remove.
    (#"{"name":"Ann"}"#, "name.givenName", #"{"name":"Ann"}"#),
    (#"{"emails":{"value":"w"}}"#, #"emails[type eq "work"].value"#, #"{"emails":{"value":"w"}}"#),
    (#"{"emails":["w"]}"#, #"emails[type eq "work"].value"#, #"{"emails":["w"]}"#),
    (#"{"urn:a:b":7}"#, "urn:a:b:c", #"{"urn:a:b":7}"#),
  ])
  func aValueIsRemovedWithWhatItLeavesEmpty(start: String, path: String, end: String) throws {
    var document = try document(start)
    let path = try AttributePath(parsing: path)
    document.remove(path)
    #expect(text(document) == end)
    #expect(document.value(at: path) == nil)
    document.remove(path)
    #expect(text(document) == end)
  }

  // MARK: Reading

  @Test(arguments: [
    (#"{"active":true}"#, "active", "true"), (#"{"active":false}"#, "active", "false"),
    (#"{"n":1.50}"#, "n", "1.50"), (#"{"n":null}"#, "n", nil), (#"{"n":[]}"#, "n", nil),
    (#"{"n":{"a":"b"}}"#, "n", nil), (#"{"n":"x"}"#, "n.a", nil), (#"[1]"#, "n", nil),
    (#"{"emails":[{"value":"v"}]}"#, #"emails[type eq "work"].value"#, nil),
    (#"{"emails":"v"}"#, #"emails[type eq "work"].value"#, nil),
    (#"{"e\u0301":"x"}"#, "e", nil),
  ])
  func aValueIsReadAsItsBytes(start: String, path: String, value: String?) throws {
    #expect(try document(start).value(at: try AttributePath(parsing: path)) == value)
  }

  @Test func namesAreSortedByTheirBytesAndListsKeepTheirOrder() throws {
    let start = #"{"b":[{"z":1,"a":2},"x",3],"a":{"é":1,"e":2,"Z":3},"10":0,"9":0}"#
    #expect(
      text(try document(start))
        == #"{"10":0,"9":0,"a":{"Z":3,"e":2,"é":1},"b":[{"a":2,"z":1},"x",3]}"#)
  }

  @Test func anImageHoldsWhatIsThereAndNotEmpty() throws {
    let set = AttributeSet([
      try attribute("active", .boolean), try attribute("title"), try attribute("userName"),
    ])
    let image = try document(#"{"userName":"ann","title":"","active":false}"#).image(of: set)
    #expect(image.text(AttributeID(0)) == "false")
    #expect(image.text(AttributeID(1)) == nil)
    #expect(image.text(AttributeID(2)) == "ann")
  }

  @Test func anImageSetsClearsAndLeavesAlone() throws {
    let set = AttributeSet([
      try attribute("displayName"), try attribute("title"), try attribute("userName"),
    ])
    var image = AttributeImage()
    image.append(AttributeID(1), [])
    image.append(AttributeID(2), "ann".utf8)
    var document = try document(#"{"userName":"x","title":"t","displayName":"d","id":"1"}"#)
    document.apply(image, of: set)
    #expect(text(document) == #"{"displayName":"d","id":"1","userName":"ann"}"#)
  }

  // MARK: A naive model

  private static let paths = [
    "userName", "name.givenName", "name.familyName", #"emails[type eq "work"].value"#,
    #"emails[type eq "home"].value"#, #"emails[type eq "home"].display"#,
    #"roles[primary eq "True"].value"#, "urn:a:b:c", "urn:a:b:d.e", department,
  ]

  /// A dictionary of paths is all a document is, as far as its managed values go.
  @Test(arguments: UInt64(0)..<40)
  func agreesWithADictionaryOfPaths(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let set = AttributeSet(try Self.paths.map { try attribute($0) })
    let unmanaged =
      #"{"emails":[{"type":"other","value":"o"}],"id":"7","name":{"honorific":"Dr"},"#
      + #""urn:a:b":{"z":[1,{}]}}"#
    var document = try document(unmanaged)
    var model: [AttributeID: String] = [:]
    for step in 0..<60 {
      let id = AttributeID(Int.random(in: 0..<set.count, using: &random))
      if Bool.random(using: &random) {
        let value = ["x", "é", "e\u{301}", "\"\\\n", "true", " "].randomElement(using: &random)
        model[id] = value
        document.set(set[id], to: value ?? "")
      } else {
        model[id] = nil
        document.remove(set[id].path)
      }
      for id in set.ids {
        #expect(document.value(at: set[id].path) == model[id], "seed \(seed), step \(step)")
      }
    }
    var image = AttributeImage()
    for id in set.ids { model[id].map { image.append(id, $0.utf8) } }
    #expect(document.image(of: set) == image, "seed \(seed)")
    let copy = try ResourceDocument(parsing: document.canonicalBytes)
    #expect(copy.canonicalBytes == document.canonicalBytes, "seed \(seed)")
    for id in set.ids { document.remove(set[id].path) }
    #expect(text(document) == unmanaged, "seed \(seed)")
  }

  @Test func theOrderOfSettingDoesNotMatter() throws {
    let attributes = try ["userName", "name.givenName", "title", "urn:a:b:c"].map {
      try attribute($0)
    }
    var random = SeededGenerator(seed: 1)
    let texts = (0..<10).map { _ in
      var document = ResourceDocument()
      for attribute in attributes.shuffled(using: &random) {
        document.set(attribute, to: "\(attribute.path)")
      }
      return text(document)
    }
    #expect(Set(texts).count == 1)
  }

  @Test func aTopLevelMemberIsReplaced() throws {
    var document = try document(#"{"id":"1","userName":"ann"}"#)
    document.setTopLevel("id", to: .string("2"))
    document.setTopLevel("schemas", to: .array([.string("urn:x")]))
    #expect(text(document) == #"{"id":"2","schemas":["urn:x"],"userName":"ann"}"#)
  }

  @Test(arguments: ["", "{", "{\"a\":1,\"a\":2}", "{}x", "\u{feff}{}"])
  func whatIsNotJSONIsRefused(text: String) {
    #expect(throws: JSONProblem.self) { try document(text) }
  }
}
