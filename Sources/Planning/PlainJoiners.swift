import Identity
import Matching
import PlanFile
import Scanning

/// What becomes of joiners that are one record each and that nothing speaks against.
///
/// ```
/// var blocks = PlainJoiners(input, freeID).madeAhead([2, 0, 1])
/// blocks.next()       [id and values of joiner 2, nil, id and values of joiner 1]
/// ```
///
/// It decides nothing that `MemberPlanning` would decide otherwise: whoever it leaves out is looked at there, with
/// everything that may stand in the way. Nobody depends on anybody else here, so that all cores work on it.
struct PlainJoiners: Sendable {
  struct Joiner: Sendable {
    let id: ResourceID
    let image: AttributeImage
    let record: RecordNumber
  }

  private static let blockSize = 2048
  /// How many joiners ahead their values are asked for.
  private static let ahead = 8

  private let joiners: [Pairing.Joiner]
  private let rules: PlanningRules
  private let freeID: @Sendable (_ export: String, _ sourceKey: [UInt8]) -> ResourceID
  private let userName: AttributeID?
  private let active: AttributeID?
  /// By export: its name, if its word is taken for everything.
  private let exports: [String?]

  init(
    _ input: MemberInput,
    _ freeID: @escaping @Sendable (_ export: String, _ sourceKey: [UInt8]) -> ResourceID
  ) {
    // Values that only somebody new gets are chosen one after the other, and several records must be united.
    let isPlain =
      input.initialValues.isEmpty && input.pairing.furtherRecords.isEmpty
      && input.departures.isEmpty && input.rules.createsMembers
    joiners = input.pairing.joiners
    rules = input.rules
    self.freeID = freeID
    userName = input.rules.memberAttributes.id(of: .userName)
    active = input.rules.createsDisabled ? nil : input.activeID
    exports = input.exports.map { export in
      isPlain && export.isReliable && !export.doubtsActive ? export.name : nil
    }
  }

  /// The joiners of these places, block by block; nil for those that must be looked at one by one.
  func madeAhead(_ places: [UInt32]) -> MadeAhead<[Joiner?]> {
    let size = Self.blockSize
    return MadeAhead(count: (places.count + size - 1) / size) { [self] number in
      let block = places[number * size..<min((number + 1) * size, places.count)]
      return block.indices.map { position in
        if position + Self.ahead < block.endIndex {
          joiners[Int(block[position + Self.ahead])].record.image.prefetch()
        }
        return joiner(joiners[Int(block[position])].record)
      }
    }
  }

  private func joiner(_ record: OpenRecord) -> Joiner? {
    let image = record.image
    guard let export = exports[Int(record.number.export)], let userName,
      let name = image.range(of: userName), !name.isEmpty
    else { return nil }
    if let active, image[active]?.elementsEqual("false".utf8) == true { return nil }
    return Joiner(
      id: freeID(export, rules.sourceKey(of: image)), image: image.withoutClears,
      record: record.number)
  }
}
