import Synchronization

/// What is kept until the program ends.
///
/// The system takes back all memory at once. Taking a plan apart before, operation by operation, takes longer than writing
/// down what it would do.
enum Lasting {
  private static let values = Mutex<[any Sendable]>([])

  static func keep(_ value: some Sendable) {
    values.withLock { $0.append(value) }
  }
}
