import Identity
import PlanFile
import TestSupport
import Testing

@testable import Reconciling

/// Managers and others whom a record names by a key, and whose id becomes the value.
struct ReferenceTests {
  /// Somebody and the id of the manager.
  struct Report {
    var name: String
    var manager: String

    init(_ name: String, _ manager: String) {
      self.name = name
      self.manager = manager
    }
  }

  private static func company(
    key: String = "externalId", further: String = "", sections: String = ""
  ) throws -> Company {
    try Company(
      """
      state: rollcall.db
      exports:
        people:
          - {name: staff, path: users.csv, content: full}
      mapping:
        members:
          externalId: id
          userName: login
          title: title
          active: {column: enabled, "true": ["True"], "false": ["False"]}
          urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager: {column: manager, key: \(key)\(further)}
      \(CompanyPolicy.wideGuards)
      \(sections)
      """)
  }

  private static func write(
    _ reports: [Report], to company: Company, logins: [String: String] = [:],
    disabled: Set<String> = [], crowd: Int = 0
  ) throws {
    // With many who never change, one leaver is no fallen file.
    let others = (0..<crowd).map { Report("x\($0)", "") }
    let rows = (reports + others).map { report in
      let login = logins[report.name] ?? report.name
      return "E-\(report.name),\(login),Buyer,\(disabled.contains(report.name) ? "False" : "True"),"
        + report.manager
    }
    try company.write(
      "id,login,title,enabled,manager\n" + rows.map { $0 + "\n" }.joined(), as: "users.csv")
  }

  /// Everybody's manager by name, as the state has it.
  private func managers(_ company: Company) throws -> [String: String] {
    let members = try company.members()
    return members.values.reduce(into: [:]) { managers, member in
      guard let id = member.manager else { return }
      managers[member.name] = members[id]?.name ?? "nobody"
    }
  }

  // MARK: - In one run

  @Test func aManagerIsCreatedInTheSameRun() async throws {
    let company = try Self.company()
    try Self.write(
      [Report("ann", "E-zoe"), Report("bob", "E-ann"), Report("zoe", "")], to: company)
    let plan = try await company.apply(night: 1)
    #expect(try managers(company) == ["ann": "zoe", "bob": "ann"])
    // Whom others refer to comes first.
    #expect(plan.decisions.operations.map(\.subject.name) == ["zoe", "ann", "bob"])
    #expect(try await company.plan(night: 2).operations == [])
  }

  @Test func aCircleAndOnesOwnManagerAreNoTrouble() async throws {
    let company = try Self.company()
    try Self.write(
      [Report("ann", "E-bob"), Report("bob", "E-ann"), Report("eve", "E-eve")], to: company)
    let plan = try await company.apply(night: 1)
    #expect(plan.findings["map.unresolved-reference"] == nil)
    #expect(try managers(company) == ["ann": "bob", "bob": "ann", "eve": "eve"])
    let second = try await company.plan(night: 2)
    #expect(second.operations == [])
    #expect(second.decisions.situations == [.same: 3])
  }

  @Test func reportsNameWhomAValueMeans() async throws {
    let company = try Self.company()
    try Self.write([Report("ann", "E-bob"), Report("bob", ""), Report("cy", "")], to: company)
    let first = try await company.plan(night: 1)
    var source = ReportSource(plan: first, planName: "p", run: nil)
    source.nameReferences()
    #expect(source.names.values.sorted() == ["bob"])
    try await company.apply(night: 1)
    try Self.write([Report("ann", "E-cy"), Report("bob", ""), Report("cy", "")], to: company)
    let second = try await company.plan(night: 2)
    // Both are in the state alone.
    source = try company.job(night: 2)
      .withBackground(ReportSource(plan: second, planName: "p", run: nil))
    guard case .updateMember(let changes) = second.decisions.operations.first?.action else {
      Issue.record("no update")
      return
    }
    let change = source.readable(changes[0])
    #expect(change.before == "bob (\(changes[0].before ?? ""))")
    #expect(change.after == "cy (\(changes[0].after ?? ""))")
    let told = try await company.job(night: 2).explain("ann")
    #expect(told.names.byID.values.sorted() == ["bob", "cy"])
    let compared = try await company.job(night: 2).compare(with: company.path("rollcall.yaml"))
    #expect(compared.names.byID.values.sorted() == ["bob", "cy"])
  }

  @Test func theOrderOfRowsDecidesNothing() async throws {
    let reports = [Report("ann", "E-bob"), Report("bob", "E-cy"), Report("cy", "E-ann")]
    var digests: Set<String> = []
    for order in [reports, reports.reversed()] {
      let company = try Self.company()
      try Self.write(order, to: company)
      let plan = try await company.plan(night: 1)
      digests.insert(plan.decisions.operations.map(\.words).joined(separator: "\n"))
    }
    #expect(digests.count == 1)
  }

  /// A service that carries operations out one by one must know the new manager before anybody is under them.
  @Test func anUpdateRefersToSomebodyNewAndComesBehindThem() async throws {
    let company = try Self.company()
    try Self.write([Report("ann", "E-bob"), Report("bob", "")], to: company)
    try await company.apply(night: 1)
    try Self.write([Report("ann", "E-new"), Report("bob", ""), Report("new", "")], to: company)
    let plan = try await company.apply(night: 2)
    #expect(plan.decisions.operations.map(\.kind) == [.createMember, .updateMember])
    #expect(plan.decisions.operations.last.map(changedPaths) == ["manager.value"])
    #expect(try managers(company) == ["ann": "new"])
    #expect(try await company.plan(night: 3).operations == [])
  }

  /// The late arrival: yesterday's manager was nobody.
  @Test func aManagerWhoArrivesLaterIsSetThen() async throws {
    let company = try Self.company()
    try Self.write([Report("ann", "E-bob")], to: company)
    let first = try await company.apply(night: 1)
    #expect(first.findings["map.unresolved-reference"] == 1)
    #expect(try managers(company) == [:])
    #expect(try await company.plan(night: 2).operations == [])
    try Self.write([Report("ann", "E-bob"), Report("bob", "")], to: company)
    try await company.apply(night: 2)
    #expect(try managers(company) == ["ann": "bob"])
  }

  private func changedPaths(_ operation: Operation) -> [String] {
    guard case .updateMember(let changes) = operation.action else { return [] }
    return changes.map {
      [$0.attribute.path.attribute, $0.attribute.path.subAttribute ?? ""].joined(separator: ".")
    }
  }

  // MARK: - What cannot be told changes nothing

  @Test(arguments: ["E-nobody", ""])
  func theOldManagerStaysWhereNoneIsKnown(manager: String) async throws {
    let company = try Self.company()
    try Self.write([Report("ann", "E-bob"), Report("bob", "")], to: company)
    try await company.apply(night: 1)
    try Self.write([Report("ann", manager), Report("bob", "")], to: company)
    let plan = try await company.apply(night: 2)
    #expect(plan.operations == [])
    #expect(plan.findings["map.unresolved-reference"] == (manager.isEmpty ? nil : 1))
    #expect(plan.decisions.situations == [.same: 2])
    #expect(try managers(company) == ["ann": "bob"])
  }

  /// Two records with one id: nobody knows which of them is meant.
  @Test func aHeldManagerIsNotSet() async throws {
    let company = try Self.company()
    try Self.write([Report("ann", "E-bob"), Report("bob", ""), Report("bob", "")], to: company)
    let plan = try await company.apply(night: 1)
    let reasons = plan.evidence.findings.compactMap { finding -> Finding.UnresolvedReason? in
      guard case .unresolvedReference(_, _, _, let reason) = finding.subject else { return nil }
      return reason
    }
    #expect(reasons == [.notAMember])
    #expect(plan.operations == ["create-member ann"])
    #expect(try managers(company) == [:])
  }

  @Test func aDisabledJoinerIsNobodysManager() async throws {
    let company = try Self.company()
    try Self.write([Report("ann", "E-bob"), Report("bob", "")], to: company, disabled: ["bob"])
    let plan = try await company.apply(night: 1)
    #expect(plan.findings["map.unresolved-reference"] == 1)
    #expect(plan.operations == ["create-member ann"])
  }

  @Test func anEmptyCellTakesTheManagerAwayWhereThePolicySaysSo() async throws {
    let company = try Self.company(further: ", whenEmpty: clear")
    try Self.write([Report("ann", "E-bob"), Report("bob", "")], to: company)
    try await company.apply(night: 1)
    try Self.write([Report("ann", ""), Report("bob", "")], to: company)
    try await company.apply(night: 2)
    #expect(try managers(company) == [:])
    #expect(try await company.plan(night: 3).operations == [])
  }

  @Test func aTypeNameSaysNothing() async throws {
    let company = try Self.company(further: ", whenEmpty: clear")
    try Self.write([Report("ann", "E-bob"), Report("bob", "")], to: company)
    try await company.apply(night: 1)
    try Self.write([Report("ann", "System.String[]"), Report("bob", "")], to: company)
    #expect(try await company.plan(night: 2).operations == [])
  }

  /// A plan that deletes somebody makes nobody that one's report.
  @Test func whoIsDeletedTonightIsNobodysManager() async throws {
    let company = try Self.company(
      sections: "lifecycle: {leavers: {deactivate: 1, stripTeams: 2, delete: 2}}")
    try Self.write([Report("ann", ""), Report("bob", "")], to: company, crowd: 20)
    try await company.apply(night: 1)
    try Self.write([Report("ann", "")], to: company, crowd: 20)
    try await company.apply(night: 2)
    try Self.write([Report("ann", "E-bob"), Report("cy", "")], to: company, crowd: 20)
    let plan = try await company.apply(night: 3)
    #expect(plan.operations == ["create-member cy", "delete-member bob"])
    #expect(plan.findings["map.unresolved-reference"] == 1)
    #expect(try managers(company) == [:])
  }

  // MARK: - Keys that change hands

  @Test func aRenamedManagerIsFoundByTheNewName() async throws {
    let company = try Self.company(key: "userName")
    try Self.write([Report("ann", "bob"), Report("bob", "")], to: company)
    try await company.apply(night: 1)
    try Self.write(
      [Report("ann", "robert"), Report("bob", ""), Report("cy", "robert")], to: company,
      logins: ["bob": "robert"])
    let plan = try await company.apply(night: 2)
    // Ann's manager is who it was; only the name is another.
    #expect(plan.operations == ["create-member cy", "update-member bob: userName bob → robert"])
    #expect(try managers(company) == ["ann": "robert", "cy": "robert"])
    #expect(try await company.plan(night: 3).operations == [])
  }

  /// Bob and cy swap their names: ann's row is the same, but means somebody else.
  @Test func whoeverHasTheNameTonightIsMeant() async throws {
    let company = try Self.company(key: "userName")
    try Self.write([Report("ann", "bob"), Report("bob", ""), Report("cy", "")], to: company)
    try await company.apply(night: 1)
    try Self.write(
      [Report("ann", "bob"), Report("bob", ""), Report("cy", "")], to: company,
      logins: ["bob": "cy", "cy": "bob"])
    let plan = try await company.apply(night: 2)
    #expect(plan.decisions.operations.count { $0.kind == .updateMember } == 3)
    #expect(plan.decisions.situations[.same] == nil)
    #expect(try managers(company) == ["ann": "bob"])
    #expect(try company.members().values.first { $0.name == "bob" }?.externalID == "E-cy")
    #expect(try await company.plan(night: 3).operations == [])
  }

  // MARK: - Apply

  @Test func whoIsNoLongerThereMakesThePlanStale() async throws {
    let company = try Self.company(
      sections: "lifecycle: {leavers: {deactivate: 1, stripTeams: 1, delete: 1}}")
    try Self.write([Report("ann", ""), Report("bob", "")], to: company, crowd: 20)
    try await company.apply(night: 1)
    try Self.write([Report("ann", "E-bob"), Report("bob", "")], to: company, crowd: 20)
    try await company.save(night: 4)
    try Self.write([Report("ann", "")], to: company, crowd: 20)
    try await company.apply(night: 2)
    try Self.write([Report("ann", ""), Report("cy", "")], to: company, crowd: 20)
    try await company.apply(night: 3)
    do {
      _ = try await company.job(night: 4).apply(
        planAt: company.path("tonight.plan"), approvalAt: nil)
      Issue.record("it was applied")
    } catch {
      #expect("\(error)".contains("refer") || "\(error)".contains("referenceGone"), "\(error)")
    }
  }

  /// Somebody who is taken over has the manager already.
  @Test func aDirectoryThatExistsIsLoadedWithItsManagers() async throws {
    let company = try Self.company(
      sections: "matching: {members: [externalId], adopt: {members: [externalId]}}")
    try Self.write([Report("ann", "E-bob"), Report("bob", "E-nobody")], to: company)
    let plans = try await company.job(night: 1).refresh(from: [company.path("users.csv")])
      .map(\.planned.plan)
    #expect(plans.first?.operations == ["create-member ann", "create-member bob"])
    #expect(plans.first?.findings["map.unresolved-reference"] == 1)
    #expect(try managers(company) == ["ann": "bob"])
    let second = try await company.job(night: 1).refresh(from: [company.path("users.csv")])
      .map(\.planned.plan)
    #expect(second.first?.operations == [])
    try await company.apply(night: 2)
    #expect(try managers(company) == ["ann": "bob"])
    #expect(try await company.plan(night: 3).operations == [])
    try Self.write([Report("ann", "E-ann"), Report("bob", "E-ann")], to: company)
    let third = try await company.job(night: 3).refresh(from: [company.path("users.csv")])
      .map(\.planned.plan)
    #expect(third.first?.operations.count == 2)
    #expect(try managers(company) == ["ann": "ann", "bob": "ann"])
  }

  // MARK: - Directories

  @Test func managersNamedByDistinguishedNamesAreFound() async throws {
    let company = try Company(
      """
      state: rollcall.db
      exports:
        people:
          - {name: staff, path: people.ldif, content: full}
      mapping:
        members:
          externalId: entryUUID
          userName: uid
          urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager: {column: manager, key: externalId}
      \(CompanyPolicy.wideGuards)
      """)
    try company.write(
      """
      version: 1

      dn: uid=ann,ou=People,dc=contoso,dc=com
      objectClass: inetOrgPerson
      uid: ann
      entryUUID: U-1
      manager: UID=Bob, ou=people,dc=contoso,dc=com

      dn: uid=bob,ou=People,dc=contoso,dc=com
      objectClass: inetOrgPerson
      uid: bob
      entryUUID: U-2


      """, as: "people.ldif")
    try await company.apply(night: 1)
    #expect(try managers(company) == ["ann": "bob"])
    #expect(try await company.plan(night: 2).operations == [])
  }

  // MARK: - Against a slow twin

  /// Random companies for some nights: the state's managers are always those that the last file that could be
  /// told has named.
  @Test(arguments: UInt64(0)..<12)
  func agreesWithTheSlowWay(seed: UInt64) async throws {
    var random = SeededGenerator(seed: seed)
    let company = try Self.company()
    let names = (0..<8).map { "p\($0)" }
    var known: [String: String] = [:]
    var there: Set<String> = []
    for night in 1...4 {
      let present = names.filter { there.contains($0) || Bool.random(using: &random) }
      there.formUnion(present)
      let reports = present.map { name in
        Report(
          name, Bool.random(using: &random) ? "E-\(names.randomElement(using: &random) ?? "")" : "")
      }
      try Self.write(reports, to: company)
      try await company.apply(night: night)
      for report in reports where !report.manager.isEmpty {
        let manager = String(report.manager.dropFirst(2))
        if there.contains(manager) { known[report.name] = manager }
      }
      #expect(try managers(company) == known, "seed \(seed), night \(night)")
      #expect(try await company.plan(night: night + 1).operations == [], "seed \(seed)")
    }
  }

  /// Names change hands every night.
  ///
  /// Tonight's names count first, then those of yesterday that nobody has taken; who is named by neither changes nothing.
  @Test(arguments: UInt64(0)..<24)
  func namesThatChangeHandsAgreeWithTheSlowWay(seed: UInt64) async throws {
    var random = SeededGenerator(seed: seed)
    let company = try Self.company(key: "userName", further: ", whenEmpty: clear")
    let people = (0..<6).map { "p\($0)" }
    let pool = (0..<9).map { "n\($0)" }
    var logins: [String: String] = [:]
    var known: [String: String] = [:]
    var present: [String] = []
    for night in 1...4 {
      let before = logins
      present = people.filter { present.contains($0) || Int.random(in: 0..<3, using: &random) > 0 }
      let keepsMost = Bool.random(using: &random)
      var free = pool.shuffled(using: &random)
      for name in present where keepsMost && Int.random(in: 0..<4, using: &random) > 0 {
        if let own = before[name], free.contains(own) { free.removeAll { $0 == own } }
      }
      for name in present {
        if let own = before[name], !free.contains(own),
          !logins.contains(where: { $0.key != name && $0.value == own })
        {
          continue
        }
        logins[name] = free.removeFirst()
      }
      try #require(Set(logins.values).count == logins.count, "seed \(seed)")
      let reports = present.map { name in
        Report(
          name,
          Int.random(in: 0..<5, using: &random) == 0
            ? "" : (pool.randomElement(using: &random) ?? "").uppercased())
      }
      try Self.write(reports, to: company, logins: logins)
      let plan = try await company.apply(night: night)
      #expect(plan.holds == [], "seed \(seed), night \(night)")
      for report in reports {
        let text = report.manager.lowercased()
        let tonight = present.first { logins[$0] == text }
        let yesterday = before.first { $0.value == text }?.key
        if text.isEmpty {
          known[report.name] = nil
        } else if let manager = tonight ?? yesterday {
          known[report.name] = manager
        }
      }
      let names = Dictionary(uniqueKeysWithValues: logins.map { ($0.value, $0.key) })
      let found = try managers(company).map {
        (names[$0.key] ?? $0.key, names[$0.value] ?? $0.value)
      }
      #expect(
        Dictionary(uniqueKeysWithValues: found) == known, "seed \(seed), night \(night)")
      // Yesterday's names count no more: only what they meant may differ now.
      let second = try await company.plan(night: night + 1)
      let stale = reports.filter { report in
        let text = report.manager.lowercased()
        return !text.isEmpty && !logins.values.contains(text)
      }
      #expect(
        second.operations.allSatisfy { words in
          stale.contains { words.contains(logins[$0.name] ?? "") }
        },
        "seed \(seed), night \(night): \(second.operations)")
    }
  }
}
