import Crypto
import Identity
import PlanFile
import TestSupport
import Testing

@testable import Reconciling

/// Who writes a file knows best whether all of it has arrived.
struct ExportManifestTests {
  private static let sum = String(repeating: "0123456789abcdef", count: 4)

  private func manifest(_ text: String) -> ExportManifest? { ExportManifest(Array(text.utf8)) }

  @Test func listsOfSumsAreRead() throws {
    let text = """
      # made last night
      \(Self.sum)  users.csv
      \(Self.sum.uppercased()) *./in/groups.csv
      SHA256 (a (b).csv) = \(Self.sum)

      """
    let entries = try #require(manifest(text)).entries
    #expect(entries.map(\.file) == ["users.csv", "groups.csv", "a (b).csv"])
    #expect(entries.allSatisfy { $0.sha256 == Self.sum && $0.rows == nil })
    #expect(manifest(Self.sum + "\n")?.entries == [ExportManifest.Entry(sha256: Self.sum)])
  }

  @Test func documentsAreRead() throws {
    let one = try #require(manifest(#"{"date":"1970-01-02","rows":12,"sha256":"\#(Self.sum)"}"#))
    #expect(one.date == 86_400)
    #expect(one.entries == [ExportManifest.Entry(rows: 12, sha256: Self.sum)])
    let several = try #require(
      manifest(
        #"{"rows":3,"date":5,"files":[{"file":"in/a.csv","rows":1},{"file":"b.csv"}],"x":[]}"#))
    #expect(several.date == 5)
    #expect(several.rows == 3)
    #expect(several.entries.map(\.file) == ["a.csv", "b.csv"])
    #expect(manifest("1204\n")?.rows == 1204)
  }

  @Test(arguments: [
    "", "\n", "users.csv", "abc  users.csv", "-1", "[]", "{\"rows\":\"12\"}", "{\"rows\":-1}",
    "{\"date\":\"soon\"}", "{\"sha256\":\"12\"}", "{\"files\":{}}", "{\"files\":[{\"rows\":1}]}",
    "{\"files\":[],\"rows\":\"x\"}", "{\"rows\":1,\"rows\":2}", "1204 rows",
  ])
  func otherTextIsNoManifest(text: String) {
    #expect(manifest(text) == nil)
  }

  // MARK: - In a run

  private static let staff: [Person] = (1...40).map { Person("person\($0)") }

  private static func settled(_ manifest: String, path: String = "users.csv") async throws
    -> Company
  {
    let company = try Company(
      CompanyPolicy(
        people: """
              - {name: staff, path: '\(path)', content: full, manifest: '\(manifest)'}
          """, sections: CompanyPolicy.wideGuards))
    return company
  }

  private static func hex(_ bytes: [UInt8]) -> String {
    SHA256.hash(data: bytes).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }
      .joined()
  }

  /// What stands in the manifest of tonight's file, and the finding that a file cut by one record makes.
  static let kinds: [(name: String, finding: String, text: @Sendable ([UInt8]) -> String)] = [
    ("SHA256SUMS", "health.digest-differs", { hex($0) + "  users.csv\n" }),
    ("{file}.sha256", "health.digest-differs", { hex($0) + "\n" }),
    (
      "users.json", "health.count-differs",
      { "{\"rows\": \($0.count { $0 == 10 } - 1), \"date\": \"2026-03-01T00:00:00Z\"}" }
    ),
    ("users.count", "health.count-differs", { "\($0.count { $0 == 10 } - 1)\n" }),
  ]

  @Test(arguments: kinds.indices)
  func cutBetweenRecordsRemovesNobody(kind: Int) async throws {
    let (name, finding, text) = Self.kinds[kind]
    let company = try await Self.settled(name)
    let file = name.replacing("{file}", with: "users.csv")
    try company.people(Self.staff)
    try company.write(text(company.read("users.csv")), as: file)
    #expect(try await company.apply(night: 1).isReliable("staff") == true)

    try company.people(Array(Self.staff.dropLast()))
    let bad = try await company.plan(night: 2)
    #expect(bad.removals == [])
    #expect(bad.findings[finding] == 1)
    #expect(bad.findings["health.within-tolerance"] == nil)

    try company.write(text(company.read("users.csv")), as: file)
    let good = try await company.plan(night: 2)
    #expect(good.removals == ["deactivate-member person40"])
    #expect(good.findings["health.within-tolerance"] == nil)
  }

  @Test func manifestThatCannotVouchRemovesNobody() async throws {
    for (text, problem) in [
      (nil, "is not there"), ("nonsense", "neither"),
      ("\(Self.sum)  groups.csv\n", "does not name users.csv"), ("{}", "says neither"),
    ] {
      let company = try await Self.settled("SHA256SUMS")
      try company.people(Self.staff)
      if let text { try company.write(text, as: "SHA256SUMS") }
      let plan = try await company.plan(night: 1)

      #expect(plan.isReliable("staff") == false)
      let finding = try #require(plan.evidence.findings.first { $0.code == "health.manifest" })
      #expect(finding.message.contains(problem), "\(finding.message)")
    }
  }

  @Test func shardThatOnlyTheManifestKnowsIsMissed() async throws {
    let company = try await Self.settled("SHA256SUMS", path: "users-*.csv")
    var sums = "\(Self.sum)  groups.csv\n"
    for shard in 1...4 {
      try company.write(
        Person.csv(Array(Self.staff[shard * 10 - 10..<shard * 10])), as: "users-\(shard).csv")
      sums += Self.hex(try company.read("users-\(shard).csv")) + "  users-\(shard).csv\n"
    }
    try company.write(sums, as: "SHA256SUMS")
    #expect(try await company.plan(night: 1).isReliable("staff") == true)
    try company.remove("users-3.csv")
    let plan = try await company.plan(night: 1)

    #expect(plan.isReliable("staff") == false)
    #expect(
      plan.evidence.findings.first { $0.code == "health.manifest" }?.message.contains("users-3.csv")
        == true)
  }

  @Test func dateOfTheManifestWinsOverThatOfTheFile() async throws {
    let company = try await Self.settled("users.json', maxAge: '26h", path: "users-2026-03-01.csv")
    try company.write(Person.csv(Self.staff), as: "users-2026-03-01.csv")
    try company.write("{\"date\": \"2026-02-27T00:00:00Z\"}", as: "users.json")
    let plan = try await company.plan(night: 1)

    #expect(plan.isReliable("staff") == false)
    #expect(
      plan.evidence.findings.first { $0.code == "health.too-old" }?.message.contains("manifest")
        == true)
  }
}
