// The only place with sentences about the state.

extension StoreFailure: CustomStringConvertible {
  package var description: String { message }

  /// What happened and what to do about it.
  package var message: String {
    switch problem {
    case .missing:
      "There is no state at \(path). `rollcall plan` creates it; check `state:` in the policy if it should exist."
    case .folderMissing(let folder):
      "The folder \(folder) for the state \(path) does not exist. Create it, readable by this user only."
    case .notAFile:
      "\(path) is not a regular file, so it cannot be the state. Check `state:` in the policy."
    case .notAState:
      "\(path) is not a state of Rollcall and was left untouched. Check `state:` in the policy."
    case .newerVersion(let found, let known):
      "The state \(path) has version \(found); this Rollcall knows versions up to \(known). Use the newer Rollcall that wrote it."
    case .unknownStep(let step):
      "The state \(path) has been through the step “\(step)”, which this Rollcall does not know, and was left untouched. Use the newer Rollcall that wrote it."
    case .foreignLink(let target):
      "\(path) is a link to \(target), which belongs to another user. Name the real file in the policy, or remove the link."
    case .locked(let holder):
      Self.lockMessage(path, holder)
    case .permission(let detail):
      "The state \(path) cannot be opened: \(detail). Run as the user who owns it, and check that its folder is writable."
    case .unsafeSetting(let name, let value):
      "SQLite keeps \(name) at \(value) for the state \(path), which could lose a committed run. Put the state on a local disk."
    default: operationMessage
    }
  }

  private var operationMessage: String {
    switch problem {
    case .readOnly:
      "The state \(path) cannot be written. Check its permissions, its folder's, and whether the disk is mounted read-only."
    case .olderAndReadOnly(let version):
      "The state \(path) is of the older version \(version) and cannot be written, so it cannot be brought to version \(StateSchema.version). Run once as the user who owns it, or name a copy with --state."
    case .busy:
      "Another program is writing the state \(path). Nothing was changed; run again when it has finished."
    case .diskFull:
      "The disk of the state \(path) is full. Nothing was changed; free some space and run again."
    case .inputOutput(let detail):
      "The disk failed under the state \(path) (\(detail)). Nothing was changed; check the disk, then run `rollcall apply` again."
    case .corrupt(let detail):
      "The state \(path) is damaged (\(detail)). Nothing was changed; restore it from a backup."
    case .database(let code, let detail):
      "SQLite refused to work on the state \(path): \(detail) (code \(code)). Nothing was changed."
    case .unknownSubject(let id):
      "The state \(path) has no member or team \(id). Nothing was changed; plan again."
    case .duplicateID(let id):
      "The state \(path) already holds \(id). Nothing was changed; plan again."
    case .membershipExists(let team, let member):
      "Member \(member) is in team \(team) of the state \(path) already. Nothing was changed; plan again."
    case .membershipMissing(let team, let member):
      "Member \(member) is not in team \(team) of the state \(path). Nothing was changed; plan again."
    case .notAKey(let attribute):
      "The state \(path) keeps no look-up of \(attribute). Nothing was changed."
    case .notRebased:
      "The state \(path) was written by another version and must be rebased before it is changed. Nothing was changed."
    case .tooManyExports(let limit):
      "The state \(path) already knows \(limit) exports, which is all it can. Name a renamed export with `formerly:`."
    case .approvalUsed(let serial, let run):
      "The approval \(serial) was used up by run \(run). Ask for a new one with `rollcall approve`."
    case .unknownRun(let number):
      "The state \(path) has no run \(number)."
    case .journalChanged(let breach):
      "The journal of the state \(path) is not what was written down: \(breach.message). Compare the state with a backup."
    case .runNotOpen:
      "An operation was journaled outside a run in the state \(path). Nothing was changed."
    case .runNotFinished:
      "A run was begun but not finished in the state \(path). Nothing was changed."
    default:
      "The state \(path) could not be used."
    }
  }

  private static func lockMessage(_ path: String, _ holder: LockHolder?) -> String {
    guard let holder else {
      return "Another run holds the state \(path). Wait for it to finish."
    }
    return "Another run holds the state \(path): process \(holder.process) on \(holder.host), "
      + "`\(holder.command)`, since \(holder.startedText). Wait for it to finish."
  }
}

extension JournalVerification.Breach {
  /// What is wrong, as the end of a sentence.
  fileprivate var message: String {
    switch self {
    case .run(let number):
      "run \(number) was changed afterwards, or one before it is missing"
    case .operation(let number, let run):
      "operation \(number) of run \(run) is missing, or was changed afterwards"
    case .strayOperation(let number): "operation \(number) belongs to no run"
    case .strayValues(let number):
      "operation_value has a row for operation \(number), whose values stand elsewhere or which is nowhere"
    case .head: "its last run is not the one that it ended with"
    case .operationCount(let run, let stated, let found):
      "run \(run) says that it carried out \(stated) operations, and \(found) are there"
    }
  }
}
