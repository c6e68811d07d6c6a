/// The `lifecycle:` of a policy: what becomes of people who leave, and who comes back.
///
/// ```yaml
/// lifecycle:
///   create: always
///   update: always
///   teams: { create: always, update: always }
///   leavers: { deactivate: 1, stripTeams: 14, delete: 90, minInterval: 20h }
///   createDisabled: false
///   reactivate: ours
///   maxHeld: 3d
/// ```
package struct Lifecycle: Sendable, Hashable {
  /// After how many absences a step is taken.
  ///
  /// An absence is one healthy full export without the person.
  package enum Absences: Sendable, Hashable {
    case never
    case after(Int)
  }

  /// `leavers:` The steps for somebody missing from all their exports; each comes no earlier than
  /// the one before.
  package struct Leavers: Sendable, Hashable {
    /// `deactivate:` Default 1.
    package let deactivate: Absences
    /// `stripTeams:` Default never: a returner then finds the teams as they were.
    package let stripTeams: Absences
    /// `delete:` Default never.
    package let delete: Absences
    /// `minInterval:` The least time between two absences that both count, so that a job run twice
    /// in one night does not count twice.
    ///
    /// Default 20 h.
    package let minInterval: Duration
  }

  /// `create:` Whether somebody whom the target does not have is created.
  package enum Creation: String, Sendable, Hashable, CaseIterable {
    /// The default.
    case always
    /// Those who are there are kept equal; who is new is counted, and reported as a note.
    case never
  }

  /// `update:` Whether values of those who are there are kept equal.
  package enum Updating: String, Sendable, Hashable, CaseIterable {
    /// The default.
    case always
    /// What differs is counted and left as it is, whether somebody is active too; who is missing still leaves.
    case never
  }

  /// `teams:` The same of teams.
  package struct Teams: Sendable, Hashable {
    /// `create:` Whether a team that the target does not have is created.
    package let create: Creation
    /// `update:` Whether names and memberships of teams that are there are kept equal.
    package let update: Updating
  }

  /// `reactivate:` Who is made active again when an export has them as active.
  package enum Reactivation: String, Sendable, Hashable, CaseIterable {
    /// The default: only those whom Rollcall itself deactivated.
    case ours
    /// Also those whom somebody else deactivated.
    case always
    case never
  }

  package let create: Creation
  package let update: Updating
  package let teams: Teams
  package let leavers: Leavers
  /// `createDisabled:` Whether somebody who is disabled at the source is created, disabled.
  ///
  /// Default false.
  package let createDisabled: Bool
  package let reactivate: Reactivation
  /// `maxHeld:` How long something may be held before that is an error.
  ///
  /// Default 3 days.
  package let maxHeld: Duration
}

extension Lifecycle {
  static let standard = Lifecycle(
    create: .always, update: .always, teams: Teams(create: .always, update: .always),
    leavers: .standard, createDisabled: false, reactivate: .ours,
    maxHeld: .seconds(3 * 86_400))

  init(reading value: PolicyValue) {
    guard
      let section = value.section(
        "create", "update", "teams", "leavers", "createDisabled", "reactivate", "maxHeld")
    else {
      self = .standard
      return
    }
    let standard = Lifecycle.standard
    let teams = section["teams"]?.section("create", "update")
    self.init(
      create: section["create"]?.word(of: Creation.self) ?? standard.create,
      update: section["update"]?.word(of: Updating.self) ?? standard.update,
      teams: Teams(
        create: teams?["create"]?.word(of: Creation.self) ?? standard.teams.create,
        update: teams?["update"]?.word(of: Updating.self) ?? standard.teams.update),
      leavers: section["leavers"].map(Leavers.init(reading:)) ?? standard.leavers,
      createDisabled: section["createDisabled"]?.trueOrFalse() ?? standard.createDisabled,
      reactivate: section["reactivate"]?.word(of: Reactivation.self) ?? standard.reactivate,
      maxHeld: section["maxHeld"]?.duration() ?? standard.maxHeld)
  }
}

extension Lifecycle.Leavers {
  static let standard = Lifecycle.Leavers(
    deactivate: .after(1), stripTeams: .never, delete: .never, minInterval: .seconds(20 * 3600))

  fileprivate init(reading value: PolicyValue) {
    guard let section = value.section("deactivate", "stripTeams", "delete", "minInterval") else {
      self = .standard
      return
    }
    let standard = Lifecycle.Leavers.standard
    self.init(
      deactivate: section["deactivate"]?.absences() ?? standard.deactivate,
      stripTeams: section["stripTeams"]?.absences() ?? standard.stripTeams,
      delete: section["delete"]?.absences() ?? standard.delete,
      minInterval: section["minInterval"]?.duration(atLeast: .zero) ?? standard.minInterval)
    checkOrder(of: section)
  }

  /// Somebody who can still sign in must not lose the teams first, nor be deleted before either.
  private func checkOrder(of section: PolicySection) {
    let steps = [
      (name: "deactivate", absences: deactivate), (name: "stripTeams", absences: stripTeams),
      (name: "delete", absences: delete),
    ]
    var before = steps[0]
    for step in steps.dropFirst() {
      guard case .after(let count) = step.absences else { continue }
      switch before.absences {
      case .never: section[step.name]?.report(.neverBefore(step.name, never: before.name))
      case .after(let earlier) where count < earlier:
        section[step.name]?.report(.ladderDescends(step.name, before: before.name))
      case .after: break
      }
      before = step
    }
  }
}

extension PolicyValue {
  fileprivate func absences() -> Lifecycle.Absences? {
    if scalar == "never" { return .never }
    guard let scalar, Int(scalar) != nil else {
      mismatch(.countOrNever)
      return nil
    }
    return wholeNumber(in: 1...10_000).map { .after($0) }
  }
}
