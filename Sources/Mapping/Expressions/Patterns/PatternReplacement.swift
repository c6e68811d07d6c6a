/// What a match is replaced by, in .NET's form: `${name}`, `$1`, `$$`, `$&`; all else as it stands.
struct PatternReplacement: Sendable {
  enum Part: Sendable {
    case text([UInt8])
    case group(Int)
    case before
    case after
    case whole
    case lastGroup
  }

  let parts: [Part]

  /// A name that no group has stays as it was written, as in .NET.
  init(_ text: String, for pattern: Pattern) {
    var parts: [Part] = []
    var literal: [UInt8] = []
    var rest = Array(text.utf8)[...]
    func flush() {
      if !literal.isEmpty { parts.append(.text(literal)) }
      literal = []
    }
    while let byte = rest.first {
      if byte == UInt8(ascii: "$"), let (part, length) = Self.special(rest, pattern) {
        flush()
        parts.append(part)
        rest = rest.dropFirst(length)
      } else {
        literal.append(byte)
        rest = rest.dropFirst()
      }
    }
    flush()
    self.parts = parts
  }

  /// What a `$` begins, and how long that is; nil when it is a dollar.
  private static func special(
    _ rest: ArraySlice<UInt8>, _ pattern: Pattern
  ) -> (Part, Int)? {
    let after = rest.dropFirst()
    guard let next = after.first else { return nil }
    switch next {
    case UInt8(ascii: "$"): return (.text([next]), 2)
    case UInt8(ascii: "&"): return (.group(0), 2)
    case UInt8(ascii: "`"): return (.before, 2)
    case UInt8(ascii: "'"): return (.after, 2)
    case UInt8(ascii: "_"): return (.whole, 2)
    case UInt8(ascii: "+"): return (.lastGroup, 2)
    case UInt8(ascii: "{"):
      guard let end = after.firstIndex(of: UInt8(ascii: "}")) else { return nil }
      let name = String(decoding: after[(after.startIndex + 1)..<end], as: UTF8.self)
      guard let slot = pattern.slot(named: PatternGroupName(name)) else { return nil }
      return (.group(slot), end - rest.startIndex + 1)
    default:
      let digits = after.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
      guard let number = Int(String(decoding: digits, as: UTF8.self)),
        let slot = pattern.slot(named: .number(number))
      else { return nil }
      return (.group(slot), digits.count + 1)
    }
  }
}
