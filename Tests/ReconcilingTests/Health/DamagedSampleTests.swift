import Foundation
import PlanFile
import TestSupport
import Testing

@testable import Reconciling

/// Every sample of people, cut anywhere and with flipped bits: what is withheld is withheld, whatever the
/// format.
///
/// The samples hold so few people that no fall is within the tolerance of a tenth, so a part of one removes
/// nobody; the file of Contoso holds 250, and a cut near its end may.
struct DamagedSampleTests {
  private static let formats = [
    "graph-users.json", "okta-users.json", "google-users.json", "keycloak-realm.json",
    "aws-users.json", "invicti-members.json", "scim-users.json", "active-directory.ldif",
    "openldap.ldif", "openldap.dsml",
  ]

  /// A sample after its first night, with the policy that `init` writes for it.
  private static func settled(_ name: String, _ bytes: [UInt8]) async throws -> Company {
    let company = try Company()
    try company.write(bytes, as: name)
    let exports = try await ExportInspector(jobs: 1).inspect([company.path(name)])
    let draft = PolicyDraft(exports)
    try #require(draft.isPossible, "\(name)")
    try company.write(draft.text + CompanyPolicy.wideGuards, as: "rollcall.yaml")
    let plan = try await company.apply(night: 1)
    try #require(plan.operations.contains { $0.hasPrefix("create-member") }, "\(name)")
    return company
  }

  /// Plans with a damaged file and holds the plan to the rule; whether there was one.
  @discardableResult
  private static func check(
    _ damaged: [UInt8], _ name: String, in company: Company, removing allowed: Int,
    _ what: String
  ) async throws -> Bool {
    try company.write(damaged, as: name)
    do {
      let plan = try await company.plan(night: 2)
      let isReliable = plan.evidence.health.allSatisfy(\.isReliable)
      #expect(
        plan.removals.count <= (isReliable ? allowed : 0), "\(name) \(what): \(plan.removals)")
      return true
    } catch JobFailure.unreadable {
      return false
    }
  }

  /// Those that a reader refuses are the next test's.
  @Test(arguments: formats)
  func noPartOfASampleRemovesAnybody(name: String) async throws {
    let bytes = Array(try Data(contentsOf: SampleExports.folder.appending(path: name)))
    let company = try await Self.settled(name, bytes)
    for cut in Self.cuts(bytes) {
      let part = Array(bytes[..<cut])
      guard try await Self.isReadable(part, name, in: company) else { continue }
      try await Self.check(part, name, in: company, removing: 0, "cut at \(cut)")
    }
  }

  @Test(arguments: formats)
  func aPartThatCannotBeReadIsNotPlannedWith(name: String) async throws {
    let bytes = Array(try Data(contentsOf: SampleExports.folder.appending(path: name)))
    let company = try await Self.settled(name, bytes)
    var random = SeededGenerator(seed: UInt64(bytes.count))
    for _ in 0..<10 {
      let cut = Int.random(in: 0..<bytes.count, using: &random)
      let part = Array(bytes[..<cut])
      guard try await !Self.isReadable(part, name, in: company) else { continue }
      let isPlanned = try await Self.check(
        part, name, in: company, removing: 0, "cut at \(cut)")
      #expect(!isPlanned, "\(name) cut at \(cut)")
    }
  }

  /// Whatever stands in Samples, and wherever it ends: it is read, or refused with a reason.
  @Test(arguments: try samples())
  func everyPartOfEverySampleIsReadOrRefused(sample: String) async throws {
    let folder = SampleExports.folder.deletingLastPathComponent()
    let bytes = Array(try Data(contentsOf: folder.appending(path: sample)))
    let company = try Company()
    let name = String(sample.split(separator: "/")[1])
    for cut in Self.cuts(bytes) {
      _ = try await Self.isReadable(Array(bytes[..<cut]), name, in: company)
    }
  }

  /// `Formats/okta-users.json` and so on.
  private static func samples() throws -> [String] {
    let folder = SampleExports.folder.deletingLastPathComponent()
    return try ["Formats", "Hostile"].flatMap { part in
      try FileManager.default.contentsOfDirectory(atPath: folder.appending(path: part).path)
        .sorted().map { "\(part)/\($0)" }
    }
  }

  /// Where to cut: everywhere in `make test-long`, which takes minutes, and else in some places.
  private static func cuts(_ bytes: [UInt8]) -> [Int] {
    guard ProcessInfo.processInfo.environment["EVERY_CUT"] == nil, bytes.count > 60 else {
      return Array(bytes.indices)
    }
    var random = SeededGenerator(seed: UInt64(bytes.count))
    return (0..<60).map { _ in Int.random(in: bytes.indices, using: &random) }
  }

  /// Whether a reader takes these bytes for a file, good or bad, and not for none at all.
  private static func isReadable(
    _ bytes: [UInt8], _ name: String, in company: Company
  ) async throws -> Bool {
    try company.write(bytes, as: name)
    do {
      _ = try await ExportInspector(jobs: 1).inspect([company.path(name)])
      return true
    } catch JobFailure.unreadable(let reasons) {
      #expect(!reasons.isEmpty && reasons.allSatisfy { $0.contains(name) }, "\(reasons)")
      return false
    }
  }

  /// A flipped bit may turn somebody's key into another one, or an account into a disabled one.
  ///
  /// One in a line feed hits the two lines that it parted: `member: uid=ann,…` and `member: uid=bo,…` become
  /// one name, which is well formed (RFC 4514 lets `=` stand in a value), and is neither.
  @Test(arguments: formats)
  func flippedBitsRemoveNobodyButWhoTheyHit(name: String) async throws {
    let bytes = Array(try Data(contentsOf: SampleExports.folder.appending(path: name)))
    let company = try await Self.settled(name, bytes)
    var random = SeededGenerator(seed: UInt64(bytes.count) + 1)
    var planned = 0
    for _ in 0..<10 {
      var damaged = bytes
      let place = Int.random(in: 0..<damaged.count, using: &random)
      damaged[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      let wasPlanned = try await Self.check(
        damaged, name, in: company, removing: bytes[place] == UInt8(ascii: "\n") ? 2 : 1,
        "byte \(place) is \(damaged[place])")
      if wasPlanned { planned += 1 }
    }
    #expect(planned > 0, "\(name)")
  }

  @Test func noPartOfATableRemovesMoreThanATenth() async throws {
    let place = SampleExports.folder.deletingLastPathComponent()
      .appending(path: "Contoso/night-1/users.csv")
    let bytes = Array(try Data(contentsOf: place))
    let company = try await Self.settled("users.csv", bytes)
    var random = SeededGenerator(seed: 25)
    var planned = 0
    // Half of the cuts near the end, where there is something to allow.
    for round in 0..<16 {
      let start = round % 2 == 0 ? 1 : bytes.count * 9 / 10
      let cut = Int.random(in: start..<bytes.count, using: &random)
      let wasPlanned = try await Self.check(
        Array(bytes[..<cut]), "users.csv", in: company, removing: 25, "cut at \(cut)")
      if wasPlanned { planned += 1 }
    }
    #expect(planned > 4)
  }

  @Test func noPartOfAFileWithATrailerRemovesAnybody() async throws {
    let company = try Company(
      CompanyPolicy(
        people: """
              - {name: staff, path: users.csv, content: full, trailer: 'TRL;(\\d{4})'}
          """, sections: CompanyPolicy.wideGuards))
    let text = Person.csv((1...60).map { Person("person\($0)") }) + "TRL;0060\n"
    let bytes = Array(text.utf8)
    try company.write(bytes, as: "users.csv")
    try await company.apply(night: 1)
    var random = SeededGenerator(seed: 60)
    for _ in 0..<16 {
      // The line feed at the end says nothing.
      let cut = Int.random(in: bytes.count * 3 / 4..<bytes.count - 1, using: &random)
      try await Self.check(
        Array(bytes[..<cut]), "users.csv", in: company, removing: 0, "cut at \(cut)")
    }
  }
}
