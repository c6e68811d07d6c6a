package import Identity
package import PlanFile

/// How many there are of everything that guards take shares of, as the state is now.
package struct Populations: Sendable, Hashable {
  package var members: Int
  /// Members that are managed and active: those that can be removed.
  package var activeManaged: Int
  package var teams: Int
  package var memberships: Int
  /// Memberships of single teams, by the id of the team.
  package var membershipsByTeam: [ResourceID: Int]

  package init(
    members: Int, activeManaged: Int, teams: Int, memberships: Int,
    membershipsByTeam: [ResourceID: Int]
  ) {
    self.members = members
    self.activeManaged = activeManaged
    self.teams = teams
    self.memberships = memberships
    self.membershipsByTeam = membershipsByTeam
  }
}

/// Judges a whole plan before its first write; plan does it once, apply does it again.
package struct GuardRound: Sendable {
  private let limits: [GuardName: GuardLimit]
  private let lets: [String: Int]

  /// An approval's amounts stand in `lets`, by guard name.
  package init(limits: [GuardName: GuardLimit], lets: [String: Int] = [:]) {
    self.limits = limits
    self.lets = lets
  }

  /// One verdict per guard that has anything to judge, and one per team that loses too much.
  package func judge(_ operations: [Operation], _ populations: Populations) -> [GuardVerdict] {
    let runs = SharedRun<Memberships>.atEnds(of: operations)
    var count = GuardCount()
    var start = 0
    for run in runs {
      count.add(operations, start..<run.range.lowerBound)
      count.add(run)
      start = run.range.upperBound
    }
    count.add(operations, start..<operations.count)
    let verdicts = GuardName.allCases.compactMap { name in
      count.amounts[name].map { verdict(name, amount: $0, of: population(name, populations)) }
    }
    return verdicts + breaches(count.losses, populations)
  }

  /// One verdict for each team that loses too much, in the order of teams.
  private func breaches(
    _ losses: [ResourceID: GuardCount.Loss], _ populations: Populations
  ) -> [GuardVerdict] {
    let name = GuardName.membershipsRemovedPerTeam
    let limit = limits[name] ?? name.defaultLimit
    func population(_ loss: GuardCount.Loss) -> Int {
      populations.membershipsByTeam[loss.team.id] ?? loss.amount
    }
    return losses.values.filter { !limit.admits($0.amount, of: population($0)) }
      .sorted { $0.team < $1.team }
      .map { verdict(name, amount: $0.amount, of: population($0), scope: $0.team.name) }
      .filter { !$0.passed }
  }

  /// Whether the limit alone lets an amount pass.
  package func admits(_ verdict: GuardVerdict) -> Bool {
    GuardName(rawValue: verdict.name).map {
      (limits[$0] ?? $0.defaultLimit).admits(verdict.amount, of: verdict.population)
    } ?? false
  }

  private func population(_ name: GuardName, _ populations: Populations) -> Int {
    switch name {
    case .creates, .updates, .rekeys: populations.members + populations.teams
    case .removals: populations.activeManaged
    case .grants, .memberAdoptions: populations.members
    case .teamAdoptions: populations.teams
    case .membershipsAdded, .membershipsRemoved: populations.memberships
    case .membershipsRemovedPerTeam: 0
    }
  }

  private func verdict(
    _ name: GuardName, amount: Int, of population: Int, scope: String? = nil
  ) -> GuardVerdict {
    let limit = limits[name] ?? name.defaultLimit
    let isAdmitted = limit.admits(amount, of: population)
    let approved = isAdmitted ? nil : lets[name.rawValue].flatMap { amount <= $0 ? $0 : nil }
    let allowance = limit.allowance(of: population)
    let isFirstLoad = population == 0 && allowance == nil && amount > limit.floor
    return GuardVerdict(
      name: name.rawValue, scope: scope, amount: amount, population: population,
      limit: limit.text + (isFirstLoad ? "; any number into what is empty" : ""),
      allowance: allowance, approved: approved,
      passed: isAdmitted || approved != nil)
  }
}

extension GuardLimit {
  /// The limit in words: `at most 200 and 5 % (always up to 5)`.
  package var text: String {
    var parts: [String] = []
    if let count { parts.append("\(count)") }
    if let percent {
      let text = Int(exactly: percent).map { "\($0)" } ?? "\(percent)"
      parts.append(text + " %")
    }
    guard !parts.isEmpty else { return "no limit" }
    return "at most " + parts.joined(separator: " and ") + " (always up to \(floor))"
  }
}
