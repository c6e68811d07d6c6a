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
  private struct Rule: Sendable {
    let attribute: AttributeID
    /// Its place among all rules of the mapping.
    let place: Int
    let name: String
    let source: ExpressionSource
    let vocabulary: Vocabulary?
    /// Nil for a value taken as it is.
    let type: ManagedAttribute.Kind?
    let clearsWhenEmpty: Bool
    /// Whether it says nothing of those who are there.
    let isInitial: Bool
    /// The place in the matching order that the value fills.
    let keyPlace: Int?
    /// The key words of the attribute's hash, and of the match key's.
    let words: [UInt64]
    let keyWords: [UInt64]
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
  /// What tells records apart where something random is asked for: the columns of match keys.
  private let seedColumns: [Int]

  init(_ rules: [AttributeRule], fingerprinter: Fingerprinter, keyHasher: KeyHasher) {
    var places: [Int] = []
    self.rules = rules.enumerated().compactMap { index, rule in
      let place = keyHasher.keys.firstIndex { $0.id == rule.attribute }
      if case .column(let column) = rule.source, place != nil { places.append(column) }
      guard case .expression(let source) = rule.source else { return nil }
      return Rule(
        attribute: rule.attribute, place: index,
        name: "\(fingerprinter.attributes[rule.attribute].path)", source: source,
        vocabulary: rule.vocabulary,
        type: fingerprinter.attributes[rule.attribute].kind.spelled,
        clearsWhenEmpty: rule.clearsWhenEmpty,
        isInitial: rule.isInitial, keyPlace: place,
        words: fingerprinter.hash(for: rule.attribute).words,
        keyWords: place.map { keyHasher.words(key: $0) } ?? [])
    }
    seedColumns = places
  }

  var isEmpty: Bool { rules.isEmpty }

  // MARK: - Batches

  func map(_ batch: RecordBatch, into mapped: inout MappedBatch) {
    for rule in rules where !rule.isInitial {
      var machine = machine(for: rule)
      for row in 0..<batch.count {
        load(row, of: batch, rule, into: &machine)
        add(run(rule, &machine), of: rule, machine, row: row, to: &mapped)
      }
    }
  }

  private func add(
    _ outcome: Outcome, of rule: Rule, _ machine: borrowing ExpressionMachine, row: Int,
    to mapped: inout MappedBatch
  ) {
    switch outcome {
    case .nothing, .clear: break
    case .unknown(let column):
      mapped.lose("a type name", column: rule.source.columns[column])
    case .problem(let subject):
      mapped.note(subject, row: row)
      if let place = rule.keyPlace { mapped.failKey(place, row: row) }
    case .truth(let truth):
      mapped.counts[rule.place].add(filled: 1, yes: truth ? 1 : 0, no: truth ? 0 : 1)
      let word = Array((truth ? "true" : "false").utf8)
      mapped.fingerprints[row] &+= KeyedHash.digest(word.span, keyWords: rule.words.span)
    case .spelling(let value):
      mapped.fingerprints[row] &+= KeyedHash.digest(value.span, keyWords: rule.words.span)
    case .value(let piece):
      mapped.counts[rule.place].add(filled: 1, yes: 0, no: 0)
      let value = machine.memory.span.extracting(piece.range)
      mapped.fingerprints[row] &+= KeyedHash.digest(value, keyWords: rule.words.span)
      guard let place = rule.keyPlace else { return }
      let hash = KeyedHash.foldedDigest(value, keyWords: rule.keyWords.span).folded
      mapped.setKey(max(hash, 1), row: row, key: place)
    }
  }

  // MARK: - Single records

  /// A machine for each rule, to be used for record after record.
  func machines() -> [ExpressionMachine] { rules.map(machine) }

  /// Adds the value that an attribute of one record has, if it has one.
  func append(
    _ attribute: AttributeID, of row: Int, in batch: RecordBatch,
    with machines: inout [ExpressionMachine], to image: inout AttributeImage
  ) {
    guard let index = rules.firstIndex(where: { $0.attribute == attribute }) else { return }
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
    guard let rule = rules.first(where: { $0.attribute == attribute }) else { return nil }
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
    machine.begin(seed: rule.source.program.isRandom ? seed(of: row, in: batch, rule) : 0)
    let bytes = batch.bytes.span
    for (column, place) in rule.source.columns.enumerated() {
      let cell = batch.cell(row: row, column: place)
      if cell.isEmpty { continue }
      let value = bytes.extracting(cell.range)
      let further = batch.furtherValues(row: row, column: place)
      if !further.isEmpty {
        machine.setInput(
          column,
          list: [Array(batch.bytes[cell.range])] + further.map { Array(batch.bytes[$0.range]) })
      } else if LostValue.typeName(in: value) != nil {
        machine.setInputUnknown(column)
      } else {
        machine.setInput(column, value)
      }
    }
  }

  /// The same for the same record and attribute, run after run.
  private func seed(of row: Int, in batch: RecordBatch, _ rule: Rule) -> UInt64 {
    let columns = seedColumns.isEmpty ? rule.source.columns : seedColumns
    let place = columns.first { !batch.cell(row: row, column: $0).isEmpty } ?? 0
    let range = batch.cell(row: row, column: place).range
    return KeyedHash.digest(
      batch.bytes.span.extracting(range), keyWords: rule.words.span
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
      if case .boolean(let truth) = value, rule.vocabulary != nil { return .truth(truth) }
      guard let piece = try machine.piece(of: value, step: Int(step)), !piece.isEmpty else {
        return rule.clearsWhenEmpty ? .clear : .nothing
      }
      if let type = rule.type { return spelled(piece, type, of: rule, machine) }
      guard let vocabulary = rule.vocabulary else { return .value(piece) }
      guard let word = vocabulary.value(of: machine.memory.span.extracting(piece.range)) else {
        return .problem(.unknownWord(attribute: rule.name, value: machine.text(piece)))
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
            attribute: rule.name, part: rule.source.program.text(of: range), input: input,
            reason: kind.message))
      }
    }
  }
}

extension ExpressionRules {
  private func spelled(
    _ piece: ExpressionValue.ByteRange, _ type: ManagedAttribute.Kind, of rule: Rule,
    _ machine: borrowing ExpressionMachine
  ) -> Outcome {
    guard let spelling = type.spelling(of: machine.memory.span.extracting(piece.range)) else {
      return .problem(
        .badValue(attribute: rule.name, kind: type.rawValue, value: machine.text(piece)))
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
