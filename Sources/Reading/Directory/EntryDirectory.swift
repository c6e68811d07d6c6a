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
  /// By one attribute and value of the first part of a name.
  private var partPlaces: [Digest128: Range<UInt32>] = [:]
  /// Values whose entries have whole names; nil until the first part of a name is added.
  private var named: Set<Digest128>?

  package init() {}

  package var count: Int { places.count }

  /// Adds an entry; one that comes twice with different values is known by none.
  package mutating func add(_ name: some Collection<UInt8>, value: some Collection<UInt8>) {
    guard let key = key(name), values.count + value.count < Int(UInt32.max) else { return }
    named = nil
    add(value, for: key, to: \.places)
  }

  /// Adds an entry of which only a value is known that may stand first in its name, such as `uid=ann`; asked
  /// for where the whole name is not known.
  ///
  /// An entry whose whole name has been added is not found by a part: `uid=ann` elsewhere in the tree is somebody else.
  package mutating func add(part: some Collection<UInt8>, value: some Collection<UInt8>) {
    guard let key = key(part), values.count + value.count < Int(UInt32.max),
      !hasWholeName(Array(value))
    else { return }
    add(value, for: key, to: \.partPlaces)
  }

  private mutating func hasWholeName(_ value: [UInt8]) -> Bool {
    let named =
      self.named
      ?? Set(
        places.values.map {
          hash.digest(Array(values[Int($0.lowerBound)..<Int($0.upperBound)]).span)
        })
    self.named = named
    return named.contains(hash.digest(value.span))
  }

  private mutating func add(
    _ value: some Collection<UInt8>, for key: Digest128,
    to places: WritableKeyPath<EntryDirectory, [Digest128: Range<UInt32>]>
  ) {
    if let known = self[keyPath: places][key] {
      let isSame = values[Int(known.lowerBound)..<Int(known.upperBound)].elementsEqual(value)
      if !isSame { self[keyPath: places][key] = 0..<0 }
      return
    }
    let start = UInt32(values.count)
    values.append(contentsOf: value)
    self[keyPath: places][key] = start..<UInt32(values.count)
  }

  /// The value of the entry with this name; nil where there is none, or no single one.
  package func value(of name: some Collection<UInt8>) -> ArraySlice<UInt8>? {
    guard let name = DistinguishedName(parsing: name) else { return nil }
    return self.value(ofNormal: name.normal)
  }

  /// The same for a name in its normal form.
  func value(ofNormal name: [UInt8]) -> ArraySlice<UInt8>? {
    let known = places[hash.digest(name.span)] ?? partPlace(ofNormal: name)
    guard let known, !known.isEmpty else { return nil }
    return values[Int(known.lowerBound)..<Int(known.upperBound)]
  }

  /// In a normal form, whatever is no separator is written as an escape.
  private func partPlace(ofNormal name: [UInt8]) -> Range<UInt32>? {
    guard !partPlaces.isEmpty else { return nil }
    let first = name.prefix { $0 != UInt8(ascii: ",") }
    let known = first.split(separator: UInt8(ascii: "+")).compactMap {
      partPlaces[hash.digest(Array($0).span)]
    }
    return known.count == 1 ? known[0] : nil
  }

  private func key(_ name: some Collection<UInt8>) -> Digest128? {
    DistinguishedName(parsing: name).map { hash.digest($0.normal.span) }
  }
}

/// Which columns of an export name entries, and where those are known.
package struct EntryReferences: Sendable {
  /// By column: what its values name.
  package var directories: [Int: EntryDirectory] = [:]
  /// By column: what a record of a change is known by, which has nothing but the name of its entry.
  package var own: [Int: EntryDirectory] = [:]

  package init() {}
}
