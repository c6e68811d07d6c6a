import Identity
import Matching
import PlanFile

// Values that only somebody new gets; of those that must be unique, the first that nobody has or wants.

/// Values that are nobody's to choose any more.
struct TakenValues {
  private var slots: Set<UniqueSlot> = []

  init() {}

  mutating func insert(_ slot: UniqueSlot) { slots.insert(slot) }

  func contains(_ slot: UniqueSlot) -> Bool { slots.contains(slot) }
}

extension MemberPlanning {
  /// What the records of tonight state themselves, so that no choice takes it from them.
  func statedValues() -> TakenValues {
    var taken = TakenValues()
    let attributes = Set(
      input.initialValues.values.joined().lazy.filter(\.isUnique).map(\.attribute))
    guard !attributes.isEmpty else { return taken }
    let records =
      input.pairing.pairs.map(\.record) + input.pairing.joiners
      + input.pairing.held.compactMap(\.record)
    for record in records {
      for attribute in attributes {
        guard let value = record.image[attribute], !value.isEmpty else { continue }
        taken.insert(UniqueSlot(attribute, value))
      }
    }
    return taken
  }

  /// The image with what somebody new gets besides; nil when there is nothing left to choose, and that is noted.
  ///
  /// Joiners come in the order of their source keys, so the order of rows decides nothing.
  mutating func withInitialValues(
    _ image: AttributeImage, for group: [OpenRecord]
  ) -> AttributeImage? {
    guard !input.initialValues.isEmpty else { return image }
    var whole = image
    for initial in group.flatMap({ input.initialValues[$0.number] ?? [] })
    where whole[initial.attribute]?.isEmpty ?? true {
      guard let value = initial.values.first(where: { isFree($0, initial) }) else {
        if !initial.isUnique, initial.failure == nil { continue }
        note(initial, of: group[0])
        return nil
      }
      if initial.isUnique { taken.insert(UniqueSlot(initial.attribute, value)) }
      whole = whole.with(value, for: initial.attribute)
    }
    return whole
  }

  /// Inactive and unmanaged members have their values, too.
  private func isFree(_ value: [UInt8], _ initial: InitialValue) -> Bool {
    guard initial.isUnique else { return true }
    let attribute = initial.attribute
    guard !taken.contains(UniqueSlot(attribute, value)) else { return false }
    guard let key = input.index.keys.firstIndex(where: { $0.id == attribute }) else { return true }
    return input.index.seats(key: key, hash: input.keyHasher.hash(value.span, key: key)).isEmpty
  }

  private mutating func note(_ initial: InitialValue, of record: OpenRecord) {
    let attribute = "\(input.rules.memberAttributes[initial.attribute].path)"
    let tried = initial.values.map { String(decoding: $0, as: UTF8.self) }
    decisions.findings.note(
      initial.failure ?? .noUniqueValue(attribute: attribute, tried: tried),
      at: locate(record.number))
    decisions.hold("record \(keyText(of: record))", .valueTaken)
    decisions.leaveOpen([record.number])
    decisions.count(.valueTaken)
  }
}
