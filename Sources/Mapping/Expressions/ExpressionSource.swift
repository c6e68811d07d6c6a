/// An expression resolved against one export's columns.
package struct ExpressionSource: Sendable, Hashable {
  package let program: ExpressionProgram
  /// Where each of the program's columns stands in the batch.
  package let columns: [Int]
  /// What `Now()` gives, in seconds since 1970.
  package let now: Int

  package init(program: ExpressionProgram, columns: [Int], now: Int) {
    self.program = program
    self.columns = columns
    self.now = now
  }
}

extension AttributeRule {
  /// Whether its value is decided when somebody is created, and says nothing of those who are there.
  package var isInitial: Bool {
    guard !appliesOnCreate, case .expression(let source) = source else { return appliesOnCreate }
    return source.program.asksForUniqueValue
  }
}
