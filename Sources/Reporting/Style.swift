/// How words stand out on a terminal; what they mean never depends on it.
package enum Style: Sendable, Hashable {
  case plain
  /// Select Graphic Rendition sequences (ECMA-48 §8.3.117), with the sixteen colours that every
  /// terminal theme keeps readable.
  case ansi

  package enum Tone: Sendable, Hashable, CaseIterable {
    case heading
    case good
    case changed
    case bad
    case quiet

    /// The class of the HTML page's style sheet.
    var name: String { String(describing: self) }

    fileprivate var code: String {
      switch self {
      case .heading: "1"
      case .good: "32"
      case .changed: "33"
      case .bad: "31"
      case .quiet: "2"
      }
    }
  }

  package func callAsFunction(_ tone: Tone, _ text: String) -> String {
    switch self {
    case .plain: text
    case .ansi: "\u{1b}[\(tone.code)m\(text)\u{1b}[0m"
    }
  }
}
