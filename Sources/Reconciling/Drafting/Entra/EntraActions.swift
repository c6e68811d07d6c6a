/// Which target actions are ticked for one object mapping: Entra takes no other.
///
/// ```
/// "flowTypes": "Add"             who is new is created; nobody is changed, disabled or deleted afterwards
/// "flowTypes": "Update,Delete"   nobody is created
/// ```
struct EntraActions: Sendable, Hashable {
  let adds: Bool
  /// Also whether anybody is disabled: that is an update.
  let updates: Bool
  let deletes: Bool

  /// All of them, where the file does not say.
  init(_ object: EntraSchema.ObjectMapping) {
    let ticked = object.actions.map { Set($0.map { $0.lowercased() }) }
    func has(_ action: String) -> Bool { ticked?.contains(action) ?? true }
    adds = has("add")
    updates = has("update")
    deletes = has("delete")
  }
}

extension EntraActions {
  /// The `lifecycle:` of a policy that does what Entra does with these ticked for users, and `teams` for groups.
  func lifecycle(teams: EntraActions?) -> String {
    var text = "lifecycle:\n"
    if !adds {
      text +=
        "  create: never                  # Add is not ticked in Entra: who is new is only counted\n"
    }
    if !updates {
      text +=
        "  update: never                  # Update is not ticked in Entra: values are set at creation, and left alone then\n"
    }
    if let teams, !teams.adds || !teams.updates {
      let words = [teams.adds ? nil : "create: never", teams.updates ? nil : "update: never"]
      text += "  teams: {\(words.compactMap(\.self).joined(separator: ", "))}"
      text += "  # what is not ticked for groups in Entra; memberships are an update of theirs\n"
    }
    text += "  leavers:\n"
    text +=
      updates
      ? "    deactivate: 1                # after so many nights without the person\n"
      : "    deactivate: never            # Update is not ticked in Entra, which so disables nobody\n"
    text += "    stripTeams: never\n"
    switch (updates, deletes) {
    case (true, true):
      text +=
        "    delete: 30                   # NOTE Delete is ticked in Entra, which deletes 30 days after; or never\n"
    case (false, true):
      text +=
        "    delete: never                # NOT CARRIED OVER \(deletesWithoutUpdating)\n"
    case (_, false): text += "    delete: never                # Delete is not ticked in Entra\n"
    }
    return text
      + (updates
        ? "  reactivate: ours\n"
        : "  reactivate: never              # Update is not ticked in Entra\n")
  }

  /// What nothing in a policy says: nobody is deleted here who has not been disabled before.
  var deletesWithoutUpdating: String {
    "Delete is ticked in Entra and Update is not; Rollcall deletes only whom it has disabled before"
  }

  /// What is different for groups, one comment each.
  var notesOnGroups: [String] {
    var notes: [String] = []
    if deletes {
      notes.append(
        "NOTE Delete is ticked for groups in Entra; Rollcall reports a team that is gone and leaves it alone"
      )
    }
    return notes
  }
}
