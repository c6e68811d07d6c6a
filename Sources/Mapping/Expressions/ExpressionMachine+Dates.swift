// Functions of dates. All times are UTC.

extension ExpressionMachine {
  /// The checker has seen to it that the word is one.
  private func interval(of call: ExpressionCall) -> DateInterval {
    guard let step = argument(0, of: call),
      case .text(let start, let end) = program.steps[Int(step)].kind
    else { return .day }
    return DateInterval(rawValue: text(.init(start: start, end: end))) ?? .day
  }

  mutating func dateAdd(_ call: ExpressionCall) throws(ExpressionStop) -> ExpressionValue {
    let count = try number(1, of: call)
    guard let start = try moment(2, of: call) else { return .null }
    guard let moment = interval(of: call).add(count, to: start) else {
      throw .fault(.outOfRange, step: call.step, input: "\(count)")
    }
    return .date(moment)
  }

  mutating func dateDiff(_ call: ExpressionCall) throws(ExpressionStop) -> ExpressionValue {
    guard let first = try moment(1, of: call), let second = try moment(2, of: call) else {
      return .null
    }
    return .number(interval(of: call).count(from: first, to: second))
  }

  mutating func dateFromNumber(_ call: ExpressionCall) throws(ExpressionStop) -> ExpressionValue {
    guard let step = argument(0, of: call), let number = try number(of: step, call) else {
      return .null
    }
    let (ticks, overflows) = number.addingReportingOverflow(DateMoment.fileTimeZero)
    guard !overflows, number >= 0, let moment = DateMoment(ticks: ticks) else {
      throw .fault(.outOfRange, step: call.step, input: "\(number)")
    }
    return .date(moment)
  }

  /// File times begin in 1601.
  mutating func fileTime(_ call: ExpressionCall) throws(ExpressionStop) -> ExpressionValue {
    guard let moment = try moment(0, of: call) else { return .null }
    guard moment.fileTime >= 0 else {
      throw .fault(
        .outOfRange, step: call.step,
        input: String(decoding: Self.bytes(of: moment), as: UTF8.self))
    }
    return .number(moment.fileTime)
  }

  mutating func formatDate(_ call: ExpressionCall) throws(ExpressionStop) -> ExpressionValue {
    let plan = program.formats[call.prepared]
    guard let step = argument(0, of: call) else { return .null }
    let value = try value(of: step)
    let moment: DateMoment
    if case .date(let known) = value {
      moment = known
    } else {
      guard let piece = try piece(of: value, step: Int(step)), !piece.isEmpty else {
        return .null
      }
      guard
        let read = plan.input.moment(
          of: memory.span.extracting(piece.range), trimsBlanks: plan.trimsBlanks)
      else {
        throw .fault(.notInFormat(plan.input.text), step: call.step, input: text(piece))
      }
      moment = read
    }
    let start = memory.count
    plan.output.append(moment, to: &memory)
    return try made(since: start, step: call.step)
  }
}
