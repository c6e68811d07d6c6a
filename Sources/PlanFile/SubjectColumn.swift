package import Identity
import Scanning

/// What many members or teams are called, one for each place, in memory that they share.
///
/// ```
/// place   0       1        2
/// ids     1f0e3c  77a0b2   8c41d0
/// names   ann     bob      cy          ends 3 6 8
/// ```
///
/// A text of its own for each costs an allocation, and a count of references wherever one is handed on.
package struct SubjectColumn: Sendable {
  private var ids = ResourceIDs()
  private var names: [UInt8] = []
  private var ends: [Int] = []

  package init() {}

  package var count: Int { ends.count }
  package var indices: Range<Int> { ends.indices }

  package mutating func append(_ subject: SubjectRef) {
    ids.append(subject.id)
    names.append(contentsOf: subject.name.utf8)
    ends.append(names.count)
  }

  /// Appends a subject whose name stands somewhere as bytes; what of it is no UTF-8 is replaced as `String` does.
  package mutating func append(_ id: ResourceID, name: Span<UInt8>) {
    guard name.isPlainASCII else {
      append(
        SubjectRef(id: id, name: String(decoding: name.indices.map { name[$0] }, as: UTF8.self)))
      return
    }
    ids.append(id)
    names.append(copying: name)
    ends.append(names.count)
  }

  package mutating func append(contentsOf other: SubjectColumn) {
    let start = names.count
    ids.append(contentsOf: other.ids)
    names += other.names
    ends.append(contentsOf: other.ends.lazy.map { $0 + start })
  }

  package subscript(place: Int) -> SubjectRef {
    SubjectRef(id: ids[place], name: String(decoding: names[range(place)], as: UTF8.self))
  }

  package func id(_ place: Int) -> ResourceID { ids[place] }

  /// Lends the name of one as bytes.
  package func withName<T>(_ place: Int, _ body: (Span<UInt8>) -> T) -> T {
    body(names.span.extracting(range(place)))
  }

  private func range(_ place: Int) -> Range<Int> {
    (place == 0 ? 0 : ends[place - 1])..<ends[place]
  }

  /// The places in the order of `SubjectRef`: by name, and by id where names are one.
  package func order() -> [Int] {
    var plain: [LeadingLetters] = []
    var others: [Int] = []
    plain.reserveCapacity(count)
    let bytes = names.span
    for place in indices {
      let name = bytes.extracting(range(place))
      // Texts of ASCII are in the order of their bytes.
      if name.isPlainASCII {
        plain.append(LeadingLetters(of: name, place: place))
      } else {
        others.append(place)
      }
    }
    plain.putInOrder()
    plain.sortTies { precedesByBytes(Int($0.place), Int($1.place)) }
    others.sort { self[$0] < self[$1] }
    return plain.map { Int($0.place) }.merged(withFew: others) { self[$0] < self[$1] }
  }

  /// The order of names that are all ASCII.
  private func precedesByBytes(_ left: Int, _ right: Int) -> Bool {
    let (one, other) = (names[range(left)], names[range(right)])
    if one.elementsEqual(other) { return ids[left] < ids[right] }
    return one.lexicographicallyPrecedes(other)
  }
}
