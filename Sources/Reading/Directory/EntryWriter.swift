import Identity
import Scanning

/// One attribute value of an entry that is being laid into a batch.
struct EntryAttribute {
  let field: EntryField
  /// Where in the text its value stands.
  let value: Range<Int>
  /// Whether the value may be anything: it was written as base64.
  let isBinary: Bool
  /// A value that was not read, as that of a URL.
  let isUnknown: Bool
}

/// Lays entries of a directory into the columns of a batch.
///
/// What LDIF and DSML share: which entries count, values that are not text, names that stand for entries,
/// and lists of values that come in parts.
struct EntryWriter {
  let fields: FieldTable
  let options: DirectoryOptions
  let references: EntryReferences
  /// What was renamed before the record that is written.
  var renames: EntryRenames
  var builder: FieldBuilder

  /// The part of a list that the row's last value was of.
  private var lastPart: EntryField.ValueRange?
  private let nameTargets: [FieldTable.Target]
  private let changeTargets: [FieldTable.Target]
  /// In lower case.
  private let classes: [[UInt8]]?
  private let exceptClasses: [[UInt8]]

  init(
    _ fields: FieldTable, text: [UInt8], options: DirectoryOptions, references: EntryReferences,
    renames: EntryRenames = EntryRenames(), collectingNames: Bool
  ) {
    self.fields = fields
    self.options = options
    self.references = references
    self.renames = renames
    builder = FieldBuilder(fields, text: text, collectingNames: collectingNames)
    nameTargets = fields.targets(of: "dn".utf8)
    changeTargets = fields.targets(of: "changetype".utf8)
    classes = options.classes.map { $0.map { MatchKeyText.folded($0.utf8) } }
    exceptClasses = options.exceptClasses.map { MatchKeyText.folded($0.utf8) }
  }

  /// Whether an entry of these classes is one of those that were asked for.
  ///
  /// `found` are the places of their names in the text.
  func counts(classes found: [Range<Int>], in text: [UInt8]) -> Bool {
    if found.isEmpty || found.contains(where: { Self.isOne($0, in: text, of: exceptClasses) }) {
      return found.isEmpty
    }
    guard let classes else { return true }
    return found.contains { Self.isOne($0, in: text, of: classes) }
  }

  /// Whether entries of a class are asked for.
  func isWanted(class name: [UInt8]) -> Bool {
    classes.map { Self.isOne(0..<name.count, in: name, of: $0) } ?? true
  }

  /// Whether entries of a class never count.
  func isUnwanted(class name: [UInt8]) -> Bool {
    Self.isOne(0..<name.count, in: name, of: exceptClasses)
  }

  /// Few names, compared where they stand: a set would have to be made for every entry, and a comparison of
  /// another module's is not specialised.
  private static func isOne(_ place: Range<Int>, in text: [UInt8], of names: [[UInt8]]) -> Bool {
    for name in names where name.count == place.count {
      var offset = 0
      while offset < name.count, folded(text[place.lowerBound + offset]) == name[offset] {
        offset += 1
      }
      if offset == name.count { return true }
    }
    return false
  }

  private static func folded(_ byte: UInt8) -> UInt8 {
    (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
  }

  /// Writes one row: the entry, or one change of it.
  ///
  /// - Returns: what makes it unreadable, with the place of the value.
  mutating func write(
    name: Range<Int>, _ attributes: [EntryAttribute], in text: [UInt8], line: Int,
    change: StaticString? = nil
  ) -> (problem: DocumentProblem, place: Int, column: Int)? {
    begin(name: name, line: line)
    if let change {
      let word = "\(change)".utf8
      for target in changeTargets { builder.add(copying: word, to: target) }
    }
    var problem: (problem: DocumentProblem, place: Int, column: Int)?
    for attribute in attributes {
      let found = add(attribute, of: name, in: text)
      problem = problem ?? found
    }
    if change != nil { addOwnReferences(text[name]) }
    return problem
  }

  /// Begins the row of an entry.
  mutating func begin(name: Range<Int>, line: Int) {
    lastPart = nil
    builder.begin(line: line)
    for target in nameTargets { builder.add(name, to: target) }
    noteName("dn")
  }

  /// Adds a value to the row that was begun.
  mutating func add(
    _ attribute: EntryAttribute, of name: Range<Int>, in text: [UInt8]
  ) -> (problem: DocumentProblem, place: Int, column: Int)? {
    if let range = attribute.field.range, range != lastPart {
      notePart(range, of: attribute.field, text[name])
      lastPart = range
    }
    return add(attribute, in: text)
  }

  /// Only a list that somebody asked for is missed.
  private mutating func notePart(
    _ range: EntryField.ValueRange, of field: EntryField, _ name: ArraySlice<UInt8>
  ) {
    guard field.isWanted else { return }
    let entry = DistinguishedName(parsing: name).map { $0.normal } ?? Array(name)
    let list =
      String(decoding: MatchKeyText.folded(field.name), as: UTF8.self) + " of "
      + String(decoding: entry, as: UTF8.self)
    builder.note(part: ListPart(list: list, first: range.first, last: range.last))
  }

  /// Takes note of the names that an attribute of an entry stands for.
  mutating func note(_ field: EntryField) {
    builder.note(name: field.name)
    if field.syntax == .accountControl { builder.note(name: "accountEnabled".utf8) }
  }

  /// Ends the row that was written, unless it lacks what it must have.
  mutating func end() {
    let isWhole = (0..<fields.columnCount).allSatisfy { builder.has(column: $0) }
    if options.needsAllFields ? !isWhole : saysNothing {
      builder.discard()
    } else {
      builder.end()
    }
  }

  /// Whether a change of an entry that nobody knows touches nothing that was asked for: that of a group, in a file about
  /// people.
  private var saysNothing: Bool {
    guard options.isDelta, !references.own.isEmpty else { return false }
    let stated = nameTargets.map(\.column) + changeTargets.map(\.column)
    return (0..<fields.columnCount).allSatisfy { !builder.has(column: $0) || stated.contains($0) }
  }

  private mutating func noteName(_ name: StaticString) {
    builder.note(name: "\(name)".utf8)
  }

  /// A change names its entry only by the distinguished name; what else it is known by is looked up.
  private mutating func addOwnReferences(_ name: ArraySlice<UInt8>) {
    // Whoever only looks for the names of fields asks for no column.
    for (column, directory) in references.own
    where column < fields.columnCount && !builder.has(column: column) {
      let target = FieldTable.Target(column: column, rank: 0)
      if let value = known(name, in: directory) {
        builder.add(copying: value, to: target)
      } else if options.needsAllFields {
        // A team that nobody knows is told of, by what its name says of it.
        builder.add(copying: part(of: name, for: column) ?? Array(name), to: target)
      }
    }
  }

  /// Says that nothing follows from a change, if nobody knows whose it is.
  ///
  /// - Returns: whether nobody does.
  mutating func remarkIfUnknown(
    _ name: ArraySlice<UInt8>, line: Int, change: StaticString
  ) -> Bool {
    guard options.isDelta, !options.needsAllFields, !references.own.isEmpty,
      references.own.values.allSatisfy({ known(name, in: $0) == nil })
    else { return false }
    builder.begin(line: line)
    builder.remark(
      .unknownEntry(name: String(decoding: name, as: UTF8.self), change: "\(change)"))
    builder.discard()
    return true
  }

  private func known(
    _ name: ArraySlice<UInt8>, in directory: EntryDirectory
  ) -> ArraySlice<UInt8>? {
    guard !renames.isEmpty else { return directory.value(of: name) }
    guard let normal = DistinguishedName(parsing: name)?.normal else { return nil }
    return renames.former(normal).flatMap { directory.value(ofNormal: $0) }
  }

  /// The value in the first part of a name whose attribute a column asks for.
  private func part(of name: ArraySlice<UInt8>, for column: Int) -> [UInt8]? {
    RelativeName(name)?.parts.first { part in
      fields.targets(of: part.type).contains { $0.column == column }
    }?.value
  }

  /// Whether a rename changes what its entry is known by, so that one row cannot say both.
  func changesKey(_ rename: EntryRename) -> Bool {
    let types = rename.given.map(\.type) + rename.taken
    let own = references.own.keys
    return types.contains { fields.targets(of: $0).contains { own.contains($0.column) } }
      || nameTargets.contains { own.contains($0.column) }
  }

  /// Writes the row of an entry that is renamed or moved: it has the new name and what stands in it.
  mutating func write(
    _ rename: EntryRename, name: ArraySlice<UInt8>, line: Int, change: StaticString
  ) {
    builder.begin(line: line)
    for target in nameTargets { builder.add(copying: rename.newName, to: target) }
    for target in changeTargets { builder.add(copying: "\(change)".utf8, to: target) }
    noteName("dn")
    for type in rename.given.map(\.type) + rename.taken { builder.note(name: type) }
    for part in rename.kept + rename.given {
      for target in fields.targets(of: part.type) where !target.isFirst {
        builder.add(copying: part.value, to: target)
      }
    }
    // With `deleteoldrdn: 0`, what was the first value stays it.
    for part in rename.kept.isEmpty ? rename.given : [] {
      for target in fields.targets(of: part.type) where target.isFirst {
        builder.add(copying: part.value, to: target)
      }
    }
    for type in rename.taken {
      for target in fields.targets(of: type) { builder.addNothing(to: target) }
    }
    addOwnReferences(name)
  }

  /// Writes a row that says that nobody stays in the list of an entry; those who do are named after it.
  mutating func writeEmptied(_ field: EntryField, name: Range<Int>, in text: [UInt8], line: Int) {
    builder.begin(line: line)
    for target in nameTargets { builder.add(name, to: target) }
    for target in changeTargets {
      builder.add(copying: "\(ListReset.word)".utf8, to: target)
    }
    builder.note(name: field.name)
    for target in field.targets { builder.addNothing(to: target) }
    addOwnReferences(text[name])
  }

  // MARK: - Values

  private mutating func add(
    _ attribute: EntryAttribute, in text: [UInt8]
  ) -> (problem: DocumentProblem, place: Int, column: Int)? {
    let field = attribute.field
    if builder.names == nil, field.isPlain, !attribute.isBinary, !attribute.isUnknown {
      for target in field.targets { builder.add(attribute.value, to: target) }
      return nil
    }
    note(field)
    guard !attribute.isUnknown, field.isWanted else { return nil }
    let value = text[attribute.value]
    if let enabled = field.derived.isEmpty ? nil : EntryValue.isEnabled(value) {
      for target in field.derived {
        builder.add(copying: (enabled ? "true" : "false").utf8, to: target)
      }
    }
    let targets = field.targets
    guard let first = targets.first else { return nil }
    switch converted(value, field.syntax, isBinary: attribute.isBinary) {
    case .bytes(let bytes):
      for target in targets { builder.add(copying: bytes, to: target) }
    case .bad where options.skipsBinary: return nil
    case .bad(let problem): return (problem, attribute.value.lowerBound, first.column)
    case .same:
      for target in targets {
        if let directory = field.syntax == .name ? references.directories[target.column] : nil,
          let known = known(value, in: directory)
        {
          builder.add(copying: known, to: target)
        } else {
          builder.add(attribute.value, to: target)
        }
      }
    }
    return nil
  }

  private enum Converted {
    /// The value as it stands in the text.
    case same
    case bytes([UInt8])
    case bad(DocumentProblem)
  }

  private func converted(
    _ value: ArraySlice<UInt8>, _ syntax: EntryField.Syntax, isBinary: Bool
  ) -> Converted {
    switch syntax {
    case .guid:
      // Some tools write it as text already.
      if let text = isBinary ? EntryValue.guid(value) : nil { return .bytes(text) }
    case .sid:
      if let text = isBinary ? EntryValue.sid(value) : nil { return .bytes(text) }
    case .fileTime:
      if let text = EntryValue.time(value) { return .bytes(text) }
    case .text, .objectClass, .accountControl, .name: break
    }
    guard isBinary else { return .same }
    if value.contains(0) { return .bad(.nulByte) }
    return UTF8Check.firstInvalid(in: value.span) == nil ? .same : .bad(.invalidUTF8)
  }
}
