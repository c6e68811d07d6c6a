import Identity
import Matching
import PlanFile
import Scanning

/// What becomes of joiners that are one record each and that nothing speaks against.
///
/// ```
/// let plain = PlainJoiners(input, skipsDisabled: true, freeID)
/// plain[0]        id, values, record and place of the name of joiner 0
/// plain[1]        nil: looked at by `MemberPlanning`, with everything that may stand in the way
/// plain.skipped   [2]: disabled at the source
/// ```
///
/// It decides nothing that `MemberPlanning` would decide otherwise. Nobody depends on anybody else here, so that several
/// threads work on it, each ahead of the one that takes what they find, and each reads the values of its joiners as they lie in memory, once: in the order of their keys,
/// in which they become newcomers, each look at a value waits for memory.
struct PlainJoiners: Sendable {
  struct Newcomer: Sendable {
    let id: ResourceID
    let image: AttributeImage
    let record: RecordNumber
    /// Where the name stands in the memory of the image.
    let name: Range<UInt32>
  }

  /// What is kept of a joiner until its turn comes.
  private struct Draft: Sendable, BitwiseCopyable {
    let high: UInt64
    let low: UInt64
    /// Where the name stands; nowhere for a joiner that must be looked at.
    let start: UInt32
    let end: UInt32

    static let none = Draft(high: 0, low: 0, start: 0, end: 0)
  }

  private struct Block: Sendable {
    var drafts: [Draft] = []
    var letters: [LeadingLetters] = []
    var skipped: [Int] = []
    var images: [Int: AttributeImage] = [:]
    var ids: [Int: ResourceID] = [:]
    var values: Newcomers.Look
    /// A bit for each attribute that has a value, the last one for all behind.
    var attributes: UInt64 = 0

    static let manyAttributes = 63
  }

  /// How many joiners ahead those are asked for that come next.
  private static let ahead = 8

  private let joiners: [OpenRecord]
  private var drafts: [Draft] = []
  /// By joiner: values of which something was to be cleared, without that.
  private var images: [Int: AttributeImage] = [:]
  /// By joiner: ids that are no UUIDs, which only tests have.
  private var ids: [Int: ResourceID] = [:]
  /// The beginnings of the source keys of all joiners that are not skipped.
  private(set) var letters: [LeadingLetters] = []
  /// Places of joiners that are disabled at the source.
  private(set) var skipped: [Int] = []
  /// What was found in the values of those who become newcomers.
  private(set) var values: Newcomers.Look

  /// Nil where joiners depend on each other, or on more than their record.
  ///
  /// With `skipsDisabled`, those who are disabled at the source are set aside. `progress` is told how many have been
  /// looked at.
  init?(
    _ input: MemberInput, skipsDisabled: Bool,
    _ freeID: @escaping @Sendable (_ export: String, _ sourceKey: [UInt8]) -> ResourceID,
    progress: (Int) -> Void
  ) {
    // Values that only somebody new gets are chosen one after the other, and several records must be united.
    guard input.initialValues.isEmpty, input.pairing.furtherRecords.isEmpty,
      input.departures.isEmpty, input.rules.createsMembers,
      let maker = Maker(input, skipsDisabled: skipsDisabled, freeID)
    else { return nil }
    joiners = input.pairing.joiners
    values = Newcomers.Look(userName: maker.userName)
    drafts.reserveCapacity(joiners.count)
    letters.reserveCapacity(joiners.count)
    let size = input.joinersPerBlock
    var blocks = MadeAhead(count: (joiners.count + size - 1) / size) { maker.block($0) }
    while let block = blocks.next() {
      drafts += block.drafts
      letters += block.letters
      skipped += block.skipped
      images.merge(block.images) { _, later in later }
      ids.merge(block.ids) { _, later in later }
      values.add(block.values)
      progress(drafts.count)
    }
  }

  /// Gives the letters away, which take as much memory as everything else.
  mutating func takeLetters() -> [LeadingLetters] {
    defer { letters = [] }
    return letters
  }

  /// Asks for what is known of the joiner some places ahead in an order.
  func prefetch(_ places: [UInt32], after position: Int) {
    guard position + Self.ahead < places.count else { return }
    let place = Int(places[position + Self.ahead])
    drafts.span.prefetch(place)
    joiners.span.prefetch(place)
  }

  /// The new member that a joiner becomes; nil for one that must be looked at.
  subscript(place: Int) -> Newcomer? {
    let draft = drafts[place]
    guard draft.start < draft.end else { return nil }
    let changed = images.isEmpty ? nil : images[place]
    let id = ids.isEmpty ? nil : ids[place]
    return Newcomer(
      id: id ?? ResourceID(high: draft.high, low: draft.low),
      image: changed ?? joiners[place].image,
      record: joiners[place].number, name: draft.start..<draft.end)
  }

  /// What one thread needs to look at a block of joiners.
  private struct Maker: Sendable {
    let joiners: [OpenRecord]
    let blockSize: Int
    let rules: PlanningRules
    let freeID: @Sendable (_ export: String, _ sourceKey: [UInt8]) -> ResourceID
    let userName: AttributeID
    let active: AttributeID?
    let createsDisabled: Bool
    let skipsDisabled: Bool
    let firstKey: AttributeID?
    /// By export: its name, if its word is taken for everything.
    let exports: [String?]
    /// How an inactive member says so.
    let no = Array("false".utf8)

    init?(
      _ input: MemberInput, skipsDisabled: Bool,
      _ freeID: @escaping @Sendable (_ export: String, _ sourceKey: [UInt8]) -> ResourceID
    ) {
      guard let name = input.rules.memberAttributes.id(of: .userName) else { return nil }
      joiners = input.pairing.joiners
      blockSize = input.joinersPerBlock
      rules = input.rules
      self.freeID = freeID
      userName = name
      active = input.activeID
      createsDisabled = input.rules.createsDisabled
      self.skipsDisabled = skipsDisabled
      firstKey = input.rules.memberKeys.first?.id
      exports = input.exports.map { $0.isReliable && !$0.doubtsActive ? $0.name : nil }
    }

    func block(_ number: Int) -> Block {
      let places = number * blockSize..<min((number + 1) * blockSize, joiners.count)
      var block = Block(values: Newcomers.Look(userName: userName))
      block.drafts.reserveCapacity(places.count)
      block.letters.reserveCapacity(places.count)
      for place in places { look(at: joiners[place], place, &block) }
      for index in 0..<Block.manyAttributes where block.attributes >> UInt64(index) & 1 > 0 {
        block.values.note(index)
      }
      return block
    }

    /// What one walk over the values of a joiner finds.
    private struct Found {
      var name = 0..<0
      var key = 0..<0
      var isDisabled = false
      var hasClears = false
      /// As those of a block.
      var attributes: UInt64 = 0
    }

    private func look(at record: OpenRecord, _ place: Int, _ block: inout Block) {
      let memory = record.image.bytes.span
      let found = look(through: record.image, memory)
      if found.isDisabled, skipsDisabled {
        block.skipped.append(place)
        block.drafts.append(.none)
        return
      }
      let sourceKey =
        found.key.isEmpty
        ? rules.sourceKey(of: record.image) : folded(memory.extracting(found.key))
      block.letters.append(LeadingLetters(of: sourceKey.span, place: place))
      guard let export = exports[Int(record.number.export)], !found.name.isEmpty,
        createsDisabled || !found.isDisabled
      else {
        block.drafts.append(.none)
        return
      }
      var name = UInt32(found.name.lowerBound)..<UInt32(found.name.upperBound)
      if found.hasClears {
        let image = record.image.withoutClears
        name = block.values.name(in: image)
        block.images[place] = image
      } else if found.attributes >> UInt64(Block.manyAttributes) > 0 {
        _ = block.values.name(in: record.image)
      } else {
        block.attributes |= found.attributes
      }
      let id = freeID(export, sourceKey)
      if !id.isUUID { block.ids[place] = id }
      let (high, low) = id.halves ?? (0, 0)
      block.drafts.append(Draft(high: high, low: low, start: name.lowerBound, end: name.upperBound))
    }

    private func folded(_ text: Span<UInt8>) -> [UInt8] {
      [UInt8](capacity: text.count) { out in
        for index in text.indices { out.append(text[index].asciiFolded) }
      }
    }

    private func look(through image: AttributeImage, _ memory: Span<UInt8>) -> Found {
      var found = Found()
      var steps = image.steps
      while let (index, range) = steps.next(in: memory) {
        if range.isEmpty {
          found.hasClears = true
          continue
        }
        if index == userName.index { found.name = range }
        if index == firstKey?.index { found.key = range }
        if index == active?.index { found.isDisabled = isNo(memory.extracting(range)) }
        found.attributes |= 1 << UInt64(min(index, Block.manyAttributes))
      }
      return found
    }

    private func isNo(_ value: Span<UInt8>) -> Bool {
      value.count == no.count && value.indices.allSatisfy { value[$0] == no[$0] }
    }
  }
}
