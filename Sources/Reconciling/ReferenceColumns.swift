import Identity
import Mapping
import Matching
import Reading
import Scanning
import Storing

/// The ids of the current members, and what each adds to a fingerprint that refers to it.
///
/// Made only where the policy has references: 24 bytes a member, and 16 for each attribute.
struct MemberIDs: Sendable {
  static let none = MemberIDs(ids: [], digests: [:], isKnown: false)

  /// Whether they have been asked for; of an empty state there are none, either.
  let isKnown: Bool

  /// By seat.
  let ids: [ResourceID]
  fileprivate let digests: [AttributeID: [Fingerprint]]

  private init(
    ids: [ResourceID], digests: [AttributeID: [Fingerprint]], isKnown: Bool
  ) {
    self.isKnown = isKnown
    self.ids = ids
    self.digests = digests
  }

  init(
    of members: CurrentMembers, store: StateStore, attributes: [AttributeID],
    fingerprinter: Fingerprinter
  ) throws(StoreFailure) {
    let ids = try store.ids(ofMembers: members)
    var digests: [AttributeID: [Fingerprint]] = [:]
    var text: [UInt8] = []
    for attribute in attributes {
      digests[attribute] = ids.map { id in
        text.removeAll(keepingCapacity: true)
        id.append(to: &text)
        return fingerprinter.digest(of: text.span, for: attribute)
      }
    }
    self.init(ids: ids, digests: digests, isKnown: true)
  }
}

/// The columns of one people export that name other members, looked up among the current members.
///
/// ```
/// managerId   E-bob     bob is a member: the digest of his id goes into the fingerprint of the record
///             E-new     nobody has it yet: the record is looked at, and whom it means is told by the plan
/// ```
///
/// So a record that names the manager whom its member has stays *same*, whoever is renamed.
struct ReferenceColumns: Sendable {
  private struct Column: Sendable {
    let attribute: AttributeID
    let name: String
    let column: Int
    /// The place among the keys of the index.
    let key: Int
    let clearsWhenEmpty: Bool
  }

  /// What the columns say of the records of a batch.
  struct Rows: Sendable {
    /// By attribute: the seat that each row names, or `nobody`.
    fileprivate(set) var targets: [AttributeID: [UInt32]] = [:]
    /// Records that name somebody whom the state does not have, or has twice.
    fileprivate(set) var open: Set<Int> = []
  }

  static let nobody = UInt32.max

  private let columns: [Column]
  private let ids: MemberIDs
  private let hasher: KeyHasher

  /// Nil where the export has none.
  init?(
    _ mapping: [MappingRule], _ rules: [AttributeRule], ids: MemberIDs, attributes: AttributeSet,
    keys: [MatchKey], hasher: KeyHasher
  ) {
    columns = rules.compactMap { rule in
      guard case .reference(let column) = rule.source else { return nil }
      let path = attributes[rule.attribute].path
      guard let key = mapping.first(where: { $0.path == path })?.references,
        let place = keys.firstIndex(where: { $0.path == key })
      else { return nil }
      return Column(
        attribute: rule.attribute, name: "\(path)", column: column, key: place,
        clearsWhenEmpty: rule.clearsWhenEmpty)
    }
    guard !columns.isEmpty else { return nil }
    self.ids = ids
    self.hasher = hasher
  }

  /// By attribute: the place among the keys of the index by which its column names members.
  var keys: [AttributeID: Int] {
    Dictionary(columns.map { ($0.attribute, $0.key) }) { first, _ in first }
  }

  /// Looks all rows up and adds what they name to their fingerprints.
  func rows(
    of batch: RecordBatch, in index: MemberIndex, addingTo mapped: inout MappedBatch
  ) -> Rows {
    var rows = Rows()
    for column in columns {
      let hashes = hashes(of: column, batch, &mapped)
      let digests = ids.digests[column.attribute] ?? []
      var targets = [UInt32](repeating: Self.nobody, count: batch.count)
      let index = index.whole(key: column.key)
      for row in hashes.indices {
        if row + KeyIndex.ahead < hashes.count {
          index.prefetch(hashes[row + KeyIndex.ahead])
        }
        guard hashes[row] != KeyHasher.none else { continue }
        guard case .one(let seat) = index.lookup(hashes[row]) else {
          rows.open.insert(row)
          continue
        }
        targets[row] = UInt32(seat)
        mapped.add(digests[seat], row: row)
      }
      rows.targets[column.attribute] = targets
    }
    return rows
  }

  private func hashes(
    of column: Column, _ batch: RecordBatch, _ mapped: inout MappedBatch
  ) -> [UInt64] {
    let bytes = batch.bytes.span
    return (0..<batch.count).map { row in
      let cell = batch.cell(row: row, column: column.column)
      guard !cell.isEmpty else { return KeyHasher.none }
      let value = bytes.extracting(cell.range)
      if let typeName = LostValue.typeName(in: value) {
        mapped.lose(typeName, column: column.column)
        return KeyHasher.none
      }
      let further = batch.furtherValues(row: row, column: column.column).count
      guard further == 0 else {
        mapped.note(.severalValues(attribute: column.name, count: further + 1), row: row)
        return KeyHasher.none
      }
      return hasher.hash(value, key: column.key)
    }
  }

  /// What some records name, to be settled later.
  func wants(
    of rows: [Int], in batch: RecordBatch, export: Int
  ) -> ReferenceWants {
    var wants = ReferenceWants()
    let bytes = batch.bytes.span
    for row in rows {
      let record = RecordNumber(export: export, number: Int(batch.numbers[row]))
      for column in columns {
        let cell = batch.cell(row: row, column: column.column)
        let value = bytes.extracting(cell.range)
        if cell.isEmpty {
          guard column.clearsWhenEmpty, !batch.isAbsent(row: row, column: column.column) else {
            continue
          }
        } else if LostValue.typeName(in: value) != nil {
          continue
        }
        wants.append(
          record, column.attribute, key: column.key, hash: hasher.hash(value, key: column.key),
          text: value)
      }
    }
    return wants
  }
}
