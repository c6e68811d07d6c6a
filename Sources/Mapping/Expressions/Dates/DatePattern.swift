/// A custom date format of .NET, for reading and writing.
///
/// ```
/// yyyyMMddHHmmss.fZ     20150123105347.1Z
/// M/d/yyyy hh:mm:ss tt  12/31/2025 12:00:00 AM
/// ```
///
/// Names of months and days are English, as in .NET's invariant culture.
struct DatePattern: Sendable {
  enum Part: Sendable, Hashable {
    case literal(UInt8)
    /// A letter and how often it stands: `yyyy`.
    case field(UInt8, count: Int)
  }

  let text: String
  let parts: [Part]

  static let months = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
  ]
  static let weekdays = [
    "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday",
  ]

  /// What one letter alone stands for.
  private static let standard: [String: String] = [
    "d": "MM/dd/yyyy", "D": "dddd, dd MMMM yyyy", "o": "yyyy'-'MM'-'dd'T'HH':'mm':'ss'.'fffffffK",
    "O": "yyyy'-'MM'-'dd'T'HH':'mm':'ss'.'fffffffK", "s": "yyyy'-'MM'-'dd'T'HH':'mm':'ss",
    "u": "yyyy'-'MM'-'dd HH':'mm':'ss'Z'", "t": "HH:mm", "T": "HH:mm:ss", "g": "MM/dd/yyyy HH:mm",
    "G": "MM/dd/yyyy HH:mm:ss", "f": "dddd, dd MMMM yyyy HH:mm", "F": "dddd, dd MMMM yyyy HH:mm:ss",
    "U": "dddd, dd MMMM yyyy HH:mm:ss", "M": "MMMM dd", "m": "MMMM dd", "Y": "yyyy MMMM",
    "y": "yyyy MMMM", "R": "ddd, dd MMM yyyy HH':'mm':'ss 'GMT'",
    "r": "ddd, dd MMM yyyy HH':'mm':'ss 'GMT'",
  ]

  /// How often each letter may stand.
  private static let most: [UInt8: Int] = [
    UInt8(ascii: "d"): 4, UInt8(ascii: "f"): 7, UInt8(ascii: "F"): 7, UInt8(ascii: "g"): 2,
    UInt8(ascii: "h"): 2,
    UInt8(ascii: "H"): 2, UInt8(ascii: "K"): 1, UInt8(ascii: "m"): 2, UInt8(ascii: "M"): 4,
    UInt8(ascii: "s"): 2, UInt8(ascii: "t"): 2, UInt8(ascii: "y"): 5, UInt8(ascii: "z"): 3,
  ]

  /// Nil for a text that is no format.
  init?(_ text: String) {
    guard !text.isEmpty, text.utf8.count <= 200 else { return nil }
    guard let custom = text.utf8.count == 1 ? Self.standard[text] : text else { return nil }
    var parts: [Part] = []
    var rest = Array(custom.utf8)[...]
    while let byte = rest.first {
      if let most = Self.most[byte] {
        let count = rest.prefix { $0 == byte }.count
        guard count <= most else { return nil }
        parts.append(.field(byte, count: count))
        rest = rest.dropFirst(count)
      } else if byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\"") {
        guard let end = rest.dropFirst().firstIndex(of: byte) else { return nil }
        parts += rest[(rest.startIndex + 1)..<end].map { .literal($0) }
        rest = rest[(end + 1)...]
      } else if byte == UInt8(ascii: "\\") {
        guard let next = rest.dropFirst().first else { return nil }
        parts.append(.literal(next))
        rest = rest.dropFirst(2)
      } else {
        // `%` makes a letter that stands alone a field.
        if byte != UInt8(ascii: "%") { parts.append(.literal(byte)) }
        rest = rest.dropFirst()
      }
    }
    self.text = text
    self.parts = parts
  }
}
