import Testing

@testable import Reconciling

/// Each mistake on its own in an otherwise good policy, with what is said about it.
struct PolicyProblemTests {
  /// A good policy whose last line is number 6, followed by `rest`.
  static func policy(_ rest: String) -> String {
    """
    preset: entra
    exports:
      people:
        - name: users
          path: users.csv
          content: full
    \(rest)
    """
  }

  static func mapping(_ line: String) -> String {
    policy("      mapping:\n        \(line)")
  }

  /// What is said of a policy; empty when it is good.
  static func complaints(about text: String) -> [String] {
    do throws(PolicyFailure) {
      _ = try Policy(parsing: text, path: "p")
      return []
    } catch {
      return error.description.split(separator: "\n").map(String.init)
    }
  }

  @Test(arguments: [
    ("exprots: 1", "7:1: exprots: There is no key “exprots” here. Did you mean `exports`?"),
    ("state: [a]", "7:8: state: A list is not a text."),
    ("state:", "7:7: state: This has no value where a text is expected."),
    ("state: ''", "7:8: state: The text is empty."),
    ("preset: entra", "7:1: “preset” stands here already, on line 1."),
    ("state: ${HOME}/a.db", "7:8: state: ${HOME} is not replaced here"),
    ("health: {recordFall: 200}", "7:22: health.recordFall: 200 is outside 0 to 100."),
    ("health: {recordFall: '7'}", ""),
    ("health: {recordFall: nan}", "7:22: health.recordFall: “nan” is not a number."),
    ("health: {onUnreliable: all}", "7:24: health.onUnreliable: “all” is not one of"),
    ("protected: {members: ['*@*']}", "7:23: protected.members[0]: “*@*” would protect everybody."),
    ("protected: {teams: Admins}", "7:20: protected.teams: “Admins” is not a list."),
    ("protected: {members: [a, a]}", "7:26: protected.members[1]: “a” stands more than once"),
    ("protected: {members: ['7*', 'é*', '12']}", ""),
  ])
  func aWrongSettingIsShownWithItsPlace(line: String, complaint: String) throws {
    try expect(Self.policy(line), says: complaint)
  }

  @Test(arguments: [
    ("off", "20: guards.removals: A guard cannot be switched off"),
    ("-1", "20: guards.removals: -1 is outside"),
    ("101%", "20: guards.removals: 101 is outside 0 to 100."),
    ("'200'", "20: guards.removals: The text “200” is not a whole number."),
    ("many", "20: guards.removals: “many” is not a limit"),
    ("{}", "20: guards.removals: One of these must be stated: `count`, `percent`, `floor`."),
    ("{ count: -1 }", "29: guards.removals.count: -1 is outside"),
    ("{ percent: inf }", "31: guards.removals.percent: “inf” is not a number."),
    ("{ percent: -1 }", "31: guards.removals.percent: -1 is outside 0 to 100."),
    ("{ count: 2, floor: 5 }", "39: guards.removals.floor: The floor 5 would let pass more"),
    ("{ floor: 500 }", "29: guards.removals.floor: The floor 500 would let pass more"),
    ("[1]", "20: guards.removals: A list is not a limit"),
  ])
  func aWrongGuardIsShownWithItsPlace(value: String, complaint: String) throws {
    try expect(Self.policy("guards: {removals: \(value)}"), says: "7:" + complaint)
  }

  @Test(arguments: [
    ("leavers: {deactivate: 0}", "25: lifecycle.leavers.deactivate: 0 is outside 1 to"),
    ("leavers: {deactivate: soon}", "25: lifecycle.leavers.deactivate: “soon” is not a whole"),
    (
      "leavers: {deactivate: never, delete: 3}",
      "40: lifecycle.leavers.delete: `delete` cannot happen while `deactivate` is never."
    ),
    (
      "leavers: {deactivate: 5, stripTeams: 3}",
      "40: lifecycle.leavers.stripTeams: `stripTeams` would come before `deactivate`."
    ),
    ("leavers: {delete: 2}", ""),
    ("leavers: {minInterval: 0h}", ""),
    ("maxHeld: 20", "12: lifecycle.maxHeld: “20” is not a duration."),
    ("maxHeld: 99999999999999999999d", "12: lifecycle.maxHeld: “99999999999999999999d” is not"),
    ("maxHeld: 0m", "12: lifecycle.maxHeld: “0m” is too short; at least 1m."),
    ("maxHeld: 2w", ""),
    ("createDisabled: yes", "19: lifecycle.createDisabled: “yes” is not true or false."),
    ("create: no", "11: lifecycle.create: “no” is not one of"),
    ("reactivate: our", "15: lifecycle.reactivate: “our” is not one of"),
  ])
  func aWrongLifecycleIsShownWithItsPlace(line: String, complaint: String) throws {
    try expect(
      Self.policy("lifecycle:\n  \(line)"), says: complaint.isEmpty ? "" : "8:" + complaint)
  }

  @Test(arguments: [
    ("usrName: upn", "SCIM has no attribute “usrName”. Did you mean `userName`?"),
    ("mail: m", "SCIM has no attribute “mail”. Did you mean `emails[type eq \"work\"].value`?"),
    (
      "department: d",
      "Did you mean `urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department`?"
    ),
    (
      "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:departmnt: d",
      "Did you mean `urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department`?"
    ),
    ("urn:example:hr:badge: d", ""),
    ("name: n", "“name” has several parts. Say which, such as `name.givenName`."),
    ("name.givnName: n", "Did you mean `name.givenName`?"),
    ("emails.value: m", "`emails` has several values. Say which is meant"),
    (
      "emails[display eq \"x\"].value: m",
      "only `[type eq \"…\"]` or `[primary eq \"True\"]` can pick"
    ),
    ("emails[type eq work].value: m", "“type eq work” is not a filter"),
    ("title.value: m", "`title` has no parts"),
    ("title[type eq \"a\"].value: m", "`title` has one value; it takes no `[…]`."),
    ("id: i", "`id` is kept by the service itself or is secret"),
    ("password: p", "`password` is kept by the service itself or is secret"),
    ("user name: i", "“user name” is not a name"),
    ("active: accountEnabled", "the column's words for it must be stated"),
    ("active: {column: a, true: [x]}", "the column's words for it must be stated"),
    ("active: {column: a, true: [x], false: [x]}", "“x” means true and false at once."),
    ("active: {column: a, true: [x], false: ['']}", "An empty cell says nothing"),
    ("active: {column: a, true: [x], false: [y], whenEmpty: clear}", "must not be cleared"),
    ("active: {constant: yes}", "“yes” is neither true nor false."),
    ("active: {constant: true}", ""),
    ("title: {column: a, true: [x], false: [y]}", "`title` is text"),
    ("title: {column: a, constant: b}", "`column` and `constant` contradict each other."),
    ("title: {constant: b, whenEmpty: clear}", "`constant` and `whenEmpty` contradict"),
    ("title: {}", "One of these must be stated: `column`, `constant`, `expression`."),
    ("title: {colum: a}", "There is no key “colum” here. Did you mean `column`?"),
    ("title: [a, b]", "A list is not the name of a column, or { column: … }."),
    ("title: {column: [a, b]}", ""),
    ("userName: {constant: x}", "`userName` must differ from one to the next"),
    ("userName: {column: x, whenEmpty: clear}", "`userName` must not be cleared"),
    ("externalId: {column: x, whenEmpty: clear}", "`externalId` must not be cleared"),
    ("userName: ~", "Export “users” does not map `userName`"),
    ("nickName: ~", "`nickName` is not mapped, so there is nothing to take out."),
  ])
  func aWrongRuleIsShownWithItsReason(rule: String, complaint: String) {
    let complaints = Self.complaints(about: Self.mapping(rule))
    if complaint.isEmpty {
      #expect(complaints == [])
    } else {
      #expect(complaints.contains { $0.contains(complaint) }, "\(complaints)")
    }
  }

  @Test func onePathInTwoSpellingsIsOnePath() throws {
    let rules = "emails[type eq \"work\"].value: a\n        emails[type EQ \"work\"].value: b"
    try expect(
      Self.mapping(rules),
      says: "9:9: exports.people[0].mapping.emails[type EQ \"work\"].value: "
        + "`emails[type eq \"work\"].value` is mapped already, on line 8.")
  }

  @Test(arguments: [
    (
      "members: [externalId, usrName]",
      "25: matching.members[1]: Export “users” does not map `usrName`. Did you mean `userName`?"
    ),
    (
      "members: [active]",
      "13: matching.members[0]: `active` is true or false and tells nobody apart."
    ),
    ("members: []", "12: matching.members: The list is empty."),
    (
      "adopt: {members: [displayName]}",
      "21: matching.adopt.members[0]: `displayName` is not a match key"
    ),
    ("merge: on", "10: matching.merge: “on” is not `off` or a mapping."),
    (
      "merge: {authority: [usrs, users]}",
      "23: matching.merge.authority[0]: There is no people export “usrs”. Did you mean `users`?"
    ),
    (
      "merge: {authority: [a]}",
      "11: matching.merge.authority: Every people export needs its place in the order; missing: users."
    ),
    (
      "merge: {authority: [users], attributes: {nickName: users}}",
      "44: matching.merge.attributes.nickName: No export maps `nickName`"
    ),
    (
      "merge: {authority: [users], attributes: {title: hr}}",
      "44: matching.merge.attributes.title: There is no people export “hr”."
    ),
    ("merge: off", ""),
    (
      "memberships: exakt",
      "16: matching.memberships: “exakt” is not one of `additive`, `exact`. Did you mean `exact`?"
    ),
    ("memberships: {exact: []}", "24: matching.memberships.exact: The list is empty."),
  ])
  func aWrongMatchRuleIsShownWithItsPlace(line: String, complaint: String) throws {
    let complaints = Self.complaints(about: Self.policy("matching:\n  \(line)"))
    if complaint.isEmpty {
      #expect(complaints == [])
    } else {
      #expect(complaints.contains { $0.hasPrefix("p:8:" + complaint) }, "\(complaints)")
    }
  }

  @Test(arguments: [
    ("name: a b, path: x, content: full", "exports.teams[0].name: “a b” is not a name."),
    ("name: users, path: x, content: full", "exports.teams[0].name: “users” is the name"),
    (
      "name: t, formerly: [users], path: x, content: full",
      "exports.teams[0].formerly[0]: “users” is the name"
    ),
    ("name: t, path: x/, content: full", "exports.teams[0].path: “x/” is not the path of a file."),
    ("name: t, path: x", "`content` is missing. Say `full` if the file holds everybody"),
    ("path: x, content: full", "`name` is missing; it has no default."),
    ("name: t, path: x, content: all", "“all” is not one of `full`, `delta`."),
    ("name: t, path: x, content: full, delimiter: '::'", "“::” is not one of"),
    ("name: t, path: x, content: full, delimiter: \"\\t\"", ""),
    ("name: t, path: x, content: full, encoding: utf8", "Did you mean `utf-8`?"),
    ("name: t, path: x, content: full, toleratedLines: -1", "-1 is outside 0 to 1000000."),
    ("name: t, path: x, content: full, header: [a, a]", "“a” stands more than once in this list."),
    (
      "name: t, path: x, content: full, removed: {column: c, values: [x]}",
      "`removed` is for `content: delta`"
    ),
    ("name: t, path: x, content: full, sequence: '(x)'", "`sequence` is for `content: delta`"),
    ("name: t, path: x, content: delta, removed: {column: c}", "`values` is missing"),
    ("name: t, path: x, content: delta, removed: {column: c, values: ['']}", "The text is empty."),
    (
      "name: t, path: x, content: delta, sequence: '(a', removed: {column: c, values: [x]}",
      "“(a” is not a regular expression"
    ),
    (
      "name: t, path: x, content: delta, sequence: 'a)(b', removed: {column: c, values: [x]}",
      "“a)(b” is not a regular expression"
    ),
    (
      "name: t, path: x, content: delta, sequence: '(a)(b)', removed: {column: c, values: [x]}",
      "“(a)(b)” has 2 groups; it needs exactly one"
    ),
    ("name: t, path: x, content: full, preset: none", "Export “t” does not map `displayName`"),
    ("name: t, path: x, content: full, team: x", "There is no key “team” here."),
  ])
  func aWrongExportIsShownWithItsReason(settings: String, complaint: String) {
    let complaints = Self.complaints(about: Self.policy("  teams:\n  - {\(settings)}"))
    if complaint.isEmpty {
      #expect(complaints == [])
    } else {
      #expect(complaints.contains { $0.contains(complaint) }, "\(complaints)")
    }
  }

  @Test(arguments: [
    (
      "team: {column: a, key: title}, member: {column: c, key: userName}",
      "team.key: No export maps `title`"
    ),
    (
      "team: {column: a, key: displayName}, member: {column: c, key: usrName}",
      "member.key: No export maps `usrName`, so nobody can be found by it. Did you mean `userName`?"
    ),
    (
      "team: {column: a, name: b, key: displayName}, member: {column: c, key: userName}",
      "`column` and `name` contradict"
    ),
    (
      "team: {name: b, key: displayName}, member: {column: c, key: userName}",
      "`name` and `key` contradict"
    ),
    (
      "team: {}, member: {column: c, key: userName}",
      "One of these must be stated: `column`, `name`, `fileName`."
    ),
    (
      "team: {fileName: x, key: displayName}, member: {column: c, key: userName}",
      "“x” has 0 groups"
    ),
    ("member: {column: c, key: userName}", "`team` is missing. Say where the team is named"),
    ("team: {name: b}", "`member` is missing"),
    ("team: {name: b}, member: {column: c, key: 'a b'}", "“a b” is not an attribute path"),
    (
      "team: {name: b}, member: {column: c, key: userName, seperator: x}",
      "Did you mean `separator`?"
    ),
    ("team: {name: b}, member: {column: c, key: userName}, preset: entra", ""),
    ("preset: entra", ""),
    ("preset: google", "`team` is missing. Say where the team is named"),
    ("preset: okta", "`member` is missing"),
    ("team: {name: b}, member: {column: c, key: externalId, separator: ';'}", ""),
  ])
  func aWrongMembershipsExportIsShownWithItsReason(settings: String, complaint: String) {
    let complaints = Self.complaints(
      about: Self.policy("  memberships:\n  - {name: m, path: x, content: full, \(settings)}"))
    if complaint.isEmpty {
      #expect(complaints == [])
    } else {
      #expect(complaints.contains { $0.contains(complaint) }, "\(complaints)")
    }
  }

  @Test(arguments: ["exports: {}", "preset: entra", "exports:\n  memberships: []"])
  func aPolicyWithoutPeopleAndTeamsIsRefused(text: String) {
    #expect(!Self.complaints(about: text).isEmpty)
  }

  @Test func columnsMustStandInAStatedHeader() {
    let complaints = Self.complaints(
      about: """
        exports:
          people:
            - name: a
              path: a.csv
              content: delta
              header: [login, titel, change]
              removed: { column: chnage, values: [x] }
              mapping:
                userName: login
                title: { column: [title, job] }
          memberships:
            - name: b
              path: b.csv
              content: full
              header: [team, login]
              team: { column: group, key: displayName }
              member: { column: logon, key: userName }
        """)
    #expect(
      complaints == [
        "p:7:18: exports.people[0].removed.column: The export's `header:` has no “chnage”. "
          + "Did you mean `change`?",
        "p:10:9: exports.people[0].mapping.title: The export's `header:` has no “title”, nor “job”. "
          + "Did you mean `titel`?",
        "p:16:15: exports.memberships[0].team.column: The export's `header:` has no “group”.",
        "p:17:17: exports.memberships[0].member.column: The export's `header:` has no “logon”. "
          + "Did you mean `login`?",
      ], "\(complaints)")
  }

  @Test func allProblemsAreShownInTheOrderOfTheText() {
    let complaints = Self.complaints(
      about: """
        exports:
          people:
            - name: a b
              contnt: full
        guards: { removals: off }
        helth: {}
        """)
    #expect(
      complaints.map { $0.prefix { $0 != " " } } == [
        "p:3:7:", "p:3:7:", "p:3:7:", "p:3:13:", "p:4:7:", "p:5:21:", "p:6:1:",
      ], "\(complaints)")
  }

  @Test(arguments: [
    (
      #"title: 'ToLowr([jobTitle])'"#,
      "8:17: users.title: There is no function `ToLowr`. Did you mean"
    ),
    (#"title: ToLowr([jobTitle])"#, "8:16: "), (#"title: "Left([jobTitle])""#, "8:17: "),
    (#"title: {expression: 'Join(" ", [jobTitle], 'x)'}"#, "8:"),
    (#"title: {expression: Now(), column: jobTitle}"#, "8:29: "),
    (#"userName: '"ann"'"#, "8:9: "), (#"title: 'Trim([jobTitle])'"#, ""),
    (#"active: 'Not([blocked])'"#, ""), (#"title: Phone (work)"#, ""),
    (#"title: 'Replace([jobTitle], , "(?<a>\\w+).*", , "${a}", , )'"#, ""),
    (#"title: '"${HOME}"'"#, "8:16: "),
    (#"title: '[jobTitle]'"#, ""), (#"title: {expression: '[jobTitle]', whenEmpty: clear}"#, ""),
  ])
  func aMistakeInAnExpressionIsShownWhereItStands(line: String, complaint: String) {
    let complaints = Self.complaints(about: Self.mapping(line))
    guard !complaint.isEmpty else {
      #expect(complaints == [], "\(line)")
      return
    }
    let place = complaint.prefix { $0 != " " }
    #expect(complaints.first?.hasPrefix("p:" + place) == true, "\(complaints)")
  }

  @Test func aMistakeInAFoldedExpressionIsFoundOnItsLine() {
    let text = """
      preset: entra
      exports:
        people:
          - {name: users, path: users.csv, content: full}
      mapping:
        members:
          title: >-
            Join(" ",
              ToLowr([a]),
              [b])
      """
    let complaints = Self.complaints(about: text)
    #expect(complaints.count == 1 && complaints[0].hasPrefix("p:9:9: "), "\(complaints)")
  }

  @Test func whatEntraDoesNotHaveIsRefusedWherePolicySaysStrict() {
    let mapping = Self.mapping("title: 'Trim([jobTitle])'")
    #expect(Self.complaints(about: mapping).isEmpty)
    let strict = Self.complaints(about: mapping + "\nexpressions: {strict: entra}")
    #expect(strict.count == 1 && strict[0].contains("not in Entra"), "\(strict)")
  }

  @Test(arguments: [
    "expressions: {tables: {offices: no-such-file.csv}}", "expressions: {strict: okta}",
    "expressions: {appRoleAssignments: {path: no-such-file.csv, key: id}}",
    "expressions: {appRoleAssignments: {key: id}}",
    "expressions: {tabels: {}}", "expressions: []",
  ])
  func aWrongSettingOfExpressionsIsShown(line: String) {
    let complaints = Self.complaints(about: Self.policy(line))
    #expect(complaints.count == 1 && complaints[0].contains("expressions"), "\(complaints)")
  }

  @Test func aMisspeltPathIsNotAlsoCalledUnmapped() {
    let text = """
      exports:
        people:
          - { name: users, path: x, content: full, mapping: { usrName: upn } }
      """
    #expect(Self.complaints(about: text).count == 1)
  }

  @Test func aDeltaThatRemovesNobodyIsOnlyNoted() throws {
    let policy = try Policy(
      parsing: Self.policy("    - { name: changes, path: x, content: delta, preset: okta }"),
      path: "p")
    #expect(
      policy.notes.map { $0.line(in: "p") } == [
        "p:7:7: note: exports.people[1]: This delta has no `removed:`, so it never removes anybody."
      ])
  }

  @Test func aFloodOfMistakesIsCutAndAFloodOfNotesHidesNoMistake() {
    let flood = (0..<1_000).map { "key\($0): 1\n" }.joined()
    #expect(Self.complaints(about: Self.policy(flood)).count == PolicyProblems.limit)
    let deltas = (0..<300).map { "    - { name: d\($0), path: x, content: delta }\n" }.joined()
    let complaints = Self.complaints(about: Self.policy(deltas + "protected: { members: [\"*\"] }"))
    #expect(complaints.count { !$0.contains(": note: ") } == 1)
  }

  @Test func whatIsQuotedCannotMoveTheCursor() {
    let complaints = Self.complaints(about: Self.policy("preset2: \"\\e[31m\\u202e\\u0085\""))
    #expect(complaints.allSatisfy { $0.unicodeScalars.allSatisfy { $0.value >= 0x20 } })
    let word = Self.complaints(about: Self.policy("health: {onUnreliable: \"\\e[31m\\u202e\"}"))
    #expect(word.first?.contains("“\\u{1b}[31m\\u{202e}” is not one of") == true, "\(word)")
  }

  private func expect(
    _ text: String, says complaint: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let complaints = Self.complaints(about: text)
    guard !complaint.isEmpty else {
      #expect(complaints == [], sourceLocation: sourceLocation)
      return
    }
    #expect(complaints.count == 1, "\(complaints)", sourceLocation: sourceLocation)
    #expect(
      complaints.first?.hasPrefix("p:" + complaint) == true, "\(complaints)",
      sourceLocation: sourceLocation)
  }
}
