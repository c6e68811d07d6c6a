import Scanning

// Letters made small, large, or plain.

extension ExpressionMachine {
  mutating func changeCase(_ call: ExpressionCall) throws(ExpressionStop) -> ExpressionValue {
    guard let source = try text(0, of: call) else { return .null }
    let isUpper = call.function == .toUpper
    let culture = LetterCulture(rawValue: call.prepared) ?? .none
    guard culture == .turkic || !isASCII(source) else {
      return changeASCII(source, isUpper: isUpper)
    }
    var made = ""
    for scalar in text(source).unicodeScalars {
      made.unicodeScalars.append(culture.mapped(scalar, isUpper: isUpper))
    }
    let start = memory.count
    memory.append(contentsOf: made.utf8)
    return try self.made(since: start, step: call.step)
  }

  /// Copies nothing where nothing changes.
  private mutating func changeASCII(
    _ source: ExpressionValue.ByteRange, isUpper: Bool
  ) -> ExpressionValue {
    let first = isUpper ? UInt8(ascii: "a") : UInt8(ascii: "A")
    guard let changed = source.range.first(where: { memory[$0] &- first < 26 }) else {
      return .text(source)
    }
    let start = memory.count
    memory.append(copyOf: source.range)
    for index in start + (changed - Int(source.start))..<memory.count {
      let letter = memory[index]
      memory[index] = letter ^ (letter &- first < 26 ? 0x20 : 0)
    }
    return .text(.init(start: Int32(start), end: Int32(memory.count)))
  }

  /// Whether there is no letter beyond ASCII; eight bytes at a time.
  func isASCII(_ piece: ExpressionValue.ByteRange) -> Bool {
    let text = memory.span
    var place = Int(piece.start)
    let end = Int(piece.end)
    while place &+ 8 <= end {
      if text.word(at: place) & 0x8080_8080_8080_8080 != 0 { return false }
      place &+= 8
    }
    while place < end {
      if text[place] >= 0x80 { return false }
      place &+= 1
    }
    return true
  }

  /// Every word begins large and goes on small.
  mutating func properCase(_ call: ExpressionCall) throws(ExpressionStop) -> ExpressionValue {
    guard let source = try text(0, of: call) else { return .null }
    let own = try text(1, of: call)
    if own == nil, isASCII(source) {
      return properCaseOfASCII(source)
    }
    let separators = own.map { Set(text($0).unicodeScalars) }
    var made = ""
    var isInWord = false
    for scalar in text(source).unicodeScalars {
      let isSeparator = separators?.contains(scalar) ?? scalar.separatesWords
      if isSeparator {
        made.unicodeScalars.append(scalar)
        isInWord = false
      } else if isInWord {
        made.unicodeScalars.append(LetterCulture.none.mapped(scalar, isUpper: false))
      } else {
        made.unicodeScalars.append(LetterCulture.none.beginning(scalar))
        // Without separators of one's own a word begins with its first letter: 3rd is 3Rd.
        isInWord = separators != nil || scalar.properties.isAlphabetic
      }
    }
    let start = memory.count
    memory.append(contentsOf: made.utf8)
    return try self.made(since: start, step: call.step)
  }

  /// Letters and digits make words, and an apostrophe within one: all else in ASCII separates them.
  private mutating func properCaseOfASCII(
    _ source: ExpressionValue.ByteRange
  ) -> ExpressionValue {
    let start = memory.count
    memory.append(copyOf: source.range)
    var isInWord = false
    for index in start..<memory.count {
      let byte = memory[index]
      if (byte | 0x20) &- UInt8(ascii: "a") < 26 {
        memory[index] = isInWord ? byte | 0x20 : byte & 0xDF
        isInWord = true
      } else if byte &- UInt8(ascii: "0") >= 10, byte != UInt8(ascii: "'") {
        isInWord = false
      }
    }
    return .text(.init(start: Int32(start), end: Int32(memory.count)))
  }

  mutating func withoutDiacritics(_ call: ExpressionCall) throws(ExpressionStop) -> ExpressionValue
  {
    guard let source = try text(0, of: call) else { return .null }
    guard !isASCII(source) else { return .text(source) }
    let made = text(source).unicodeScalars.map(Diacritics.plain).joined()
    let start = memory.count
    memory.append(contentsOf: made.utf8)
    return try self.made(since: start, step: call.step)
  }
}

extension Unicode.Scalar {
  /// What ends a word for .NET's `ToTitleCase`; an apostrophe does not.
  fileprivate var separatesWords: Bool {
    guard self != "'" else { return false }
    return switch properties.generalCategory {
    case .spaceSeparator, .lineSeparator, .paragraphSeparator, .control, .format,
      .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation,
      .initialPunctuation, .finalPunctuation, .otherPunctuation, .mathSymbol, .currencySymbol,
      .modifierSymbol, .otherSymbol:
      true
    default: false
    }
  }
}
