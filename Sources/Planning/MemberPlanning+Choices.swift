import Identity
import Matching
import PlanFile

// Values that are chosen when somebody is created: the first of the record's own that nobody has or wants.

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
    let attributes = Set(input.choices.values.joined().map(\.attribute))
    guard !attributes.isEmpty else { return taken }
    let records =
      input.pairing.pairs.map(\.record) + input.pairing.joiners.map(\.record)
      + input.pairing.held.compactMap(\.record)
    for record in records {
      for attribute in attributes {
        guard let value = record.image[attribute], !value.isEmpty else { continue }
        taken.insert(UniqueSlot(attribute, value))
      }
    }
    return taken
  }

  /// The image with what is chosen for a new member; nil when there is nothing left to choose, and that is noted.
  ///
  /// Joiners come in the order of their source keys, so the order of rows decides nothing.
  mutating func withChoices(
    _ image: AttributeImage, for group: [OpenRecord]
  ) -> AttributeImage? {
    guard !input.choices.isEmpty else { return image }
    var chosen = image
    for choice in group.compactMap({ input.choices[$0.number] }).first ?? []
    where image[choice.attribute] == nil {
      guard let value = choice.values.first(where: { isFree($0, choice.attribute) }) else {
        note(choice, of: group[0])
        return nil
      }
      taken.insert(UniqueSlot(choice.attribute, value))
      chosen = chosen.with(value, for: choice.attribute)
    }
    return chosen
  }

  /// Inactive and unmanaged members have their values, too.
  private func isFree(_ value: [UInt8], _ attribute: AttributeID) -> Bool {
    guard !taken.contains(UniqueSlot(attribute, value)) else { return false }
    guard let key = input.index.keys.firstIndex(where: { $0.id == attribute }) else { return true }
    return input.index.seats(key: key, hash: input.keyHasher.hash(value.span, key: key)).isEmpty
  }

  private mutating func note(_ choice: UniqueChoice, of record: OpenRecord) {
    let attribute = "\(input.rules.memberAttributes[choice.attribute].path)"
    let tried = choice.values.map { String(decoding: $0, as: UTF8.self) }
    decisions.findings.note(
      choice.failure ?? .noUniqueValue(attribute: attribute, tried: tried),
      at: locate(record.number))
    decisions.hold("record \(keyText(of: record))", .valueTaken)
    decisions.count(.valueTaken)
  }
}

extension AttributeImage {
  /// The same with one value more.
  fileprivate func with(_ value: [UInt8], for attribute: AttributeID) -> AttributeImage {
    var image = AttributeImage()
    var isAdded = false
    for entry in entries {
      if !isAdded, entry.id > attribute {
        image.append(attribute, value)
        isAdded = true
      }
      image.append(entry.id, bytes[entry.range])
    }
    if !isAdded { image.append(attribute, value) }
    return image
  }
}
