import Crypto
import Identity
import PlanFile
import Scanning

/// The journal of some creates, ready to be written: all texts in a few pieces of memory.
///
/// ```
/// ids      8f4e…-…2d, 1f0e…-…3c         names   ann@contoso.com, bob@contoso.com
/// chain    facts of the 1st, facts of the 2nd, …  what the chain of digests takes in
/// pieces   pack 0..<32, pack 32..<64, rows 64..<67
/// ```
///
/// Like `NewMembers`, it is made on another thread than the one that writes it.
struct NewEntries: Sendable {
  /// What stays the same from block to block.
  struct Maker: Sendable {
    let creates: MemberCreates
    let active: AttributeID?
    /// The number of the first create in the journal.
    let firstNumber: Int

    var blockCount: Int { creates.blockCount(of: NewEntries.blockSize) }

    func block(_ number: Int) -> NewEntries {
      var block = NewEntries(
        creates.block(number, of: NewEntries.blockSize),
        firstNumber: firstNumber + number * NewEntries.blockSize)
      var scratch = Scratch()
      creates.each(block.places) { place, image, id, name in
        block.names.append { $0.append(copying: name) }
        block.add(place, image, id, self, &scratch)
      }
      block.cut()
      return block
    }
  }

  /// How some of the rows are written.
  enum Piece: Sendable {
    case pack(OperationPack)
    /// One by one.
    case rows(Range<Int>)
  }

  /// Memory that serves row after row.
  private struct Scratch {
    /// What the digest of a row is taken of.
    var fields: [UInt8] = []
    /// The files of the block, by their number among the origins and by what they are.
    var numbers: [Int: Int] = [:]
    var known: [RecordOrigin: Int] = [:]
    /// The number of the last record's file among the origins, and here.
    var last = (number: -1, file: 0)
  }

  /// The one record that a create rests on.
  private struct Record {
    /// In `files`.
    let file: Int
    let line: Int
  }

  static let blockSize = 1024

  let places: Range<Int>
  let firstNumber: Int
  /// Situation, classes and rule of the rows where they change; nearly always the first row alone.
  private(set) var causes: [(row: Int, operation: Operation)] = []
  /// The fields of facts that only the cause decides: those before and behind the id of the subject.
  private var kindField = JournalFields()
  private var causeFields = JournalFields()
  private(set) var ids = NewMembers.Texts()
  private(set) var names = NewMembers.Texts()
  private(set) var origins = NewMembers.Texts()
  /// The journal's text of an origin in each of the files, up to its line.
  private var files: [[UInt8]] = []
  /// Of each row; nil for what does not fit into a pack.
  private var records: [Record?] = []
  /// The 16 bytes of each id.
  private var subjects: [UInt8] = []
  /// All rows, in their order.
  private(set) var pieces: [Piece] = []
  private(set) var salts: [UInt8]
  private(set) var digests: [UInt8] = []
  /// What `JournalChain` takes in.
  private(set) var chain: [UInt8] = []

  private init(_ places: Range<Int>, firstNumber: Int) {
    self.places = places
    self.firstNumber = firstNumber
    salts = SystemCalls.randomBytes(places.count * SaltSource.saltSize)
    digests.reserveCapacity(places.count * SHA256.byteCount)
    chain.reserveCapacity(places.count * 320)
  }

  /// The cause of a row, and those behind it.
  func causes(from row: Int) -> ArraySlice<(row: Int, operation: Operation)> {
    let place = causes.lastIndex { $0.row <= row } ?? causes.startIndex
    return causes[place...]
  }

  /// Where the salt of a row stands in `salts`.
  func saltRange(_ row: Int) -> Range<Int> {
    row * SaltSource.saltSize..<(row + 1) * SaltSource.saltSize
  }

  /// Where the digest of a row stands in `digests`.
  func digestRange(_ row: Int) -> Range<Int> {
    row * SHA256.byteCount..<(row + 1) * SHA256.byteCount
  }

  /// Adds one whose name has been added.
  private mutating func add(
    _ place: Int, _ given: AttributeImage, _ id: ResourceID, _ maker: Maker,
    _ scratch: inout Scratch
  ) {
    let row = place - places.lowerBound
    noteCause(of: place, maker.creates, row: row)
    ids.append { id.append(to: &$0) }
    let record = addOrigins(of: place, maker.creates, &scratch)
    let halves = id.halves
    subjects.append(bigEndian: halves?.high ?? 0)
    subjects.append(bigEndian: halves?.low ?? 0)
    // SQL ends a text of JSON at such a byte.
    let isPlain = halves != nil && !names.bytes[names.range(row)].contains(0)
    records.append(isPlain ? record : nil)
    journal(given.asStored(active: maker.active), row: row, &scratch.fields)
  }

  /// Adds the journal's text of the origins; the record, where there is exactly one.
  private mutating func addOrigins(
    of place: Int, _ creates: MemberCreates, _ scratch: inout Scratch
  ) -> Record? {
    let record: Record
    if let run = creates.origins {
      let column = run.column(of: place)
      let number = run.owner.fileNumber(column)
      if number != scratch.last.number {
        let file = scratch.numbers[number] ?? add(file: run.owner.file(number))
        scratch.numbers[number] = file
        scratch.last = (number, file)
      }
      record = Record(file: scratch.last.file, line: run.owner.line(column))
    } else {
      let grounds = creates.grounds.indices.contains(place) ? creates.grounds[place].origins : []
      guard grounds.count == 1, let origin = grounds.first, origin.line >= 0 else {
        origins.append { JournalText.append(origins: grounds, to: &$0) }
        return nil
      }
      let start = RecordOrigin(export: origin.export, file: origin.file, line: 0)
      let file = scratch.known[start] ?? add(file: start)
      scratch.known[start] = file
      record = Record(file: file, line: origin.line)
    }
    let file = files[record.file]
    origins.append { bytes in
      bytes.append(addingCapacity: file.count + 32) { out in
        out.append(copying: file.span)
        out.append(decimal: record.line)
        out.append(copying: "]]")
      }
    }
    return record
  }

  private mutating func add(file: RecordOrigin) -> Int {
    files.append(JournalText.start(of: file))
    return files.count - 1
  }

  /// A newcomer's is that of all others, and of the row before.
  private mutating func noteCause(of place: Int, _ creates: MemberCreates, row: Int) {
    if row > 0, creates.newcomers != nil { return }
    let operation = creates.operations[place]
    if let last = causes.last?.operation, last.situation == operation.situation,
      last.classes == operation.classes, last.rule == operation.rule
    {
      return
    }
    causes.append((row, operation))
    var facts = JournalFields()
    facts.add(operation.kind.rawValue)
    kindField = facts
    facts.removeAll()
    facts.add(nil as String?)
    facts.add(operation.situation.rawValue)
    facts.add(Int(operation.classes.rawValue))
    facts.add(operation.rule)
    causeFields = facts
  }

  /// The digest and the facts of one create, field by field as `JournaledOperation` has them.
  private mutating func journal(_ image: AttributeImage, row: Int, _ fields: inout [UInt8]) {
    let (id, name, origin) = (ids.range(row), names.range(row), origins.range(row))
    let (kind, cause) = (kindField.bytes, causeFields.bytes)
    // Ten lengths or numbers, and whatever they belong to.
    let room =
      10 * 8 + SaltSource.saltSize + kind.count + cause.count + id.count + name.count
      + origin.count + image.digestedRoom
    var facts = 0..<0
    fields.removeAll(keepingCapacity: true)
    fields.append(addingCapacity: room) { out in
      out.append(field: salts.span.extracting(saltRange(row)))
      let start = out.count
      out.append(littleEndian: UInt64(firstNumber + row))
      out.append(copying: kind.span)
      out.append(field: ids.bytes.span.extracting(id))
      out.append(copying: cause.span)
      if origin.isEmpty {
        out.appendNoField()
      } else {
        out.append(field: origins.bytes.span.extracting(origin))
      }
      out.appendNoField()
      facts = start..<out.count
      out.append(field: names.bytes.span.extracting(name))
      for _ in 0..<3 { out.appendNoField() }
      out.append(littleEndian: UInt64(image.digestedCount))
      image.appendDigested(to: &out)
    }
    let digest = SHA256.hash(data: fields)
    digests.append(contentsOf: digest)
    chain.append(littleEndian: UInt64(facts.count + 8 + SHA256.byteCount))
    chain.append(copying: fields.span.extracting(facts))
    chain.append(littleEndian: UInt64(SHA256.byteCount))
    chain.append(contentsOf: digest)
  }
}

// MARK: - Packs

extension NewEntries {
  /// Cuts all rows into pieces: packs of those that have their cause in common, and what is left over.
  fileprivate mutating func cut() {
    var later = causes[...]
    var rowsStart = 0
    while let cause = later.popFirst() {
      let end = later.first?.row ?? places.count
      var start = cause.row
      while start < end {
        let limit = min(start + OperationPack.size, end)
        let packed = start..<((start..<limit).first { records[$0] == nil } ?? limit)
        guard packed.count >= OperationPack.leastSize else {
          start = max(packed.upperBound, start + 1)
          continue
        }
        if rowsStart < start { pieces.append(.rows(rowsStart..<start)) }
        pieces.append(.pack(pack(packed, of: cause.operation)))
        start = packed.upperBound
        rowsStart = start
      }
    }
    if rowsStart < places.count { pieces.append(.rows(rowsStart..<places.count)) }
  }

  private func pack(_ rows: Range<Int>, of operation: Operation) -> OperationPack {
    var pack = OperationPack(
      first: firstNumber + rows.lowerBound, count: rows.count, of: operation)
    let records = records[rows].compactMap(\.self)
    var used: [Int] = []
    let places = records.map { record in
      if let place = used.firstIndex(of: record.file) { return place }
      used.append(record.file)
      return used.count - 1
    }
    pack.places = OperationPack.text(of: places)
    pack.lines = OperationPack.text(of: records.map(\.line))
    for (place, file) in used.enumerated() {
      // `[["people","users.csv",` without its first bracket and its comma.
      pack.files.append(place == 0 ? UInt8(ascii: "[") : UInt8(ascii: ","))
      pack.files += files[file].dropFirst().dropLast()
      pack.files.append(UInt8(ascii: "]"))
    }
    pack.files.append(UInt8(ascii: "]"))
    pack.names.reserveCapacity(rows.count * 48)
    for row in rows {
      pack.names.append(row == rows.lowerBound ? UInt8(ascii: "[") : UInt8(ascii: ","))
      JSONValue.write(string: names.bytes.span.extracting(names.range(row)), to: &pack.names)
    }
    pack.names.append(UInt8(ascii: "]"))
    pack.subjects = Array(subjects[rows.lowerBound * 16..<rows.upperBound * 16])
    pack.digests = Array(
      digests[digestRange(rows.lowerBound).lowerBound..<digestRange(rows.upperBound).lowerBound])
    pack.salts = Array(
      salts[saltRange(rows.lowerBound).lowerBound..<saltRange(rows.upperBound).lowerBound])
    return pack
  }
}

extension [UInt8] {
  fileprivate mutating func append(bigEndian number: UInt64) {
    for shift in stride(from: 56, through: 0, by: -8) {
      append(UInt8(truncatingIfNeeded: number >> UInt64(shift)))
    }
  }
}

extension OutputSpan<UInt8> {
  /// A field of a journal with its length, as `JournalFields` has it.
  fileprivate mutating func append(field: Span<UInt8>) {
    append(littleEndian: UInt64(field.count))
    append(copying: field)
  }

  /// What stands for a field that is not there.
  fileprivate mutating func appendNoField() { append(littleEndian: .max) }
}
