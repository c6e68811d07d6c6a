import Crypto
import Dispatch
import Synchronization

/// The SHA-256 of pieces that follow each other, worked out by another thread while this one hands them on.
///
/// ```
/// let digest = PieceDigest(isAhead: true)
/// digest.add(piece); try sink.append(piece)        hashed while it is written
/// digest.hexadecimal                               of all pieces so far
/// ```
final class PieceDigest: Sendable {
  private let hash = Mutex(SHA256())
  private let queue: DispatchQueue?
  /// How many more pieces may wait.
  private let room = DispatchSemaphore(value: 16)

  /// Without `isAhead` the thread that adds a piece hashes it.
  init(isAhead: Bool) {
    queue = isAhead ? DispatchQueue(label: "digest", qos: .userInitiated) : nil
  }

  func add(_ piece: [UInt8]) {
    guard let queue else { return hash.withLock { $0.update(data: piece) } }
    room.wait()
    queue.async { [self] in
      hash.withLock { $0.update(data: piece) }
      room.signal()
    }
  }

  /// Of all pieces that were added before.
  var hexadecimal: String {
    queue?.sync {}
    return hash.withLock { $0.finalize().hexadecimal }
  }
}
