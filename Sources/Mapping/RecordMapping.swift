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
  /// The rules that look at a cell, in the form the loop over records wants.
  private let steps: [Step]
  /// The key words of every step's hash, one after the other.
  private let words: [UInt64]
  /// The same of every match key.
  private let keyWords: [UInt64]
  private let vocabularies: [Vocabulary]
  /// What `true` and `false` add to the fingerprint, by step.
  private let trueDigests: [Fingerprint]
  private let falseDigests: [Fingerprint]
  private let constants: Fingerprint
  private let constantKeys: [(place: Int, hash: UInt64)]

  /// One rule without anything that would have to be retained for each of millions of cells.
  private struct Step {
    let column: Int
    /// Which of `vocabularies`; negative for a value taken as it is.
    let vocabulary: Int
    /// The place in the matching order that the value fills; negative for none.
    let keyPlace: Int
    let rule: Int
  }

  /// Rules are kept in the order of their attributes; one attribute has one rule.
  package init(rules: [AttributeRule], fingerprinter: Fingerprinter, keyHasher: KeyHasher) {
    let rules = rules.sorted { $0.attribute < $1.attribute }
    self.rules = rules
    keys = keyHasher.keys
    attributes = fingerprinter.attributes
    var constants = Fingerprint.zero
    var constantKeys: [(place: Int, hash: UInt64)] = []
    var steps: [Step] = []
    var vocabularies: [Vocabulary] = []
    for (index, rule) in rules.enumerated() {
      let place = keyHasher.keys.firstIndex { $0.id == rule.attribute }
      switch rule.source {
      case .constant(let value):
        constants &+= fingerprinter.digest(of: value.span, for: rule.attribute)
        if let place { constantKeys.append((place, keyHasher.hash(value.span, key: place))) }
      case .column(let column):
        if let words = rule.vocabulary { vocabularies.append(words) }
        steps.append(
          Step(
            column: column, vocabulary: rule.vocabulary == nil ? -1 : vocabularies.count - 1,
            keyPlace: place ?? -1, rule: index))
      }
    }
    self.steps = steps
    self.vocabularies = vocabularies
    self.constants = constants
    self.constantKeys = constantKeys
    words = steps.flatMap { fingerprinter.hash(for: rules[$0.rule].attribute).words }
    keyWords = keyHasher.keys.indices.flatMap { keyHasher.words(key: $0) }
    func digests(of word: String) -> [Fingerprint] {
      let bytes = Array(word.utf8)
      return steps.map { fingerprinter.digest(of: bytes.span, for: rules[$0.rule].attribute) }
    }
    trueDigests = digests(of: "true")
    falseDigests = digests(of: "false")
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
    var mapped = MappedBatch(rowCount: batch.count, keyCount: keys.count)
    let bytes = batch.bytes.span
    let cells = batch.cells.span
    let steps = steps.span
    let words = words.span
    let keyWords = keyWords.span
    let size = KeyedHash.keyWordCount
    let trueDigests = trueDigests.span
    let falseDigests = falseDigests.span
    let vocabularies = vocabularies
    let width = batch.columnCount
    for row in 0..<batch.count {
      var sum = constants
      for constant in constantKeys { mapped.setKey(constant.hash, row: row, key: constant.place) }
      for index in steps.indices {
        let step = steps[index]
        let cell = cells[row * width + step.column]
        if cell.isEmpty { continue }
        let value = bytes.extracting(cell.range)
        if step.vocabulary >= 0 {
          guard let word = vocabularies[step.vocabulary].value(of: value) else {
            note(value, step, row: row, &mapped)
            continue
          }
          sum &+= word ? trueDigests[index] : falseDigests[index]
          continue
        }
        if let typeName = LostValue.typeName(in: value) {
          mapped.lose(typeName, column: step.column)
          continue
        }
        let start = index * size
        sum &+= KeyedHash.digest(
          value, keyWords: words.extracting(start..<start + size))
        if step.keyPlace >= 0 {
          let keyStart = step.keyPlace * size
          let hash = KeyedHash.foldedDigest(
            value, keyWords: keyWords.extracting(keyStart..<keyStart + size)
          ).folded
          mapped.setKey(max(hash, 1), row: row, key: step.keyPlace)
        }
      }
      mapped.fingerprints[row] = sum
    }
    return mapped
  }

  /// A word that is not in the vocabulary sets its record aside.
  private func note(
    _ value: Span<UInt8>, _ step: Step, row: Int, _ mapped: inout MappedBatch
  ) {
    let text = String(decoding: value.indices.map { value[$0] }, as: UTF8.self)
    mapped.note(
      .unknownWord(attribute: "\(attributes[rules[step.rule].attribute].path)", value: text),
      row: row)
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
        } else if LostValue.typeName(in: value) == nil {
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
