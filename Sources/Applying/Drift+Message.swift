extension Drift {
  /// What the plan saw and what is there now.
  package var message: String {
    switch self {
    case .memberGone(let name): "\(name) is no longer a member."
    case .memberChanged(let name): "\(name) has changed since the plan was made."
    case .memberExists(let name): "\(name) has become a member since the plan was made."
    case .valueTaken(let name, let attribute, let value):
      "\(name) cannot have the \(attribute) “\(value)”: it now belongs to another member."
    case .referenceGone(let name, let attribute):
      "The \(attribute) of \(name) would refer to somebody who is no longer a member."
    case .teamValueTaken(let name, let attribute, let value):
      "Team \(name) cannot have the \(attribute) “\(value)”: it now belongs to another team."
    case .teamGone(let name): "Team \(name) is no longer there."
    case .teamChanged(let name): "Team \(name) has changed since the plan was made."
    case .teamExists(let name): "Team \(name) has come to be since the plan was made."
    case .membershipExists(let team, let member): "\(member) is in team \(team) already."
    case .membershipGone(let team, let member): "\(member) is no longer in team \(team)."
    }
  }
}
