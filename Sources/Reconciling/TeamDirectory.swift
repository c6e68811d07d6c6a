import Identity
import Planning

/// Teams by every key that memberships may name them by; few enough to compare real values.
///
/// ```
/// exports    SG-App-Readers (renamed App Readers)   SG-Test (left out)   Sales
/// lookup     SG-App-Readers → seat of App Readers   SG-Test → left out   Sales → its seat
/// ```
///
/// Memberships name a team as the export of teams does, whatever the policy calls it.
struct TeamDirectory: Sendable {
  enum Hit: Sendable, Hashable {
    case seat(Int)
    /// A team of an export that the policy does not want.
    case leftOut
    case unknown
  }

  /// What the policy makes of the teams of exports.
  struct Selection: Sendable {
    /// By the folded name that an export gives: the folded name that the team has here.
    var renamed: [[UInt8]: [UInt8]] = [:]
    /// Teams that are left out.
    var leftOut: [AttributeImage] = []
    /// The keys by which one team names another among its members; empty where that means nothing.
    var nestedKeys: [AttributeID] = []

    var flattens: Bool { !nestedKeys.isEmpty }
  }

  private let index: TeamKeyIndex
  /// By place in the index; of several with one value the last counts.
  private let hits: [Hit]
  /// By key and folded name: the teams that have another name here than in the export.
  private let renamed: [Int: [[UInt8]: Hit]]
  /// Keys by which teams name teams.
  private let nested: Range<Int>

  /// `renamed` has tonight's values of teams whose values change; `keys` has one for each place that a lookup names.
  init(
    _ teams: [TeamDecisions.Team], renamed: [Int: AttributeImage], keys: [AttributeID],
    selection: Selection = Selection(), displayName: AttributeID? = nil
  ) {
    let all = keys + selection.nestedKeys
    nested = keys.count..<all.count
    // Tonight's values win over those of the state.
    let changed = renamed.keys.sorted()
    let index = TeamKeyIndex(
      teams.map(\.image) + changed.compactMap { renamed[$0] } + selection.leftOut, keys: all)
    let hits =
      teams.indices.map { Hit.seat($0) } + changed.map { .seat($0) }
      + selection.leftOut.indices.map { place in
        selection.flattens ? .seat(teams.count + place) : .leftOut
      }
    self.renamed = all.indices.reduce(into: [:]) { columns, key in
      guard all[key] == displayName, !selection.renamed.isEmpty else { return }
      columns[key] = selection.renamed.mapValues { name in
        index.places(of: name[...], key: key).last.map { hits[$0] } ?? .unknown
      }
    }
    (self.index, self.hits) = (index, hits)
  }

  /// Whether a team may stand among the members of another.
  var flattens: Bool { !nested.isEmpty }

  func lookup(_ value: some Sequence<UInt8>, key: Int) -> Hit {
    lookup(Array(value)[...], key: key)
  }

  /// The same for cells: each team of an export is looked up at least once.
  func lookup(_ value: ArraySlice<UInt8>, key: Int) -> Hit {
    if let column = renamed[key], let hit = column[MatchKeyText.folded(value)] { return hit }
    return index.places(of: value, key: key).last.map { hits[$0] } ?? .unknown
  }

  /// The team that stands where a member does.
  func innerSeat(_ value: ArraySlice<UInt8>) -> Int? {
    for key in nested {
      if case .seat(let seat) = lookup(value, key: key) { return seat }
    }
    return nil
  }
}
