import Identity
import Scanning
import TestSupport
import Testing

/// The template hurries, `ResourceDocument` judges.
struct ResourceTemplateTests {
  private static let schema = "urn:ietf:params:scim:schemas:core:2.0:User"
  private static let enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
  private static let paths = [
    "active", "userName", "externalId", "displayName", "title", "name.givenName",
    "name.familyName", #"emails[type eq "work"].value"#, #"emails[type eq "home"].value"#,
    #"emails[type eq "home"].display"#, #"addresses[type eq "work"].country"#,
    #"addresses[type eq "other"].formatted"#, #"roles[primary eq "True"].value"#,
    "\(enterprise):department", "\(enterprise):manager.displayName",
    #"urn:contoso:badge:1.0:badges[kind eq "x"].number"#, "urn:contoso:badge:1.0:level",
    "urn:contoso:badge:1.0:share", "entitlements", "urn:contoso:badge:1.0:skills",
  ]

  private func set(_ paths: some Sequence<String>) throws -> AttributeSet {
    AttributeSet(
      try paths.map { text in
        let path = try AttributePath(parsing: text)
        let kinds: [String: ManagedAttribute.Kind] = [
          "active": .boolean, "urn:contoso:badge:1.0:level": .integer,
          "urn:contoso:badge:1.0:share": .decimal, "entitlements": .list,
          "urn:contoso:badge:1.0:skills": .list,
        ]
        return ManagedAttribute(path: path, kind: kinds[text] ?? .string)
      })
  }

  /// As apply makes the resource of a new member one edit at a time.
  private func slowText(_ image: AttributeImage, _ set: AttributeSet, id: ResourceID) -> String {
    var document = ResourceDocument()
    document.setTopLevel("id", to: .string(id.description))
    document.apply(image, of: set)
    if document.value(at: .active) == nil {
      document.set(ManagedAttribute(path: .active, kind: .boolean), to: "true")
    }
    var schemas = [Self.schema]
    for entry in image.entries {
      guard let urn = set[entry.id].path.schema, !schemas.contains(urn) else { continue }
      schemas.append(urn)
    }
    document.setTopLevel("schemas", to: .array(schemas.map { .string($0) }))
    return String(decoding: document.canonicalBytes, as: UTF8.self)
  }

  @Test(arguments: UInt64(0)..<200)
  func writesWhatTheDocumentWouldSay(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let set = try set(Self.paths.filter { _ in Int.random(in: 0..<4, using: &random) > 0 })
    let template = try #require(
      ResourceTemplate(set, schema: Self.schema, hasActive: true), "seed \(seed)")
    for number in 0..<20 {
      var image = AttributeImage()
      for id in set.ids where Bool.random(using: &random) {
        let values = [
          "", "7", "007", "1.5", "true", "false", "ann", "Ä\n\"x\"", "a\\b", "\u{1}\u{7F}", "八",
          #"["a"]"#, #"["a","\"b\n"]"#, #"[ "b", "a" ]"#, "[1]",
        ]
        image.append(id, (values.randomElement(using: &random) ?? "").utf8)
      }
      let id =
        number % 2 == 0 ? ResourceID("8f4ee2d0-5f0c-5a5e-9a7b-0123456789ab") : ResourceID("\"1\"")
      // Texts may follow each other in one piece of memory.
      var buffer = Array("{}".utf8)
      let isActive = template.write(image, id: id, to: &buffer)
      let text = Array(buffer.dropFirst(2))
      #expect(
        String(decoding: text, as: UTF8.self) == slowText(image, set, id: id), "seed \(seed)")
      let document = try ResourceDocument(parsing: text)
      #expect(isActive == (document.value(at: .active) == "true"), "seed \(seed)")
    }
  }

  @Test(arguments: [
    ["name", "name.givenName"], ["emails.value", #"emails[type eq "work"].value"#],
    [#"emails[type eq "work"].value"#, #"emails[primary eq "true"].value"#],
    [#"emails[type eq "work"].type"#], ["active.since"], ["id"], ["schemas"],
    ["roles", #"roles[primary eq "True"].value"#],
    ["\(enterprise):name", "\(enterprise):name.x"],
  ])
  func pathsThatGetInEachOthersWayHaveNoTemplate(paths: [String]) throws {
    #expect(ResourceTemplate(try set(paths), schema: Self.schema, hasActive: true) == nil)
  }
}
