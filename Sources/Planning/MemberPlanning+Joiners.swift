import Identity
import Matching
import PlanFile
import Scanning

// Records that are nobody yet.

extension MemberPlanning {
  mutating func decideJoiners() {
    taken = statedValues()
    // Nearly everybody is one record that nothing speaks against: what becomes of those is worked out block by block,
    // some of them ahead.
    var plain = PlainJoiners(
      input, skipsDisabled: skipsEarly && !input.rules.createsDisabled, freeID
    ) { [progress] in progress($0 / 2) }
    // They are looked at first, and then put into their order; each is half of what there is to tell.
    let (looked, share) = plain == nil ? (0, 1) : (input.pairing.joiners.count / 2, 2)
    let groups = joinerGroups(&plain)
    var newcomers = NewcomerList(
      firstSeat: input.index.members.count, count: groups.places.count,
      userName: input.rules.memberAttributes.id(of: .userName))
    if let plain { newcomers.noteValues(plain.values) }
    for (position, place) in groups.places.enumerated() {
      if position.isMultiple(of: 4096) { progress(looked + position / share) }
      plain?.prefetch(groups.places, after: position)
      if let joiner = plain?[Int(place)] {
        newcomers.append(joiner.id, joiner.image, joiner.record, name: joiner.name)
      } else {
        decide(groups[position], &newcomers)
      }
    }
    decisions.drafts += newcomers.drafts(exports: input.exports.map(\.name))
  }

  /// Joiners in canonical order, which is that of their source keys.
  private struct JoinerGroups {
    let places: [UInt32]
    private let joiners: [OpenRecord]
    private let further: [RecordNumber: [OpenRecord]]
    private let departures: Set<RecordNumber>

    init(_ places: [UInt32], _ input: MemberInput) {
      self.places = places
      joiners = input.pairing.joiners
      further = input.pairing.furtherRecords
      departures = input.departures
    }

    subscript(position: Int) -> [OpenRecord] { group(Int(places[position])) }

    /// Those of one person in several merged exports go together.
    func group(_ place: Int) -> [OpenRecord] {
      let first = joiners[place]
      guard !further.isEmpty || !departures.isEmpty else { return [first] }
      return ([first] + (further[first.number] ?? [])).filter { !departures.contains($0.number) }
    }

    /// The first record of a group, if it has any.
    func first(_ place: Int) -> OpenRecord? {
      departures.isEmpty ? joiners[place] : group(place).first
    }
  }

  private mutating func joinerGroups(_ plain: inout PlainJoiners?) -> JoinerGroups {
    let groups = JoinerGroups([], input)
    var places: [LeadingLetters]
    if plain != nil {
      places = plain?.takeLetters() ?? []
      skipped = plain?.skipped ?? []
    } else {
      places = lettersOneByOne(groups)
    }
    noteSkipped()
    places.putInOrderInParallel()
    // The few that agree in all of these letters are still in no order.
    places.sortTies { left, right in
      let (one, other) = (groups.group(Int(left.place))[0], groups.group(Int(right.place))[0])
      let keys = (sourceKey(of: one), sourceKey(of: other))
      if keys.0 != keys.1 { return keys.0.lexicographicallyPrecedes(keys.1) }
      return one.number < other.number
    }
    return JoinerGroups(places.map(\.place), input)
  }

  /// The beginnings of the source keys of those who are not skipped.
  private mutating func lettersOneByOne(_ groups: JoinerGroups) -> [LeadingLetters] {
    let joiners = input.pairing.joiners
    let departures = input.departures
    let followers = Set(input.pairing.furtherRecords.values.joined().map(\.number))
    var places: [LeadingLetters] = []
    places.reserveCapacity(joiners.count)
    for place in joiners.indices
    where followers.isEmpty || !followers.contains(joiners[place].number) {
      guard !isSkipped(joiners[place]) else {
        if !departures.contains(joiners[place].number) { skipped.append(place) }
        continue
      }
      guard let first = groups.first(place) else { continue }
      places.append(letters(of: first, place))
    }
    return places
  }

  /// Those who are disabled at the source are set aside before anything is done for them: a directory
  /// may hold tens of thousands.
  ///
  /// Where the policy creates nobody, so is everybody who is new.
  private mutating func noteSkipped() {
    for place in skipped.prefix(FindingLog.listedPerCode) {
      let record = input.pairing.joiners[place]
      decisions.findings.note(whySkipped(key: keyText(of: record)), at: locate(record.number))
    }
    let unlisted = skipped.count - FindingLog.listedPerCode
    if unlisted > 0 { decisions.findings.count(unlisted, like: whySkipped(key: "")) }
    decisions.count(skippedSituation, skipped.count)
  }

  /// Whoever is disabled as well is not created for the reason that holds for everybody.
  private func whySkipped(key: String) -> Finding.Subject {
    input.rules.createsMembers ? .createdDisabledSkipped(key: key) : .notCreated(key: key)
  }

  private var skippedSituation: Situation {
    input.rules.createsMembers ? .disabledJoiner : .notCreated
  }

  /// With merged exports, another one may say that the person is active; and of an export that is not believed,
  /// nothing is taken.
  private var skipsEarly: Bool {
    input.rules.merge == nil && input.rules.updatesFromUnreliable
  }

  private func isSkipped(_ record: OpenRecord) -> Bool {
    guard skipsEarly else { return false }
    return !input.rules.createsMembers
      || (!input.rules.createsDisabled && isInactive(record.image, CollectionOfOne(record)))
  }

  /// Whether the source says so, be it only of somebody new.
  private func isInactive(_ image: AttributeImage, _ group: some Sequence<OpenRecord>) -> Bool {
    guard let active = input.activeID else { return false }
    if let value = image[active] { return value.elementsEqual("false".utf8) }
    guard !input.initialValues.isEmpty else { return false }
    let initial = group.lazy.flatMap { input.initialValues[$0.number] ?? [] }
      .first { $0.attribute == active && !$0.values.isEmpty }
    return initial?.values.first?.elementsEqual("false".utf8) ?? false
  }

  /// What the source calls this record: the folded value of the first match key, or of a lower one with its name.
  ///
  /// The name keeps somebody's user name apart from somebody else's equal number; NUL, which no value holds, sets
  /// it off.
  func sourceKey(of record: OpenRecord) -> [UInt8] { input.rules.sourceKey(of: record.image) }

  /// The beginning of `sourceKey`, which nearly always is the value of the first key.
  private func letters(of record: OpenRecord, _ place: Int) -> LeadingLetters {
    if let key = input.rules.memberKeys.first, let value = record.image[key.id], !value.isEmpty {
      return LeadingLetters(folding: value.span, place: place)
    }
    return LeadingLetters(of: sourceKey(of: record).span, place: place)
  }

  /// Makes one person a new member, unless something speaks against it.
  private mutating func decide(_ group: [OpenRecord], _ newcomers: inout NewcomerList) {
    let record = united(group)
    let first = group[0]
    guard input.rules.updatesFromUnreliable || record.isReliable else {
      decisions.count(.withheld)
      decisions.leaveOpen(record.numbers)
      group.forEach { stand(by: $0) }
      return
    }
    // Whoever is disabled at the source must not come in active because tonight's export does not say so.
    guard !record.doubtsActive else {
      decisions.findings.note(
        .createWithheld(record: keyText(of: first)), at: locate(first.number))
      decisions.count(.withheld)
      decisions.leaveOpen(record.numbers)
      group.forEach { stand(by: $0) }
      return
    }
    let set = input.rules.memberAttributes
    guard input.rules.createsMembers,
      input.rules.createsDisabled || !isInactive(record.image, group)
    else {
      decisions.findings.note(whySkipped(key: keyText(of: first)), at: locate(first.number))
      decisions.count(skippedSituation)
      group.forEach { stand(by: $0) }
      return
    }
    guard let image = withInitialValues(record.image, for: group) else {
      group.forEach { stand(by: $0) }
      return
    }
    guard let name = set.id(of: .userName).flatMap({ image[$0] }), !name.isEmpty else {
      let text = keyText(of: first)
      decisions.findings.note(.noUserName(record: text), at: locate(first.number))
      decisions.hold("record \(text)", .quarantined)
      decisions.leaveOpen(record.numbers)
      decisions.count(.quarantined)
      group.forEach { stand(by: $0) }
      return
    }
    // Somebody in an export that cannot be believed gains no memberships tonight.
    if !record.isReliable { decisions.frozenSeats.insert(newcomers.nextSeat) }
    let owner = input.exports[record.exports[0]].name
    let id = freeID(owner, sourceKey(of: first))
    let created = image.withoutClears
    if group.count == 1 {
      newcomers.append(id, created, first.number)
    } else {
      newcomers.append { seat in
        MemberDraft(
          subject: SubjectRef(id: id, name: String(decoding: name, as: UTF8.self)), seat: seat,
          step: .create(created), situation: .joiner, classes: [], rule: Newcomers.rule,
          records: record.numbers, newOwners: record.exports.map { input.exports[$0].name })
      }
    }
  }

  /// The conflicts of joiners whose user name (or other key) belongs to somebody else today.
  func conflict(of draft: MemberDraft) -> Pairing.Conflict? {
    guard !conflicts.isEmpty else { return nil }
    return draft.records.lazy.compactMap { conflicts[$0] }.first
  }
}

extension PlanningRules {
  /// See `MemberPlanning.sourceKey(of:)`.
  func sourceKey(of image: AttributeImage) -> [UInt8] { memberKeys.sourceKey(of: image) }
}

extension [MatchKey] {
  /// What the source calls a record: its first key value, or a lower one with the name of the key.
  func sourceKey(of image: AttributeImage) -> [UInt8] {
    for (place, key) in enumerated() {
      guard let value = image[key.id], !value.isEmpty else { continue }
      let folded = MatchKeyText.folded(value)
      return place == 0 ? folded : [0] + [UInt8]("\(key.path)".utf8) + [0] + folded
    }
    return []
  }
}

extension AttributeImage {
  /// For something new there is nothing to clear.
  var withoutClears: AttributeImage {
    guard hasClears else { return self }
    var image = AttributeImage()
    for entry in entries where !entry.range.isEmpty { image.append(entry.id, bytes[entry.range]) }
    return image
  }

  private var hasClears: Bool {
    let memory = bytes.span
    var steps = steps
    while let (_, range) = steps.next(in: memory) {
      if range.isEmpty { return true }
    }
    return false
  }
}
