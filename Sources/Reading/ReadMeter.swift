import Scanning
import Synchronization

/// How much of an export's files has been read, for whoever wants to know how long it still takes.
final class ReadMeter: Sendable {
  private let read = Atomic<Int>(0)
  private let size = Mutex<Int?>(nil)

  /// Adds bytes of a file as it lies there.
  func add(_ count: Int) { read.wrappingAdd(count, ordering: .relaxed) }

  /// How many records there will be in all, if those not read yet are as long as the first `done`.
  ///
  /// `inputs` are asked for their sizes once. Nil while that tells nothing.
  func estimate(after done: Int, of inputs: [InputPath]) -> Int? {
    let whole = size.withLock { size in
      if let size { return size }
      let sum = inputs.reduce(0) { $0 + Self.size(of: $1) }
      size = sum
      return sum
    }
    let read = read.load(ordering: .relaxed)
    guard done > 0, read > 0, whole > read else { return nil }
    return Int((Double(done) * Double(whole) / Double(read)).rounded())
  }

  private static func size(of input: InputPath) -> Int {
    guard let file = try? input.open(), let status = try? file.status() else { return 0 }
    return Int(status.size)
  }
}
