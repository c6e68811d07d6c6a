package import Identity
import Scanning

/// The new members of one plan as columns, for as many as a first load may bring.
///
/// ```
/// place      0          1          2
/// ids        1f0e3c…    77a0b2…    8c41d0…        16 bytes each
/// images     ▢          ▢          ▢              16, into memory that a whole batch shares
/// records    people 17  people 4   people 90      8
/// names      ▢          ▢          ▢              8, where the user name stands in the values
/// ```
///
/// The draft of a new member, its operation, grounds and ownership are all told by its place in here; each of
/// them is a reference and that place. A million creates take 64 MB beside their values, where whole
/// operations with names, origins and rules of their own took 1.2 GB.
package final class Newcomers: Sendable {
  package static let rule = "lifecycle.create"

  package let ids: ResourceIDs
  package let images: [AttributeImage]
  package let records: [RecordNumber]
  package let seats: [UInt32]
  /// Where the name for people stands in the memory of each image: a search would walk over all values before it.
  private let names: [Range<UInt32>]
  /// The name of each export, by number.
  package let exports: [String]
  /// The attributes of which at least one of them has a value.
  package let attributes: Set<AttributeID>

  /// Takes columns of which the last two have been found in the images.
  package init(
    ids: ResourceIDs, images: [AttributeImage], records: [RecordNumber], seats: [UInt32],
    exports: [String], names: [Range<UInt32>], attributes: Set<AttributeID>
  ) {
    precondition(
      ids.count == images.count && ids.count == records.count && ids.count == seats.count
        && ids.count == names.count,
      "every newcomer has an id, values, a record, a seat and a name")
    self.ids = ids
    self.images = images
    self.records = records
    self.seats = seats
    self.exports = exports
    self.names = names
    self.attributes = attributes
  }

  package convenience init(
    ids: ResourceIDs, images: [AttributeImage], records: [RecordNumber], seats: [UInt32],
    userName: AttributeID, exports: [String]
  ) {
    var names = [Range<UInt32>](largeCapacity: images.count)
    var look = Look(userName: userName)
    for place in images.indices {
      Self.prefetch(images, after: place)
      names.append(look.name(in: images[place]))
    }
    self.init(
      ids: ids, images: images, records: records, seats: seats, exports: exports, names: names,
      attributes: look.attributes)
  }

  /// What is to be known of many images: where the name of each stands, and which attributes any has.
  package struct Look {
    private let userName: AttributeID
    private var isThere: [Bool] = []

    package init(userName: AttributeID) {
      self.userName = userName
    }

    /// Where the name stands in the memory of an image; nowhere, as 0..<0, if it has none.
    package mutating func name(in image: AttributeImage) -> Range<UInt32> {
      let memory = image.bytes.span
      var steps = image.steps
      var name: Range<UInt32> = 0..<0
      while let (index, range) = steps.next(in: memory) {
        if !range.isEmpty { note(index) }
        if index == userName.index {
          name = UInt32(range.lowerBound)..<UInt32(range.upperBound)
        }
      }
      return name
    }

    /// Notes that an attribute has a value.
    package mutating func note(_ index: Int) {
      while isThere.count <= index { isThere.append(false) }
      isThere[index] = true
    }

    /// Adds what was found in other images.
    package mutating func add(_ other: Look) {
      for index in other.isThere.indices where other.isThere[index] { note(index) }
    }

    package var attributes: Set<AttributeID> {
      Set(isThere.indices.lazy.filter { isThere[$0] }.map { AttributeID($0) })
    }
  }

  /// How many newcomers ahead their values are asked for.
  private static let ahead = 8

  /// In the order of a plan, values lie all over the memory.
  private static func prefetch(_ images: [AttributeImage], after place: Int) {
    guard place + ahead < images.count else { return }
    images[place + ahead].prefetch()
  }

  /// Has memory answer for the values of some newcomers before they are looked at.
  ///
  /// Where they stand is known sooner if `images` has been asked for its element before.
  package func prefetch(_ place: Int) { images[place].prefetch() }

  package func subject(_ place: Int) -> SubjectRef {
    let name = images[place].bytes[Int(names[place].lowerBound)..<Int(names[place].upperBound)]
    return SubjectRef(id: ids[place], name: String(decoding: name, as: UTF8.self))
  }

  /// The same for the name alone.
  package func prefetchName(_ place: Int) {
    let image = images[place]
    image.bytes.span.prefetch(Int(names[place].lowerBound))
  }

  /// Where the name of one stands in the memory of its image.
  package func nameRange(_ place: Int) -> Range<Int> {
    Int(names[place].lowerBound)..<Int(names[place].upperBound)
  }

  /// Lends the name of one as bytes.
  package func withName<T>(_ place: Int, _ body: (Span<UInt8>) -> T) -> T {
    let bytes = images[place].bytes
    return body(
      bytes.span.extracting(Int(names[place].lowerBound)..<Int(names[place].upperBound)))
  }

  package func export(_ place: Int) -> String { exports[Int(records[place].export)] }
}
