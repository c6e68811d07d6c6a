package import Identity
import Scanning

/// Turns batches of records into fingerprints and key hashes, and single records into images.
///
/// ```
/// record        ann@contoso.com, Buyer, True
/// rules         userName ← column 0, title ← column 1, active ← column 2 as a word
/// fingerprint   h_userName("ann@contoso.com") + h_title("Buyer") + h_active("true")
/// keys          [hash of "ann@contoso.com"]
/// ```
///
/// Nothing is copied for a record whose fingerprint turns out to be known: `image` is called only
/// for the others.
package struct RecordMapping: Sendable {
  package let rules: [AttributeRule]
  package let keys: [MatchKey]

  private let attributes: AttributeSet
  private let hashes: [KeyedHash]
  private let keyHasher: KeyHasher
  /// For each rule, the places in the matching order that its value fills.
  private let keyPlaces: [[Int]]
  private let constants: Fingerprint
  private let constantKeys: [(place: Int, hash: UInt64)]
  private let wordDigests: [Bool: [Fingerprint]]

  /// Rules are kept in the order of their attributes; one attribute has one rule.
  package init(rules: [AttributeRule], fingerprinter: Fingerprinter, keyHasher: KeyHasher) {
    let rules = rules.sorted { $0.attribute < $1.attribute }
    self.rules = rules
    self.keyHasher = keyHasher
    keys = keyHasher.keys
    attributes = fingerprinter.attributes
    hashes = rules.map { fingerprinter.hash(for: $0.attribute) }
    keyPlaces = rules.map { rule in
      keyHasher.keys.indices.filter { keyHasher.keys[$0].id == rule.attribute }
    }
    var constants = Fingerprint.zero
    var constantKeys: [(place: Int, hash: UInt64)] = []
    for (index, rule) in rules.enumerated() {
      guard case .constant(let value) = rule.source else { continue }
      constants &+= fingerprinter.digest(of: value.span, for: rule.attribute)
      for place in keyPlaces[index] {
        constantKeys.append((place, keyHasher.hash(value.span, key: place)))
      }
    }
    self.constants = constants
    self.constantKeys = constantKeys
    func digests(of word: String) -> [Fingerprint] {
      let bytes = Array(word.utf8)
      return rules.map { fingerprinter.digest(of: bytes.span, for: $0.attribute) }
    }
    wordDigests = [true: digests(of: "true"), false: digests(of: "false")]
  }

  /// Whether some rule gives a value for the attribute, so that its absence tells something.
  package func covers(_ id: AttributeID) -> Bool {
    rules.contains { $0.attribute == id }
  }

  /// Whether some rule gives a value at this path.
  package func covers(_ path: AttributePath) -> Bool {
    attributes.id(of: path).map { covers($0) } ?? false
  }

  /// Maps every record of a batch.
  package func map(_ batch: RecordBatch) -> MappedBatch {
    let bytes = batch.bytes.span
    let trueDigests = wordDigests[true] ?? []
    let falseDigests = wordDigests[false] ?? []
    var mapped = MappedBatch(rowCount: batch.count, keyCount: keys.count)
    for row in 0..<batch.count {
      var sum = constants
      for constant in constantKeys { mapped.setKey(constant.hash, row: row, key: constant.place) }
      for index in rules.indices {
        guard case .column(let column) = rules[index].source else { continue }
        let cell = batch.cell(row: row, column: column)
        if cell.isEmpty { continue }
        let value = bytes.extracting(cell.range)
        if let vocabulary = rules[index].vocabulary {
          guard let word = vocabulary.value(of: value) else {
            mapped.note(
              .unknownWord(
                attribute: "\(attributes[rules[index].attribute].path)",
                value: batch.text(row: row, column: column)), row: row)
            continue
          }
          sum &+= word ? trueDigests[index] : falseDigests[index]
          continue
        }
        if LostValue.isTypeName(value) {
          mapped.lose(batch.text(row: row, column: column), column: column)
          continue
        }
        sum &+= hashes[index].digest(value)
        for place in keyPlaces[index] {
          mapped.setKey(keyHasher.hash(value, key: place), row: row, key: place)
        }
      }
      mapped.fingerprints[row] = sum
    }
    return mapped
  }

  /// The values of one record: absent where nothing is known, empty where the policy clears.
  package func image(of row: Int, in batch: RecordBatch) -> AttributeImage {
    var image = AttributeImage()
    let bytes = batch.bytes.span
    for rule in rules {
      switch rule.source {
      case .constant(let value): image.append(rule.attribute, value)
      case .column(let column):
        let value = bytes.extracting(batch.cell(row: row, column: column).range)
        if value.isEmpty {
          if rule.clearsWhenEmpty { image.append(rule.attribute, value) }
        } else if let vocabulary = rule.vocabulary {
          guard let word = vocabulary.value(of: value) else { continue }
          image.append(rule.attribute, (word ? "true" : "false").utf8)
        } else if !LostValue.isTypeName(value) {
          image.append(rule.attribute, value)
        }
      }
    }
    return image
  }
}

/// What mapping says of the records of one batch, row by row.
package struct MappedBatch: Sendable {
  package fileprivate(set) var fingerprints: [Fingerprint]
  /// `keyCount` hashes to a row; `KeyHasher.none` where the record has no value.
  package private(set) var keyHashes: [UInt64]
  package let keyCount: Int
  /// Records that are set aside, with the reason; at most one reason to a record.
  package private(set) var problems: [(row: Int, subject: Finding.Subject)] = []
  /// Type names that stood where a value should be, by column.
  package private(set) var lostValues: [Int: (typeName: String, count: Int)] = [:]

  fileprivate init(rowCount: Int, keyCount: Int) {
    fingerprints = Array(repeating: .zero, count: rowCount)
    keyHashes = Array(repeating: KeyHasher.none, count: rowCount * keyCount)
    self.keyCount = keyCount
  }

  package func keyHash(row: Int, key: Int) -> UInt64 { keyHashes[row * keyCount + key] }

  fileprivate mutating func setKey(_ hash: UInt64, row: Int, key: Int) {
    keyHashes[row * keyCount + key] = hash
  }

  fileprivate mutating func note(_ subject: Finding.Subject, row: Int) {
    guard problems.last?.row != row else { return }
    problems.append((row, subject))
  }

  fileprivate mutating func lose(_ typeName: String, column: Int) {
    lostValues[column, default: (typeName, 0)].count += 1
  }
}
