import Identity
import Matching
import PlanFile

// Records that are nobody yet.

extension MemberPlanning {
  mutating func decideJoiners() {
    var seat = input.index.members.count
    for group in joinerGroups() {
      guard let draft = joinerDraft(group, seat: seat) else { continue }
      decisions.drafts.append(draft)
      seat += 1
    }
  }

  /// Joiners in canonical order; those of one person in several merged exports together.
  private mutating func joinerGroups() -> [[Pairing.Joiner]] {
    var keyed: [(key: [UInt8], joiner: Pairing.Joiner)] = []
    var disabled: [Int] = []
    for (place, joiner) in input.pairing.joiners.enumerated()
    where !input.departures.contains(joiner.record.number) {
      if isSkipped(joiner) {
        disabled.append(place)
      } else {
        keyed.append((sourceKey(of: joiner.record), joiner))
      }
    }
    noteDisabled(disabled)
    keyed.sort { left, right in
      if left.key != right.key { return left.key.lexicographicallyPrecedes(right.key) }
      return left.joiner.record.number < right.joiner.record.number
    }
    guard input.rules.merge != nil else { return keyed.map { [$0.joiner] } }
    return keyed.chunked(by: \.key).map { $0.map(\.joiner) }
  }

  /// Those who are disabled at the source are set aside before anything is done for them: a directory
  /// may hold tens of thousands.
  private mutating func noteDisabled(_ places: [Int]) {
    for place in places.prefix(FindingLog.listedPerCode) {
      let record = input.pairing.joiners[place].record
      decisions.findings.note(
        .createdDisabledSkipped(key: keyText(of: record)), at: locate(record.number))
    }
    let unlisted = places.count - FindingLog.listedPerCode
    if unlisted > 0 { decisions.findings.count(unlisted, like: .createdDisabledSkipped(key: "")) }
    decisions.count(.disabledJoiner, places.count)
  }

  /// With merged exports, another one may say that the person is active.
  private var skipsDisabled: Bool {
    !input.rules.createsDisabled && input.rules.merge == nil && input.rules.updatesFromUnreliable
  }

  private func isSkipped(_ joiner: Pairing.Joiner) -> Bool {
    guard skipsDisabled, let active = input.rules.memberAttributes.id(of: .active),
      let value = joiner.record.image[active]
    else { return false }
    return value.elementsEqual("false".utf8)
  }

  /// The folded value of the first match key that has one: what the source calls this record.
  func sourceKey(of record: OpenRecord) -> [UInt8] {
    for key in input.rules.memberKeys {
      if let value = record.image[key.id], !value.isEmpty { return MatchKeyText.folded(value) }
    }
    return []
  }

  private mutating func joinerDraft(_ group: [Pairing.Joiner], seat: Int) -> MemberDraft? {
    let record = united(group.map(\.record))
    let first = group[0].record
    let text = keyText(of: first)
    guard input.rules.updatesFromUnreliable || record.isReliable else {
      decisions.count(.withheld)
      return nil
    }
    let set = input.rules.memberAttributes
    guard let name = set.id(of: .userName).flatMap({ record.image.text($0) }), !name.isEmpty
    else {
      decisions.findings.note(.noUserName(record: text), at: locate(first.number))
      decisions.hold("record \(text)", .quarantined)
      decisions.count(.quarantined)
      return nil
    }
    let isInactive = set.id(of: .active).flatMap { record.image.text($0) } == "false"
    guard !isInactive || input.rules.createsDisabled else {
      decisions.findings.note(.createdDisabledSkipped(key: text), at: locate(first.number))
      decisions.count(.disabledJoiner)
      return nil
    }
    let owners = record.exports.map { input.exports[$0].name }
    return MemberDraft(
      subject: SubjectRef(id: freeID(owners[0], sourceKey(of: first)), name: name), seat: seat,
      step: .create(record.image.withoutClears), situation: .joiner, classes: [],
      rule: "lifecycle.create", records: record.numbers, newOwners: owners)
  }

  /// The conflicts of joiners whose user name (or other key) belongs to somebody else today.
  func conflict(of draft: MemberDraft) -> Pairing.Conflict? {
    draft.records.first.flatMap { conflicts[$0] }
  }
}

extension AttributeImage {
  /// For something new there is nothing to clear.
  fileprivate var withoutClears: AttributeImage {
    var image = AttributeImage()
    for entry in entries where !entry.range.isEmpty { image.append(entry.id, bytes[entry.range]) }
    return image
  }
}
