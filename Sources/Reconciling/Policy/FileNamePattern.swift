import Mapping
import Reading

/// A regular expression that finds one thing in the name of a file.
///
/// ```
/// exportGroupMembers_(.*)\.csv   in  exportGroupMembers_Sales.csv   finds  Sales
/// delta-(\d+)\.csv               in  delta-0041.csv                 finds  0041
/// ```
///
/// It must fit the whole name (without the folder) and has exactly one group.
package struct FileNamePattern: Sendable, Hashable, CustomStringConvertible {
  package let text: String

  package var description: String { text }

  /// Why a text is no such pattern.
  enum Problem: Error {
    case notARegularExpression(String)
    case groups(Int)
  }

  init(_ text: String) throws(Problem) {
    let groups: Int
    do { groups = try PatternGroups.count(in: text) } catch {
      throw .notARegularExpression("\(error)")
    }
    guard groups == 1 else { throw .groups(groups) }
    guard (try? WholePattern(text)) != nil else {
      throw .notARegularExpression("it has a part that is not supported")
    }
    self.text = text
  }

  /// What the group finds in `name`; nil when the pattern does not fit, or the group finds nothing.
  package func capture(in name: String) -> String? {
    // The expression was compiled once already; a file's name is looked at once, so it is not kept.
    guard let pattern = try? WholePattern(text), case .whole(let found?) = pattern.fit(name),
      !found.isEmpty
    else { return nil }
    return found
  }
}

extension PolicyValue {
  func fileNamePattern() -> FileNamePattern? {
    guard let text = text() else { return nil }
    do {
      return try FileNamePattern(text)
    } catch {
      switch error {
      case .notARegularExpression(let reason): report(.badPattern(text, reason))
      case .groups(let count): report(.patternGroups(text, count))
      }
      return nil
    }
  }
}
