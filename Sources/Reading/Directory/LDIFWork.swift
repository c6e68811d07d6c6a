import Identity
import Scanning

/// Reads the records of one piece of LDIF into a builder: those that look like the ones before them in one go, all
/// others one by one.
///
/// ```
/// dn: uid=0 …       LDIFScanner, LDIFPiece; its attributes are learnt
/// dn: uid=1 …  ┐
/// dn: uid=2 …  ┘    LDIFPlainRecords
/// dn: uid=3         LDIFScanner: it has a fold
///  ,dc=x …
/// dn: uid=4 …       LDIFPlainRecords
/// ```
struct LDIFWork {
  private(set) var writer: EntryWriter

  private let piece: LDIFPiece
  private let scanner: LDIFScanner
  private var names: EntryFields
  private var block = LDIFBlock()
  private var searchResult: Int?
  /// What can be taken in one go; nil where every record wants a closer look.
  private var shape: LDIFShape?
  private var plain: LDIFPlainRecords
  /// How many of the attributes and classes that came are in the shape.
  private var learnt = 0
  private var knownClasses: Set<[UInt8]> = []

  init(_ piece: consuming LDIFPiece, _ fields: FieldTable, collectingNames: Bool) {
    let text = piece.takeText()
    scanner = LDIFScanner(
      limits: LDIFLimits(value: piece.limits.field, record: piece.limits.record),
      allowsURLs: piece.options.allowsURLs)
    writer = EntryWriter(
      fields, text: text, options: piece.options, references: piece.references,
      renames: piece.renames, collectingNames: collectingNames)
    names = EntryFields(fields)
    plain = LDIFPlainRecords(columnCount: fields.columnCount)
    let targets = fields.targets(of: "dn".utf8)
    let isPlain =
      !collectingNames && !piece.options.needsAllFields && !piece.options.isDelta
      && !piece.isUnclosed && targets.count <= 1 && piece.limits.record >= LDIFPlainRecords.window
    if isPlain {
      shape = LDIFShape(
        columnCount: fields.columnCount, valueLimit: piece.limits.field,
        name: targets.first.map(LDIFShape.Target.init))
    }
    self.piece = piece
  }

  mutating func run() {
    // Only one holds the text, so that it can be written to without being copied.
    var text = writer.builder.takeText()
    var (place, line) = (0, 0)
    var isFirst = piece.isFirst
    var misses = 0
    while place < piece.count {
      let before = place
      if shape != nil, !isFirst, place >= LDIFPlainRecords.lead { takePlain(&text, &place, &line) }
      guard place < piece.count else { break }
      if place > before, misses > 0 { misses -= 1 }
      if place == before { misses += 1 }
      // Where hardly any record is plain, it is not worth looking at each of them twice.
      let least = shape == nil ? piece.count : misses < 4 ? place : place + misses << 10
      let stop = LDIFScanner.boundary(in: text, place..<piece.count, least: least)
      scanner.scan(&text, from: place, to: stop, isFirst: isFirst, into: &block)
      isFirst = block.isBeforeFirst
      writer.builder.giveBack(text: text)
      write(line, text)
      text = writer.builder.takeText()
      line += block.lineCount
      place = stop
    }
    writer.builder.giveBack(text: text)
    if let searchResult, searchResult != 0 {
      writer.builder.unfinishedSearch = "result: \(searchResult)"
    }
  }

  /// Takes windows until one ends before its last record does.
  private mutating func takePlain(_ text: inout [UInt8], _ place: inout Int, _ line: inout Int) {
    guard var shape else { return }
    self.shape = nil
    repeat {
      writer.builder.layPlain(
        &plain, shape: &shape, text: &text, from: &place, to: piece.count, line: &line)
    } while plain.goesOn
    self.shape = shape
  }

  /// Lays what the scanner found into columns, and learns from it.
  private mutating func write(_ line: Int, _ text: [UInt8]) {
    piece.write(block, line: line, text, &names, &writer)
    // Of the pages of a search, one that failed is enough.
    if searchResult ?? 0 == 0, let result = block.searchResult { searchResult = result }
    guard shape != nil else { return }
    learnClasses(text)
    while learnt < names.count {
      let (description, field) = names[learnt]
      learnt += 1
      let target: LDIFShape.Target?
      switch way(of: field) {
      case .look: continue
      case .nowhere: target = nil
      case .column(let column): target = LDIFShape.Target(column)
      }
      shape?.learn(
        attribute: description.span, to: target, isClass: field.syntax == .objectClass)
    }
  }

  /// Where values go as they stand.
  private func way(of field: EntryField) -> EntryFields.Way {
    guard field.isWanted else { return .nowhere }
    guard field.targets.count == 1, field.derived.isEmpty, field.range == nil,
      let target = field.targets.first
    else { return .look }
    switch field.syntax {
    case .text, .objectClass: return .column(target)
    case .name:
      return piece.references.directories[target.column] == nil ? .column(target) : .look
    case .guid, .sid, .accountControl, .fileTime: return .look
    }
  }

  private mutating func learnClasses(_ text: [UInt8]) {
    for record in block.records where record.change == .content {
      for line in block.lines[record.lines]
      where line.isPlain && names.isClass(line.name, in: text) {
        let name = Array(text[line.value])
        guard !knownClasses.contains(name), knownClasses.count < 256 else { continue }
        knownClasses.insert(name)
        shape?.learn(
          class: name.span, isWanted: writer.isWanted(class: name),
          isUnwanted: writer.isUnwanted(class: name))
      }
    }
  }
}

extension LDIFShape.Target {
  fileprivate init(_ target: FieldTable.Target) {
    self.init(column: target.column, rank: target.rank, isFirst: target.isFirst)
  }
}
