import Crypto
import Scanning

/// The SHA-256 of a file while it is read, of which the beginning may have been worked out before.
///
/// ```
/// var digest = RunningDigest(of: input, status)
/// digest.update(with: block[...], at: 0)
/// digest.final()                            // 32 bytes
/// ```
struct RunningDigest: Sendable {
  private enum Work: Sendable {
    case alone(SHA256)
    /// Beside a file that is read later.
    case beside(SHA256Lane, DigestsAhead)
  }

  private var work: Work

  /// The digest of a file that has just been opened, of which nothing has been read.
  init(of input: InputPath, _ status: InputFile.Status) {
    guard let ahead = input.digests, ahead.hasFiles else {
      work = .alone(SHA256())
      return
    }
    work = .beside(ahead.take(input.path, status) ?? SHA256Lane(), ahead)
  }

  /// Takes the bytes that stand at `offset` of the file, where those before them ended.
  mutating func update(with bytes: ArraySlice<UInt8>, at offset: Int) {
    switch work {
    case .alone(var digest):
      // Taken out, so that there is one of it.
      work = .alone(SHA256())
      digest.update(data: bytes)
      work = .alone(digest)
    case .beside(var lane, let ahead):
      let new = bytes.dropFirst(max(lane.count - offset, 0))
      if !new.isEmpty { ahead.update(&lane, with: new.span) }
      work = .beside(lane, ahead)
    }
  }

  /// The digest of all that has been taken.
  func final() -> [UInt8] {
    switch work {
    case .alone(let digest): Array(digest.finalize())
    case .beside(let lane, _): lane.digest()
    }
  }
}
