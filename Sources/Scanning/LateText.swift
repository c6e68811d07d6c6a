import Dispatch
import Synchronization

/// A text that another thread may still be working on; whoever asks for it waits.
///
/// ```
/// let name = LateText { digest(of: aMillionLines) }
/// writeWhatNeedsNoName()
/// write(name.text)
/// ```
package final class LateText: Sendable {
  private let known: Mutex<String?>
  private let isThere = DispatchGroup()

  /// A text that is there.
  package init(_ text: String) {
    known = Mutex(text)
  }

  /// What `body` comes to on another thread.
  package init(_ body: @escaping @Sendable () -> String) {
    known = Mutex(nil)
    DispatchQueue.global(qos: .userInitiated).async(group: isThere) { [self] in
      let text = body()
      known.withLock { $0 = text }
    }
  }

  /// May be asked for as often as wanted, on any thread.
  package var text: String {
    isThere.wait()
    return known.withLock { $0 } ?? ""
  }
}

extension LateText: Hashable {
  package static func == (left: LateText, right: LateText) -> Bool { left.text == right.text }

  package func hash(into hasher: inout Hasher) { hasher.combine(text) }
}

extension LateText: ExpressibleByStringLiteral {
  package convenience init(stringLiteral text: String) { self.init(text) }
}
