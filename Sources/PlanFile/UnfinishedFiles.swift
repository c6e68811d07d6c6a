import Glibc
import Synchronization

/// The temporary files of `OutputFile` that are not finished yet, for a program that has to end in the middle.
///
/// ```
/// UnfinishedFiles.removeAll { _exit(130) }   // no `.rollcall-….tmp` stays behind
/// ```
package enum UnfinishedFiles {
  struct Entry: Sendable, Hashable {
    /// The open folder it is in.
    let folder: Int32
    let name: String
  }

  private static let entries = Mutex<Set<Entry>>([])

  /// Creates a file and takes note of it, as one step; `errno` is that of `create`.
  static func open(_ entry: Entry, create: () -> Int32) -> Int32 {
    let (file, code) = entries.withLock { entries in
      let file = create()
      let code = errno
      if file >= 0 { entries.insert(entry) }
      return (file, code)
    }
    errno = code
    return file
  }

  /// It has its name now, or is gone.
  static func forget(_ entry: Entry) {
    _ = entries.withLock { $0.remove(entry) }
  }

  /// Removes them all and ends; whoever wants to create another one waits for an end that comes first.
  package static func removeAll(andThen end: () -> Never) -> Never {
    entries.withLock { entries in
      for entry in entries { OutputFile.Calls.posix.remove(entry.folder, entry.name) }
      end()
    }
  }
}
