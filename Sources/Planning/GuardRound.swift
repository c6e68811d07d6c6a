import Identity
package import PlanFile

/// How many there are of everything that guards take shares of, as the state is now.
package struct Populations: Sendable, Hashable {
  package var members: Int
  /// Members that are managed and active: those that can be removed.
  package var activeManaged: Int
  package var teams: Int
  package var memberships: Int
  /// Memberships of single teams, by the id of the team.
  package var membershipsByTeam: [String: Int]

  package init(
    members: Int, activeManaged: Int, teams: Int, memberships: Int,
    membershipsByTeam: [String: Int]
  ) {
    self.members = members
    self.activeManaged = activeManaged
    self.teams = teams
    self.memberships = memberships
    self.membershipsByTeam = membershipsByTeam
  }
}

/// Judges a whole plan before its first write; plan does it once, apply does it again.
package struct GuardRound {
  private let limits: [GuardName: GuardLimit]
  private let lets: [String: Int]

  /// An approval's amounts stand in `lets`, by guard name.
  package init(limits: [GuardName: GuardLimit], lets: [String: Int] = [:]) {
    self.limits = limits
    self.lets = lets
  }

  /// One verdict per guard that has anything to judge, and one per team that loses too much.
  package func judge(_ operations: [Operation], _ populations: Populations) -> [GuardVerdict] {
    var amounts: [GuardName: Int] = [:]
    var losses: [SubjectRef: Int] = [:]
    // So do removals from one team.
    var losing: (id: ResourceID, first: Operation, count: Int)?
    func settleLoss() {
      if let losing { losses[losing.first.subject, default: 0] += losing.count }
    }
    // Operations alike in what guards look at follow each other for long.
    var last: (kind: Operation.Kind, classes: ChangeClass, situation: Situation)?
    var names: [GuardName] = []
    var repeats = 0
    func settle() {
      for name in names { amounts[name, default: 0] += repeats }
      repeats = 0
    }
    let span = operations.span
    var isNewcomer = false
    for place in span.indices {
      // A million of them are looked at without a look at their causes.
      let isAnother = span[place].isOfNewcomer
      if isAnother, isNewcomer {
        repeats += 1
        continue
      }
      isNewcomer = isAnother
      let looks = (span[place].kind, span[place].classes, span[place].situation)
      if let last, last == looks {
        repeats += 1
      } else {
        settle()
        last = looks
        names = span[place].guards
        repeats = 1
      }
      guard looks.0 == .removeMembership else { continue }
      let operation = span[place]
      if losing?.id == operation.subjectID {
        losing?.count += 1
      } else {
        settleLoss()
        losing = (operation.subjectID, operation, 1)
      }
    }
    settle()
    settleLoss()
    var verdicts = GuardName.allCases.compactMap { name in
      amounts[name].map { verdict(name, amount: $0, of: population(name, populations)) }
    }
    for (team, amount) in losses.sorted(by: { $0.key < $1.key }) {
      let population = populations.membershipsByTeam[team.id.description] ?? amount
      let judged = verdict(
        .membershipsRemovedPerTeam, amount: amount, of: population, scope: team.name)
      if !judged.passed { verdicts.append(judged) }
    }
    return verdicts
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
