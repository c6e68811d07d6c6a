/// A place in the text of the policy file, for an editor to go to.
package struct PolicyPlace: Sendable, Hashable, Comparable {
  /// From 1.
  package let line: Int
  /// In Unicode scalars, from 1.
  package let column: Int

  package init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }

  package static let start = PolicyPlace(line: 1, column: 1)

  package static func < (left: PolicyPlace, right: PolicyPlace) -> Bool {
    (left.line, left.column) < (right.line, right.column)
  }
}

/// Which value of the policy file is meant: `exports.people[0].path`.
package struct PolicyPath: Sendable, Hashable, CustomStringConvertible {
  package enum Step: Sendable, Hashable {
    case key(String)
    case index(Int)
  }

  package private(set) var steps: [Step] = []

  package static let root = PolicyPath()

  package func key(_ name: String) -> PolicyPath {
    var path = self
    path.steps.append(.key(name))
    return path
  }

  package func index(_ index: Int) -> PolicyPath {
    var path = self
    path.steps.append(.index(index))
    return path
  }

  package var description: String {
    var text = ""
    for step in steps {
      switch step {
      case .key(let name): text += text.isEmpty ? name : "." + name
      case .index(let index): text += "[\(index)]"
      }
    }
    return text
  }
}
