import Identity

extension Finding {
  /// The names of members, records and teams that it is about; what it says of a place stands in its origin.
  ///
  /// A team of a name begins with `team `, as in the subjects of holds.
  var mentions: [String] {
    switch subject {
    case .noUserName(let record): [record]
    case .duplicate(_, let value, _): [value]
    case .ambiguous(_, let value, let members): [value] + members
    case .contended(let member, _), .conflictingKeys(let member, _, _, _),
      .claimable(let member, _),
      .inactiveNotByUs(let member), .unmanaged(let member), .orphaned(let member, _),
      .removalWithheld(let member, _):
      [member]
    case .uniqueValueTaken(_, _, let holder): [holder]
    case .probableRename(let leaver, let joiner): [leaver, joiner]
    case .createdDisabledSkipped(let key), .notCreated(let key): [key]
    case .lookAlike(_, let value, let other): [value, other]
    case .teamGone(let team), .teamClaimable(let team), .teamNotCreated(let team):
      ["team \(team)"]
    case .edgeToUnknownMember(let team, let member), .edgeWithheld(let team, let member),
      .edgeOfUnmanagedMember(let team, let member), .edgeOfOutsider(let team, let member),
      .edgeNotWrittenByUs(let team, let member),
      .memberReferenceAmbiguous(let team, let member):
      ["team \(team)", member]
    case .edgeToUnknownTeam(let reference): ["team \(reference)"]
    case .protected(let subject, _, _): [subject]
    case .holdTooOld(let subject, _, _): [subject, Self.bare(subject)]
    default: []
    }
  }

  /// `member ann@contoso.com` is about `ann@contoso.com`.
  private static func bare(_ subject: String) -> String {
    for kind in ["member ", "record "] where subject.hasPrefix(kind) {
      return String(subject.dropFirst(kind.count))
    }
    return subject
  }
}
