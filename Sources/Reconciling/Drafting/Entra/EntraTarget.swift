import Identity

/// Where a target attribute of Entra's stands in SCIM.
///
/// ```
/// name.givenName              the path itself
/// FirstName, givenName        name.givenName, by the usual names: the target is no SCIM service
/// ```
struct EntraTarget {
  enum Outcome {
    case path(AttributePath)
    /// Not a SCIM path, but a name that people know.
    case guess(AttributePath)
    case none(reason: String)
  }

  let name: String
  let subject: MappingSubject

  var outcome: Outcome {
    let problem: PolicyProblem.Kind
    do {
      let path = try AttributePath(parsing: name)
      guard let found = KnownAttributes.of(subject).problem(with: path, written: name) else {
        return .path(path)
      }
      problem = found
    } catch {
      problem = .attributeSyntax(name, error)
    }
    if let usual = DraftedMapping.attribute(named: name, of: subject),
      let path = try? AttributePath(parsing: usual)
    {
      return .guess(path)
    }
    return .none(reason: PolicyProblem(line: 1, column: 1, path: "", kind: problem).message)
  }

  /// The path it comes to, if it comes to any.
  var path: AttributePath? {
    switch outcome {
    case .path(let path), .guess(let path): path
    case .none: nil
    }
  }
}
