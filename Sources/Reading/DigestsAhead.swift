import Scanning
import Synchronization

/// Digests of files that are to be read later, worked out beside those of files that are read now.
///
/// ```
/// read now     users.csv           1 MiB │ 1 MiB │ 1 MiB │ …
/// beside it    group-members.csv   1 MiB │ 1 MiB │ 1 MiB │ …        hashed, and not looked at
/// later        group-members.csv   its reader goes on hashing where that ended
/// ```
///
/// Two texts side by side take two thirds of the time (`SHA256Lane`), which pays for reading the second one twice. What
/// was hashed counts only if the file is still the same when its turn comes; if it is not, or cannot be opened yet,
/// its reader hashes all of it itself.
package final class DigestsAhead: Sendable {
  /// A file that was begun.
  private struct Begun {
    let file: InputFile
    let status: InputFile.Status
    var lane = SHA256Lane()
  }

  private struct State {
    /// Not begun yet.
    var waiting: ArraySlice<String>
    /// The one that is being hashed.
    var current: (path: String, begun: Begun)?
    /// Hashed to their end.
    var done: [String: Begun] = [:]
    var bytes: [UInt8] = []

    /// The file to hash now; whoever takes it puts it back.
    mutating func takeCurrent() -> (path: String, begun: Begun)? {
      while current == nil, let path = waiting.popFirst() {
        guard let file = try? InputPath(path).open(), let status = try? file.status(),
          status.size <= DigestsAhead.largest
        else { continue }
        current = (path, Begun(file: file, status: status))
      }
      defer { current = nil }
      return current
    }

    /// Hashes a piece with as much of the file whose turn it is; false where there is none.
    mutating func updateNext(_ own: inout SHA256Lane, with piece: Span<UInt8>) -> Bool {
      guard let (path, known) = takeCurrent() else { return false }
      var begun = known
      if bytes.count < piece.count { bytes = [UInt8](repeating: 0, count: piece.count) }
      guard
        let count = try? begun.file.read(
          into: &bytes, at: 0, upTo: piece.count, fromOffset: begun.lane.count)
      else { return false }
      SHA256Lane.update(
        &own, with: piece, &begun.lane, with: bytes.span.extracting(0..<count))
      if count < piece.count { done[path] = begun } else { current = (path, begun) }
      return true
    }
  }

  /// Whether there is any file to hash; where there is none, nobody need know of this.
  let hasFiles: Bool
  private let state: Mutex<State>

  /// Nobody knows whether memory holds a file above this size until it is read again.
  static let largest = 1 << 30

  /// Takes the files in their order; whoever has them read must have the others read with the same digests.
  package init(_ paths: [String]) {
    var seen: Set<String> = ["-"]
    let files = SHA256Lane.isPossible ? paths.filter { seen.insert($0).inserted } : []
    hasFiles = !files.isEmpty
    state = Mutex(State(waiting: files[...]))
  }

  /// Bytes of either file that are hashed at once: few enough to leave what has been read in the processor's cache.
  private static let step = 1 << 16

  /// Takes bytes of a file that is being read, and meanwhile as many of one that will be.
  func update(_ own: inout SHA256Lane, with bytes: Span<UInt8>) {
    var lane = own
    var start = 0
    // Who would have to wait for that is better off alone.
    _ = state.withLockIfAvailable { state in
      while start < bytes.count {
        let end = min(start + Self.step, bytes.count)
        guard state.updateNext(&lane, with: bytes.extracting(start..<end)) else { return }
        start = end
      }
    }
    lane.update(with: bytes.extracting(start...))
    own = lane
  }

  /// What has been hashed of a file from its start, now that somebody reads it; nil for nothing, and for another file than
  /// `status` tells of.
  func take(_ path: String, _ status: InputFile.Status) -> SHA256Lane? {
    state.withLock { state in
      state.waiting.removeAll { $0 == path }
      var begun = state.done.removeValue(forKey: path)
      if let current = state.current, current.path == path {
        begun = current.begun
        state.current = nil
      }
      return begun.flatMap { $0.status == status ? $0.lane : nil }
    }
  }
}
