import Crypto
import Identity
import PlanFile
import Scanning

/// The journal of some creates, ready to be written: all texts in a few pieces of memory.
///
/// ```
/// ids      8f4e…-…2d, 1f0e…-…3c         names   ann@contoso.com, bob@contoso.com
/// chain    facts of the 1st, facts of the 2nd, …  what the chain of digests takes in
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
      return block
    }
  }

  /// Memory that serves row after row.
  private struct Scratch {
    /// What the digest of a row is taken of.
    var fields: [UInt8] = []
    /// The journal's text of the last record's file, up to its line.
    var file: [UInt8] = []
    var fileNumber = -1
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
    addOrigins(of: place, maker.creates, &scratch)
    journal(given.asStored(active: maker.active), row: row, &scratch.fields)
  }

  private mutating func addOrigins(
    of place: Int, _ creates: MemberCreates, _ scratch: inout Scratch
  ) {
    guard let run = creates.origins else {
      let grounds = creates.grounds.indices.contains(place) ? creates.grounds[place].origins : []
      origins.append { JournalText.append(origins: grounds, to: &$0) }
      return
    }
    let column = run.column(of: place)
    let number = run.owner.fileNumber(column)
    if number != scratch.fileNumber {
      scratch.fileNumber = number
      scratch.file = JournalText.start(of: run.owner.file(number))
    }
    let (file, line) = (scratch.file, run.owner.line(column))
    origins.append { bytes in
      bytes.append(addingCapacity: file.count + 32) { out in
        out.append(copying: file.span)
        out.append(decimal: line)
        out.append(copying: "]]")
      }
    }
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

extension OutputSpan<UInt8> {
  /// A field of a journal with its length, as `JournalFields` has it.
  fileprivate mutating func append(field: Span<UInt8>) {
    append(littleEndian: UInt64(field.count))
    append(copying: field)
  }

  /// What stands for a field that is not there.
  fileprivate mutating func appendNoField() { append(littleEndian: .max) }
}
