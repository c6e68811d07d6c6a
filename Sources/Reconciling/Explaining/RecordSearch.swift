import Identity
import Mapping
import Matching
import Planning
import Reading
import Scanning

/// Goes through one export for the records that somebody means.
///
/// What a record is called is what the policy's own mapping makes of it, expressions included.
struct RecordSearch {
  /// What may stand for a record in one export.
  struct Findings {
    var numbers: [Int] = []
    /// Records that have the key of a member who is meant.
    var byKey: [Int] = []
    /// Where records stand that could not be read, as far as they may be meant.
    var unreadable: [RecordOrigin] = []
  }

  /// What somebody who is meant is known by.
  struct KeyValue: Sendable {
    let attribute: AttributeID
    let value: [UInt8]
  }

  let who: WhoToExplain
  let export: RunExport
  let reader: ExportReader
  let mapping: RecordMapping
  private let wanted: [UInt64]
  private let rules: [AttributeRule]
  private let searched: [AttributeID]
  /// By place among those searched by: hashes of the keys of members who are meant.
  private let wantedKeys: [Set<UInt64>]
  /// Whether a record is meant by what the policy makes of its values; nil where those say it themselves.
  var isMeant: (@Sendable (AttributeImage) -> Bool)?

  /// Searches by `keys` and by what people go by; hashes under `secret` leave no search.
  init(
    _ who: WhoToExplain, in export: RunExport, _ reader: ExportReader, rules: [AttributeRule],
    attributes: AttributeSet, keys: [MatchKey], fingerprinter: Fingerprinter, secret: [UInt8],
    also known: [KeyValue] = []
  ) {
    self.who = who
    self.export = export
    self.reader = reader
    self.rules = rules
    searched = Set(attributes.searched + keys.map(\.id)).sorted()
    let hasher = KeyHasher(
      keys: searched.map { MatchKey(path: attributes[$0].path, id: $0) }, secret: secret)
    mapping = RecordMapping(rules: rules, fingerprinter: fingerprinter, keyHasher: hasher)
    let value = Array(who.text.utf8)
    wanted = hasher.keys.indices.map { hasher.hash(value.span, key: $0) }
    wantedKeys = hasher.keys.indices.map { place in
      Set(
        known.filter { $0.attribute == hasher.keys[place].id }
          .map { hasher.hash($0.value.span, key: place) })
    }
  }

  func run() async throws(ReadFailure) -> Findings {
    guard who.line != nil, export.files.contains(where: who.means) else {
      return try await byValue()
    }
    return try await atLine()
  }

  private func byValue() async throws(ReadFailure) -> Findings {
    var found = Findings()
    let (mapping, wanted, wantedKeys, isMeant) = (mapping, wanted, wantedKeys, isMeant)
    let hasKeys = wantedKeys.contains { !$0.isEmpty }
    let summary = try await reader.read(digest: false) { batch -> ([Int], [Int]) in
      let mapped = mapping.map(batch)
      var (own, byKey): ([Int], [Int]) = ([], [])
      for row in 0..<batch.count {
        if wanted.indices.contains(where: { mapped.keyHash(row: row, key: $0) == wanted[$0] })
          || isMeant?(mapping.image(of: row, in: batch)) ?? false
        {
          own.append(Int(batch.numbers[row]))
        } else if hasKeys,
          wantedKeys.indices.contains(where: {
            wantedKeys[$0].contains(mapped.keyHash(row: row, key: $0))
          })
        {
          byKey.append(Int(batch.numbers[row]))
        }
      }
      return (own, byKey)
    } collect: { numbers, place in
      found.numbers += numbers.0.map { place.firstNumber + $0 }
      found.byKey += numbers.1.map { place.firstNumber + $0 }
    }
    found.unreadable = summary.quarantined.filter(mayBeMeant).map(\.origin)
    return found
  }

  /// Whether a record that could not be read has the value in a column that gives a name.
  private func mayBeMeant(_ record: QuarantinedRecord) -> Bool {
    let value = Array(who.text.utf8)
    return rules.contains { rule in
      guard searched.contains(rule.attribute), case .column(let column) = rule.source,
        column < record.cells.count, let cell = record.cells[column]
      else { return false }
      return MatchKeyText.same(cell.utf8, value)
    }
  }

  private func atLine() async throws(ReadFailure) -> Findings {
    try await Self.record(on: who, of: export, reader)
  }

  /// The records that begin on the line; else the last one before it, where it reaches that far.
  static func record(
    on who: WhoToExplain, of export: RunExport, _ reader: ExportReader
  ) async throws(ReadFailure) -> Findings {
    let line = who.line ?? 0
    var last: (number: Int, line: Int, feeds: Int)?
    // A file of JSON may be one line.
    var beginning: [Int] = []
    let files = export.files
    let summary = try await reader.read(digest: false) {
      $0
    } collect: { batch, place in
      guard who.means(file: files[place.file]) else { return }
      for row in 0..<batch.count where place.line(of: row, in: batch) == line {
        beginning.append(place.firstNumber + Int(batch.numbers[row]))
      }
      guard let row = (0..<batch.count).last(where: { place.line(of: $0, in: batch) <= line })
      else { return }
      let texts = (0..<batch.columnCount).map { batch.cell(row: row, column: $0).range }
      last = (
        place.firstNumber + Int(batch.numbers[row]), place.line(of: row, in: batch),
        texts.reduce(0) { $0 + batch.bytes[$1].count { $0 == 0x0A } }
      )
    }
    var found = Findings()
    let lost = summary.quarantined.filter { record in
      who.means(file: record.origin.file)
        && (record.origin.line..<record.origin.line + max(1, record.lineCount)).contains(line)
    }
    // Of a record in which no cell can be told from the next, only what is wrong with it is known.
    let complaints = summary.findings.filter { $0.severity == .error }.compactMap(\.origin)
      .filter { $0.line == line && who.means(file: $0.file) }
    found.unreadable = Set(lost.map(\.origin) + complaints).sorted()
    // A row of a table ends where its last cell does; of other formats every line belongs to some record.
    if !beginning.isEmpty {
      found.numbers = beginning
    } else if let last, found.unreadable.isEmpty,
      summary.format != .csv || line <= last.line + last.feeds
    {
      found.numbers = [last.number]
    }
    return found
  }
}

/// One record of tonight as the run saw it: what the mapping made of it, and whether it counted.
struct RecordLook {
  enum Scope: Hashable {
    /// The export has none: every record counts.
    case none
    case inside
    case outside
    /// The cell that decides holds a type name.
    case unknown
  }

  let number: RecordNumber
  let origin: RecordOrigin
  let export: RunExport
  let image: AttributeImage
  let keyHashes: [UInt64]
  /// Why it was set aside.
  let problem: Finding.Subject?
  let scope: Scope
  /// A delta says that its member has gone.
  let hasLeft: Bool
  /// Column or expression of each attribute.
  let sources: [AttributeID: String]
  /// Whom it names, by attribute, where a cell names another member.
  let references: [AttributeID: MemberReference]
}

/// A cell that names another member.
struct MemberReference: Hashable {
  /// The place among the run's keys of the attribute by which it does.
  let key: Int
  let value: [UInt8]
}

extension RecordLook {
  /// Whether it was neither set aside nor out of scope, and does not say that somebody has gone.
  var counts: Bool { problem == nil && !hasLeft && (scope == .none || scope == .inside) }

  /// Looks at some records of one people export again, with the rules they were read by.
  static func looks(
    at numbers: [Int], of source: PeopleStage.Source, places: RecordPlaces, _ basis: RunBasis
  ) throws(ReadFailure) -> [RecordLook] {
    var looks: [RecordLook] = []
    for (batch, place) in try source.reader.records(numbered: numbers.sorted(), places: places) {
      let mapped = source.mapping.map(batch)
      let keyless = Set(mapped.rowsWithoutKey(among: basis.matchCount))
      let scope = source.scope?.rows(of: batch, mapped)
      let leaving = Set(source.leaving(of: batch, scope) ?? [])
      for row in 0..<batch.count {
        let problem = mapped.problems.first { $0.row == row }?.subject
        looks.append(
          RecordLook(
            number: RecordNumber(
              export: source.export.number, number: place.firstNumber + Int(batch.numbers[row])),
            origin: RecordOrigin(
              export: source.export.settings.name, file: source.export.files[place.file],
              line: place.line(of: row, in: batch)),
            export: source.export, image: source.mapping.image(of: row, in: batch),
            keyHashes: (0..<mapped.keyCount).map { mapped.keyHash(row: row, key: $0) },
            problem: problem ?? (keyless.contains(row) ? .noKey : nil),
            scope: scope.map { $0.of(row) } ?? .none, hasLeft: leaving.contains(row),
            sources: source.columns.columns,
            references: references(of: row, in: batch, source, basis)))
      }
    }
    return looks
  }

  private static func references(
    of row: Int, in batch: RecordBatch, _ source: PeopleStage.Source, _ basis: RunBasis
  ) -> [AttributeID: MemberReference] {
    var references: [AttributeID: MemberReference] = [:]
    for rule in source.columns.rules {
      let path = basis.memberAttributes[rule.attribute].path
      guard case .reference(let column) = rule.source,
        let named = source.named.mapping.first(where: { $0.path == path })?.references,
        let key = basis.memberKeys.firstIndex(where: { $0.path == named }),
        batch.furtherValues(row: row, column: column).count == 0
      else { continue }
      let value = Array(batch.bytes[batch.cell(row: row, column: column).range])
      guard !value.isEmpty, LostValue.typeName(in: value.span) == nil else { continue }
      references[rule.attribute] = MemberReference(key: key, value: value)
    }
    return references
  }
}

extension ResolvedScope.Rows {
  fileprivate func of(_ row: Int) -> RecordLook.Scope {
    if outside.contains(row) { return .outside }
    return unknown.contains(row) ? .unknown : .inside
  }
}
