import Identity
import Matching
import Planning
import Storing

/// Keeps what the stages of one run came to, so that it can be told of one person or team.
///
/// The run is the ordinary one, with the ordinary stages: the witness looks on and decides nothing. Only two
/// things are different in its presence. The values of the members it is asked about are read even if nothing may
/// happen to them, and findings are all listed.
final class RunWitness {
  let who: WhoToExplain
  /// The members of the state that go by what was asked for.
  private(set) var seats: Set<Int> = []
  /// Every membership that tonight's exports ask for, by seats.
  var edges: [DesiredEdge] = []
  /// By people export: who is in the teams that its scope asks for.
  var assignments: [Int: Assignment] = [:]

  /// What the stages came to, once they all have.
  private(set) var seen: Seen?

  struct Seen {
    let people: PeopleStage
    let pairing: Pairing
    let details: SeatDetails
    let members: MemberDecisions
    let teams: TeamDecisions
    let run: RunFacts
  }

  init(_ who: WhoToExplain) {
    self.who = who
  }

  /// The exports of people have been read: finds who of the state is meant.
  func see(_ people: PeopleStage, _ reconciliation: Reconciliation) async throws(JobFailure) {
    let search = MemberSearch(reconciliation: reconciliation, index: people.index)
    seats = try await search.seats(of: who.text)
  }

  func see(
    _ people: PeopleStage, _ pairing: Pairing, _ details: SeatDetails, _ members: MemberDecisions,
    _ teams: TeamDecisions, _ run: RunFacts
  ) {
    seen = Seen(
      people: people, pairing: pairing, details: details, members: members, teams: teams, run: run)
  }
}

/// Finds members of the state by what people call them.
struct MemberSearch {
  /// So many members are held in memory at once.
  private static let pageSize = 65_536

  let reconciliation: Reconciliation
  let index: MemberIndex

  private var basis: RunBasis { reconciliation.basis }

  /// The members with this value as id, key, user name or e-mail.
  ///
  /// Keys are looked up; only for a value that is nobody's key all members are gone through.
  func seats(of text: String) async throws(JobFailure) -> Set<Int> {
    let value = Array(text.utf8)
    if let seat = try seat(ofID: text) { return [seat] }
    let keyed = try await keyed(value)
    return keyed.isEmpty ? try await scanned(value) : keyed
  }

  private func seat(ofID text: String) throws(JobFailure) -> Int? {
    let ordinal = try JobFailure.storing { () throws(StoreFailure) in
      try reconciliation.store.ordinal(ofMember: ResourceID(text))
    }
    return ordinal.flatMap { index.members.seat(ofOrdinal: $0) }
  }

  private func keyed(_ value: [UInt8]) async throws(JobFailure) -> Set<Int> {
    var candidates: Set<Int> = []
    for key in index.keys.indices {
      candidates.formUnion(
        index.seats(key: key, hash: basis.keyHasher.hash(value.span, key: key)))
    }
    guard !candidates.isEmpty else { return [] }
    var details = SeatDetails()
    try await reconciliation.add(candidates, to: &details, index)
    return candidates.filter { seat in
      index.keys.contains { MatchKeyText.same(details[seat][$0.id] ?? [], value[...]) }
    }
  }

  private func scanned(_ value: [UInt8]) async throws(JobFailure) -> Set<Int> {
    let ids = basis.memberAttributes.searched
    var found: Set<Int> = []
    var start = 0
    while start < index.members.count {
      let page = start..<min(start + Self.pageSize, index.members.count)
      let values = try await JobFailure.storing { () async throws(StoreFailure) in
        try await reconciliation.store.values(
          ofMembers: Array(index.members.ordinals[page]), of: basis.memberAttributes,
          threads: reconciliation.settings.jobs)
      }
      for (seat, member) in zip(page, values)
      where ids.contains(where: { MatchKeyText.same(member.image[$0] ?? [], value[...]) }) {
        found.insert(seat)
      }
      start = page.upperBound
    }
    return found
  }
}

extension AttributeSet {
  /// The attributes by which people name somebody: what the source calls them, user name and e-mails.
  var searched: [AttributeID] {
    ids.filter { id in
      let path = self[id].path
      return path == .userName || path == .externalID
        || (path.attribute == "emails" && path.subAttribute == "value")
    }
  }
}
