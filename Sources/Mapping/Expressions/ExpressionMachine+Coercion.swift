// What a value is taken for where a text, a number, a date or a truth is asked for.

extension ExpressionMachine {
  /// The step of an argument; nil where it was left out.
  func argument(_ place: Int, of call: ExpressionCall) -> Int32? {
    guard place < call.arguments.count else { return nil }
    let step = program.givenArguments[Int(call.arguments.lowerBound) + place]
    return step < 0 ? nil : step
  }

  mutating func value(_ place: Int, of call: ExpressionCall) throws(ExpressionStop)
    -> ExpressionValue
  {
    guard let step = argument(place, of: call) else { return .null }
    return try value(of: step)
  }

  /// Nil for null; a list of one value is that value.
  mutating func piece(
    of value: ExpressionValue, step: Int
  ) throws(ExpressionStop) -> ExpressionValue.ByteRange? {
    switch value {
    case .null: return nil
    case .text(let piece): return piece
    case .number(let number): return append(number)
    case .boolean(let boolean): return append((boolean ? "True" : "False").utf8)
    case .date(let moment):
      let start = Int32(memory.count)
      DateText.append(moment, to: &memory)
      return .init(start: start, end: Int32(memory.count))
    case .list(let range):
      guard range.count <= 1 else {
        throw .fault(.severalValues(range.count), step: step, input: nil)
      }
      return range.isEmpty ? nil : items[Int(range.lowerBound)]
    }
  }

  /// The argument as a text; nil for null and where it was left out.
  mutating func text(
    _ place: Int, of call: ExpressionCall
  ) throws(ExpressionStop) -> ExpressionValue.ByteRange? {
    guard let step = argument(place, of: call) else { return nil }
    return try piece(of: try value(of: step), step: Int(step))
  }

  private mutating func append(_ number: Int) -> ExpressionValue.ByteRange {
    let start = Int32(memory.count)
    if number < 0 { memory.append(UInt8(ascii: "-")) }
    var rest = number.magnitude
    let first = memory.count
    repeat {
      memory.append(UInt8(ascii: "0") + UInt8(rest % 10))
      rest /= 10
    } while rest > 0
    memory[first...].reverse()
    return .init(start: start, end: Int32(memory.count))
  }

  mutating func number(_ place: Int, of call: ExpressionCall) throws(ExpressionStop) -> Int {
    guard let step = argument(place, of: call) else {
      throw .fault(.noValue, step: call.step, input: nil)
    }
    guard let number = try number(of: step, call) else {
      throw .fault(.noValue, step: call.step, input: nil)
    }
    return number
  }

  /// Nil for nothing.
  mutating func number(of step: Int32, _ call: ExpressionCall) throws(ExpressionStop) -> Int? {
    let value = try value(of: step)
    if case .number(let number) = value { return number }
    guard let piece = try piece(of: value, step: Int(step)), !piece.isEmpty else { return nil }
    let bytes = memory.span.extracting(piece.range)
    guard let number = NumberText.value(of: bytes) else {
      throw .fault(
        NumberText.isNumber(bytes) ? .numberTooLarge : .notANumber, step: call.step,
        input: text(piece))
    }
    return number
  }

  /// Nil for nothing: of a date that is not there, nothing comes, and nobody is set aside for it.
  mutating func moment(
    _ place: Int, of call: ExpressionCall
  ) throws(ExpressionStop) -> DateMoment? {
    guard let step = argument(place, of: call) else { return nil }
    let value = try value(of: step)
    if case .date(let moment) = value { return moment }
    guard let piece = try piece(of: value, step: Int(step)), !piece.isEmpty else { return nil }
    guard let moment = DateText.moment(of: memory.span.extracting(piece.range)) else {
      throw .fault(.notADate, step: call.step, input: text(piece))
    }
    return moment
  }

  mutating func truth(_ place: Int, of call: ExpressionCall) throws(ExpressionStop) -> Bool {
    guard let step = argument(place, of: call) else {
      throw .fault(.noValue, step: call.step, input: nil)
    }
    let value = try value(of: step)
    switch value {
    case .boolean(let boolean): return boolean
    case .number(let number): return number != 0
    default:
      guard let piece = try piece(of: value, step: Int(step)), !piece.isEmpty else {
        throw .fault(.noValue, step: call.step, input: nil)
      }
      guard let truth = BooleanText.value(of: memory.span.extracting(piece.range)) else {
        throw .fault(.notTrueOrFalse, step: call.step, input: text(piece))
      }
      return truth
    }
  }

  /// Whether there is nothing to see: null, an empty text, a list without values.
  func isEmpty(_ value: ExpressionValue) -> Bool {
    switch value {
    case .null: true
    case .text(let piece): piece.isEmpty
    case .list(let range): range.isEmpty
    case .number, .boolean, .date: false
    }
  }

  func isSame(_ left: ExpressionValue.ByteRange, _ right: ExpressionValue.ByteRange) -> Bool {
    guard left.count == right.count else { return false }
    var (one, other) = (Int(left.start), Int(right.start))
    while one < Int(left.end) {
      if memory[one] != memory[other] { return false }
      one += 1
      other += 1
    }
    return true
  }
}
