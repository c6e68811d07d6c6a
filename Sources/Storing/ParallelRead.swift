import Scanning
import Synchronization

/// Reads numbered pieces of the state on several connections, and puts them back in order.
///
/// ```
///   thread 0 │ piece 0 │ piece 2 │ …      the store's own connection
///   thread 1 │ piece 1 │ piece 3 │ …      a connection of its own, of the same snapshot
/// ```
///
/// The result does not depend on the number of threads. A thread whose connection sees another state
/// (somebody has committed since the store was opened) takes no piece; the store's own takes them all.
struct ParallelRead: Sendable {
  let store: StateStore
  let threads: Int

  /// Hands out the numbers of pieces, each once.
  final class Pieces: Sendable {
    private let upcoming = Atomic<Int>(0)
    private let count: Int

    init(count: Int) {
      self.count = count
    }

    func next() -> Int? {
      let number = upcoming.wrappingAdd(1, ordering: .relaxed).oldValue
      return number < count ? number : nil
    }
  }

  /// A worker makes what it needs on its connection, takes pieces until there are none, and
  /// returns each with its number.
  typealias Worker<Part> =
    @Sendable (SQLConnection, Pieces) throws(StoreFailure) -> [(number: Int, part: Part)]

  /// All parts in order; no thread is at work any more when it returns or throws.
  func run<Part: Sendable>(
    pieces count: Int, _ worker: @escaping Worker<Part>
  ) throws(StoreFailure) -> [Part] {
    let change = try store.read { statements throws(StoreFailure) in
      try Settings(statements.connection).integer("change")
    }
    let pieces = Pieces(count: count)
    typealias Answer = Result<[(number: Int, part: Part)], StoreFailure>
    let others = (1..<max(min(threads, count), 1)).map { _ in
      Prepared<Answer> {
        Answer { () throws(StoreFailure) in
          try onOwnConnection(seeing: change, pieces, worker)
        }
      }
    }
    let own = Answer { () throws(StoreFailure) in
      try store.read { statements throws(StoreFailure) in
        try worker(statements.connection, pieces)
      }
    }
    // All are waited for, even after a failure: what they write to is not theirs for longer.
    let answers = [own] + others.map { $0.take() }
    var parts: [(number: Int, part: Part)] = []
    for answer in answers { parts += try answer.get() }
    return parts.sorted { $0.number < $1.number }.map(\.part)
  }

  private func onOwnConnection<Part>(
    seeing change: Int, _ pieces: Pieces, _ worker: Worker<Part>
  ) throws(StoreFailure) -> [(number: Int, part: Part)] {
    let connection = try SQLConnection(readingFrom: store.path)
    defer { connection.close() }
    try connection.execute("BEGIN")
    guard try Settings(connection).integer("change") == change else { return [] }
    return try worker(connection, pieces)
  }
}
