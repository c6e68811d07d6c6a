package import Identity

/// Why the state could not be opened, read or written.
///
/// Whatever was being written is rolled back.
package struct StoreFailure: Error, Sendable, Hashable {
  /// The state's file as the operator named it.
  package let path: String
  package let problem: Problem

  package init(_ problem: Problem, path: String) {
    self.problem = problem
    self.path = path
  }

  package enum Problem: Sendable, Hashable {
    // Opening
    case missing
    case folderMissing(folder: String)
    case notAFile
    case notAState
    case newerVersion(found: Int, known: Int)
    /// Another Rollcall has brought the tables to a form that this one does not know.
    case unknownStep(String)
    /// The path is a link to a file of somebody else.
    case foreignLink(target: String)
    case locked(LockHolder?)
    case permission(detail: String)
    /// SQLite did not take a setting that keeps data safe, e.g. write-ahead logging on a share.
    case unsafeSetting(name: String, value: String)

    // Reading and writing
    case readOnly
    /// It must be brought to this program's form first, and cannot be written.
    case olderAndReadOnly(version: Int)
    case busy
    case diskFull
    case inputOutput(detail: String)
    case corrupt(detail: String)
    case database(code: Int, detail: String)

    // What was asked for
    case unknownSubject(ResourceID)
    case duplicateID(ResourceID)
    case membershipExists(team: UInt32, member: UInt32)
    case membershipMissing(team: UInt32, member: UInt32)
    /// No values are kept for looking up members by this attribute.
    case notAKey(AttributePath)
    /// A run was begun before `rebase` told which attributes it is about.
    case notRebased
    case tooManyExports(limit: Int)
    case approvalUsed(serial: String, run: Int)
    case unknownRun(Int)
    case journalChanged(JournalVerification.Breach)
    case runNotOpen
    case runNotFinished
  }

  /// Whether another try a moment later may succeed by itself.
  package var isWorthRetrying: Bool {
    switch problem {
    case .busy, .locked: true
    default: false
    }
  }
}
