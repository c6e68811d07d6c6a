import Identity
import PlanFile
import Scanning

/// The values that the creates of a run have of one key, folded as keys compare, where they stand in the images.
///
/// ```
/// creates   Ann@contoso.com    no value    bob@contoso.com
/// spots     140, 15            –           61, 15
/// each      0 "Ann@contoso.com", 1 "", 2 "bob@contoso.com"
/// ```
///
/// In the order of a key they lie all over memory, which is asked for each some steps ahead: for the spot, then for the
/// image, then for the value.
struct NewValues: Sendable {
  private let creates: MemberCreates
  private let key: MatchKey
  /// Those of newcomers, and where each create stands among them; none where the creates are others.
  private let images: [AttributeImage]
  private let places: [UInt32]
  /// By place in the run.
  private var spots: [ValueSpot] = []
  /// How many creates lie between two of those steps.
  private static let ahead = 8

  init(_ creates: MemberCreates, key: MatchKey) {
    self.creates = creates
    self.key = key
    images = creates.newcomers?.owner.images ?? []
    places = creates.newcomers?.places ?? []
  }

  /// Takes the spots of the next creates.
  mutating func append(_ others: [ValueSpot]) {
    if spots.isEmpty { spots.reserveCapacity(creates.range.count) }
    spots += others
  }

  var count: Int { spots.count }

  /// Calls `body` with every create, by its place in the run, and its value; empty for none.
  func each(_ body: (Int, Span<UInt8>) -> Void) {
    for number in spots.indices {
      prefetchImage(number + 2 * Self.ahead)
      prefetchValue(number + Self.ahead)
      withValue(number) { body(number, $0) }
    }
  }

  /// Adds the folded values of some rows.
  func add(_ rows: ArraySlice<LeadingLetters>, to texts: inout NewMembers.Texts) {
    func number(_ place: Int) -> Int { place < rows.endIndex ? Int(rows[place].place) : count }
    for place in rows.indices {
      prefetchSpot(number(place + 3 * Self.ahead))
      prefetchImage(number(place + 2 * Self.ahead))
      prefetchValue(number(place + Self.ahead))
      texts.append { text in
        withValue(Int(rows[place].place)) { value in
          text.append(addingCapacity: value.count) { out in
            for index in value.indices { out.append(value[index].asciiFolded) }
          }
        }
      }
    }
  }

  /// Whether the value of one create comes before that of another one; of equal ones, the first create's does.
  func precedes(_ left: Int, _ right: Int) -> Bool {
    withValue(left) { one in
      withValue(right) { other in
        for index in 0..<min(one.count, other.count) {
          let (letter, otherLetter) = (one[index].asciiFolded, other[index].asciiFolded)
          if letter != otherLetter { return letter < otherLetter }
        }
        return one.count == other.count ? left < right : one.count < other.count
      }
    }
  }

  private func withValue<T>(_ number: Int, _ body: (Span<UInt8>) -> T) -> T {
    let image =
      places.isEmpty
      ? creates.image(at: creates.range.lowerBound + number) : images[Int(places[number])]
    let bytes = image.bytes
    let range = spots[number].range ?? image.range(of: key.id) ?? 0..<0
    return body(bytes.span.extracting(range))
  }

  // MARK: - Asking ahead

  private func prefetchSpot(_ number: Int) {
    spots.span.prefetch(number)
    places.span.prefetch(number)
  }

  private func prefetchImage(_ number: Int) {
    guard number < places.count else { return }
    images.span.prefetch(Int(places[number]))
  }

  private func prefetchValue(_ number: Int) {
    guard number < places.count, let range = spots[number].range else { return }
    let image = images[Int(places[number])]
    image.bytes.span.prefetch(range.lowerBound)
  }
}
