import Foundation
import Identity
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

  /// From now on, memberships are what a file of changes says.
  private static func readMemberships(of sample: SampleExports, fromDelta file: String) throws {
    let policy = String(decoding: try sample.company.read("rollcall.yaml"), as: UTF8.self)
    let changed = policy.replacing(
      /name: members, path: [a-z.-]+, content: full/,
      with: "name: members, path: \(file), content: delta")
    try #require(changed != policy)
    try sample.company.write(changed, as: "rollcall.yaml")
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

  /// The same entries as LDIF and as DSML, decided upon byte for byte alike.
  @Test func decisionsAreThoseOfItsDSMLTwin() async throws {
    let sample = try SampleExports(Self.exports("entries", "openldap"))
    var digests: Set<String> = []
    for name in ["openldap.ldif", "openldap.dsml"] {
      try sample.company.write(try sample.company.read(name), as: "entries")
      let plan = try await sample.company.plan(night: 1)
      #expect(plan.operations.count == 7)
      digests.insert(plan.decisionBytes)
    }
    #expect(digests.count == 1)
  }

  @Test func aReportOfWorkdayIsMappedByPaths() async throws {
    let sample = try SampleExports(
      """
        people:
          - name: workers
            path: workday.xml
            content: full
            mapping:
              externalId: Employee_ID
              userName: Email
              displayName: Worker.@Descriptor
              active: {column: Active, "true": ["1"], "false": ["0"]}
      lifecycle: {createDisabled: true}
      """)
    let plan = try await sample.company.apply(night: 1)
    #expect(
      plan.operations == [
        "create-member ada.berg@contoso.com", "create-member jose.munoz@contoso.com",
      ])
    #expect(try sample.company.export().contains(#""displayName":"José & Muñoz""#))
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
    try Self.readMemberships(of: sample, fromDelta: "active-directory-changes.ldif")
    #expect(
      try await sample.company.plan(night: 2).operations == [
        "remove-membership Sales - bo@contoso.com"
      ])
  }

  /// Entries that look alike are read in another way than the first of them.
  @Test func everyManagerIsFound() async throws {
    let sample = try SampleExports(
      "  people: [{name: users, path: staff.ldif, content: full, preset: openldap}]")
    let entries = (0..<40).map { number in
      """
      dn: uid=u\(number),dc=x
      objectClass: inetOrgPerson
      uid: u\(number)
      cn: C\(number)
      sn: S
      entryUUID: e\(number)
      manager: uid=u\(number / 10),dc=x


      """
    }
    try sample.company.write(entries.joined(), as: "staff.ldif")
    try await sample.company.apply(night: 1)
    let state = try sample.company.export()
    #expect(state.matches(of: /"manager":\{/).count == 40)
  }

  /// A file of changes alone: the state knows whose entries they are, by what stands in their names.
  @Test func changesAreAppliedToWhatTheStateSays() async throws {
    let sample = try SampleExports(Self.exports("openldap.ldif", "openldap"))
    try await sample.company.apply(night: 1)
    try sample.company.write(
      """
      dn: uid=ann,ou=People,dc=contoso,dc=com
      changetype: modrdn
      newrdn: uid=anna
      deleteoldrdn: 1
      newsuperior: ou=Staff,dc=contoso,dc=com

      dn: UID=Anna, OU=Staff, DC=contoso, DC=com
      changetype: modify
      replace: title
      title: Head of buying
      -

      dn: cn=Sales,ou=Groups,dc=contoso,dc=com
      changetype: modify
      replace: member
      member: uid=anna,ou=Staff,dc=contoso,dc=com
      -


      """, as: "changes.ldif")
    let policy = String(decoding: try sample.company.read("rollcall.yaml"), as: UTF8.self)
    try sample.company.write(
      policy.replacing("openldap.ldif, content: full", with: "changes.ldif, content: delta"),
      as: "rollcall.yaml")
    let plan = try await sample.company.plan(night: 2)
    #expect(
      plan.operations == [
        "remove-membership Sales - bo",
        "update-member ann: title Buyer → Head of buying, userName ann → anna",
      ], "\(plan.evidence.findings.map(\.message))")
  }

  /// What stands first in a name tells an entry only where nothing else is known of its place.
  @Test(arguments: [("People", 1), ("Archive", 0)])
  func anEntryElsewhereInTheTreeIsSomebodyElse(unit: String, removals: Int) async throws {
    let sample = try SampleExports(Self.exports("openldap.ldif", "openldap"))
    try await sample.company.apply(night: 1)
    try sample.company.write(
      """
      dn: cn=Sales,ou=Groups,dc=contoso,dc=com
      changetype: modify
      delete: member
      member: uid=ann,ou=\(unit),dc=contoso,dc=com
      -


      """, as: "changes.ldif")
    try Self.readMemberships(of: sample, fromDelta: "changes.ldif")
    let plan = try await sample.company.plan(night: 2)
    #expect(plan.removals.count == removals, "\(plan.evidence.findings.map(\.message))")
  }

  /// Of Active Directory, the state knows no name of an entry: nothing can follow from its changes, and that is said.
  @Test func aChangeOfAnEntryThatNobodyKnowsIsToldOf() async throws {
    let sample = try SampleExports(
      Self.exports("active-directory.ldif", "active-directory"))
    try await sample.company.apply(night: 1)
    try sample.company.write(
      """
      dn: CN=Somebody,OU=Staff,DC=contoso,DC=com
      changetype: delete

      dn: CN=Somebody Else,OU=Staff,DC=contoso,DC=com
      changetype: modrdn
      newrdn: CN=Moved
      deleteoldrdn: 1


      """, as: "changes.ldif")
    let policy = String(decoding: try sample.company.read("rollcall.yaml"), as: UTF8.self)
    try sample.company.write(
      policy.replacing(
        "active-directory.ldif, content: full", with: "changes.ldif, content: delta"),
      as: "rollcall.yaml")
    let plan = try await sample.company.plan(night: 2)
    #expect(plan.operations == [])
    // Of people and of teams, a deletion and a rename.
    #expect(plan.findings["read.unknown-entry"] == 4)
  }

  /// The address is never read: at most, the attribute is not known.
  @Test(arguments: [("", 0), (", urlValues: ignore", 1)])
  func aValueInAnotherFileSetsItsRecordAsideUnlessItIsAllowed(
    setting: String, creates: Int
  ) async throws {
    let sample = try SampleExports(
      "  people: [{name: users, path: staff.ldif, content: full, preset: openldap\(setting)}]")
    try sample.company.write(
      "dn: uid=ann,dc=x\nobjectClass: inetOrgPerson\nuid: ann\nentryUUID: 1\ntitle:< file:///etc/hostname\n\n"
        + "dn: uid=bo,dc=x\nobjectClass: inetOrgPerson\nuid: bo\nentryUUID: 2\n\n",
      as: "staff.ldif")
    let plan = try await sample.company.plan(night: 1)
    #expect(plan.operations.count == 1 + creates)
    #expect(plan.findings["read.bad-record"] == (creates == 0 ? 1 : nil))
  }

  /// A new list that names somebody who cannot be told takes nobody out: it may be one of those.
  @Test func aReplacedListThatNamesSomebodyUnknownTakesNobodyOut() async throws {
    let sample = try SampleExports(Self.exports("openldap.ldif", "openldap"))
    try await sample.company.apply(night: 1)
    try sample.company.write(
      """
      dn: cn=Sales,ou=Groups,dc=contoso,dc=com
      changetype: modify
      replace: member
      member: uid=ann,ou=People,dc=contoso,dc=com
      member: uid=robert,ou=Elsewhere,dc=contoso,dc=com
      -


      """, as: "changes.ldif")
    try Self.readMemberships(of: sample, fromDelta: "changes.ldif")
    let plan = try await sample.company.plan(night: 2)
    #expect(plan.removals == [], "\(plan.evidence.findings.map(\.message))")
    #expect(plan.holds.contains { $0.contains("Sales") }, "\(plan.findings)")
  }

  /// Whoever a delta does not name cannot be looked up, and would lose every team.
  @Test func fullMembershipsNeedFullPeople() async throws {
    let exports = Self.exports("openldap.ldif", "openldap").replacing(
      "users, path: openldap.ldif, content: full",
      with: "users, path: openldap.ldif, content: delta"
    )
    let company = try SampleExports(exports).company
    let failure = await #expect(throws: JobFailure.self) { try await company.plan(night: 1) }
    guard case .policy(let lines) = failure else {
      Issue.record("\(String(describing: failure))")
      return
    }
    #expect(lines.first?.contains("users is a delta") == true)
  }

  /// Cut after any of its lines, the second night's export removes nobody.
  @Test func noCutRemovesAnybody() async throws {
    let sample = try SampleExports(Self.exports("openldap.ldif", "openldap"))
    try await sample.company.apply(night: 1)
    let text = String(decoding: try sample.company.read("openldap.ldif"), as: UTF8.self)
    let ends = text.indices.filter { text[$0] == "\n" }
    var planned = 0
    for end in ends {
      try sample.company.write(String(text[..<end]), as: "openldap.ldif")
      do {
        let plan = try await sample.company.plan(night: 2)
        planned += 1
        #expect(plan.removals == [], "cut before \(text[end...].prefix(20))")
      } catch JobFailure.unreadable {
        continue
      }
    }
    #expect(planned >= ends.count / 2)
  }
}
