/// The `health:` of a policy: when an export is too different from the last good one to be
/// believed.
///
/// ```yaml
/// health:
///   recordFall: 10
///   keyChurn: 10
///   filledChange: 10
///   valueChange: 10
///   maxAge: 26h
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
  /// `keyChurn:` How many percent of an export's members may be missing from it at once.
  ///
  /// Default what `recordFall` says.
  package let keyChurn: Double
  /// `filledChange:` By how many points the share of records that have a value in a mapped column may
  /// differ from the last good run.
  ///
  /// Default 10.
  package let filledChange: Double
  /// `valueChange:` By how many points the share of `true` or `false` in a mapped boolean may differ from
  /// the last good run.
  ///
  /// Default 10.
  package let valueChange: Double
  /// `maxAge:` How old an export may be; nil: as old as it likes.
  ///
  /// An export's own `maxAge` wins.
  package let maxAge: Duration?
  package let onUnreliable: Response

  /// A difference of no more records than this is never one of shares: among five people everybody is a
  /// fifth.
  static let leastRecords = 3.0
}

extension HealthLimits {
  static let standard = HealthLimits(
    recordFall: 10, keyChurn: 10, filledChange: 10, valueChange: 10, maxAge: nil,
    onUnreliable: .updates)

  init(reading value: PolicyValue) {
    let section = value.section(
      "recordFall", "keyChurn", "filledChange", "valueChange", "maxAge", "onUnreliable")
    let standard = HealthLimits.standard
    let recordFall = section?["recordFall"]?.percent() ?? standard.recordFall
    self.init(
      recordFall: recordFall, keyChurn: section?["keyChurn"]?.percent() ?? recordFall,
      filledChange: section?["filledChange"]?.percent() ?? standard.filledChange,
      valueChange: section?["valueChange"]?.percent() ?? standard.valueChange,
      maxAge: section?["maxAge"]?.duration(),
      onUnreliable: section?["onUnreliable"]?.word(of: Response.self) ?? standard.onUnreliable)
  }

  /// What differs from the defaults, for the policy's digest; one that states none keeps its own.
  var canonicalLines: [String] {
    var lines = ["health recordFall \(recordFall) \(onUnreliable.rawValue)"]
    if keyChurn != recordFall { lines.append("health keyChurn \(keyChurn)") }
    let standard = HealthLimits.standard
    if filledChange != standard.filledChange { lines.append("health filledChange \(filledChange)") }
    if valueChange != standard.valueChange { lines.append("health valueChange \(valueChange)") }
    if let maxAge { lines.append("health maxAge \(maxAge.components.seconds)") }
    return lines
  }
}
