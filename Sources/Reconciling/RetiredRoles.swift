import Identity
import PlanFile
import Storing

/// Roles that members were given by a policy and that the policy of tonight gives nobody.
///
/// ```
/// last run   roles: {Admins: [Administrator]}, memberRoles: written     ann: roles[value eq "Administrator"]
/// tonight    roles: {Admins: [Viewer]},        memberRoles: written     Administrator is retired: ann loses it
/// ```
///
/// They stay among the managed attributes until nobody has them: an attribute that is merely no longer mapped is left
/// as it is, but a role is access.
struct RetiredRoles: Sendable {
  static let none = RetiredRoles(paths: [], holders: [], areUntold: false)

  /// Those that somebody has, in canonical order.
  let paths: [AttributePath]
  /// Who has one, by ordinal.
  let holders: [UInt32]
  /// Whether the policy has no `roles:` any more: then all of them are left as they are, and told.
  let areUntold: Bool

  private init(paths: [AttributePath], holders: [UInt32], areUntold: Bool) {
    self.paths = paths
    self.holders = holders
    self.areUntold = areUntold
  }

  /// Compares the policy with the last run of the state, and looks for those who have what it no longer names.
  init(_ policy: Policy, store: StateStore) throws(StoreFailure) {
    guard let last = try store.lastAttributes() else {
      self = .none
      return
    }
    let named = Set(policy.attributeSet(for: .members).attributes.map(\.path))
    let gone = last.members.attributes.map(\.path)
      .filter { $0.memberRole != nil && !named.contains($0) }
    guard policy.teams.roles != nil else {
      let areUntold = !gone.isEmpty || last.teams.id(of: .teamRoles) != nil
      self = RetiredRoles(paths: [], holders: [], areUntold: areUntold)
      return
    }
    guard !gone.isEmpty else {
      self = .none
      return
    }
    let set = AttributeSet(gone.map { ManagedAttribute(path: $0) })
    let found = try store.members(holding: set)
    let held = Set(found.flatMap { $0.image.entries.map { set[$0.id].path } })
    self.init(paths: held.sorted(), holders: found.map(\.ordinal), areUntold: false)
  }
}
