// Escapes and classes: what one place of the text may be.

extension PatternParser {
  /// After the backslash, outside a class.
  mutating func escape(from start: Int) throws(PatternProblem) -> PatternNode {
    guard let scalar = next else { throw problem(.badEscape("\\"), at: start) }
    let assertions: [Unicode.Scalar: PatternAssertion] = [
      "A": .textStart, "z": .textEnd, "Z": .lastLineEnd, "b": .wordBoundary, "B": .noWordBoundary,
      "G": .searchStart,
    ]
    if let assertion = assertions[scalar] {
      place += 1
      return .assertion(assertion)
    }
    if ("1"..."9").contains(scalar), let number = number() {
      return .reference(.number(number), foldsCase: options.foldsCase)
    }
    if take("k") {
      return .reference(try referenceName(from: start), foldsCase: options.foldsCase)
    }
    if let set = try namedSet(from: start) { return .one(set) }
    return .one(ScalarSet(try escapedScalar(from: start), foldsCase: options.foldsCase))
  }

  /// `\d`, `\W`, `\p{Lu}`; nil when the escape is a letter.
  private mutating func namedSet(from start: Int) throws(PatternProblem) -> ScalarSet? {
    let sets: [Unicode.Scalar: ScalarSet] = [
      "d": .digits, "D": ScalarSet.digits.negated, "w": .wordScalars,
      "W": ScalarSet.wordScalars.negated, "s": .spaces, "S": ScalarSet.spaces.negated,
    ]
    guard let scalar = next else { return nil }
    if let set = sets[scalar] {
      place += 1
      return set
    }
    guard scalar == "p" || scalar == "P" else { return nil }
    place += 1
    guard take("{") else { throw problem(.badEscape("\\\(scalar)"), at: start) }
    var name = ""
    while let next, next != "}" {
      name.unicodeScalars.append(next)
      place += 1
    }
    if next == "}", name.hasPrefix("Is") { throw problem(.block(name), at: start) }
    guard take("}"), let property = ScalarSet.Property(named: name) else {
      throw problem(.unknownCategory(name), at: start)
    }
    let set = ScalarSet(properties: [property])
    return scalar == "p" ? set : set.negated
  }

  /// `\t`, `\x41`, `\u0041`, `\.`; a letter without a meaning is refused, as in .NET.
  private mutating func escapedScalar(from start: Int) throws(PatternProblem) -> Unicode.Scalar {
    guard let scalar = next else { throw problem(.badEscape("\\"), at: start) }
    place += 1
    let controls: [Unicode.Scalar: Unicode.Scalar] = [
      "t": "\t", "n": "\n", "r": "\r", "f": "\u{0C}", "v": "\u{0B}", "a": "\u{07}", "e": "\u{1B}",
      "0": "\0",
    ]
    if let control = controls[scalar] { return control }
    switch scalar {
    case "x": return try hexadecimal(2, from: start)
    case "u": return try hexadecimal(4, from: start)
    case "c":
      guard let letter = next, ("@"..."_").contains(letter) || ("a"..."z").contains(letter) else {
        throw problem(.badEscape("\\c"), at: start)
      }
      place += 1
      return Unicode.Scalar(UInt8(letter.value & 0x1F))
    default:
      guard !ScalarSet.wordScalars.contains(scalar) || scalar == "_" else {
        throw problem(.badEscape("\\\(scalar)"), at: start)
      }
      return scalar
    }
  }

  private mutating func hexadecimal(
    _ count: Int, from start: Int
  ) throws(PatternProblem) -> Unicode.Scalar {
    var digits = ""
    while digits.utf8.count < count, let next, next.properties.isASCIIHexDigit {
      digits.unicodeScalars.append(next)
      place += 1
    }
    guard digits.utf8.count == count, let value = UInt32(digits, radix: 16),
      let scalar = Unicode.Scalar(value)
    else { throw problem(.badEscape("\\x"), at: start) }
    return scalar
  }

  // MARK: - Classes

  /// After the opening bracket.
  mutating func scalarClass(from start: Int) throws(PatternProblem) -> ScalarSet {
    let isNegated = take("^")
    var set = ScalarSet(foldsCase: options.foldsCase)
    var parts: [ScalarSet] = []
    var subtracted: ScalarSet?
    var isFirst = true
    while let scalar = next, isFirst || scalar != "]" {
      isFirst = false
      if scalar == "-", peek(1) == "[" {
        let inner = place + 1
        place += 2
        subtracted = try scalarClass(from: inner)
        guard next == "]" else { throw problem(.classNotClosed, at: start) }
        break
      }
      if scalar == "\\" {
        let escape = place
        place += 1
        if let named = try namedSet(from: escape) {
          parts.append(named)
          continue
        }
        place = escape
      }
      set = set.union(try range())
    }
    guard take("]") else { throw problem(.classNotClosed, at: start) }
    for part in parts { set = set.uniting(part) }
    if isNegated { set = set.negated }
    return subtracted.map { set.subtracting($0) } ?? set
  }

  private mutating func range() throws(PatternProblem) -> ScalarSet {
    let start = place
    let first = try classScalar()
    guard next == "-", let after = peek(1), after != "]", after != "[" else {
      return ScalarSet(first)
    }
    place += 1
    let last = try classScalar()
    guard first.value <= last.value else { throw problem(.reversedRange, at: start) }
    return ScalarSet(ranges: [first.value...last.value])
  }

  private mutating func classScalar() throws(PatternProblem) -> Unicode.Scalar {
    let start = place
    guard let scalar = next else { throw problem(.classNotClosed, at: start) }
    place += 1
    guard scalar == "\\" else { return scalar }
    // In a class `\b` is the backspace.
    if take("b") { return "\u{08}" }
    return try escapedScalar(from: start)
  }
}

extension ScalarSet {
  /// Both together, where the other one may be a set's opposite.
  fileprivate func uniting(_ other: ScalarSet) -> ScalarSet {
    // What is left of everything without the one and without the other is in neither.
    ScalarSet.everything.subtracting(self).subtracting(other).negated
  }
}
