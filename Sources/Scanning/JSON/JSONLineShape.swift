import CScanning

/// What lines of JSON look like: what stands between two values, and where the values go.
///
/// ```
/// {"id":"7","tags":["a","b"],"on":true}
///
/// step   {"id":"       to id, a text
///        ","tags":["   to an element of tags
///        ","           to an element of tags
///        "],"on":      to on, a number or a word
///        }             to the end
/// ```
///
/// Whoever knows where a value stands knows which brackets are open, so what could once come after it can come again.
/// Only names could come twice then: every step says which ones it gives to objects that were there before.
/// What is not in the shape is left to `JSONFieldReader`: nothing has to be learnt.
package struct JSONLineShape: Sendable {
  /// Where the values of a slot go.
  package struct Target: Sendable {
    let column: Int
    let rank: UInt8
    let isFirst: Bool

    package init(column: Int, rank: UInt8, isFirst: Bool) {
      self.column = column
      self.rank = rank
      self.isFirst = isFirst
    }
  }

  /// Where a value stands.
  struct Spot: Hashable {
    /// The object or list it stands in.
    let container: Int
    /// The name of the object, or -1.
    let entry: Int32
    /// Whether what comes after it begins with a quote.
    let isText: Bool
  }

  /// An object or a list: what it stands in, and under which name, or -1.
  struct Container: Hashable {
    let parent: Int
    let entry: Int32
    let isObject: Bool
  }

  /// A name of an object.
  struct Name: Hashable {
    let container: Int
    let entry: Int32
  }

  /// More is not learnt; nor what is longer, of what stands between two values.
  static let stepLimit = 1024
  static let lengthLimit = 2048

  let columnCount: Int
  /// A longer value is left to `JSONFieldReader`.
  let valueLimit: Int

  /// The first one is none, so that zero can stand for no step.
  private(set) var steps = [rollcall_json_step_t()]
  private var spots = [rollcall_json_spot_t()]
  private var bytes = [UInt8](repeating: 0, count: Int(ROLLCALL_JSON_PADDING))
  private var deeds: [rollcall_json_deed_t] = []
  private let filters: [rollcall_json_filter_t]
  /// For each filter of the reader, where its own begin among them, and where the last one's end.
  private let filterStarts: [UInt32]
  private let targets: [rollcall_json_target_t]
  private let targetEnds: [UInt32]

  private var knownSpots: [Spot: Int] = [:]
  private var containers: [Container: Int] = [:]
  private var names: [Name: Int] = [:]
  /// The names of each container, and the containers that begin on each step.
  private var namesWithin: [rollcall_json_names_t] = []
  private var begun: [[Int]] = [[]]

  /// Makes a shape that knows nothing but where the values of each slot of `reader` go.
  package init(
    _ reader: borrowing JSONFieldReader, targets: [[Target]], columnCount: Int, valueLimit: Int
  ) {
    self.columnCount = columnCount
    self.valueLimit = valueLimit
    self.targets = targets.joined().map {
      rollcall_json_target_t(
        column: UInt32($0.column), rank: $0.rank, is_first: $0.isFirst ? 1 : 0)
    }
    var ends: [UInt32] = []
    for slot in targets { ends.append((ends.last ?? 0) + UInt32(slot.count)) }
    targetEnds = ends
    var filters: [rollcall_json_filter_t] = []
    var starts: [UInt32] = []
    for filter in reader.shape.filters {
      starts.append(UInt32(filters.count))
      for pair in filter.pairs {
        let (from, to) = reader.shape.pairs[Int(pair)]
        filters.append(
          rollcall_json_filter_t(
            slot: filter.slot, from: from, to: to, start: UInt32(filter.value.lowerBound),
            length: UInt32(filter.value.count)))
      }
    }
    self.filters = filters
    filterStarts = starts + [UInt32(filters.count)]
    // What filters want stands before what stands between values.
    bytes = reader.shape.filterValues + bytes
  }

  /// How many steps are known.
  var stepCount: Int { steps.count - 1 }

  // MARK: - What is learnt

  /// The number of an object or a list.
  mutating func number(of container: Container) -> Int {
    if let known = containers[container] { return known }
    containers[container] = namesWithin.count
    namesWithin.append(rollcall_json_names_t())
    return namesWithin.count - 1
  }

  /// The number of a name; nil where there are too many.
  mutating func number(of name: Name) -> Int? {
    if let known = names[name] { return known }
    let number = names.count
    guard number < Int(ROLLCALL_JSON_NAMES) else { return nil }
    names[name] = number
    namesWithin[name.container].insert(number)
    for (step, containers) in begun.enumerated() where containers.contains(name.container) {
      steps[step].freed.insert(number)
    }
    return number
  }

  /// Takes note of a step, unless it is known.
  ///
  /// - Returns: the number of the spot that it leads to; nil where there are too many steps.
  mutating func add(_ step: JSONLineStep, of text: ArraySlice<UInt8>, from spot: Int) -> Int? {
    var known = Int(spots[spot].first)
    while known != 0 {
      let start = Int(steps[known].start)
      if bytes[start..<start + Int(steps[known].length)].elementsEqual(text) {
        return Int(steps[known].spot)
      }
      known = Int(steps[known].other)
    }
    guard steps.count < Self.stepLimit, text.count <= Self.lengthLimit else { return nil }
    var entry = rollcall_json_step_t()
    let end = bytes.count - Int(ROLLCALL_JSON_PADDING)
    entry.start = UInt32(end)
    entry.length = UInt32(text.count)
    entry.quotes = UInt32(text.count { $0 == UInt8(ascii: "\"") })
    entry.next = step.next
    entry.slot = step.slot
    entry.spot = UInt32(step.target.map { number(of: $0) } ?? 0)
    entry.deed = UInt32(deeds.count)
    deeds += step.deeds.map { deed($0) }
    entry.deed_end = UInt32(deeds.count)
    for name in step.added { entry.added.insert(name) }
    for name in step.named { entry.named.insert(name) }
    for container in step.begun { entry.freed.formUnion(namesWithin[container]) }
    entry.other = spots[spot].first
    bytes.insert(contentsOf: text, at: end)
    spots[spot].first = UInt32(steps.count)
    steps.append(entry)
    begun.append(step.begun)
    return Int(entry.spot)
  }

  private mutating func number(of spot: Spot) -> Int {
    if let known = knownSpots[spot] { return known }
    knownSpots[spot] = spots.count
    spots.append(rollcall_json_spot_t())
    return spots.count - 1
  }

  private func deed(_ deed: JSONLineStep.Deed) -> rollcall_json_deed_t {
    switch deed {
    case .open: rollcall_json_deed_t(deed: UInt32(ROLLCALL_JSON_OPEN), first: 0, last: 0)
    case .close(let range):
      rollcall_json_deed_t(
        deed: UInt32(ROLLCALL_JSON_CLOSE), first: filterStarts[range.lowerBound],
        last: filterStarts[range.upperBound])
    case .nothing(let slot):
      rollcall_json_deed_t(
        deed: UInt32(ROLLCALL_JSON_NOTHING), first: UInt32(slot), last: 0)
    }
  }

  // MARK: - Tables

  /// Calls with the tables as C reads them.
  mutating func withTables<Result>(
    _ body: (UnsafePointer<rollcall_json_shape_t>) -> Result
  ) -> Result {
    // SAFETY: all arrays stay as they are until the call ends.
    unsafe spots.withUnsafeMutableBufferPointer { spots in
      unsafe steps.withUnsafeBufferPointer { steps in
        unsafe bytes.withUnsafeBufferPointer { bytes in
          unsafe deeds.withUnsafeBufferPointer { deeds in
            unsafe filters.withUnsafeBufferPointer { filters in
              unsafe targets.withUnsafeBufferPointer { targets in
                unsafe targetEnds.withUnsafeBufferPointer { ends in
                  var shape = unsafe rollcall_json_shape_t(
                    steps: steps.baseAddress, spots: spots.baseAddress, bytes: bytes.baseAddress,
                    deeds: deeds.baseAddress, filters: filters.baseAddress,
                    targets: targets.baseAddress, target_ends: ends.baseAddress,
                    slot_count: ends.count, column_count: columnCount, value_limit: valueLimit)
                  return unsafe body(&shape)
                }
              }
            }
          }
        }
      }
    }
  }
}

/// What stands between two values, as it is learnt.
struct JSONLineStep {
  /// What happens on the way.
  enum Deed {
    /// An object begins whose values filters look at.
    case open
    /// It ends.
    case close(filters: Range<Int>)
    /// A list without elements comes.
    case nothing(slot: Int32)
  }

  /// The kind of the value, and where it goes.
  var next: UInt32 = 0
  var slot: Int32 = -1
  /// Where it stands; nil for the end of the line.
  var target: JSONLineShape.Spot?
  var deeds: [Deed] = []
  /// Names given to objects that were there before, and all names on the way.
  var added: [Int] = []
  var named: [Int] = []
  /// Objects that begin on the way.
  var begun: [Int] = []
}

extension rollcall_json_names_t {
  fileprivate mutating func insert(_ name: Int) {
    if name < 64 { words.0 |= 1 << UInt64(name) } else { words.1 |= 1 << UInt64(name - 64) }
  }

  fileprivate mutating func formUnion(_ other: rollcall_json_names_t) {
    words.0 |= other.words.0
    words.1 |= other.words.1
  }
}
