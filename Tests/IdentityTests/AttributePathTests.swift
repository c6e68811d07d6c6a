import Identity
import Testing

struct AttributePathTests {
  private static let enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"

  @Test(arguments: [
    "userName", "externalId", "$ref", "x-y_z", "name.givenName", "manager.$ref",
    "emails[type eq \"work\"].value", "emails[primary eq \"True\"].value",
    "roles[type eq \"a ] b . c\"].display", "addresses[type eq \"\"].country",
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department",
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.displayName",
    "urn:contoso:1.5:Person:badges[kind eq \"x:y.z\"].number",
  ])
  func aPathIsItsOwnSpelling(text: String) throws {
    #expect(try AttributePath(parsing: text).description == text)
  }

  @Test func anExtensionAttributeIsCutAtTheLastColon() throws {
    let path = try AttributePath(parsing: "\(Self.enterprise):manager.displayName")
    #expect(path.schema == Self.enterprise)
    #expect(path.attribute == "manager")
    #expect(path.subAttribute == "displayName")
  }

  @Test func aColonInAFilterIsNotTheEndOfTheSchema() throws {
    let path = try AttributePath(parsing: "urn:x:a:b[c eq \"urn:x:y\"].d")
    #expect(path.schema == "urn:x:a")
    #expect(path.attribute == "b")
    #expect(path.filter?.value == "urn:x:y")
  }

  @Test(arguments: [
    "emails[type EQ \"work\"].value", "emails[type  eq  \"work\"].value",
    "emails[ type eq \"work\"].value",
  ])
  func loosenessInAFilterIsSpelledOneWay(text: String) throws {
    #expect(try AttributePath(parsing: text) == .workEmail)
  }

  @Test(arguments: [
    "emails[primary eq true].value", "emails[primary eq True].value",
    "emails[primary eq \"true\"].value", "emails[primary eq \"TRUE\"].value",
  ])
  func aBooleanInAFilterIsSpelledAsEntraDoes(text: String) throws {
    #expect(try AttributePath(parsing: text).description == "emails[primary eq \"True\"].value")
  }

  /// RFC 7644 §3.10: a core attribute may be written with the URN of its schema.
  @Test(arguments: [
    ("urn:ietf:params:scim:schemas:core:2.0:User:userName", "userName"),
    ("urn:ietf:params:scim:schemas:core:2.0:User:name.givenName", "name.givenName"),
    ("urn:ietf:params:scim:schemas:core:2.0:Group:displayName", "displayName"),
    ("URN:ietf:params:scim:schemas:core:2.0:user:userName", "userName"),
  ])
  func theSchemaOfACoreAttributeIsLeftOut(text: String, spelling: String) throws {
    #expect(try AttributePath(parsing: text).description == spelling)
  }

  @Test(arguments: [
    "", " ", ".", "userName ", " userName", "user name", "1st", "-x", "_x", "name.", "name..x",
    "name.given.x", ".givenName", "naïve", "e\u{301}", "user\u{0}Name", "userName\n", "ſtate",
    "emails[type eq \"work\"]", "emails[type eq work].value", "emails[type eq \"work].value",
    "emails[type eq \"a\"b\"].value", "emails[type eq \"a\\\"].value", "emails[].value",
    "emails[type].value", "emails[type ne \"work\"].value", "emails[type eq \"work\" ].value",
    "emails[type eq \"work\"]value", "emails[type eq \"work\"].value.x",
    "emails[type eq \"work\"].value]", "emails[1x eq \"work\"].value",
    "emails[type eq \"a\nb\"].value", "emails[type eq \"a\u{0}\"].value", "emails]type[",
    "urn:", "urn::", "urn:userName", "urn:a:", "urn:a:b", "urn::a:b",
    "emails[type eq \"a\"\u{301}b\"].value",
    "urn:a b:c", "urn:a:b\n:c", "urn:a:b.c.d",
    "urn:ü:b:c", "urn:[type eq \"x\"].y",
  ])
  func whatIsNoPathIsRefused(text: String) {
    #expect(throws: AttributePathProblem.self) { try AttributePath(parsing: text) }
  }

  @Test func aLongPathIsReadInTimeThatGrowsWithIt() throws {
    let name = String(repeating: "a", count: 200_000)
    #expect(try AttributePath(parsing: name).attribute == name)
    #expect(throws: AttributePathProblem.self) {
      try AttributePath(parsing: String(repeating: "[", count: 200_000))
    }
  }

  @Test func pathsAreOrderedByTheBytesOfTheirText() throws {
    let texts = [
      "urn:a:b:c", "userName", "active", "name.givenName", "Zeta", "emails[type eq \"w\"].v",
    ]
    let sorted = try texts.map { try AttributePath(parsing: $0) }.sorted().map(\.description)
    #expect(
      sorted == [
        "Zeta", "active", "emails[type eq \"w\"].v", "name.givenName", "urn:a:b:c", "userName",
      ])
  }
}
