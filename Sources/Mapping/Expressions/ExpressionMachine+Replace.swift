// The five things `Replace` can be asked for.

extension ExpressionMachine {
  mutating func replace(_ call: ExpressionCall) throws(ExpressionStop) -> ExpressionValue {
    let source = try text(0, of: call)
    switch program.replacements[call.prepared] {
    case .text:
      guard let source else { return .null }
      let old = try text(1, of: call) ?? .init(start: 0, end: 0)
      let new = try text(4, of: call) ?? .init(start: 0, end: 0)
      return try replaceAll(old, by: new, in: source, call)
    case .template:
      guard let source, !source.isEmpty else { return .null }
      let old = try text(1, of: call) ?? .init(start: 0, end: 0)
      let template = try text(6, of: call) ?? .init(start: 0, end: 0)
      return try replaceAll(old, by: source, in: template, call)
    case .pattern(let pattern, let constant):
      guard let source else { return .null }
      let parts: [PatternReplacement.Part]
      if let constant {
        parts = constant.parts
      } else {
        let new = try text(4, of: call).map(text) ?? ""
        parts = PatternReplacement(new, for: pattern).parts
      }
      return try replaceMatches(of: pattern, in: source, call) { machine, source in
        machine.append(parts, source)
      }
    case .group(let pattern, let slot):
      guard let source else { return .null }
      let new = try text(4, of: call) ?? .init(start: 0, end: 0)
      return try replaceMatches(of: pattern, in: source, call) { machine, source in
        machine.appendMatch(source, replacing: slot, by: new)
      }
    case .otherColumn(let pattern, let slot):
      if let source, !source.isEmpty { return .text(source) }
      guard let other = try text(5, of: call), !other.isEmpty else { return .null }
      guard try find(pattern, in: other, from: 0, call), let range = matcher.range(of: slot) else {
        return .null
      }
      return .text(piece(range, of: other))
    }
  }

  private func piece(
    _ range: Range<Int>, of source: ExpressionValue.ByteRange
  ) -> ExpressionValue.ByteRange {
    .init(
      start: source.start + Int32(range.lowerBound), end: source.start + Int32(range.upperBound))
  }

  private mutating func replaceAll(
    _ old: ExpressionValue.ByteRange, by new: ExpressionValue.ByteRange,
    in source: ExpressionValue.ByteRange, _ call: ExpressionCall
  ) throws(ExpressionStop) -> ExpressionValue {
    guard !old.isEmpty, var found = find(old, in: source, foldsCase: false) else {
      return .text(source)
    }
    let start = memory.count
    var rest = source
    while true {
      copy(.init(start: rest.start, end: Int32(found)))
      copy(new)
      rest.start = Int32(found) + Int32(old.count)
      guard memory.count - start <= Self.lengthLimit,
        let next = find(old, in: rest, foldsCase: false)
      else { break }
      found = next
    }
    copy(rest)
    return try made(since: start, step: call.step)
  }

  private mutating func find(
    _ pattern: Pattern, in source: ExpressionValue.ByteRange, from start: Int,
    _ call: ExpressionCall
  ) throws(ExpressionStop) -> Bool {
    // Out of the machine while it looks into the machine's memory, so that neither is copied.
    var matcher = PatternMatcher()
    swap(&matcher, &self.matcher)
    defer { swap(&matcher, &self.matcher) }
    do {
      return try matcher.find(pattern, in: memory.span.extracting(source.range), from: start)
    } catch {
      throw .fault(.patternTooSlow, step: call.step, input: text(source))
    }
  }

  /// Every match from left to right; after an empty one a letter is passed over.
  private mutating func replaceMatches(
    of pattern: Pattern, in source: ExpressionValue.ByteRange, _ call: ExpressionCall,
    by appendReplacement: (inout ExpressionMachine, ExpressionValue.ByteRange) -> Void
  ) throws(ExpressionStop) -> ExpressionValue {
    guard try find(pattern, in: source, from: 0, call) else { return .text(source) }
    let start = memory.count
    var copied = 0
    repeat {
      guard let match = matcher.range(of: 0) else { break }
      copy(piece(copied..<match.lowerBound, of: source))
      appendReplacement(&self, source)
      copied = match.upperBound
      var next = match.upperBound
      if match.isEmpty {
        guard next < source.count else { break }
        next += memory.span.extracting(source.range).scalarLength(at: next)
      }
      guard memory.count - start <= Self.lengthLimit else { break }
      guard try find(pattern, in: source, from: next, call) else { break }
    } while true
    copy(piece(copied..<source.count, of: source))
    return try made(since: start, step: call.step)
  }

  private mutating func append(
    _ parts: [PatternReplacement.Part], _ source: ExpressionValue.ByteRange
  ) {
    let match = matcher.range(of: 0) ?? 0..<0
    for part in parts {
      switch part {
      case .text(let bytes): memory.append(contentsOf: bytes)
      case .group(let slot):
        if let range = matcher.range(of: slot) { copy(piece(range, of: source)) }
      case .before: copy(piece(0..<match.lowerBound, of: source))
      case .after: copy(piece(match.upperBound..<source.count, of: source))
      case .whole: copy(source)
      case .lastGroup:
        if let range = matcher.lastGroup { copy(piece(range, of: source)) }
      }
    }
  }

  /// The match with one group's part replaced; as it stands where the group took no part.
  private mutating func appendMatch(
    _ source: ExpressionValue.ByteRange, replacing slot: Int, by new: ExpressionValue.ByteRange
  ) {
    guard let match = matcher.range(of: 0) else { return }
    guard let group = matcher.range(of: slot), group.lowerBound >= match.lowerBound,
      group.upperBound <= match.upperBound
    else { return copy(piece(match, of: source)) }
    copy(piece(match.lowerBound..<group.lowerBound, of: source))
    copy(new)
    copy(piece(group.upperBound..<match.upperBound, of: source))
  }
}
