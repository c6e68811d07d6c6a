// Functions of columns with several values.

extension ExpressionMachine {
  /// The values of an argument; one text is a list of one.
  mutating func list(_ place: Int, of call: ExpressionCall) throws(ExpressionStop) -> Range<Int32> {
    guard let step = argument(place, of: call) else { return 0..<0 }
    let value = try value(of: step)
    if case .list(let range) = value { return range }
    let start = Int32(items.count)
    if let piece = try piece(of: value, step: Int(step)), !piece.isEmpty { items.append(piece) }
    return start..<Int32(items.count)
  }

  /// Counts from 1; an item that is not there is an error, not an empty text, but of nothing comes nothing.
  mutating func item(_ call: ExpressionCall) throws(ExpressionStop) -> ExpressionValue {
    let list = try list(0, of: call)
    let index = try number(1, of: call)
    guard !list.isEmpty else { return .null }
    guard (1...Int(Int32.max)).contains(index), index <= list.count else {
      throw .fault(.noSuchItem(index: index, count: list.count), step: call.step, input: nil)
    }
    return .text(items[Int(list.lowerBound) + index - 1])
  }

  /// Blanks around the parts are left out, as Entra's example has it.
  mutating func split(_ call: ExpressionCall) throws(ExpressionStop) -> ExpressionValue {
    guard let source = try text(0, of: call), !source.isEmpty else { return .null }
    let delimiter = try text(1, of: call) ?? .init(start: 0, end: 0)
    let start = Int32(items.count)
    var rest = source
    while !delimiter.isEmpty, let found = find(delimiter, in: rest, foldsCase: false) {
      items.append(trimmed(.init(start: rest.start, end: Int32(found))))
      rest.start = Int32(found) + Int32(delimiter.count)
    }
    items.append(trimmed(rest))
    return .list(start..<Int32(items.count))
  }

  mutating func withoutDuplicates(_ call: ExpressionCall) throws(ExpressionStop) -> ExpressionValue
  {
    let list = try list(0, of: call)
    var seen: Set<[UInt8]> = []
    let start = Int32(items.count)
    for index in list where seen.insert(Array(memory[items[Int(index)].range])).inserted {
      items.append(items[Int(index)])
    }
    return .list(start..<Int32(items.count))
  }

  /// Entra supports it for people with one role only.
  mutating func singleRole(_ call: ExpressionCall) throws(ExpressionStop) -> ExpressionValue {
    let list = try list(0, of: call)
    guard list.count <= 1 else {
      throw .fault(.severalValues(list.count), step: call.step, input: nil)
    }
    return list.isEmpty ? .null : .text(items[Int(list.lowerBound)])
  }
}
