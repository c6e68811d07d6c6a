import Identity
import Testing

@testable import Reconciling

/// What becomes of the types that the schema's directories give to target attributes.
struct EntraTargetTypeTests {
  private typealias Schema = EntraDraftTests.Schema

  private static let urn = "urn:contoso:hr:1.0:User:x"

  private static func definition(_ type: String, more: String = "") -> String {
    #"{"name":"\#(urn)","type":"\#(type)"\#(more)}"#
  }

  private static func rule(_ schema: Schema, files: [String: String] = [:]) async throws
    -> (MappingRule?, String)
  {
    let draft = try await EntraDraftTests.draft(schema, files: files)
    let policy = try Policy(parsing: draft.text, path: "p")
    return (EntraDraftTests.rule(urn, in: policy), draft.text)
  }

  @Test(
    arguments: [
      ("Integer", .integer), ("Boolean", .boolean), ("DateTime", .dateTime), ("String", .string),
      ("Decimal", .decimal),
    ] as [(String, ManagedAttribute.Kind)])
  func anAttributeOfOnesOwnHasItsType(type: String, kind: ManagedAttribute.Kind) async throws {
    let targets = Self.definition(type)
    let (column, _) = try await Self.rule(
      Schema(mappings: [Schema.attribute("a", Self.urn)], targets: targets))
    #expect(column?.kind == kind && column?.source == .columns(["a"]))
    #expect(column?.vocabulary?.trueWords == (kind == .boolean ? ["True", "true", "TRUE"] : nil))
    let (expression, _) = try await Self.rule(
      Schema(mappings: [Schema.function("Trim([a])", Self.urn)], targets: targets))
    #expect(expression?.kind == kind)
  }

  @Test func aConstantIsAValueOfItsType() async throws {
    func constant(_ text: String) async throws -> (MappingRule?, String) {
      try await Self.rule(
        Schema(
          mappings: [
            #"{"targetAttributeName":"\#(Self.urn)","source":{"type":"Constant","name":"\#(text)"}}"#
          ], targets: Self.definition("Integer")))
    }
    let (good, _) = try await constant("007")
    #expect(good?.kind == .integer && good?.source == .constant("7"))
    let (bad, text) = try await constant("seven")
    #expect(bad == nil && text.contains("“seven” is no integer"))
  }

  /// A type that the values do not have would set all records aside.
  @Test(
    arguments: [
      ("Integer", "5", .integer), ("Integer", "many", .string), ("Boolean", "True", .boolean),
      ("Boolean", "yes", .string), ("DateTime", "2030-01-01T00:00:00Z", .dateTime),
      ("DateTime", "1/5/2020 12:00:00 AM", .string),
    ] as [(String, String, ManagedAttribute.Kind)])
  func theValuesOfTheExportMustHaveTheType(
    type: String, value: String, kind: ManagedAttribute.Kind
  ) async throws {
    let (rule, text) = try await Self.rule(
      Schema(mappings: [Schema.attribute("a", Self.urn)], targets: Self.definition(type)),
      files: ["users.csv": "userPrincipalName,mail,a\nann,ann@x,\(value)\nbob,bob@x,\n"])
    #expect(rule?.kind == kind)
    #expect(
      text.contains("# NOTE Entra's type is \(type), but the export has") == (kind == .string))
  }

  @Test func aValueOfAnotherTypeAmongGoodOnesIsSaid() async throws {
    let (rule, text) = try await Self.rule(
      Schema(mappings: [Schema.attribute("a", Self.urn)], targets: Self.definition("Boolean")),
      files: ["users.csv": "userPrincipalName,mail,a\nann,ann@x,true\nbob,bob@x,maybe\n"])
    #expect(rule?.kind == .boolean)
    #expect(text.contains("# NOTE the export has “maybe” there, which is no boolean"))
  }

  @Test func whatCannotBeCarriedIsAComment() async throws {
    let (date, dateText) = try await Self.rule(
      Schema(
        mappings: [
          Schema.function(#"FormatDateTime([a], , "M/d/yyyy", "yyyy-MM-dd")"#, Self.urn)
        ], targets: Self.definition("DateTime")))
    #expect(date?.kind == .string)
    #expect(dateText.contains("the expression gives a date without a time"))
    let (_, binary) = try await Self.rule(
      Schema(
        mappings: [Schema.attribute("a", Self.urn)],
        targets: Self.definition("Binary", more: #","multivalued":true"#)))
    #expect(binary.contains("# NOTE multivalued in Entra's target; one value is written here"))
    #expect(binary.contains("# NOTE Entra's type is Binary, which has no counterpart"))
    let (_, exact) = try await Self.rule(
      Schema(
        mappings: [Schema.attribute("a", Self.urn)],
        targets: #"{"name":"userName","type":"String","caseExact":true},"#
          + Self.definition("String", more: #","caseExact":false"#)))
    #expect(exact.contains("# NOTE caseExact in Entra's target: userName."))
    #expect(exact.contains("# NOTE where caseExact is off"))
  }

  /// SCIM says itself what its own attributes are.
  @Test func whatIsScimsOwnKeepsItsType() async throws {
    let draft = try await EntraDraftTests.draft(
      Schema(
        mappings: [Schema.attribute("a", "title")],
        targets: #"{"name":"title","type":"Integer"}"#))
    let policy = try Policy(parsing: draft.text, path: "p")
    #expect(EntraDraftTests.rule("title", in: policy)?.kind == .string)
  }

  @Test func whatIsTypedIsNoKey() async throws {
    let draft = try await EntraDraftTests.draft(
      Schema(
        mappings: [Schema.attribute("a", Self.urn, priority: 2)],
        targets: Self.definition("Integer")))
    #expect(try Policy(parsing: draft.text, path: "p").matching.memberKeys == [.userName])
    #expect(draft.text.contains("matching by \(Self.urn): it is no text"))
  }
}
