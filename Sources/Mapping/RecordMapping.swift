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

  let attributes: AttributeSet
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
  /// What images are made by, in the order of the rules.
  private let imageSteps: [ImageStep]
  /// The rules whose values are worked out.
  let expressions: ExpressionRules

  /// One rule without anything that would have to be retained for each of millions of cells.
  private struct Step {
    let column: Int
    /// Which of `vocabularies`; negative for a value taken as it is.
    let vocabulary: Int
    /// The place in the matching order that the value fills; negative for none.
    let keyPlace: Int
    let rule: Int
    /// Nil for a value taken as it is.
    let type: ManagedAttribute.Kind?
  }

  /// The same for images.
  private struct ImageStep {
    let attribute: AttributeID
    let rule: Int
    /// Negative for a rule that does not look at one cell alone.
    let column: Int
    let vocabulary: Int
    let type: ManagedAttribute.Kind?
    let clearsWhenEmpty: Bool
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
    for (index, rule) in rules.enumerated() where !rule.isInitial {
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
            keyPlace: place ?? -1, rule: index,
            type: fingerprinter.attributes[rule.attribute].kind.spelled))
      case .expression, .reference: break
      }
    }
    expressions = ExpressionRules(rules, fingerprinter: fingerprinter, keyHasher: keyHasher)
    imageSteps = Self.imageSteps(rules, steps, fingerprinter.attributes)
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

  private static func imageSteps(
    _ rules: [AttributeRule], _ steps: [Step], _ attributes: AttributeSet
  ) -> [ImageStep] {
    rules.indices.filter { !rules[$0].isInitial }.map { place in
      let rule = rules[place]
      let isList = attributes[rule.attribute].kind == .list
      let step = steps.first { $0.rule == place && !isList }
      return ImageStep(
        attribute: rule.attribute, rule: place, column: step?.column ?? -1,
        vocabulary: step?.vocabulary ?? -1, type: step?.type ?? nil,
        clearsWhenEmpty: rule.clearsWhenEmpty)
    }
  }

  /// Whether some rule gives a value for the attribute, so that its absence tells something.
  package func covers(_ id: AttributeID) -> Bool {
    rules.contains { $0.attribute == id && !$0.isInitial }
  }

  /// Whether some column names other members.
  package var hasReferences: Bool {
    rules.contains { if case .reference = $0.source { true } else { false } }
  }

  /// Whether some rule gives a value at this path.
  package func covers(_ path: AttributePath) -> Bool {
    attributes.id(of: path).map { covers($0) } ?? false
  }

  /// Records whose cells and values stay in the processor's cache while one column after the other is taken.
  private static let tile = 256

  /// Maps every record of a batch, column by column.
  ///
  /// Values of one column are alike in length and kind, which the processor learns to expect; taken record by record
  /// the same work takes half as long again. Some hundred records at a time, so that the second column finds the
  /// memory that the first one has read.
  package func map(_ batch: RecordBatch) -> MappedBatch {
    var mapped = MappedBatch(
      rowCount: batch.count, keyCount: keys.count, ruleCount: rules.count, start: constants)
    for constant in constantKeys {
      for row in 0..<batch.count { mapped.setKey(constant.hash, row: row, key: constant.place) }
    }
    for start in stride(from: 0, to: batch.count, by: Self.tile) {
      let rows = start..<min(start + Self.tile, batch.count)
      for index in steps.indices {
        if steps[index].type == .list {
          addLists(index, of: batch, rows, to: &mapped)
        } else if steps[index].vocabulary >= 0 {
          addWords(index, of: batch, rows, to: &mapped)
        } else if steps[index].type != nil {
          addTyped(index, of: batch, rows, to: &mapped)
        } else {
          addValues(index, of: batch, rows, to: &mapped)
        }
        if steps[index].keyPlace >= 0 { setKeys(index, of: batch, rows, in: &mapped) }
      }
    }
    if !batch.many.isEmpty { noteSeveralValues(in: batch, &mapped) }
    var machines = expressions.machines(for: batch)
    for start in stride(from: 0, to: expressions.isEmpty ? 0 : batch.count, by: Self.tile) {
      let rows = start..<min(start + Self.tile, batch.count)
      expressions.map(rows, of: batch, with: &machines, into: &mapped)
    }
    mapped.orderProblems()
    return mapped
  }

  /// Adds the values of one column as they are.
  private func addValues(
    _ index: Int, of batch: RecordBatch, _ rows: Range<Int>, to mapped: inout MappedBatch
  ) {
    let size = KeyedHash.keyWordCount
    let key = words.span.extracting(index * size..<(index + 1) * size)
    let column = steps[index].column
    var specials: [Int] = []
    var sums = mapped.fingerprints.mutableSpan
    let empty = KeyedHash.addDigests(
      ofColumn: column, width: batch.columnCount, rows: rows, cells: batch.cells.span,
      bytes: batch.bytes.span, keyWords: key, to: &sums,
      beginnings: LostValue.beginnings, specials: &specials)
    mapped.counts[steps[index].rule].filled += rows.count - empty
    if !specials.isEmpty { addSpecials(specials, index, key, of: batch, to: &mapped) }
  }

  /// Adds the few values that may be type names, or stand where nothing may be read beyond them.
  private func addSpecials(
    _ rows: [Int], _ index: Int, _ key: Span<UInt64>, of batch: RecordBatch,
    to mapped: inout MappedBatch
  ) {
    let column = steps[index].column
    for row in rows {
      let value = batch.bytes.span.extracting(batch.cell(row: row, column: column).range)
      if let typeName = LostValue.typeName(in: value) {
        mapped.lose(typeName, column: column)
        mapped.counts[steps[index].rule].filled -= 1
      } else {
        mapped.fingerprints[row] &+= KeyedHash.digest(value, keyWords: key)
      }
    }
  }

  /// The type name that stands in a cell where a value should.
  @inline(__always)
  private static func typeName(in cell: RecordBatch.Cell, _ bytes: Span<UInt8>) -> String? {
    let start = Int(cell.start)
    if start &+ 8 <= bytes.count, !LostValue.mayBegin(with: bytes.word(at: start)) { return nil }
    return LostValue.typeName(in: bytes.extracting(cell.range))
  }

  /// Adds the words of a boolean column; one that is not in the vocabulary sets its record aside.
  private func addWords(
    _ index: Int, of batch: RecordBatch, _ rows: Range<Int>, to mapped: inout MappedBatch
  ) {
    let step = steps[index]
    var vocabulary = VocabularyReader(vocabularies[step.vocabulary])
    let (yes, no) = (trueDigests[index], falseDigests[index])
    let bytes = batch.bytes.span
    var unknown: [Int] = []
    var sums = mapped.fingerprints.mutableSpan
    var (trueCount, falseCount) = (0, 0)
    for row in rows {
      let cell = batch.cell(row: row, column: step.column)
      if cell.isEmpty { continue }
      if let word = vocabulary.value(of: cell.range, in: bytes) {
        sums[row] &+= word ? yes : no
        trueCount &+= word ? 1 : 0
        falseCount &+= word ? 0 : 1
      } else {
        unknown.append(row)
      }
    }
    mapped.counts[step.rule].add(
      filled: trueCount + falseCount + unknown.count, yes: trueCount, no: falseCount)
    for row in unknown {
      note(batch.text(row: row, column: step.column), step, row: row, &mapped)
    }
  }

  /// Adds the values of a column of numbers or moments in their one spelling; what is none sets its record aside.
  private func addTyped(
    _ index: Int, of batch: RecordBatch, _ rows: Range<Int>, to mapped: inout MappedBatch
  ) {
    let step = steps[index]
    guard let type = step.type else { return }
    let size = KeyedHash.keyWordCount
    let key = words.span.extracting(index * size..<(index + 1) * size)
    let bytes = batch.bytes.span
    for row in rows {
      let cell = batch.cell(row: row, column: step.column)
      if cell.isEmpty { continue }
      if let typeName = Self.typeName(in: cell, bytes) {
        mapped.lose(typeName, column: step.column)
      } else if let spelling = type.spelling(of: bytes.extracting(cell.range)) {
        mapped.fingerprints[row] &+= KeyedHash.digest(spelling.span, keyWords: key)
      } else {
        mapped.note(
          .badValue(
            attribute: "\(attributes[rules[step.rule].attribute].path)", kind: type.rawValue,
            value: batch.text(row: row, column: step.column)), row: row)
      }
    }
  }

  /// Adds all values of one column as one list.
  private func addLists(
    _ index: Int, of batch: RecordBatch, _ rows: Range<Int>, to mapped: inout MappedBatch
  ) {
    let step = steps[index]
    let size = KeyedHash.keyWordCount
    let key = words.span.extracting(index * size..<(index + 1) * size)
    for row in rows {
      guard let list = batch.list(row: row, column: step.column) else {
        mapped.lose("a type name", column: step.column)
        continue
      }
      if list.isEmpty { continue }
      mapped.counts[step.rule].add(filled: 1, yes: 0, no: 0)
      mapped.fingerprints[row] &+= KeyedHash.digest(list.span, keyWords: key)
    }
  }

  /// Hashes the values of one column as a match key.
  private func setKeys(
    _ index: Int, of batch: RecordBatch, _ rows: Range<Int>, in mapped: inout MappedBatch
  ) {
    let size = KeyedHash.keyWordCount
    let place = steps[index].keyPlace
    let key = keyWords.span.extracting(place * size..<(place + 1) * size)
    let column = steps[index].column
    var specials: [Int] = []
    var hashes = mapped.keyHashes.mutableSpan
    KeyedHash.foldedHashes(
      ofColumn: column, width: batch.columnCount, rows: rows, cells: batch.cells.span,
      bytes: batch.bytes.span, keyWords: key, to: &hashes, at: place, step: keys.count,
      beginnings: LostValue.beginnings, specials: &specials)
    for row in specials {
      let value = batch.bytes.span.extracting(batch.cell(row: row, column: column).range)
      guard LostValue.typeName(in: value) == nil else { continue }
      let hash = KeyedHash.foldedDigest(value, keyWords: key).folded
      mapped.setKey(max(hash, 1), row: row, key: place)
    }
  }

  /// A word that is not in the vocabulary sets its record aside.
  private func note(
    _ text: String, _ step: Step, row: Int, _ mapped: inout MappedBatch
  ) {
    mapped.note(
      .unknownWord(attribute: "\(attributes[rules[step.rule].attribute].path)", value: text),
      row: row)
  }

  /// The records of a batch whose values cannot be worked out; nothing to do where no value is.
  package func problems(in batch: RecordBatch) -> [(row: Int, subject: Finding.Subject)] {
    let isPlain = expressions.isEmpty && steps.allSatisfy { $0.type == nil }
    return isPlain ? [] : map(batch).problems
  }

  /// An attribute takes one value; which of several is meant, nobody can tell.
  private func noteSeveralValues(in batch: RecordBatch, _ mapped: inout MappedBatch) {
    for (cell, count) in batch.many.counts {
      let (row, column) = cell.quotientAndRemainder(dividingBy: batch.columnCount)
      guard let step = steps.first(where: { $0.column == column && $0.type != .list }) else {
        continue
      }
      let path = attributes[rules[step.rule].attribute].path
      mapped.note(.severalValues(attribute: "\(path)", count: count), row: row)
    }
  }

  /// The values of one record: absent where nothing is known, empty where the policy clears.
  package func image(of row: Int, in batch: RecordBatch) -> AttributeImage {
    images(of: [row], in: batch)[0]
  }

  /// The values of some records; what works them out is set up once for all of them.
  package func images(of rows: [Int], in batch: RecordBatch) -> [AttributeImage] {
    var machines = expressions.machines()
    var images = AttributeImage.Pack(count: rows.count)
    var image = AttributeImage()
    let (bytes, steps) = (batch.bytes.span, imageSteps.span)
    for row in rows {
      image.removeAll()
      for place in steps.indices {
        let step = steps[place]
        guard step.column >= 0 else {
          append(rules[step.rule], of: row, in: batch, with: &machines, to: &image)
          continue
        }
        let value = bytes.extracting(batch.cell(row: row, column: step.column).range)
        append(
          value, by: step, isAbsent: { batch.isAbsent(row: row, column: step.column) }, to: &image)
      }
      images.append(image)
    }
    return images.images
  }

  /// Adds the value of one cell.
  private func append(
    _ value: Span<UInt8>, by step: ImageStep, isAbsent: () -> Bool, to image: inout AttributeImage
  ) {
    if value.isEmpty {
      if step.clearsWhenEmpty, !isAbsent() { image.append(step.attribute, value) }
    } else if step.vocabulary >= 0 {
      guard let word = vocabularies[step.vocabulary].value(of: value) else { return }
      image.append(step.attribute, (word ? "true" : "false").utf8)
    } else if LostValue.typeName(in: value) == nil {
      // As it is, or in the one spelling of its type.
      guard let type = step.type else { return image.append(step.attribute, value) }
      if let spelling = type.spelling(of: value) { image.append(step.attribute, spelling) }
    }
  }

  /// Adds what does not stand in one cell.
  private func append(
    _ rule: AttributeRule, of row: Int, in batch: RecordBatch,
    with machines: inout [ExpressionMachine], to image: inout AttributeImage
  ) {
    switch rule.source {
    case .reference: return
    case .constant(let value): image.append(rule.attribute, value)
    case .expression:
      expressions.append(rule.attribute, of: row, in: batch, with: &machines, to: &image)
    case .column(let column):
      guard let list = batch.list(row: row, column: column) else { return }
      let isSaid = rule.clearsWhenEmpty && !batch.isAbsent(row: row, column: column)
      if isSaid || !list.isEmpty { image.append(rule.attribute, list) }
    }
  }
}

extension RecordBatch {
  /// The values of a cell as the one text of a list, empty for none; nil where one is a type name.
  func list(row: Int, column: Int) -> [UInt8]? {
    let cells =
      CollectionOfOne(cell(row: row, column: column))
      + furtherValues(row: row, column: column)
    var values: [[UInt8]] = []
    for cell in cells where !cell.isEmpty {
      let value = Array(bytes[cell.range])
      if LostValue.typeName(in: value.span) != nil { return nil }
      values.append(value)
    }
    return ListText.bytes(of: values)
  }
}

extension ManagedAttribute.Kind {
  /// Itself where a value has a spelling of its own; nil where it is taken as it is, or by its words.
  var spelled: ManagedAttribute.Kind? {
    switch self {
    case .integer, .decimal, .dateTime, .list: self
    case .string, .boolean, .reference: nil
    }
  }
}

/// In how many records a rule has a value, and which one where it is `true` or `false`.
package struct ValueCount: Sendable, Hashable {
  package fileprivate(set) var filled = 0
  package private(set) var yes = 0
  package private(set) var no = 0

  package init() {}

  mutating func add(filled: Int, yes: Int, no: Int) {
    self.filled += filled
    self.yes += yes
    self.no += no
  }

  package static func += (left: inout ValueCount, right: ValueCount) {
    left.add(filled: right.filled, yes: right.yes, no: right.no)
  }
}

/// What mapping says of the records of one batch, row by row.
package struct MappedBatch: Sendable {
  package internal(set) var fingerprints: [Fingerprint]
  /// `keyCount` hashes to a row; `KeyHasher.none` where the record has no value.
  package fileprivate(set) var keyHashes: [UInt64]
  package let keyCount: Int
  /// Records that are set aside, with the reason; at most one reason to a record.
  package private(set) var problems: [(row: Int, subject: Finding.Subject)] = []
  /// Type names that stood where a value should be, by column.
  package private(set) var lostValues: [Int: (typeName: String, count: Int)] = [:]
  /// Records of which a match key could not be worked out, with the key's place in the matching order.
  package private(set) var failedKeys: [Int: Int] = [:]
  /// Rule by rule, in the order of the mapping's rules.
  package internal(set) var counts: [ValueCount]

  fileprivate init(rowCount: Int, keyCount: Int, ruleCount: Int, start: Fingerprint) {
    counts = Array(repeating: ValueCount(), count: ruleCount)
    fingerprints = Array(repeating: start, count: rowCount)
    keyHashes = Array(repeating: KeyHasher.none, count: rowCount * keyCount)
    self.keyCount = keyCount
  }

  package func keyHash(row: Int, key: Int) -> UInt64 { keyHashes[row * keyCount + key] }

  /// The rows that have no value for any of the first `count` keys.
  package func rowsWithoutKey(among count: Int) -> [Int] {
    let hashes = keyHashes.span
    return fingerprints.indices.filter { row in
      let first = row * keyCount
      for place in first..<first + count where hashes[place] != KeyHasher.none { return false }
      return true
    }
  }

  mutating func setKey(_ hash: UInt64, row: Int, key: Int) {
    keyHashes[row * keyCount + key] = hash
  }

  /// Adds what a value that is told only by other records adds to a record's fingerprint.
  package mutating func add(_ digest: Fingerprint, row: Int) { fingerprints[row] &+= digest }

  package mutating func note(_ subject: Finding.Subject, row: Int) {
    problems.append((row, subject))
  }

  mutating func failKey(_ place: Int, row: Int) {
    failedKeys[row] = min(failedKeys[row] ?? place, place)
  }

  /// Puts the problems in the order of their records, and leaves each record its first.
  package mutating func orderProblems() {
    guard problems.count > 1 else { return }
    let sorted = problems.enumerated().sorted {
      ($0.element.row, $0.offset) < ($1.element.row, $1.offset)
    }
    problems = sorted.map(\.element).reduce(into: []) { kept, problem in
      if kept.last?.row != problem.row { kept.append(problem) }
    }
  }

  package mutating func lose(_ typeName: String, column: Int) {
    lostValues[column, default: (typeName, 0)].count += 1
  }
}
