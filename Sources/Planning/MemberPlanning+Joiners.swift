import Identity
import Matching
import PlanFile

// Records that are nobody yet.

extension MemberPlanning {
  mutating func decideJoiners() {
    var seat = input.index.members.count
    taken = statedValues()
    for group in joinerGroups() {
      guard let draft = joinerDraft(group, seat: seat) else { continue }
      decisions.drafts.append(draft)
      seat += 1
    }
  }

  /// Joiners in canonical order; those of one person in several merged exports together.
  private mutating func joinerGroups() -> [[OpenRecord]] {
    let further = input.pairing.furtherRecords
    let followers = Set(further.values.joined().map(\.number))
    var keyed: [(key: [UInt8], group: [OpenRecord])] = []
    for (place, joiner) in input.pairing.joiners.enumerated()
    where !followers.contains(joiner.record.number) {
      guard !isSkipped(joiner) else {
        if !input.departures.contains(joiner.record.number) { disabled.append(place) }
        continue
      }
      let group = ([joiner.record] + (further[joiner.record.number] ?? []))
        .filter { !input.departures.contains($0.number) }
      if !group.isEmpty { keyed.append((sourceKey(of: group[0]), group)) }
    }
    noteDisabled()
    keyed.sort { left, right in
      if left.key != right.key { return left.key.lexicographicallyPrecedes(right.key) }
      return left.group[0].number < right.group[0].number
    }
    return keyed.map(\.group)
  }

  /// Those who are disabled at the source are set aside before anything is done for them: a directory
  /// may hold tens of thousands.
  private mutating func noteDisabled() {
    for place in disabled.prefix(FindingLog.listedPerCode) {
      let record = input.pairing.joiners[place].record
      decisions.findings.note(
        .createdDisabledSkipped(key: keyText(of: record)), at: locate(record.number))
    }
    let unlisted = disabled.count - FindingLog.listedPerCode
    if unlisted > 0 { decisions.findings.count(unlisted, like: .createdDisabledSkipped(key: "")) }
    decisions.count(.disabledJoiner, disabled.count)
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

  /// What the source calls this record: the folded value of the first match key, or of a lower one with its name.
  ///
  /// The name keeps somebody's user name apart from somebody else's equal number; NUL, which no value holds, sets
  /// it off.
  func sourceKey(of record: OpenRecord) -> [UInt8] {
    for (place, key) in input.rules.memberKeys.enumerated() {
      guard let value = record.image[key.id], !value.isEmpty else { continue }
      let folded = MatchKeyText.folded(value)
      return place == 0 ? folded : [0] + Array("\(key.path)".utf8) + [0] + folded
    }
    return []
  }

  private mutating func joinerDraft(_ group: [OpenRecord], seat: Int) -> MemberDraft? {
    let record = united(group)
    let first = group[0]
    let text = keyText(of: first)
    guard input.rules.updatesFromUnreliable || record.isReliable else {
      decisions.count(.withheld)
      group.forEach { stand(by: $0) }
      return nil
    }
    let set = input.rules.memberAttributes
    let isInactive = set.id(of: .active).flatMap { record.image.text($0) } == "false"
    guard !isInactive || input.rules.createsDisabled else {
      decisions.findings.note(.createdDisabledSkipped(key: text), at: locate(first.number))
      decisions.count(.disabledJoiner)
      group.forEach { stand(by: $0) }
      return nil
    }
    guard let image = withChoices(record.image, for: group, named: text) else {
      group.forEach { stand(by: $0) }
      return nil
    }
    guard let name = set.id(of: .userName).flatMap({ image.text($0) }), !name.isEmpty
    else {
      decisions.findings.note(.noUserName(record: text), at: locate(first.number))
      decisions.hold("record \(text)", .quarantined)
      decisions.count(.quarantined)
      group.forEach { stand(by: $0) }
      return nil
    }
    // Somebody in an export that cannot be believed gains no memberships tonight.
    if !record.isReliable { decisions.frozenSeats.insert(seat) }
    let owners = record.exports.map { input.exports[$0].name }
    return MemberDraft(
      subject: SubjectRef(id: freeID(owners[0], sourceKey(of: first)), name: name), seat: seat,
      step: .create(image.withoutClears), situation: .joiner, classes: [],
      rule: "lifecycle.create", records: record.numbers, newOwners: owners)
  }

  /// The conflicts of joiners whose user name (or other key) belongs to somebody else today.
  func conflict(of draft: MemberDraft) -> Pairing.Conflict? {
    guard !conflicts.isEmpty else { return nil }
    return draft.records.lazy.compactMap { conflicts[$0] }.first
  }
}

extension AttributeImage {
  /// For something new there is nothing to clear.
  var withoutClears: AttributeImage {
    var image = AttributeImage()
    for entry in entries where !entry.range.isEmpty { image.append(entry.id, bytes[entry.range]) }
    return image
  }
}
