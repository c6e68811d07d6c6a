import Identity
import Scanning

/// Reads the records of one piece into a builder.
struct JSONRecordWork: ~Copyable {
  var builder: FieldBuilder
  let piece: JSONPiece
  private let isCollectingNames: Bool
  private(set) var reader: JSONFieldReader
  /// Lists of changes whose elements may say that they are gone.
  private var changes: [ListOfChanges] = []
  /// What can be taken in one go; nil where every record wants a closer look.
  var plain: JSONPlainWork?
  /// Where the values of all slots go, slot by slot, and where those of each slot end.
  ///
  /// In one array, for a list to a slot would be retained and released for every value.
  private var targets: [FieldTable.Target] = []
  private var targetEnds: [Int] = []
  /// The marks of elements that are records of their own, and what stands in them.
  private var elements: (mark: Int, inside: Set<Int>)?
  /// The resources that count, and where records say what they are.
  private var resource: (wanted: SCIMResource, schemas: Int, types: Int)?
  /// Those of the records whose names have been noted.
  private var skeletons: Set<JSONSkeleton> = []
  private var line = 0
  private var counted = 0

  /// A list such as `manager@delta` of Microsoft Graph.
  ///
  /// ```
  /// "manager@delta":[{"id":"1","@removed":{"reason":"deleted"}},{"id":"2"}]      id is 2
  /// "manager@delta":[{"id":"1","@removed":{"reason":"deleted"}}]                 id is there, and empty
  /// ```
  private struct ListOfChanges {
    /// Marks the end of an element.
    let mark: Int
    let inside: Set<Int>
    /// Where an element says that it is gone.
    let gone: Int
  }

  init(_ piece: consuming JSONPiece, _ fields: FieldTable, collectingNames: Bool) {
    isCollectingNames = collectingNames
    builder = FieldBuilder(
      fields, text: piece.text, collectingNames: collectingNames, hasLiterals: true)
    var shape = JSONShape()
    var bySlot: [[FieldTable.Target]] = []
    for (column, names) in fields.alternatives.enumerated() {
      for (rank, name) in names.prefix(FieldTable.mostAlternatives).enumerated() {
        let (field, isFirst) = FieldTable.field(asked: name)
        let slot = shape.slot(for: JSONPath(String(field)))
        while bySlot.count <= slot { bySlot.append([]) }
        bySlot[slot].append(
          FieldTable.Target(column: column, rank: UInt8(rank), isFirst: isFirst))
      }
    }
    for slot in bySlot {
      targets += slot
      targetEnds.append(targets.count)
    }
    elements = piece.each.map { shape.markElements(of: JSONPath($0)) }
    resource = piece.resource.map { wanted in
      (
        wanted, shape.slot(for: JSONPath(SCIMResource.schemas)),
        shape.slot(for: JSONPath(SCIMResource.resourceType))
      )
    }
    changes = Self.changes(in: fields.alternatives.joined(), besides: piece.each, &shape)
    reader = JSONFieldReader(shape, collectingNames: collectingNames)
    if case .lines = piece.layout, elements == nil, changes.isEmpty, !collectingNames,
      piece.resource?.isAlone(in: piece.text) ?? true
    {
      plain = JSONPlainWork(
        reader, targets: bySlot, columnCount: fields.columnCount, limit: piece.limits.field)
    }
    self.piece = piece
  }

  /// The lists of changes that are asked for; the elements of `each` are records, and have markers of their own.
  private static func changes(
    in names: some Sequence<String>, besides each: String?, _ shape: inout JSONShape
  ) -> [ListOfChanges] {
    let lists = Set(
      names.compactMap { name in
        name.firstRange(of: "@delta.").map { String(name[..<$0.lowerBound]) + "@delta" }
      })
    return lists.filter { $0 != each }.sorted().map { list in
      let gone = shape.slot(for: JSONPath("\(list).@removed.reason"))
      let (mark, inside) = shape.markElements(of: JSONPath(list))
      return ListOfChanges(mark: mark, inside: inside, gone: gone)
    }
  }

  /// The values of the record at hand but for those of elements that are gone, which are there and empty.
  private func remaining() -> [JSONFieldReader.Value] {
    var values = reader.values
    guard !changes.isEmpty else { return values }
    var emptied: [JSONFieldReader.Value] = []
    for list in changes {
      var start = 0
      for place in values.indices where Int(values[place].slot) == list.mark {
        let element = start..<place
        start = place + 1
        guard element.contains(where: { Int(values[$0].slot) == list.gone }) else { continue }
        for own in element where list.inside.contains(Int(values[own].slot)) {
          if Int(values[own].slot) != list.gone { emptied.append(values[own].emptied) }
          values[own] = JSONFieldReader.Value.none
        }
      }
    }
    // Nothing takes the place of nothing, so what an element that stays has comes first.
    return values + emptied
  }

  /// Reads one record of a document.
  mutating func read(_ range: Range<Int>) {
    line += LineFeeds.count(in: piece.text, counted..<range.lowerBound)
    counted = range.lowerBound
    guard lay(range, isLine: false, isOpen: false), piece.isNested else { return }
    for inner in NestedRecords.ranges(inList: Self.nestedList, of: range, in: piece.text) {
      read(inner)
    }
  }

  /// Where Keycloak has the groups within a group.
  private static let nestedList = Array("subGroups".utf8)

  /// Reads a record that stands alone on a line, so that the next one can be read whatever is wrong with it.
  ///
  /// With `isOpen`, its line has no end: it may have been cut off.
  ///
  /// - Returns: whether the record could be read.
  mutating func read(_ range: Range<Int>, line: Int, isOpen: Bool) -> Bool {
    self.line = line
    return lay(range, isLine: true, isOpen: isOpen)
  }

  /// Reads what an operation comes to.
  mutating func read(_ operation: (range: Range<Int>?, line: Int, offset: Int)) {
    line = operation.line - piece.firstLine
    guard let range = operation.range else {
      builder.begin(line: line)
      builder.setAside(
        .badRecord(
          format: "SCIM", problem: .notUnderstood, byteOffset: operation.offset))
      return
    }
    lay(range, isLine: true, isOpen: false)
  }

  /// - Returns: whether the record could be read.
  @discardableResult
  private mutating func lay(_ range: Range<Int>, isLine: Bool, isOpen: Bool) -> Bool {
    let problem = reader.read(piece.text, range)
    noteTypedNames(range)
    if isOther() {
      builder.otherCount += 1
      return problem == nil
    }
    if problem == nil, let elements {
      layElements(elements, of: range)
      return true
    }
    builder.begin(line: line)
    let badValue = lay(remaining()[...])
    if let problem {
      setAside(range, problem, isLine: isLine, isOpen: isOpen)
    } else {
      end(range, badValue)
    }
    return problem == nil
  }

  /// Whether the record says that it is none of those that count.
  private func isOther() -> Bool {
    guard let resource else { return false }
    func texts(_ slot: Int) -> [ArraySlice<UInt8>] {
      reader.values.filter { Int($0.slot) == slot && $0.form == .plain }
        .map { piece.text[$0.range] }
    }
    return resource.wanted.isOther(schemas: texts(resource.schemas), types: texts(resource.types))
  }

  /// Makes a record of each element, and gives it what stands around the list.
  private mutating func layElements(_ elements: (mark: Int, inside: Set<Int>), of range: Range<Int>)
  {
    let values = remaining()
    let around = values.filter {
      Int($0.slot) != elements.mark && !elements.inside.contains(Int($0.slot))
    }
    var start = 0
    for (place, value) in values.enumerated() where Int(value.slot) == elements.mark {
      let own = values[start..<place].filter { elements.inside.contains(Int($0.slot)) }
      builder.begin(line: line)
      end(range, lay((around + own)[...]))
      start = place + 1
    }
  }

  private mutating func end(
    _ range: Range<Int>, _ badValue: (subject: Finding.Subject, column: Int)?
  ) {
    guard let badValue else { return builder.end() }
    builder.setAside(badValue.subject, lineCount: lineCount(range), unreadable: [badValue.column])
  }

  private mutating func setAside(
    _ range: Range<Int>, _ problem: JSONProblem, isLine: Bool, isOpen: Bool
  ) {
    let breaksFile = problem.kind.breaksGrammar && (!isLine || isOpen)
    let problem =
      isOpen && breaksFile ? JSONProblem(kind: .unexpectedEnd, offset: problem.offset) : problem
    let unreadable: Set<Int>?
    switch problem.kind {
    case .duplicateName, .loneSurrogate, .invalidUTF8:
      unreadable = Set(reader.unreadable.flatMap { targets(of: $0).map(\.column) })
    default: unreadable = nil
    }
    builder.setAside(
      subject(of: problem, breaksFile), lineCount: lineCount(range), unreadable: unreadable,
      breaksFile: breaksFile)
  }

  private func lineCount(_ range: Range<Int>) -> Int {
    1 + LineFeeds.count(in: piece.text, range)
  }

  private func targets(of slot: Int) -> ArraySlice<FieldTable.Target> {
    guard slot < targetEnds.count else { return [] }
    return targets[(slot == 0 ? 0 : targetEnds[slot - 1])..<targetEnds[slot]]
  }

  /// Lays the values of the record into the builder.
  ///
  /// - Returns: a column whose value no column may have, and why.
  private mutating func lay(
    _ values: ArraySlice<JSONFieldReader.Value>
  ) -> (subject: Finding.Subject, column: Int)? {
    var bad: (subject: Finding.Subject, column: Int)?
    for value in values where value.slot >= 0 && Int(value.slot) < targetEnds.count {
      let slot = Int(value.slot)
      for place in (slot == 0 ? 0 : targetEnds[slot - 1])..<targetEnds[slot] {
        let target = targets[place]
        if value.form == .plain, value.range.count <= piece.limits.field {
          builder.add(value.range, to: target)
        } else if let problem = layRare(value, to: target) {
          bad = (problem, target.column)
        }
      }
    }
    return bad
  }

  /// Lays a value with escapes, one that is nothing, or one that is too long.
  private mutating func layRare(
    _ value: JSONFieldReader.Value, to target: FieldTable.Target
  ) -> Finding.Subject? {
    let name = name(of: target.column)
    switch value.form {
    case .plain: builder.add(value.range, to: target)
    case .nothing: builder.addNothing(at: value.range.lowerBound, to: target)
    case .escaped:
      let text = JSONText.unescaped(piece.text.span.extracting(value.range))
      builder.add(copying: text, to: target)
      if text.contains(0) { return .nulByte(column: name) }
    }
    return value.range.count <= piece.limits.field
      ? nil : .fieldTooLong(column: name, limit: piece.limits.field)
  }

  private func name(of column: Int) -> String { builder.fields.alternatives[column].first ?? "" }

  /// Notes the names of all fields that came, asked for or not.
  mutating func noteNames() {
    guard isCollectingNames else { return }
    for name in reader.names { builder.note(name: name) }
  }

  /// Notes the names of one record, those of typed elements too.
  ///
  /// It is slow, so only what the beginning of a file shows is looked at like that; there are few types.
  private mutating func noteTypedNames(_ range: Range<Int>) {
    guard isCollectingNames,
      piece.offset + range.lowerBound < StructuredReader<JSONScanner>.lookLength
    else { return }
    let skeleton = JSONSkeleton(piece.text[range])
    guard !skeletons.contains(skeleton),
      let value = try? JSONParser.parse(Array(piece.text[range]))
    else { return }
    skeletons.insert(skeleton)
    for field in JSONFields(of: value).all { builder.note(name: field.name.utf8) }
  }

  private func subject(of problem: JSONProblem, _ breaksFile: Bool) -> Finding.Subject {
    let offset = piece.fileOffset(problem.offset)
    switch problem.kind {
    case .duplicateName:
      return .duplicateName(name: name(at: problem.offset), byteOffset: offset)
    default:
      let kind = DocumentProblem(problem.kind)
      return breaksFile
        ? .brokenDocument(format: JSONPiece.formatName, problem: kind, byteOffset: offset)
        : .badRecord(format: JSONPiece.formatName, problem: kind, byteOffset: offset)
    }
  }

  private func name(at place: Int) -> String {
    let rest = piece.text[place...]
    let end = rest.firstIndex(of: UInt8(ascii: "\"")) ?? rest.endIndex
    return String(decoding: rest[..<end].prefix(200), as: UTF8.self)
  }
}
