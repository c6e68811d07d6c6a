import Identity
import Scanning

/// The rules of an export whose values are worked out, run column by column over a batch.
///
/// ```
/// userName ← ToLower(Join(".", [givenName], [surname]))
///
/// row 0     ann.doe      its digest goes into the row's fingerprint, its hash into the row's keys
/// row 1     (fails)      the record is set aside, with the part that failed and what that was given
/// ```
struct ExpressionRules: Sendable {
  /// A class, so that handing one on costs one reference count and not one for each of its tables.
  private final class Rule: Sendable {
    let attribute: AttributeID
    /// Its place among all rules of the mapping.
    let place: Int
    let name: String
    let source: ExpressionSource
    let vocabulary: Vocabulary?
    /// Nil for a value taken as it is.
    let type: ManagedAttribute.Kind?
    /// Whether any text will do.
    let isPlain: Bool
    let clearsWhenEmpty: Bool
    /// Whether nobody is to see what it is made from.
    let isRedacted: Bool
    /// Whether it says nothing of those who are there.
    let isInitial: Bool
    /// Whether it may come to something else for the same inputs.
    let isRandom: Bool
    /// The place in the matching order that the value fills.
    let keyPlace: Int?
    /// The key words of the attribute's hash, and of the match key's.
    let words: [UInt64]
    let keyWords: [UInt64]

    init(
      _ rule: AttributeRule, _ source: ExpressionSource, place: Int,
      fingerprinter: Fingerprinter, keyHasher: KeyHasher
    ) {
      let managed = fingerprinter.attributes[rule.attribute]
      attribute = rule.attribute
      self.place = place
      name = "\(managed.path)"
      self.source = source
      vocabulary = rule.vocabulary
      type = managed.kind.spelled
      isPlain = type == nil && rule.vocabulary == nil
      clearsWhenEmpty = rule.clearsWhenEmpty
      isRedacted = source.program.isRedacted
      isInitial = rule.isInitial
      isRandom = source.program.isRandom
      keyPlace = keyHasher.keys.firstIndex { $0.id == rule.attribute }
      words = fingerprinter.hash(for: rule.attribute).words
      keyWords = keyPlace.map { keyHasher.words(key: $0) } ?? []
    }
  }

  /// What one rule needs to be run over the rows of a batch.
  struct Machine {
    var machine: ExpressionMachine
    var known: RepeatedInputs
  }

  /// What a rule comes to for one record.
  private enum Outcome {
    case nothing
    case value(ExpressionValue.ByteRange)
    /// A value of a type, in its one spelling.
    case spelling([UInt8])
    case truth(Bool)
    case clear
    case unknown(column: Int)
    case problem(Finding.Subject)
  }

  private let rules: [Rule]
  /// The rule of each attribute.
  private let indices: [AttributeID: Int]
  /// What tells records apart where something random is asked for: the columns of match keys.
  private let seedColumns: [Int]

  init(_ rules: [AttributeRule], fingerprinter: Fingerprinter, keyHasher: KeyHasher) {
    var places: [Int] = []
    self.rules = rules.enumerated().compactMap { index, rule in
      let place = keyHasher.keys.firstIndex { $0.id == rule.attribute }
      if case .column(let column) = rule.source, place != nil { places.append(column) }
      guard case .expression(let source) = rule.source else { return nil }
      return Rule(
        rule, source, place: index, fingerprinter: fingerprinter, keyHasher: keyHasher)
    }
    seedColumns = places
    indices = Dictionary(
      self.rules.enumerated().map { ($0.element.attribute, $0.offset) },
      uniquingKeysWith: { first, _ in first })
  }

  var isEmpty: Bool { rules.isEmpty }

  // MARK: - Batches

  /// Maps some rows of a batch with every rule, so that the second rule finds the memory that the first one has read.
  func map(
    _ rows: Range<Int>, of batch: RecordBatch, with machines: inout [Machine],
    into mapped: inout MappedBatch
  ) {
    for (index, rule) in rules.enumerated() where !rule.isInitial {
      map(rows, of: batch, rule, with: &machines[index], into: &mapped)
    }
  }

  private func map(
    _ rows: Range<Int>, of batch: RecordBatch, _ rule: Rule, with machine: inout Machine,
    into mapped: inout MappedBatch
  ) {
    let keyWords = rule.words
    let (cells, bytes, words) = (batch.cells.span, batch.bytes.span, keyWords.span)
    for row in rows {
      var place: Int?
      if machine.known.isWorthIt {
        let hashed = machine.known.place(
          of: row, cells: cells, width: batch.columnCount, bytes: bytes, keyWords: words)
        if let effect = machine.known.effect(at: hashed, for: row, of: batch, cells, bytes) {
          add(effect, of: rule, row: row, to: &mapped)
          continue
        }
        place = hashed
      }
      load(row, of: batch, rule, into: &machine.machine)
      let outcome = run(rule, &machine.machine)
      guard let effect = effect(of: outcome, rule, machine.machine, row: row, &mapped) else {
        continue
      }
      if let place { machine.known.keep(effect, of: row, at: place) }
      add(effect, of: rule, row: row, to: &mapped)
    }
  }

  /// What the value does to its row; nil where it has none, which is noted.
  private func effect(
    of outcome: Outcome, _ rule: Rule, _ machine: borrowing ExpressionMachine, row: Int,
    _ mapped: inout MappedBatch
  ) -> ExpressionEffect? {
    func effect(_ kind: ExpressionEffect.Kind, _ value: Span<UInt8>) -> ExpressionEffect {
      let (words, keyWords) = (rule.words, rule.keyWords)
      var keyHash = KeyHasher.none
      if kind == .value, rule.keyPlace != nil {
        keyHash = max(KeyedHash.foldedDigest(value, keyWords: keyWords.span).folded, 1)
      }
      return ExpressionEffect(
        kind: kind, digest: KeyedHash.digest(value, keyWords: words.span), keyHash: keyHash)
    }
    switch outcome {
    case .nothing, .clear: return .nothing
    case .unknown(let column):
      mapped.lose("a type name", column: rule.source.columns[column])
      return nil
    case .problem(let subject):
      mapped.note(subject, row: row)
      if let place = rule.keyPlace { mapped.failKey(place, row: row) }
      return nil
    case .truth(let truth):
      return effect(truth ? .yes : .no, Array((truth ? "true" : "false").utf8).span)
    case .spelling(let value): return effect(.spelling, value.span)
    case .value(let piece): return effect(.value, machine.memory.span.extracting(piece.range))
    }
  }

  private func add(
    _ effect: ExpressionEffect, of rule: Rule, row: Int, to mapped: inout MappedBatch
  ) {
    switch effect.kind {
    case .nothing: return
    case .spelling: break
    case .value: mapped.counts[rule.place].add(filled: 1, yes: 0, no: 0)
    case .yes: mapped.counts[rule.place].add(filled: 1, yes: 1, no: 0)
    case .no: mapped.counts[rule.place].add(filled: 1, yes: 0, no: 1)
    }
    mapped.fingerprints[row] &+= effect.digest
    if effect.keyHash != KeyHasher.none, let place = rule.keyPlace {
      mapped.setKey(effect.keyHash, row: row, key: place)
    }
  }

  // MARK: - Single records

  /// A machine for each rule, to be used for record after record.
  func machines() -> [ExpressionMachine] { rules.map(machine) }

  /// The same for all rows of one batch.
  func machines(for batch: RecordBatch) -> [Machine] {
    rules.map { rule in
      let columns = rule.source.columns
      let isRepeatable =
        !rule.isInitial && !rule.isRandom && batch.many.isEmpty && !columns.isEmpty
      return Machine(
        machine: machine(for: rule),
        known: RepeatedInputs(columns: columns, isRepeatable: isRepeatable))
    }
  }

  /// Adds the value that an attribute of one record has, if it has one.
  func append(
    _ attribute: AttributeID, of row: Int, in batch: RecordBatch,
    with machines: inout [ExpressionMachine], to image: inout AttributeImage
  ) {
    guard let index = indices[attribute] else { return }
    let rule = rules[index]
    load(row, of: batch, rule, into: &machines[index])
    switch run(rule, &machines[index]) {
    case .nothing, .unknown, .problem: break
    case .clear:
      // Nothing came of what is not there: that is nothing known, not nothing wanted.
      let isKnown = !rule.source.columns.contains { batch.isAbsent(row: row, column: $0) }
      if isKnown { image.append(attribute, []) }
    case .truth(let truth): image.append(attribute, (truth ? "true" : "false").utf8)
    case .spelling(let value): image.append(attribute, value)
    case .value(let piece): machines[index].append(piece, as: attribute, to: &image)
    }
  }

  /// What somebody new may get: one value, or those of `SelectUniqueValue`, rule by rule.
  func initialValue(
    of attribute: AttributeID, _ row: Int, in batch: RecordBatch
  ) -> InitialValue? {
    guard let rule = indices[attribute].map({ rules[$0] }) else { return nil }
    let program = rule.source.program
    let isUnique = program.asksForUniqueValue
    var machine = machine(for: rule)
    load(row, of: batch, rule, into: &machine)
    var values: [[UInt8]] = []
    var failure: Finding.Subject?
    for step in isUnique ? program.rulesOfChoice : [Int32(program.root)] {
      switch run(rule, step, &machine) {
      case .value(let piece): values.append(Array(machine.memory[piece.range]))
      case .spelling(let value): values.append(value)
      case .truth(let truth): values.append(Array((truth ? "true" : "false").utf8))
      case .problem(let subject): failure = subject
      case .nothing, .clear, .unknown: continue
      }
      if failure != nil { break }
    }
    return InitialValue(
      attribute: attribute, values: values, isUnique: isUnique, failure: failure)
  }

  // MARK: - Running

  private func machine(for rule: Rule) -> ExpressionMachine {
    ExpressionMachine(
      rule.source.program,
      context: ExpressionMachine.Context(now: DateMoment(secondsSince1970: rule.source.now)))
  }

  private func load(
    _ row: Int, of batch: RecordBatch, _ rule: Rule, into machine: inout ExpressionMachine
  ) {
    machine.begin(seed: rule.isRandom ? seed(of: row, in: batch, rule) : 0)
    let (cells, bytes) = (batch.cells.span, batch.bytes.span)
    let (start, mayHaveSeveral) = (row * batch.columnCount, !batch.many.isEmpty)
    let hasLiterals = batch.hasLiterals
    for (column, place) in rule.source.columns.enumerated() {
      let cell = cells[start + place]
      if cell.isEmpty { continue }
      let value = bytes.extracting(cell.range)
      if mayHaveSeveral, let list = list(row, place, of: batch) {
        machine.setInput(column, list: list)
      } else if hasLiterals, let truth = batch.truth(of: cell) {
        machine.setInput(column, truth: truth)
      } else if LostValue.typeName(in: value) != nil {
        machine.setInputUnknown(column)
      } else {
        machine.setInput(column, value)
      }
    }
  }

  /// The values of a cell that has more than one.
  private func list(_ row: Int, _ column: Int, of batch: RecordBatch) -> [[UInt8]]? {
    let further = batch.furtherValues(row: row, column: column)
    if further.isEmpty { return nil }
    let first = batch.cell(row: row, column: column)
    return ([first] + further).map { cell in
      batch.truth(of: cell).map { Array(($0 ? "True" : "False").utf8) }
        ?? Array(batch.bytes[cell.range])
    }
  }

  /// The same for the same record and attribute, run after run.
  private func seed(of row: Int, in batch: RecordBatch, _ rule: Rule) -> UInt64 {
    let columns = seedColumns.isEmpty ? rule.source.columns : seedColumns
    let place = columns.first { !batch.cell(row: row, column: $0).isEmpty } ?? 0
    let range = batch.cell(row: row, column: place).range
    let words = rule.words
    return KeyedHash.digest(
      batch.bytes.span.extracting(range), keyWords: words.span
    ).folded
  }

  private func run(_ rule: Rule, _ machine: inout ExpressionMachine) -> Outcome {
    run(rule, Int32(rule.source.program.root), &machine)
  }

  private func run(
    _ rule: Rule, _ step: Int32, _ machine: inout ExpressionMachine
  ) -> Outcome {
    do {
      let value = try machine.value(of: step)
      if !rule.isPlain, let outcome = try typed(value, of: rule, step, &machine) { return outcome }
      guard let piece = try machine.piece(of: value, step: Int(step)), !piece.isEmpty else {
        return rule.clearsWhenEmpty ? .clear : .nothing
      }
      if let type = rule.type { return spelled(piece, type, of: rule, machine) }
      guard let vocabulary = rule.vocabulary else { return .value(piece) }
      guard let word = vocabulary.value(of: machine.memory.span.extracting(piece.range)) else {
        return .problem(.unknownWord(attribute: rule.name, value: shown(piece, of: rule, machine)))
      }
      return .truth(word)
    } catch {
      switch error {
      case .ignoreAttribute: return .nothing
      case .ignoreObject: return .problem(.leftOut(attribute: rule.name))
      case .unknownInput(let column): return .unknown(column: column)
      case .fault(let kind, let step, let input):
        let range = rule.source.program.steps[step].range
        return .problem(
          .expressionFailed(
            attribute: rule.name, part: rule.source.program.text(of: range),
            input: rule.isRedacted ? input.map { _ in Self.hidden } : input, reason: kind.message))
      }
    }
  }
}

extension ExpressionRules {
  /// What a value is that is no text, to an attribute that is none either; nil for all else.
  private func typed(
    _ value: ExpressionValue, of rule: Rule, _ step: Int32, _ machine: inout ExpressionMachine
  ) throws(ExpressionStop) -> Outcome? {
    switch (value, rule.type) {
    case (.boolean(let truth), nil) where rule.vocabulary != nil: return .truth(truth)
    case (.date(let moment), .dateTime): return .spelling(DateText.standard(moment))
    case (.list(let range), .list):
      let items = machine.items[Int(range.lowerBound)..<Int(range.upperBound)]
      return listed(items.map { Array(machine.memory[$0.range]) }, rule)
    case (_, .list):
      let piece = try machine.piece(of: value, step: Int(step))
      return listed(piece.map { [Array(machine.memory[$0.range])] } ?? [], rule)
    default: return nil
    }
  }

  /// What stands in a finding where a value is not to be seen.
  private static let hidden = "[Redact]"

  private func shown(
    _ piece: ExpressionValue.ByteRange, of rule: Rule, _ machine: borrowing ExpressionMachine
  ) -> String {
    rule.isRedacted ? Self.hidden : machine.text(piece)
  }

  private func listed(_ values: [[UInt8]], _ rule: Rule) -> Outcome {
    let list = ListText.bytes(of: values)
    guard list.isEmpty else { return .spelling(list) }
    return rule.clearsWhenEmpty ? .clear : .nothing
  }

  private func spelled(
    _ piece: ExpressionValue.ByteRange, _ type: ManagedAttribute.Kind, of rule: Rule,
    _ machine: borrowing ExpressionMachine
  ) -> Outcome {
    guard let spelling = type.spelling(of: machine.memory.span.extracting(piece.range)) else {
      return .problem(
        .badValue(
          attribute: rule.name, kind: type.rawValue, value: shown(piece, of: rule, machine)))
    }
    return .spelling(spelling)
  }
}

extension ExpressionMachine {
  fileprivate func append(
    _ piece: ExpressionValue.ByteRange, as attribute: AttributeID, to image: inout AttributeImage
  ) {
    image.append(attribute, memory.span.extracting(piece.range))
  }
}
