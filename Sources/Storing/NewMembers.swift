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
  private let owners: Owners
  let template: ResourceTemplate
  let attributes: AttributeSet
  /// What somebody who is not active counts as.
  let inactive: MemberStanding
  /// Where all of them are newcomers of one plan.
  let newcomers: SharedRun<Newcomers>?
  /// Where all of them rest on one record of many.
  let origins: SharedRun<SharedOrigins>?

  /// Who owns them.
  package enum Owners: Sendable {
    /// By place in the range.
    case each([ExportSet])
    /// Of newcomers, by the number of the export that has their record.
    case ofExports([ExportSet])
  }

  package init(
    _ operations: [Operation], _ range: Range<Int>, grounds: [Evidence.Grounds],
    owners: Owners, template: ResourceTemplate, attributes: AttributeSet,
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

  func owners(at place: Int) -> ExportSet {
    switch owners {
    case .each(let sets): return sets[place - range.lowerBound]
    case .ofExports(let sets):
      guard let newcomers else { preconditionFailure("operation \(place) is of no newcomer") }
      return sets[Int(newcomers.owner.records[newcomers.column(of: place)].export)]
    }
  }

  func id(at place: Int) -> ResourceID {
    if let newcomers { return newcomers.owner.ids[newcomers.column(of: place)] }
    return operations[place].subjectID
  }

  func blockCount(of size: Int) -> Int { (range.count + size - 1) / size }

  /// The places of one block of as many creates.
  func block(_ number: Int, of size: Int) -> Range<Int> {
    let start = range.lowerBound + number * size
    return start..<min(start + size, range.upperBound)
  }

  /// Calls `body` with place, values, id and name of the creates of some places.
  func each(
    _ places: Range<Int>, _ body: (Int, AttributeImage, ResourceID, Span<UInt8>) -> Void
  ) {
    guard let newcomers else {
      for place in places {
        let image = image(at: place)
        operations[place].withName { body(place, image, operations[place].subjectID, $0) }
      }
      return
    }
    let owner = newcomers.owner
    let (images, ids) = (owner.images, owner.ids)
    for place in places {
      if place + 2 * Self.ahead < places.upperBound {
        images.span.prefetch(newcomers.column(of: place + 2 * Self.ahead))
        ids.prefetch(newcomers.column(of: place + 2 * Self.ahead))
      }
      if place + Self.ahead < places.upperBound {
        owner.prefetch(newcomers.column(of: place + Self.ahead))
      }
      let number = newcomers.column(of: place)
      let image = images[number]
      body(place, image, ids[number], image.bytes.span.extracting(owner.nameRange(number)))
    }
  }

  /// How many newcomers ahead their values are asked for.
  private static let ahead = 6

  func image(at place: Int) -> AttributeImage {
    guard case .createMember(let image) = operations[place].action else {
      preconditionFailure("operation \(place) is no create")
    }
    return image
  }
}

/// Some new members, ready to be written: all texts in a few pieces of memory.
///
/// ```
/// resources  {"active":true,…}{"active":true,…}    ends [874, 1731]
/// hashes     [of key 0, of key 1,  of key 0, …]     one width for all
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

    /// How many rows have a text, be it an empty one.
    var count: Int { ends.count }

    /// Where the text of a row stands in `bytes`.
    func range(_ row: Int) -> Range<Int> { (row == 0 ? 0 : ends[row - 1])..<ends[row] }
  }

  /// What stays the same from block to block.
  struct Maker: Sendable {
    let creates: MemberCreates
    let fingerprinter: Fingerprinter
    let hasher: KeyHasher
    /// The keys whose values stand in `member_key`.
    let kinds: [MatchKey]
    let active: AttributeID?
    let userName: AttributeID?

    var blockCount: Int { creates.blockCount(of: NewMembers.blockSize) }

    func block(_ number: Int) -> NewMembers {
      var block = NewMembers(
        creates.block(number, of: NewMembers.blockSize), kindCount: kinds.count)
      creates.each(block.places) { place, image, id, _ in block.add(place, image, id, self) }
      return block
    }
  }

  static let blockSize = 1024

  let places: Range<Int>
  private(set) var resources = Texts()
  /// What each is called, as `MemberNamePage` has it.
  private(set) var names = Texts()
  private(set) var fingerprints: [Fingerprint] = []
  /// Row by row; `keyHashes(_:)` tells those of one.
  private var hashes: [UInt64] = []
  private(set) var standings: [MemberStanding] = []
  private(set) var owners: [ExportSet] = []
  /// By kind of key: where the value of each row stands in its image.
  private(set) var spots: [[ValueSpot]]

  private init(_ places: Range<Int>, kindCount: Int) {
    self.places = places
    spots = Array(repeating: [], count: kindCount)
    fingerprints.reserveCapacity(places.count)
  }

  func keyHashes(_ row: Int) -> ArraySlice<UInt64> {
    let width = hashes.count / places.count
    return hashes[row * width..<(row + 1) * width]
  }

  private mutating func add(
    _ place: Int, _ given: AttributeImage, _ id: ResourceID, _ maker: Maker
  ) {
    let creates = maker.creates
    let image = given.asStored(active: maker.active)
    owners.append(creates.owners(at: place))
    let isActive = resources.append { creates.template.write(image, id: id, to: &$0) }
    names.append { text in
      let range = maker.userName.flatMap { image.range(of: $0) } ?? 0..<0
      MemberNamePage.append(id: id, name: image.bytes.span.extracting(range), to: &text)
    }
    standings.append(isActive ? .active : creates.inactive)
    fingerprints.append(maker.fingerprinter.fingerprint(of: image))
    maker.hasher.appendHashes(of: image, to: &hashes)
    for kind in maker.kinds.indices {
      spots[kind].append(ValueSpot(given.range(of: maker.kinds[kind].id)))
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
