import Mapping

/// What has been found so far while one policy file is read.
///
/// Reading goes on after a problem, so that an operator sees all of them at once. A class, because
/// all readers of one file note into the same list.
final class PolicyProblems {
  /// Errors that are kept: nobody reads more, and a hostile file must not make us write more.
  static let limit = 200

  private var found: [PolicyProblem] = []
  private(set) var errorCount = 0
  /// Set once the tree stands, so that checks can name a place by its path alone.
  var root: PolicyNode?
  /// The text of the file, line by line, in which places are looked for.
  var lines: [[Unicode.Scalar]] = []
  /// What the expressions of the mapping may refer to.
  var surroundings = ExpressionSurroundings()
  /// Set when an attribute path in a mapping could not be understood: nobody can say then what is
  /// not mapped.
  var hasUnreadableMapping = false

  func report(_ kind: PolicyProblem.Kind, at place: PolicyPlace, path: PolicyPath = .root) {
    let problem = PolicyProblem(
      line: place.line, column: place.column, path: path.description, kind: kind)
    if problem.severity == .error {
      guard !isFull else { return }
      errorCount += 1
    }
    found.append(problem)
  }

  /// Notes a problem of whatever stands at `path`, or would stand there.
  func report(_ kind: PolicyProblem.Kind, at path: PolicyPath) {
    report(kind, at: root?.place(of: path) ?? .start, path: path)
  }

  var isFull: Bool { errorCount >= Self.limit }

  /// In the order of the text; each once.
  var inOrder: [PolicyProblem] {
    var seen: Set<PolicyProblem> = []
    return found.filter { seen.insert($0).inserted }.enumerated()
      .sorted {
        let (left, right) = ($0.element, $1.element)
        return (left.line, left.column, $0.offset) < (right.line, right.column, $1.offset)
      }
      .map(\.element)
  }
}
