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

    subscript(row: Int) -> ArraySlice<UInt8> {
      bytes[(row == 0 ? 0 : ends[row - 1])..<ends[row]]
    }
  }

  /// What stays the same from block to block.
  struct Maker: Sendable {
    let creates: MemberCreates
    let fingerprinter: Fingerprinter
    let hasher: KeyHasher
    let active: AttributeID?
    /// The number of the first create in the journal.
    let firstNumber: Int

    static let blockSize = 1024

    var blockCount: Int { (creates.range.count + Self.blockSize - 1) / Self.blockSize }

    func block(_ number: Int) -> NewMembers {
      let start = creates.range.lowerBound + number * Self.blockSize
      var block = NewMembers(
        places: start..<min(start + Self.blockSize, creates.range.upperBound),
        firstNumber: firstNumber + number * Self.blockSize)
      for place in block.places { block.add(place, self) }
      return block
    }
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
  private(set) var ids = Texts()
  private(set) var names = Texts()
  private(set) var origins = Texts()
  private(set) var salts: [UInt8]
  private(set) var digests: [UInt8] = []
  /// What `JournalChain` takes in.
  private(set) var chain: [UInt8] = []

  private init(places: Range<Int>, firstNumber: Int) {
    self.places = places
    self.firstNumber = firstNumber
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

  private mutating func add(_ place: Int, _ maker: Maker) {
    let creates = maker.creates
    let operation = creates.operations[place]
    let image = creates.image(at: place).asStored(active: maker.active)
    owners.append(creates.owners[place - creates.range.lowerBound])
    noteCause(of: operation, row: place - places.lowerBound)
    let isActive = resources.append {
      creates.template.write(image, id: operation.subjectID, to: &$0)
    }
    standings.append(isActive ? .active : creates.inactive)
    fingerprints.append(maker.fingerprinter.fingerprint(of: image))
    hashes += maker.hasher.hashes(of: image)
    ids.append { operation.subjectID.append(to: &$0) }
    names.append { bytes in
      operation.withName { name in for index in name.indices { bytes.append(name[index]) } }
    }
    let grounds = creates.grounds.indices.contains(place) ? creates.grounds[place].origins : []
    origins.append { JournalText.append(origins: grounds, to: &$0) }
    journal(operation, image, row: place - places.lowerBound)
  }

  private mutating func noteCause(of operation: Operation, row: Int) {
    if let last = causes.last?.operation, last.situation == operation.situation,
      last.classes == operation.classes, last.rule == operation.rule
    {
      return
    }
    causes.append((row, operation))
  }

  /// The digest and the facts of one create, field by field as `JournaledOperation` has them.
  private mutating func journal(_ operation: Operation, _ image: AttributeImage, row: Int) {
    var facts = JournalFields()
    facts.add(firstNumber + row)
    facts.add(operation.kind.rawValue)
    facts.add(bytes: ids[row])
    facts.add(nil as String?)
    facts.add(operation.situation.rawValue)
    facts.add(Int(operation.classes.rawValue))
    facts.add(operation.rule)
    let origins = origins[row]
    if origins.isEmpty { facts.add(nil as String?) } else { facts.add(bytes: origins) }
    facts.add(nil as String?)
    var all = JournalFields()
    all.add(bytes: salt(row))
    all.add(contentsOf: facts)
    all.add(bytes: names[row])
    for _ in 0..<3 { all.add(nil as String?) }
    all.add(image)
    let digest = all.digest
    digests += digest
    facts.add(bytes: digest[...])
    chain.append(littleEndian: UInt64(facts.bytes.count))
    chain += facts.bytes
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
