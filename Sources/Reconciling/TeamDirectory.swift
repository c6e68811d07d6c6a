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

  private let seats: [[[UInt8]: Hit]]
  /// Places in `seats` of the keys by which teams name teams.
  private let nested: Range<Int>

  /// `renamed` has tonight's values of teams whose values change; `keys` has one for each place that a lookup names.
  init(
    _ teams: [TeamDecisions.Team], renamed: [Int: AttributeImage], keys: [AttributeID],
    selection: Selection = Selection(), displayName: AttributeID? = nil
  ) {
    let all = keys + selection.nestedKeys
    nested = keys.count..<all.count
    seats = all.map { key in
      var found: [[UInt8]: Hit] = [:]
      found.reserveCapacity(teams.count)
      func add(_ image: AttributeImage, _ hit: Hit) {
        if let value = image[key], !value.isEmpty { found[MatchKeyText.folded(value)] = hit }
      }
      // Tonight's values win over those of the state.
      for seat in teams.indices { add(teams[seat].image, .seat(seat)) }
      for (seat, image) in renamed { add(image, .seat(seat)) }
      for (place, image) in selection.leftOut.enumerated() {
        add(image, selection.flattens ? .seat(teams.count + place) : .leftOut)
      }
      guard key == displayName else { return found }
      let own = found
      for (name, here) in selection.renamed { found[name] = own[here] }
      return found
    }
  }

  /// Whether a team may stand among the members of another.
  var flattens: Bool { !nested.isEmpty }

  func lookup(_ value: some Sequence<UInt8>, key: Int) -> Hit {
    seats[key][MatchKeyText.folded(value)] ?? .unknown
  }

  /// The same for cells: each team of an export is looked up at least once.
  func lookup(_ value: ArraySlice<UInt8>, key: Int) -> Hit {
    seats[key][MatchKeyText.folded(value)] ?? .unknown
  }

  /// The team that stands where a member does.
  func innerSeat(_ value: ArraySlice<UInt8>) -> Int? {
    for key in nested {
      if case .seat(let seat) = lookup(value, key: key) { return seat }
    }
    return nil
  }
}
