/// What has been found so far while one policy file is read.
///
/// Reading goes on after a problem, so that an operator sees all of them at once. A class, because
/// all readers of one file note into the same list.
final class PolicyProblems {
  private var found: [PolicyProblem] = []
  /// Set once the tree stands, so that checks can name a place by its path alone.
  var root: PolicyNode?
  /// Set when an attribute path in a mapping could not be understood: nobody can say then what is
  /// not mapped.
  var hasUnreadableMapping = false

  func report(_ kind: PolicyProblem.Kind, at place: PolicyPlace, path: PolicyPath = .root) {
    found.append(
      PolicyProblem(
        line: place.line, column: place.column, path: path.description, kind: kind))
  }

  /// Notes a problem of whatever stands at `path`, or would stand there.
  func report(_ kind: PolicyProblem.Kind, at path: PolicyPath) {
    report(kind, at: root?.place(of: path) ?? .start, path: path)
  }

  var count: Int { found.count }

  /// In the order of the text; each once.
  var inOrder: [PolicyProblem] {
    var seen: Set<PolicyProblem> = []
    return found.filter { seen.insert($0).inserted }
      .enumerated()
      .sorted {
        ($0.element.line, $0.element.column, $0.offset) < (
          $1.element.line, $1.element.column, $1.offset
        )
      }
      .map(\.element)
  }
}
