/// Tells now and then how many operations of the journal have been read.
struct JournalMeter {
  /// Telling every single one would take longer than reading it.
  private static let interval = 1024

  /// How many there are to read.
  var total = 0
  private let progress: (_ done: Int, _ total: Int) -> Void
  private var done = 0

  init(total: Int = 0, progress: @escaping (_ done: Int, _ total: Int) -> Void) {
    self.total = total
    self.progress = progress
  }

  mutating func add() {
    done += 1
    if done.isMultiple(of: Self.interval) { progress(done, total) }
  }
}
