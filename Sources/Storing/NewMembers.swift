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
  /// Where all of them are newcomers of one plan: who, and the place of each, by place in `range`.
  ///
  /// Asking every operation would count references that two threads touch, which costs more than the answer.
  private let newcomers: Newcomers?
  private let places: [UInt32]

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
    newcomers = range.isEmpty ? nil : operations[range.lowerBound].newcomer?.newcomers
    var places: [UInt32] = []
    for place in range {
      guard let newcomer = operations[place].newcomer, newcomer.newcomers === newcomers else {
        break
      }
      places.append(UInt32(newcomer.place))
    }
    self.places = places
  }

  var areNewcomers: Bool { newcomers != nil && places.count == range.count }

  /// The newcomer that an operation creates, if all of them are newcomers.
  private func newcomer(at place: Int) -> (Newcomers, Int)? {
    guard let newcomers, places.count == range.count else { return nil }
    return (newcomers, Int(places[place - range.lowerBound]))
  }

  func id(at place: Int) -> ResourceID {
    if let (newcomers, number) = newcomer(at: place) { return newcomers.ids[number] }
    return operations[place].subjectID
  }

  func withName<T>(at place: Int, _ body: (Span<UInt8>) -> T) -> T {
    if let (newcomers, number) = newcomer(at: place) { return newcomers.withName(number, body) }
    return operations[place].withName(body)
  }

  func image(at place: Int) -> AttributeImage {
    if let (newcomers, number) = newcomer(at: place) { return newcomers.images[number] }
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

    subscript(row: Int) -> ArraySlice<UInt8> {
      bytes[(row == 0 ? 0 : ends[row - 1])..<ends[row]]
    }
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
      for place in block.places { block.add(place, self, &scratch) }
      return block
    }
  }

  /// Memory that serves row after row.
  private struct Scratch {
    var facts = JournalFields()
    var all = JournalFields()
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

  func salt(_ row: Int) -> ArraySlice<UInt8> {
    salts[row * SaltSource.saltSize..<(row + 1) * SaltSource.saltSize]
  }

  func digest(_ row: Int) -> ArraySlice<UInt8> {
    digests[row * SHA256.byteCount..<(row + 1) * SHA256.byteCount]
  }

  func keyHashes(_ row: Int) -> ArraySlice<UInt64> {
    let width = hashes.count / places.count
    return hashes[row * width..<(row + 1) * width]
  }

  private mutating func add(_ place: Int, _ maker: Maker, _ scratch: inout Scratch) {
    let creates = maker.creates
    let (row, id, given) = (
      place - places.lowerBound, creates.id(at: place), creates.image(at: place)
    )
    let image = given.asStored(active: maker.active)
    owners.append(creates.owners[place - creates.range.lowerBound])
    noteCause(of: place, creates, row: row)
    let isActive = resources.append { creates.template.write(image, id: id, to: &$0) }
    standings.append(isActive ? .active : creates.inactive)
    fingerprints.append(maker.fingerprinter.fingerprint(of: image))
    hashes += maker.hasher.hashes(of: image)
    for kind in maker.kinds.indices {
      keys[kind].append { bytes in
        if let value = given[maker.kinds[kind].id] { bytes.append(folding: value.span) }
      }
    }
    ids.append { id.append(to: &$0) }
    names.append { bytes in creates.withName(at: place) { JSONValue.append($0, to: &bytes) } }
    let grounds = creates.grounds.indices.contains(place) ? creates.grounds[place].origins : []
    origins.append { JournalText.append(origins: grounds, to: &$0) }
    journal(image, row: row, &scratch)
  }

  /// A newcomer's is that of all others, and of the row before.
  private mutating func noteCause(of place: Int, _ creates: MemberCreates, row: Int) {
    if row > 0, creates.areNewcomers { return }
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
  private mutating func journal(_ image: AttributeImage, row: Int, _ scratch: inout Scratch) {
    scratch.facts.removeAll()
    scratch.facts.add(firstNumber + row)
    scratch.facts.add(contentsOf: kindField)
    scratch.facts.add(bytes: ids[row])
    scratch.facts.add(contentsOf: causeFields)
    let origins = origins[row]
    if origins.isEmpty {
      scratch.facts.add(nil as String?)
    } else {
      scratch.facts.add(bytes: origins)
    }
    scratch.facts.add(nil as String?)
    scratch.all.removeAll()
    scratch.all.add(bytes: salt(row))
    scratch.all.add(contentsOf: scratch.facts)
    scratch.all.add(bytes: names[row])
    for _ in 0..<3 { scratch.all.add(nil as String?) }
    scratch.all.add(image)
    let digest = scratch.all.digest
    digests += digest
    scratch.facts.add(bytes: digest[...])
    chain.append(littleEndian: UInt64(scratch.facts.bytes.count))
    chain += scratch.facts.bytes
  }
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
    for entry in entries {
      if entry.range.isEmpty { isWhole = false } else if entry.id == active { lacksActive = false }
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
