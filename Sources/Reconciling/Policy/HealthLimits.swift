/// The `health:` of a policy: when an export is too different from the last good one to be
/// believed.
///
/// ```yaml
/// health:
///   recordFall: 10
///   onUnreliable: updates
/// ```
package struct HealthLimits: Sendable, Hashable {
  /// `onUnreliable:` What still happens with an export that is not believed.
  ///
  /// Removals never do.
  package enum Response: String, Sendable, Hashable, CaseIterable {
    /// The default: creates and updates that remove nothing go on.
    case updates
    case nothing
  }

  /// `recordFall:` By how many percent the number of records may fall against the last good run.
  ///
  /// Default 10.
  package let recordFall: Double
  package let onUnreliable: Response
}

extension HealthLimits {
  static let standard = HealthLimits(recordFall: 10, onUnreliable: .updates)

  init(reading value: PolicyValue) {
    let section = value.section("recordFall", "onUnreliable")
    self.init(
      recordFall: section?["recordFall"]?.percent() ?? HealthLimits.standard.recordFall,
      onUnreliable: section?["onUnreliable"]?.word(of: Response.self)
        ?? HealthLimits.standard.onUnreliable)
  }
}
