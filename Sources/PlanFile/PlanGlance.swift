/// What the first line of a plan says, for whoever reads no further.
package struct PlanGlance: Sendable, Hashable {
  /// What waits for a person, those that are not named included.
  package let heldCount: Int

  /// How much of a plan is enough, bytes: the line names all attributes that are managed.
  package static let length = 1 << 16

  /// Nil where `beginning` is not that of a plan, or not all of its first line.
  package init?(_ beginning: [UInt8]) {
    guard let end = beginning.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
    var line = LineScanner(beginning, 0..<end)
    guard (try? line.openLine()) == .header, let header = try? PlanHeader.read(from: &line) else {
      return nil
    }
    let (count, overflows) = header.holdCount.addingReportingOverflow(header.unnamedWithheld)
    guard !overflows, count >= 0 else { return nil }
    heldCount = count
  }
}
