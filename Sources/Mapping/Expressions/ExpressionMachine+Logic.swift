// Branches, conditions and comparisons.

extension ExpressionMachine {
  /// The first source that has a value, the others after it are not looked at; else the constant `""`, if it is the last.
  mutating func coalesce(_ call: ExpressionCall) throws(ExpressionStop) -> ExpressionValue {
    for place in 0..<call.arguments.count {
      let value = try value(place, of: call)
      if !isEmpty(value) { return value }
    }
    let last = argument(call.arguments.count - 1, of: call)
    return last.map(isEmptyConstant) ?? false ? .text(.init(start: 0, end: 0)) : .null
  }

  mutating func unlessEmpty(_ call: ExpressionCall) throws(ExpressionStop) -> ExpressionValue {
    let value = try value(0, of: call)
    guard !isEmpty(value) else { throw .ignoreAttribute }
    return value
  }

  mutating func isNull(_ call: ExpressionCall) throws(ExpressionStop) -> Bool {
    if case .null = try value(0, of: call) { true } else { false }
  }

  mutating func isText(_ call: ExpressionCall) throws(ExpressionStop) -> Bool {
    if case .text = try value(0, of: call) { true } else { false }
  }

  /// Whether the source is `True`; all else, nothing included, is not.
  mutating func isTrue(_ call: ExpressionCall) throws(ExpressionStop) -> Bool {
    switch try value(0, of: call) {
    case .boolean(let boolean): boolean
    case .text(let piece): BooleanText.word(of: memory.span.extracting(piece.range)) == true
    default: false
    }
  }

  /// Case matters; a source without a value equals the key `""`.
  mutating func switchCase(_ call: ExpressionCall) throws(ExpressionStop) -> ExpressionValue {
    let source = try text(0, of: call) ?? .init(start: 0, end: 0)
    for place in stride(from: 2, to: call.arguments.count - 1, by: 2) {
      let key = try text(place, of: call) ?? .init(start: 0, end: 0)
      if isSame(source, key) { return try value(place + 1, of: call) }
    }
    return try value(1, of: call)
  }

  /// Looks at no more conditions than it needs.
  mutating func all(_ call: ExpressionCall, are wanted: Bool) throws(ExpressionStop) -> Bool {
    for place in 0..<call.arguments.count where try truth(place, of: call) != wanted {
      return false
    }
    return true
  }

  // MARK: - Comparison

  /// Compares as numbers or dates where both sides are that, else as texts, byte by byte.
  ///
  /// Entra fails where a side has no value, and so do we; only the constant `""` may ask for that.
  mutating func compare(
    _ comparison: ExpressionComparison, _ left: Int32, _ right: Int32, step: Int
  ) throws(ExpressionStop) -> Bool {
    let values = (try value(of: left), try value(of: right))
    if case .date(let one) = values.0, let other = moment(of: values.1) {
      return comparison.holds(one.ticks, other.ticks)
    }
    if case .date(let other) = values.1, let one = moment(of: values.0) {
      return comparison.holds(one.ticks, other.ticks)
    }
    let one = try piece(of: values.0, step: Int(left)) ?? .init(start: 0, end: 0)
    let other = try piece(of: values.1, step: Int(right)) ?? .init(start: 0, end: 0)
    if one.isEmpty || other.isEmpty {
      guard isEmptyConstant(left) || isEmptyConstant(right) else {
        throw .fault(.noValue, step: step, input: nil)
      }
    } else if let first = NumberText.value(of: memory.span.extracting(one.range)),
      let second = NumberText.value(of: memory.span.extracting(other.range)),
      isNumber(values.0) || isNumber(values.1) || !comparison.isEquality
    {
      return comparison.holds(first, second)
    }
    return comparison.holds(order(one, other), 0)
  }

  private func moment(of value: ExpressionValue) -> DateMoment? {
    switch value {
    case .date(let moment): moment
    case .text(let piece): DateText.moment(of: memory.span.extracting(piece.range))
    default: nil
    }
  }

  private func isNumber(_ value: ExpressionValue) -> Bool {
    if case .number = value { true } else { false }
  }

  private func isEmptyConstant(_ step: Int32) -> Bool {
    if case .text(let start, let end) = program.steps[Int(step)].kind {
      start == end
    } else {
      false
    }
  }

  /// Negative, zero or positive as the first comes before, with or after the second.
  private func order(
    _ left: ExpressionValue.ByteRange, _ right: ExpressionValue.ByteRange
  ) -> Int {
    for offset in 0..<min(left.count, right.count) {
      let (one, other) = (memory[Int(left.start) + offset], memory[Int(right.start) + offset])
      if one != other { return one < other ? -1 : 1 }
    }
    return left.count - right.count
  }

  // MARK: - Tables and unique values

  /// Of a list, the values of all its keys.
  mutating func lookup(_ call: ExpressionCall) throws(ExpressionStop) -> ExpressionValue {
    let key = try value(1, of: call)
    guard case .list(let keys) = key, keys.count > 1 else {
      let piece = try piece(of: key, step: call.step)
      return try lookup(piece ?? .init(start: 0, end: 0), call)
    }
    var values: [ExpressionValue.ByteRange] = []
    for index in keys {
      let value = try lookup(items[Int(index)], call)
      if let piece = try piece(of: value, step: call.step) { values.append(piece) }
    }
    let start = Int32(items.count)
    items += values
    return .list(start..<Int32(items.count))
  }

  private mutating func lookup(
    _ key: ExpressionValue.ByteRange, _ call: ExpressionCall
  ) throws(ExpressionStop) -> ExpressionValue {
    let table = program.tables[call.prepared]
    if !key.isEmpty, let value = table.values[Array(memory[key.range])] {
      return .text(append(value))
    }
    guard let step = argument(2, of: call) else {
      throw .fault(.notInTable(table.name), step: call.step, input: text(key))
    }
    return try value(of: step)
  }

  /// The first rule's value that nobody has; a rule without a value is passed over.
  mutating func uniqueValue(_ call: ExpressionCall) throws(ExpressionStop) -> ExpressionValue {
    var count = 0
    for place in 0..<call.arguments.count {
      guard let piece = try text(place, of: call), !piece.isEmpty else { continue }
      count += 1
      if !context.taken.contains(Self.folded(memory[piece.range])) { return .text(piece) }
    }
    throw .fault(count == 0 ? .noValue : .allTaken(count), step: call.step, input: nil)
  }

  static func folded(_ bytes: some Collection<UInt8>) -> [UInt8] {
    bytes.map { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) ? $0 | 0x20 : $0 }
  }
}

extension ExpressionComparison {
  fileprivate func holds(_ left: Int, _ right: Int) -> Bool {
    switch self {
    case .equal: left == right
    case .unequal: left != right
    case .greaterOrEqual: left >= right
    case .lessOrEqual: left <= right
    case .greater: left > right
    case .less: left < right
    }
  }

  fileprivate var isEquality: Bool { self == .equal || self == .unequal }
}
