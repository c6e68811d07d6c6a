import Scanning

/// Runs one program over record after record.
///
/// ```
/// memory     | constants of the program | cells of this record | what its functions made |
/// ```
///
/// A value is a place in that memory, so a record costs no allocation once the memory has grown to what records need.
struct ExpressionMachine {
  /// What differs from run to run, not from record to record.
  struct Context: Sendable {
    var now: DateMoment
    /// Whether a value that `SelectUniqueValue` might give is somebody else's; folded bytes.
    var taken: Set<[UInt8]> = []
  }

  /// The longest text a part may come to; a mapping that makes more is a mistake, or an attack.
  static let lengthLimit = 1 << 16

  /// Bytes that may stand in the memory from earlier records; what is worked on stays in the processor's cache.
  static let keptMemory = 1 << 13

  let program: ExpressionProgram
  private let constantCount: Int
  let context: Context
  var memory: [UInt8]
  var items: [ExpressionValue.ByteRange] = []
  var matcher = PatternMatcher()
  var random: SeededBits
  private(set) var inputs: [Input]
  /// What every step came to, when it is recorded.
  private(set) var trace: ExpressionTrace?

  /// A column of the record at hand.
  enum Input {
    case value(ExpressionValue)
    case unknown
  }

  init(_ program: ExpressionProgram, context: Context, isTraced: Bool = false) {
    self.program = program
    self.context = context
    memory = program.constants
    constantCount = program.constants.count
    inputs = Array(repeating: .value(.null), count: program.columns.count)
    random = SeededBits(seed: 0)
    if isTraced { trace = ExpressionTrace(count: program.steps.count) }
  }

  // MARK: - Input

  /// Forgets the last record.
  mutating func begin(seed: UInt64) {
    // What records made is thrown away for some hundred of them together: cutting an array short costs as much as
    // filling it with one of their values.
    let made = memory.count - constantCount
    if made > Self.keptMemory { memory.removeLast(made) }
    if !items.isEmpty { items.removeAll(keepingCapacity: true) }
    random = SeededBits(seed: seed)
    for index in inputs.indices { inputs[index] = .value(.null) }
  }

  /// An empty cell is a column without a value, as the export of a directory has it.
  mutating func setInput(_ column: Int, _ cell: Span<UInt8>) {
    guard !cell.isEmpty else { return }
    let start = Int32(memory.count)
    memory.append(copying: cell)
    inputs[column] = .value(.text(.init(start: start, end: Int32(memory.count))))
  }

  mutating func setInput(_ column: Int, list: [[UInt8]]) {
    let start = Int32(items.count)
    for value in list { items.append(append(value)) }
    inputs[column] = .value(.list(start..<Int32(items.count)))
  }

  /// `true` or `false` of JSON, which is no text: it prints as `True` and `False`, as in Entra.
  mutating func setInput(_ column: Int, truth: Bool) {
    inputs[column] = .value(.boolean(truth))
  }

  mutating func setInputEmpty(_ column: Int) {
    inputs[column] = .value(.text(.init(start: 0, end: 0)))
  }

  mutating func setInputUnknown(_ column: Int) {
    inputs[column] = .unknown
  }

  // MARK: - Running

  mutating func run() throws(ExpressionStop) -> ExpressionValue {
    try value(of: Int32(program.root))
  }

  /// The value of one step.
  mutating func value(of step: Int32) throws(ExpressionStop) -> ExpressionValue {
    guard trace != nil else { return try evaluate(Int(step)) }
    do {
      let value = try evaluate(Int(step))
      let result = result(of: value)
      trace?.record(result, at: Int(step))
      return value
    } catch {
      trace?.record(error, at: Int(step))
      throw error
    }
  }

  private mutating func evaluate(_ step: Int) throws(ExpressionStop) -> ExpressionValue {
    switch program.steps[step].kind {
    case .text(let start, let end): return .text(.init(start: start, end: end))
    case .number(let number): return .number(number)
    case .missing: return .null
    case .column(let column):
      guard case .value(let value) = inputs[column] else {
        throw .unknownInput(column: column)
      }
      return value
    case .assignedRoles(let column): return try assignedRoles(of: column, step: step)
    case .word(let word): throw word == .ignoreObjectFlow ? .ignoreObject : .ignoreAttribute
    case .comparison(let comparison, let left, let right):
      return .boolean(try compare(comparison, left, right, step: step))
    case .concatenation(let left, let right):
      let sides = (try value(of: left), try value(of: right))
      return try concatenate(sides.0, sides.1, step: step)
    case .call(let function, let arguments, let prepared):
      return try call(
        ExpressionCall(
          function: function, step: step, arguments: arguments, prepared: Int(prepared)))
    }
  }

  // MARK: - Memory

  mutating func append(_ bytes: some Collection<UInt8>) -> ExpressionValue.ByteRange {
    let start = Int32(memory.count)
    memory.append(contentsOf: bytes)
    return .init(start: start, end: Int32(memory.count))
  }

  /// Copies a piece of the memory to its end.
  mutating func copy(_ piece: ExpressionValue.ByteRange) {
    memory.append(copyOf: piece.range)
  }

  /// What has been added since `start`.
  func made(since start: Int, step: Int) throws(ExpressionStop) -> ExpressionValue {
    guard memory.count - start <= Self.lengthLimit else {
      throw .fault(.resultTooLong(limit: Self.lengthLimit), step: step, input: nil)
    }
    return .text(.init(start: Int32(start), end: Int32(memory.count)))
  }

  func text(_ piece: ExpressionValue.ByteRange) -> String {
    String(decoding: memory[piece.range], as: UTF8.self)
  }

  // MARK: - Results

  func result(of value: ExpressionValue) -> ExpressionResult {
    switch value {
    case .null: .null
    case .text(let piece): .text(text(piece))
    case .number(let number): .number(number)
    case .boolean(let boolean): .boolean(boolean)
    case .date(let moment):
      .date(String(decoding: Self.bytes(of: moment), as: UTF8.self))
    case .list(let range): .list(items[Int(range.lowerBound)..<Int(range.upperBound)].map(text))
    }
  }

  static func bytes(of moment: DateMoment) -> [UInt8] {
    var bytes: [UInt8] = []
    DateText.append(moment, to: &bytes)
    return bytes
  }

  func fault(_ stop: ExpressionFault.Kind, step: Int, input: String?) -> ExpressionFault {
    ExpressionFault(kind: stop, range: program.steps[step].range, input: input)
  }
}

/// One call: what is called, with which steps.
struct ExpressionCall {
  let function: ExpressionFunction
  let step: Int
  let arguments: Range<Int32>
  let prepared: Int
}

/// What every step of a program came to.
struct ExpressionTrace {
  enum Entry {
    case value(ExpressionResult)
    case stop(ExpressionStop)
  }

  private(set) var entries: [Entry?]

  init(count: Int) {
    entries = Array(repeating: nil, count: count)
  }

  mutating func record(_ result: ExpressionResult, at step: Int) {
    entries[step] = .value(result)
  }

  mutating func record(_ stop: ExpressionStop, at step: Int) {
    entries[step] = .stop(stop)
  }
}

/// Bits that look random and are the same for the same seed (SplitMix64).
struct SeededBits: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) {
    state = seed
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var bits = state
    bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
    return bits ^ (bits >> 31)
  }
}
