import Testing

@testable import Reconciling

struct PolicyDigestTests {
  private func digest(_ text: String) throws -> String {
    try Policy(parsing: text, path: "somewhere/rollcall.yaml").digest
  }

  private func replacing(_ old: String, with new: String) throws -> String {
    try #require(CompletePolicy.text.contains(old), "\(old)")
    return CompletePolicy.text.replacing(old, with: new, maxReplacements: 1)
  }

  @Test func itIsSixtyFourHexadecimalDigits() throws {
    let digest = try digest(CompletePolicy.text)
    #expect(digest.count == 64)
    #expect(digest.allSatisfy { $0.isHexDigit && !$0.isUppercase })
  }

  @Test(arguments: [
    ("# Where things are", "# Where everything is"),
    ("state: rollcall.db", "state: other.db"),
    ("reports: Reports", "reports: Elsewhere"),
    ("path: exports/users*.csv", "path: /mnt/users-*.csv"),
    ("encoding: utf-8", "encoding: auto"),
    ("delimiter: \",\"", "delimiter: auto"),
    ("format: csv", ""),
    ("manifest: exports/SHA256SUMS", "manifest: '{file}.sha256'"),
    ("toleratedLines: 0", ""),
    ("createDisabled: false", ""),
    ("create: always ", "# "), ("update: always ", "# "),
    ("teams: { create: always, update: always }", "teams: { update: always }"),
    ("maxHeld: 3d", "maxHeld: 72h"),
    ("values: [deleted, left]", "values: [left, deleted]"),
    ("updates: 25%", "updates: { floor: 20, percent: 25 }"),
    ("title: ~", "# title"),
    ("strict: entra  ", "strict: off"),
  ])
  func anotherWayOfSayingItChangesNothing(old: String, new: String) throws {
    // The last line takes a title out of a mapping that then has one: not the same.
    let isSame = try digest(replacing(old, with: new)) == digest(CompletePolicy.text)
    #expect(isSame == (old != "title: ~"))
  }

  @Test(arguments: [
    ("name: hr", "name: HR2"),
    ("[azure-users]", "[aad-users]"),
    ("content: delta ", "content: full "),
    ("[deleted, left]", "[deleted]"),
    ("hr-(\\d+)", "hr_(\\d+)"),
    ("[PersonId, Login,", "[Login, PersonId,"),
    ("toleratedLines: 0", "toleratedLines: 1"),
    ("nickName: mailNickname", "nickName: alias"),
    ("apply: onCreate", "apply: always"),
    ("create: always ", "create: never "), ("update: always ", "update: never "),
    ("{ create: always, update: always }", "{ create: never, update: always }"),
    ("{ create: always, update: always }", "{ create: always, update: never }"),
    ("default: UTC", "default: GMT"),
    ("userType eq null", "userType pr"),
    (
      #"scope: 'userType eq "Member" or userType eq null'"#,
      #"scope: {filter: 'userType eq "Member" or userType eq null', assigned: [App]}"#
    ),
    ("'Join(\" \"", "'Join(\"  \""),
    ("defaultDomain: contoso.com", "defaultDomain: fabrikam.com"),
    ("column: [Family, Login]", "column: [Login, Family]"),
    ("true: [A, On leave]", "true: [A]"),
    ("whenEmpty: clear", "whenEmpty: keep"),
    ("constant: Employee", "constant: employee"),
    ("type: integer", "type: decimal"),
    ("column: managerId, key: externalId", "column: managerId, key: userName"),
    (#"include: ["SG-*", "Team *"]"#, #"include: ["SG-*"]"#),
    (#"exclude: ["SG-Test*"]"#, #"exclude: ["SG-Old*"]"#),
    (#""SG-App-*": "App *""#, #""SG-App-*": "Apps *""#),
    ("nested: off", "nested: flatten"),
    (#"'department eq "Engineering"'"#, #"'department eq "Design"'"#),
    ("Legal: { filter:", "Law: { filter:"),
    ("[Administrator]", "[Auditor]"),
    ("memberRoles: inherited", "memberRoles: written"),
    ("{ name: Sales }", "{ name: sales }"),
    ("separator: \";\"", "separator: \",\""),
    ("members: [externalId, userName]", "members: [userName, externalId]"),
    ("adopt: { members: [externalId], teams", "adopt: { members: [userName], teams"),
    ("authority: [hr, entra-users]", "authority: [entra-users, hr]"),
    ("displayName: entra-users", "displayName: hr"),
    ("exact: [Team A, Team B]", "exact: [Team A]"),
    ("deactivate: 1", "deactivate: 2"),
    ("minInterval: 20h", "minInterval: 21h"),
    ("reactivate: ours", "reactivate: never"),
    ("updates: 25%", "updates: 26%"),
    ("memberAdoptions: 50", "memberAdoptions: 51"),
    ("\"svc-*\"", "\"svc*\""),
    ("[Admins]", "[admins]"),
    ("recordFall: 10", "recordFall: 11"),
    ("onUnreliable: updates", "onUnreliable: nothing"),
    ("keyChurn: 8", "keyChurn: 9"),
    ("filledChange: 12", "filledChange: 13"),
    ("valueChange: 6", "valueChange: 7"),
    ("maxAge: 26h", "maxAge: 27h"),
    ("maxAge: 20h", "maxAge: 21h"),
    ("'TRL,(\\d+)'", "'TRL;(\\d+)'"),
    ("extra: 2", "extra: 1"),
    ("manifest: exports/SHA256SUMS", "# no manifest"),
  ])
  func anotherMeaningIsAnotherDigest(old: String, new: String) throws {
    var text = try replacing(old, with: new)
    if new == "content: full " {
      text = text.replacing(/[ ]+(removed|sequence): .*\n/, with: "")
    } else if new == "name: HR2" {
      text = text.replacing("[hr, entra-users]", with: "[HR2, entra-users]").replacing(
        "[hr]", with: "[HR2]")
    }
    #expect(try digest(text) != digest(CompletePolicy.text))
  }

  @Test func theOrderOfKeysAndExportsMeansNothing() throws {
    let one = """
      preset: entra
      exports:
        people:
          - { name: a, path: a.csv, content: full }
          - { content: full, path: b.csv, name: b }
      guards: { creates: 1, updates: 2 }
      """
    let other = """
      guards: { updates: 2, creates: 1 }
      exports:
        people:
          - name: b
            path: b.csv
            content: full
          - { name: a, path: a.csv, content: full, preset: entra }
      preset: entra
      """
    #expect(try digest(one) == digest(other))
  }

  @Test func noTextCanPassForTwo() throws {
    func text(_ values: String) throws -> String {
      try Policy(
        parsing: PolicyProblemTests.policy("protected: {members: \(values)}"), path: "p"
      ).canonicalText
    }
    #expect(try text(#"["a", "b"]"#) != text(#"["a\"\nprotected member \"b"]"#))
  }

  /// Stored digests of plans must not change unnoticed: whoever changes this changes the `1` in its
  /// first line.
  @Test func theCanonicalTextIsFrozen() throws {
    let text = """
      exports:
        teams:
          - { name: t, path: t.csv, content: full, mapping: { displayName: Name } }
      """
    #expect(
      try Policy(parsing: text, path: "p").canonicalText == """
        rollcall policy 1
        adopt members\u{20}
        adopt teams\u{20}
        createDisabled false
        edges additive
        guard creates count none percent 20.0 floor 20 firstLoad true
        guard grants count 20 percent none floor 5 firstLoad true
        guard memberAdoptions count 20 percent none floor 5 firstLoad false
        guard membershipsAdded count none percent 20.0 floor 50 firstLoad true
        guard membershipsRemoved count none percent 10.0 floor 20 firstLoad false
        guard membershipsRemovedPerTeam count none percent 50.0 floor 5 firstLoad false
        guard rekeys count 50 percent 2.0 floor 3 firstLoad false
        guard removals count 200 percent 5.0 floor 5 firstLoad false
        guard teamAdoptions count 0 percent none floor 0 firstLoad false
        guard updates count none percent 25.0 floor 20 firstLoad false
        health recordFall 10.0 updates
        leavers deactivate 1
        leavers delete never
        leavers minInterval 72000
        leavers stripTeams never
        match members\u{20}
        match teams "displayName"
        maxHeld 259200
        merge off
        reactivate ours
        teams "t" content full tolerated 0
        teams "t" map "displayName" from "Name" keep policy

        """)
  }
}
