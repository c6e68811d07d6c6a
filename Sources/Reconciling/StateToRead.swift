import Foundation
import Storing

/// A state for commands that leave nothing behind: the one there is, or an empty one that is gone afterwards.
///
/// `plan` makes the state's file where there is none, because ids in a plan belong to it. Whoever only looks needs
/// no such file.
final class StateToRead {
  let store: StateStore
  private let folder: String?

  init(of job: Job) throws(JobFailure) {
    guard !SystemFiles.exists(job.statePath) else {
      folder = nil
      store = try job.open(.reading)
      return
    }
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "rollcall-\(UUID().uuidString)").path
    do {
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true,
        attributes: [.posixPermissions: 0o700])
    } catch {
      throw .unexpected("\(folder) cannot be made: \(error.localizedDescription)")
    }
    self.folder = folder
    do {
      store = try StateStore.open(folder + "/empty.db", as: .readingOrCreating)
    } catch {
      try? FileManager.default.removeItem(atPath: folder)
      throw JobFailure(error)
    }
  }

  func close() throws(JobFailure) {
    let store = store
    try JobFailure.storing { () throws(StoreFailure) in try store.close() }
  }

  deinit {
    if let folder { try? FileManager.default.removeItem(atPath: folder) }
  }
}
