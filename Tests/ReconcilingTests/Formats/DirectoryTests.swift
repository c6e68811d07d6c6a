import Foundation
import PlanFile
import Testing

@testable import Reconciling

/// Exports of LDAP directories, from the file to the plan.
struct DirectoryTests {
  private static func exports(_ file: String, _ preset: String) -> String {
    """
      people: [{name: users, path: \(file), content: full, preset: \(preset)}]
      teams: [{name: groups, path: \(file), content: full, preset: \(preset)}]
      memberships: [{name: members, path: \(file), content: full, preset: \(preset)}]
    lifecycle: {createDisabled: true}
    """
  }

  @Test func openLDAPBecomesMembersAndTeams() async throws {
    let sample = try SampleExports(Self.exports("openldap.ldif", "openldap"))
    let plan = try await sample.company.apply(night: 1)
    #expect(
      plan.operations == [
        "add-membership Sales + ann", "add-membership Sales + bo", "add-membership shell + bo",
        "create-member ann", "create-member bo", "create-team Sales", "create-team shell",
      ])
    #expect(plan.findings.keys.filter { $0 != "health.no-earlier-run" } == [])
    let state = try sample.company.export()
    #expect(state.contains(#""displayName":"Ann Läe""#))
    #expect(state.contains(#""value":"ann@contoso.com""#))
    #expect(try await sample.company.plan(night: 2).operations == [])
  }

  @Test func activeDirectoryBecomesMembersAndTeams() async throws {
    let sample = try SampleExports(Self.exports("active-directory.ldif", "active-directory"))
    let plan = try await sample.company.apply(night: 1)
    #expect(
      plan.operations == [
        "add-membership Sales + ann@contoso.com", "add-membership Sales + bo@contoso.com",
        "create-member ann@contoso.com", "create-member bo@contoso.com", "create-team Sales",
      ])
    #expect(plan.findings.keys.filter { $0 != "health.no-earlier-run" } == [])
    let state = try sample.company.export()
    #expect(state.contains("9832aad8-e4fe-496b-a604-95c6ef01ae01"))
    #expect(state.contains(#""active":false"#))
  }

  @Test func memberOfNamesTheSameMemberships() async throws {
    let exports = Self.exports("active-directory.ldif", "active-directory").replacing(
      "name: members, path: active-directory.ldif, content: full, preset: active-directory",
      with: "name: members, path: active-directory.ldif, content: full, preset: active-directory, "
        + "team: {column: memberOf, key: externalId}, member: {column: objectGUID, key: externalId}"
    )
    let plan = try await SampleExports(exports).company.plan(night: 1)
    #expect(
      plan.operations.filter { $0.hasPrefix("add-membership") } == [
        "add-membership Sales + ann@contoso.com"
      ])
  }

  @Test func aDeltaOfChangesRemovesWhatItNames() async throws {
    let exports = Self.exports("active-directory.ldif", "active-directory")
    let sample = try SampleExports(exports)
    try await sample.company.apply(night: 1)
    let policy = String(decoding: try sample.company.read("rollcall.yaml"), as: UTF8.self)
    try sample.company.write(
      policy.replacing(
        "name: members, path: active-directory.ldif, content: full",
        with: "name: members, path: active-directory-changes.ldif, content: delta"),
      as: "rollcall.yaml")
    #expect(
      try await sample.company.plan(night: 2).operations == [
        "remove-membership Sales - bo@contoso.com"
      ])
  }

  /// Cut after any of its lines, the second night's export removes nobody.
  @Test func noCutRemovesAnybody() async throws {
    let sample = try SampleExports(Self.exports("openldap.ldif", "openldap"))
    try await sample.company.apply(night: 1)
    let text = String(decoding: try sample.company.read("openldap.ldif"), as: UTF8.self)
    let ends = text.indices.filter { text[$0] == "\n" }
    for end in ends {
      try sample.company.write(String(text[..<end]), as: "openldap.ldif")
      let plan = try? await sample.company.plan(night: 2)
      #expect(plan?.removals ?? [] == [], "cut before \(text[end...].prefix(20))")
    }
  }
}
