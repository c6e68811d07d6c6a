/// How much of one thing a plan may do before a person has to agree.
///
/// ```
/// removals: { count: 200, percent: 5, floor: 5 }
///
///  amount  population   verdict
///       5          10   passes: not above the floor
///      40       1 000   passes: 4 %, below 200
///      60       1 000   fails:  6 %
///     300      10 000   fails:  above 200, though 3 %
///       6           0   fails:  no share of nothing is small
/// ```
///
/// With a count alone, the count decides of an empty population, too.
///
///
/// Where both `count` and `percent` are set, both must hold. The floor keeps small populations
/// workable: two leavers out of twelve people are no accident.
package struct GuardLimit: Sendable, Hashable {
  /// The largest amount; nil sets no absolute limit.
  package let count: Int?
  /// The largest share of the population, 0 to 100; nil sets no relative limit.
  package let percent: Double?
  /// Amounts up to this one always pass.
  package let floor: Int
  /// Whether anything passes while the population is empty: the first load of a new state.
  package let admitsFirstLoad: Bool

  package init(
    count: Int? = nil, percent: Double? = nil, floor: Int, admitsFirstLoad: Bool = false
  ) {
    self.count = count
    self.percent = percent
    self.floor = floor
    self.admitsFirstLoad = admitsFirstLoad
  }

  /// Whether a plan may do `amount` of it to a population of that size.
  ///
  /// The empty population is decided on purpose: a share of nothing would be no number, and a
  /// comparison with it would let everything pass.
  package func admits(_ amount: Int, of population: Int) -> Bool {
    guard amount > floor, amount > 0 else { return true }
    guard population > 0 else { return admitsFirstLoad || amount <= countOfNothing }
    if let count, amount > count { return false }
    if let percent, Double(amount) * 100 > percent * Double(population) { return false }
    return true
  }

  /// The largest amount where there is nothing to take a share of.
  private var countOfNothing: Int {
    guard percent == nil, let count else { return floor }
    return max(count, floor)
  }

  /// The largest amount that `admits` lets pass; nil where any passes.
  package func allowance(of population: Int) -> Int? {
    guard population > 0 else { return admitsFirstLoad ? nil : countOfNothing }
    let share = percent.map { percent in
      // Rounding may be off by one either way; `admits` decides.
      let near = Int(min(percent * Double(population) / 100, 1e15))
      return (max(near - 1, 0)...(near + 1)).last {
        Double($0) * 100 <= percent * Double(population)
      } ?? 0
    }
    guard let largest = [count, share].compactMap(\.self).min() else { return nil }
    return max(largest, floor)
  }
}

extension GuardName {
  /// The limit where the policy says nothing: there is no guard without one.
  ///
  /// Other tools stop at 5 % (GCDS), 20 % from 100 accounts on (Okta), 25 % (Peribolos), 200
  /// accounts (Adobe), 500 objects (Entra Connect). A night's turnover is well below 1 %, so the
  /// stricter figures cost an honest organisation an approval or two a year.
  package var defaultLimit: GuardLimit {
    switch self {
    // A fifth more people in one night is a wrong file, or a merger that somebody knows of.
    case .creates: GuardLimit(percent: 20, floor: 20, admitsFirstLoad: true)
    // A column shifted by one changes everybody; a renamed department seldom a quarter.
    case .updates: GuardLimit(percent: 25, floor: 20)
    // GCDS's share and Adobe's count, both: at 100 000 people 5 % alone would be 5 000 accounts.
    case .removals: GuardLimit(count: 200, percent: 5, floor: 5)
    // Widened access is the attacker's aim and is rare; a share would grow with the directory. Where nobody is there
    // yet, all grants are to whom the same plan creates, and are judged as that is unless the policy states a count.
    case .grants: GuardLimit(count: 20, floor: 5, admitsFirstLoad: true)
    // Names change by marriage, not by the hundred; a swapped key column changes them all.
    case .rekeys: GuardLimit(count: 50, percent: 2, floor: 3)
    // Taking over a directory is one approved act; after it, strays come one by one.
    case .memberAdoptions: GuardLimit(count: 20, floor: 5)
    // One row that names an existing team must not get hold of it: always a person's decision.
    case .teamAdoptions: GuardLimit(count: 0, floor: 0)
    case .membershipsAdded: GuardLimit(percent: 20, floor: 50, admitsFirstLoad: true)
    case .membershipsRemoved: GuardLimit(percent: 10, floor: 20)
    // Half of a team in one night is a reorganisation, or a members file cut short.
    case .membershipsRemovedPerTeam: GuardLimit(percent: 50, floor: 5)
    }
  }
}
