package import Identity

/// The ids and current values of a few members, by seat.
package struct SeatDetails: Sendable {
  private var places: [Int: Int] = [:]
  private var ids: [ResourceID] = []
  private var images: [AttributeImage] = []

  package init() {}

  package mutating func insert(id: ResourceID, image: AttributeImage, at seat: Int) {
    guard places[seat] == nil else { return }
    places[seat] = images.count
    ids.append(id)
    images.append(image)
  }

  package func contains(_ seat: Int) -> Bool { places[seat] != nil }

  /// The values of a seat; none for a seat that was not asked for.
  package subscript(seat: Int) -> AttributeImage {
    places[seat].map { images[$0] } ?? AttributeImage()
  }

  package func id(of seat: Int) -> ResourceID? { places[seat].map { ids[$0] } }
}
