/// What one whole process used, from its start to its end.
struct Measurement {
  /// Seconds on the clock.
  let wall: Double
  /// Seconds of all cores in the program, and in the kernel for it.
  let user: Double
  let system: Double
  /// The largest resident set, in bytes.
  let peak: Int
}

/// The middle of several measurements, each figure by itself.
struct Medians {
  let wall: Double
  let processor: Double
  let peak: Int
  let fastest: Double
  let slowest: Double

  /// Returns nil where nothing was measured.
  init?(_ measurements: [Measurement]) {
    let walls = measurements.map(\.wall).sorted()
    guard let fastest = walls.first, let slowest = walls.last else { return nil }
    self.fastest = fastest
    self.slowest = slowest
    wall = walls[walls.count / 2]
    processor = measurements.map { $0.user + $0.system }.sorted()[walls.count / 2]
    peak = measurements.map(\.peak).sorted()[walls.count / 2]
  }
}
