package import PlanFile

/// Members or teams that no plan may remove, demote or rekey.
package struct ProtectedList: Sendable, Hashable {
  private let patterns: [ProtectedPattern]

  package init(_ patterns: [ProtectedPattern]) {
    self.patterns = patterns
  }

  package var isEmpty: Bool { patterns.isEmpty }

  /// The first pattern that one of the key values fits.
  package func rule(for values: [some Collection<UInt8>]) -> String? {
    patterns.first { pattern in values.contains { pattern.matches($0) } }?.text
  }
}
