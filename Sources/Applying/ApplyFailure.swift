package import Storing

/// Why a plan was not carried out.
///
/// Nothing of it was written.
package enum ApplyFailure: Error, Sendable {
  /// What the plan rests on is no longer so; one sentence for each thing that drifted.
  case stale([Drift])
  case store(StoreFailure)
}

/// One thing that is not as the plan saw it.
package enum Drift: Sendable, Hashable {
  case memberGone(name: String)
  case memberChanged(name: String)
  case memberExists(name: String)
  case valueTaken(name: String, attribute: String, value: String)
  case referenceGone(name: String, attribute: String)
  case teamGone(name: String)
  case teamChanged(name: String)
  case teamExists(name: String)
  case teamValueTaken(name: String, attribute: String, value: String)
  case membershipExists(team: String, member: String)
  case membershipGone(team: String, member: String)
}
