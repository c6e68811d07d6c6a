import Foundation

/// Whom `explain` is asked about: a value that somebody goes by, or a line of an export.
///
/// ```
/// ann@contoso.com          a key, user name, e-mail, id or team name
/// night-2/users.csv:136    the record on that line
/// ```
struct WhoToExplain: Sendable, Hashable {
  let text: String
  private let file: String
  /// The physical line, from 1; nil for a text that is no place.
  let line: Int?

  init(_ text: String) {
    self.text = text
    guard let colon = text.lastIndex(of: ":"), colon != text.startIndex,
      let line = Int(text[text.index(after: colon)...]), line > 0
    else {
      (file, line) = ("", nil)
      return
    }
    (file, self.line) = (String(text[..<colon]), line)
  }

  /// Whether it may mean a line of this file: `users.csv` is the end of `night-2/users.csv`.
  func means(file path: String) -> Bool {
    guard line != nil else { return false }
    return path == file || path.hasSuffix("/" + file) || Self.whole(path) == Self.whole(file)
  }

  /// From the root on, without `.` and `..`.
  private static func whole(_ path: String) -> String {
    URL(filePath: path).standardizedFileURL.path
  }
}
