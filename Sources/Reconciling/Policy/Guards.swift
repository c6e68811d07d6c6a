package import PlanFile

/// The `guards:` of a policy: how much a plan may do before a person has to agree.
///
/// ```yaml
/// guards:
///   removals: { count: 200, percent: 5, floor: 5 }
///   rekeys: 20            # the count; percent and floor keep their defaults
///   updates: 30%          # the percent; likewise
/// ```
///
/// What is not stated keeps its default (`GuardName.defaultLimit`), so saying one thing never
/// loosens another, and no guard can be switched off. A count below the default floor lowers the
/// floor with it.
package struct Guards: Sendable, Hashable {
  /// Has every name.
  package let limits: [GuardName: GuardLimit]

  package subscript(name: GuardName) -> GuardLimit {
    limits[name] ?? name.defaultLimit
  }
}

extension Guards {
  static let standard = Guards(
    limits: Dictionary(
      uniqueKeysWithValues: GuardName.allCases.map { ($0, $0.defaultLimit) }))

  init(reading value: PolicyValue) {
    var limits = Guards.standard.limits
    let section = value.section(keys: GuardName.allCases.map(\.rawValue))
    for name in GuardName.allCases {
      guard let stated = section?[name.rawValue] else { continue }
      limits[name] = GuardLimit(reading: stated, over: name.defaultLimit) ?? name.defaultLimit
    }
    self.init(limits: limits)
  }
}

extension GuardLimit {
  private static let largest = 1_000_000_000

  fileprivate init?(reading value: PolicyValue, over standard: GuardLimit) {
    guard value.isMapping else {
      guard let scalar = value.scalar else {
        value.mismatch(.limit)
        return nil
      }
      guard !["off", "never", "none", "false", "no", "unlimited"].contains(scalar.lowercased())
      else {
        value.report(.guardOff(scalar))
        return nil
      }
      let isPercent = scalar.hasSuffix("%")
      guard isPercent || Int(scalar) != nil else {
        value.mismatch(.limit)
        return nil
      }
      self.init(
        count: isPercent ? nil : value.wholeNumber(in: 0...Self.largest),
        percent: isPercent ? value.percent() : nil, floor: nil, over: standard)
      return
    }
    guard let section = value.section("count", "percent", "floor") else { return nil }
    let count = section["count"]?.wholeNumber(in: 0...Self.largest)
    let floor = section["floor"]?.wholeNumber(in: 0...Self.largest)
    if section.entries.isEmpty { section.report(.oneOf(["count", "percent", "floor"])) }
    self.init(count: count, percent: section["percent"]?.percent(), floor: floor, over: standard)
    guard let floor, let count = self.count, floor > count else { return }
    section["floor"]?.report(.floorAboveCount(floor: floor, count: count))
  }

  private init(count: Int?, percent: Double?, floor: Int?, over standard: GuardLimit) {
    // Whoever states a number and no share means it of an empty state, too.
    let isCountAlone = count != nil && (percent ?? standard.percent) == nil
    let count = count ?? standard.count
    self.init(
      count: count, percent: percent ?? standard.percent,
      floor: floor ?? min(standard.floor, count ?? standard.floor),
      admitsFirstLoad: standard.admitsFirstLoad && !isCountAlone)
  }
}
