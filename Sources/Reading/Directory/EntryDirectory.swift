import Identity
import Scanning

/// The value by which each entry is known, found by its distinguished name.
///
/// Teams name their members by distinguished names; members are matched by something that stays when
/// somebody is renamed or moved.
///
/// ```
/// var people = EntryDirectory()
/// people.add("CN=Ann,OU=Sales,DC=contoso,DC=com".utf8, value: "9832aad8-…".utf8)
/// people.value(of: "cn=ann, ou=sales, dc=contoso, dc=com".utf8)        // 9832aad8-…
/// ```
package struct EntryDirectory: Sendable {
  /// Keyed anew for every run, so that nobody can craft two names of one digest.
  private let hash = KeyedHash.random()
  private var places: [Digest128: Range<UInt32>] = [:]
  private var values: [UInt8] = []

  package init() {}

  package var count: Int { places.count }

  /// Adds an entry; one that comes twice with different values is known by none.
  package mutating func add(_ name: some Collection<UInt8>, value: some Collection<UInt8>) {
    guard let key = key(name), values.count + value.count < Int(UInt32.max) else { return }
    if let known = places[key] {
      let isSame = values[Int(known.lowerBound)..<Int(known.upperBound)].elementsEqual(value)
      if !isSame { places[key] = 0..<0 }
      return
    }
    let start = UInt32(values.count)
    values.append(contentsOf: value)
    places[key] = start..<UInt32(values.count)
  }

  /// The value of the entry with this name; nil where there is none, or no single one.
  package func value(of name: some Collection<UInt8>) -> ArraySlice<UInt8>? {
    guard let place = key(name).flatMap({ places[$0] }), !place.isEmpty else { return nil }
    return values[Int(place.lowerBound)..<Int(place.upperBound)]
  }

  private func key(_ name: some Collection<UInt8>) -> Digest128? {
    DistinguishedName(parsing: name).map { hash.digest($0.normal.span) }
  }
}

/// Which columns of an export name entries, and where those are known.
package struct EntryReferences: Sendable {
  /// By column.
  package var directories: [Int: EntryDirectory] = [:]
  /// Columns that say what the entry itself is known by, which a change of it need not repeat.
  package var ownColumns: Set<Int> = []

  package init() {}
}
