import Glibc

/// Why a file could not be written; nothing was left behind.
package struct OutputFailure: Error, Sendable {
  /// What was being done when the system refused.
  package enum Step: Sendable, Hashable, CaseIterable {
    case makeFolder
    case openFolder
    case look
    case create
    case write
    case setMode
    case sync
    case close
    case rename
    case syncFolder
  }

  package enum Reason: Sendable {
    case notAFileName
    case isFolder
    case isSymbolicLink
    case isNoRegularFile
    case system(Step, errno: Int32)
    /// What was to be written could not be made.
    case content(any Error)
  }

  /// As the caller named it; the folder for failures of the folder.
  package let path: String
  package let reason: Reason

  package init(path: String, reason: Reason) {
    self.path = path
    self.reason = reason
  }
}

extension OutputFailure: CustomStringConvertible {
  /// One sentence that names the path, what happened, and what to do where that is known.
  package var description: String {
    switch reason {
    case .notAFileName: "“\(path)” is no name for a file."
    case .isFolder: "\(path) is a folder; name a file in it."
    case .isSymbolicLink:
      "\(path) is a symbolic link, and links are not written through; name the file itself."
    case .isNoRegularFile:
      "\(path) is a device, pipe or socket and not a file; use - for standard output."
    case .system(let step, let code): "\(path) \(step.refusal): \(Self.text(of: code))."
    case .content(let error): "\(path) was not written: \(error)"
    }
  }

  /// The C library's own words: `No space left on device`.
  private static func text(of code: Int32) -> String {
    // SAFETY: strerror returns a string that lives until this thread calls it again; it is copied here.
    unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
  }
}

extension OutputFailure.Step {
  fileprivate var refusal: String {
    switch self {
    case .makeFolder: "cannot be made as a folder"
    case .openFolder: "cannot be opened as a folder"
    case .look: "cannot be looked at"
    case .create: "cannot be created"
    case .write: "could not be written"
    case .setMode: "could not be given its permissions"
    case .sync: "could not be synced to disk; it was not replaced"
    case .close: "could not be closed; it was not replaced"
    case .rename: "could not be put in place"
    case .syncFolder: "could not be synced to disk after a file in it was replaced"
    }
  }
}
