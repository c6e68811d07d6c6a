import Crypto
package import Identity
package import PlanFile
import Scanning

/// A run of creates that follow each other in a plan, as `StateTransaction.create` takes them.
package struct MemberCreates: Sendable {
  let operations: [Operation]
  /// Which of the operations; all of them are creates of members.
  let range: Range<Int>
  /// By place of the operation.
  let grounds: [Evidence.Grounds]
  /// By place in `range`.
  let owners: [ExportSet]
  let template: ResourceTemplate
  let attributes: AttributeSet
  /// What somebody who is not active counts as.
  let inactive: MemberStanding
  /// Where all of them are newcomers of one plan.
  let newcomers: SharedRun<Newcomers>?
  /// Where all of them rest on one record of many.
  let origins: SharedRun<SharedOrigins>?

  package init(
    _ operations: [Operation], _ range: Range<Int>, grounds: [Evidence.Grounds],
    owners: [ExportSet], template: ResourceTemplate, attributes: AttributeSet,
    inactive: MemberStanding
  ) {
    self.operations = operations
    self.range = range
    self.grounds = grounds
    self.owners = owners
    self.template = template
    self.attributes = attributes
    self.inactive = inactive
    let newcomers = SharedRun<Newcomers>(of: operations, in: range)
    self.newcomers = newcomers?.range == range ? newcomers : nil
    let origins = SharedRun<SharedOrigins>(of: grounds, in: range.clamped(to: grounds.indices))
    self.origins = origins?.range == range ? origins : nil
  }

  func id(at place: Int) -> ResourceID {
    if let newcomers { return newcomers.owner.ids[newcomers.column(of: place)] }
    return operations[place].subjectID
  }

  func image(at place: Int) -> AttributeImage {
    guard case .createMember(let image) = operations[place].action else {
      preconditionFailure("operation \(place) is no create")
    }
    return image
  }
}

/// Some new members with their journal, ready to be written: all texts in a few pieces of memory.
///
/// ```
/// texts    {"active":true,…}{"active":true,…}     textEnds  [874, 1731]
/// hashes   [of key 0, of key 1,  of key 0, …]      one width for all
/// chain    facts of the 1st, facts of the 2nd, …  what the chain of digests takes in
/// ```
///
/// It is made on another thread than the one that writes it (`Prepared`) and needs nothing of the state.
struct NewMembers: Sendable {
  /// Bytes of many rows one after the other.
  struct Texts: Sendable {
    private(set) var bytes: [UInt8] = []
    private var ends: [Int] = []

    mutating func append<T>(_ body: (inout [UInt8]) -> T) -> T {
      defer { ends.append(bytes.count) }
      return body(&bytes)
    }

    /// The same in no more memory than it takes.
    var trimmed: Texts {
      var texts = self
      texts.bytes = Array(bytes[...])
      texts.ends = Array(ends[...])
      return texts
    }

    /// How many rows have a text, be it an empty one.
    var count: Int { ends.count }

    /// Where the text of a row stands in `bytes`.
    func range(_ row: Int) -> Range<Int> { (row == 0 ? 0 : ends[row - 1])..<ends[row] }

    subscript(row: Int) -> ArraySlice<UInt8> { bytes[range(row)] }
  }

  /// What stays the same from block to block.
  struct Maker: Sendable {
    let creates: MemberCreates
    let fingerprinter: Fingerprinter
    let hasher: KeyHasher
    /// The keys whose values stand in `member_key`.
    let kinds: [MatchKey]
    let active: AttributeID?
    /// The number of the first create in the journal.
    let firstNumber: Int

    static let blockSize = 1024

    var blockCount: Int { (creates.range.count + Self.blockSize - 1) / Self.blockSize }

    func block(_ number: Int) -> NewMembers {
      let start = creates.range.lowerBound + number * Self.blockSize
      var block = NewMembers(
        places: start..<min(start + Self.blockSize, creates.range.upperBound),
        firstNumber: firstNumber + number * Self.blockSize, kindCount: kinds.count)
      var scratch = Scratch()
      if let newcomers = creates.newcomers {
        block.add(newcomers, self, &scratch)
      } else {
        for place in block.places {
          creates.operations[place].withName { block.add(name: $0) }
          block.add(place, creates.image(at: place), creates.id(at: place), self, &scratch)
        }
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

  let places: Range<Int>
  let firstNumber: Int
  private(set) var resources = Texts()
  private(set) var fingerprints: [Fingerprint] = []
  /// Row by row; `keyHashes(_:)` tells those of one.
  private var hashes: [UInt64] = []
  private(set) var standings: [MemberStanding] = []
  private(set) var owners: [ExportSet] = []
  /// Situation, classes and rule of the rows where they change; nearly always the first row alone.
  private(set) var causes: [(row: Int, operation: Operation)] = []
  /// The fields of facts that only the cause decides: those before and behind the id of the subject.
  private var kindField = JournalFields()
  private var causeFields = JournalFields()
  private(set) var ids = Texts()
  private(set) var names = Texts()
  private(set) var origins = Texts()
  /// By kind of key: the folded value of each row, empty for none.
  private(set) var keys: [Texts]
  private(set) var salts: [UInt8]
  private(set) var digests: [UInt8] = []
  /// What `JournalChain` takes in.
  private(set) var chain: [UInt8] = []

  private init(places: Range<Int>, firstNumber: Int, kindCount: Int) {
    self.places = places
    self.firstNumber = firstNumber
    keys = Array(repeating: Texts(), count: kindCount)
    salts = SystemCalls.randomBytes(places.count * SaltSource.saltSize)
    fingerprints.reserveCapacity(places.count)
    digests.reserveCapacity(places.count * SHA256.byteCount)
    chain.reserveCapacity(places.count * 256)
  }

  /// Where the salt of a row stands in `salts`.
  func saltRange(_ row: Int) -> Range<Int> {
    row * SaltSource.saltSize..<(row + 1) * SaltSource.saltSize
  }

  /// Where the digest of a row stands in `digests`.
  func digestRange(_ row: Int) -> Range<Int> {
    row * SHA256.byteCount..<(row + 1) * SHA256.byteCount
  }

  func keyHashes(_ row: Int) -> ArraySlice<UInt64> {
    let width = hashes.count / places.count
    return hashes[row * width..<(row + 1) * width]
  }

  /// How many newcomers ahead their values are asked for.
  private static let ahead = 6

  private mutating func add(
    _ run: SharedRun<Newcomers>, _ maker: Maker, _ scratch: inout Scratch
  ) {
    let newcomers = run.owner
    let (images, ids) = (newcomers.images, newcomers.ids)
    for place in places {
      if place + Self.ahead < places.upperBound {
        newcomers.prefetch(run.column(of: place + Self.ahead))
      }
      let number = run.column(of: place)
      let image = images[number]
      add(name: image.bytes.span.extracting(newcomers.nameRange(number)))
      add(place, image, ids[number], maker, &scratch)
    }
  }

  private mutating func add(name: Span<UInt8>) {
    names.append { $0.append(copying: name) }
  }

  /// Adds one whose name has been added.
  private mutating func add(
    _ place: Int, _ given: AttributeImage, _ id: ResourceID, _ maker: Maker,
    _ scratch: inout Scratch
  ) {
    let creates = maker.creates
    let row = place - places.lowerBound
    let image = given.asStored(active: maker.active)
    owners.append(creates.owners[place - creates.range.lowerBound])
    noteCause(of: place, creates, row: row)
    let isActive = resources.append { creates.template.write(image, id: id, to: &$0) }
    standings.append(isActive ? .active : creates.inactive)
    fingerprints.append(maker.fingerprinter.fingerprint(of: image))
    maker.hasher.appendHashes(of: image, to: &hashes)
    for kind in maker.kinds.indices {
      keys[kind].append { bytes in
        guard let range = given.range(of: maker.kinds[kind].id) else { return }
        bytes.append(folding: given.bytes.span.extracting(range))
      }
    }
    ids.append { id.append(to: &$0) }
    addOrigins(of: place, creates, &scratch)
    journal(image, row: row, &scratch.fields)
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

extension [UInt8] {
  /// Appends bytes with ASCII letters in lower case.
  fileprivate mutating func append(folding text: Span<UInt8>) {
    append(addingCapacity: text.count) { output in
      for index in text.indices { output.append(text[index].asciiFolded) }
    }
  }
}

extension AttributeImage {
  /// As the resource will tell it: nothing empty, and active unless the image says otherwise.
  func asStored(active: AttributeID?) -> AttributeImage {
    var isWhole = true
    var lacksActive = active != nil
    let memory = bytes.span
    var steps = steps
    while let (index, range) = steps.next(in: memory) {
      if range.isEmpty { isWhole = false } else if index == active?.index { lacksActive = false }
    }
    guard !isWhole || lacksActive else { return self }
    var stored = AttributeImage()
    func addActive(before id: AttributeID?) {
      guard lacksActive, let active, id.map({ active < $0 }) ?? true else { return }
      stored.append(active, "true".utf8)
      lacksActive = false
    }
    for entry in entries where !entry.range.isEmpty {
      addActive(before: entry.id)
      stored.append(entry.id, bytes[entry.range])
    }
    addActive(before: nil)
    return stored
  }
}
