/// A regular expression, compiled once and matched over UTF-8 bytes.
///
/// ```
/// let pattern = try Pattern(#"\+(?<code>\d+) (?<rest>.*)"#)
/// pattern.slot(named: .name("code"))     1
/// ```
///
/// An engine of our own, because expressions are somebody else's input: the ones at hand have no bound on
/// the time one match takes, and Swift's reads another dialect. Decision 0007 has the comparison.
///
/// A class, so that a record costs one reference count and not one for each of its tables.
package final class Pattern: Sendable {
  /// One instruction; the numbers are places in `steps`.
  enum Step {
    case byte(UInt8)
    /// One scalar of a set; its ASCII part stands in the step, where nothing has to be retained to look at it.
    case set(ASCIISet, rest: Int32)
    /// As many scalars of a set as there are, then one fewer, and so on.
    ///
    /// `loop` is the loop's own number; `group`, unless it is zero, is the group that every single scalar fills,
    /// as in `(.)*`: the last one taken is what stays in it.
    case run(ASCIISet, rest: Int32, loop: Int32, group: Int32)
    /// Tries the first; if that comes to nothing, the second.
    case fork(Int, Int)
    case jump(Int)
    case save(Int)
    case assertion(PatternAssertion)
    /// Leaves a loop whose body took nothing since the register was saved.
    case progress(register: Int, exit: Int)
    /// The steps up to the next `accept`, looked at without moving; goes on at `next`.
    case look(isAhead: Bool, isNegated: Bool, next: Int)
    case atomic(next: Int)
    case reference(slot: Int, foldsCase: Bool)
    case accept
  }

  static let sizeLimit = 4000

  package let text: String
  let steps: [Step]
  let sets: [ScalarSet]
  /// Which steps can be come to in more than one way; all others are come to from the step before them only.
  let joins: [Bool]
  /// Captures and loop registers: two for the whole match, two to a group, then one to a loop.
  let registerCount: Int
  let runCount: Int
  /// Whether a place in the steps and one in the text say all there is to say, so that what came to nothing
  /// once is never tried again.
  let isRegular: Bool
  /// What a match may begin with, as far as it is one set of scalars.
  let firstSet: ScalarSet?
  let firstASCII: ASCIISet?
  /// Whether every match begins where the text does.
  let isAnchored: Bool
  private let names: [String?]

  package init(_ text: String) throws(PatternProblem) {
    var parser = PatternParser(text)
    let node = try parser.pattern()
    self.text = text
    names = parser.names
    var compiler = PatternCompiler(names: parser.names)
    try compiler.compile(node)
    steps = compiler.steps
    sets = compiler.sets
    joins = PatternCompiler.joins(of: compiler.steps)
    registerCount = compiler.registerCount
    runCount = compiler.runCount
    isRegular = compiler.isRegular
    firstSet = node.firstSet
    firstASCII = firstSet?.ascii
    isAnchored = node.isAnchored
  }

  var groupCount: Int { names.count }

  package var groupNames: [String] { names.compactMap(\.self) }

  /// Our number of a group: .NET counts groups without names first, then those with names.
  func slot(named name: PatternGroupName) -> Int? {
    PatternCompiler.slot(named: name, among: names)
  }

  package func hasGroup(named name: String) -> Bool { slot(named: PatternGroupName(name)) != nil }
}

extension PatternNode {
  /// The set that every match begins with; nil where that is not one set.
  fileprivate var firstSet: ScalarSet? {
    switch self {
    case .one(let set): set
    case .group(let part, _), .atomic(let part): part.firstSet
    case .repeated(let part, let least, _, _): least > 0 ? part.firstSet : nil
    case .sequence(let parts): parts.first?.firstSet
    case .empty, .alternatives, .assertion, .look, .reference: nil
    }
  }
}

extension PatternNode {
  /// Whether it fits nowhere but at the beginning of the text.
  fileprivate var isAnchored: Bool {
    switch self {
    case .assertion(let assertion): assertion == .textStart
    case .group(let part, _), .atomic(let part): part.isAnchored
    case .sequence(let parts): parts.first?.isAnchored == true
    case .alternatives(let parts): parts.allSatisfy(\.isAnchored)
    case .empty, .one, .repeated, .look, .reference: false
    }
  }

  /// The set and the group of `(x)`, where x is one scalar.
  fileprivate var groupOfOne: (set: ScalarSet, slot: Int)? {
    switch self {
    case .one(let set): (set, 0)
    case .group(.one(let set), let slot): (set, slot)
    default: nil
    }
  }
}

/// Turns a tree into steps.
struct PatternCompiler {
  private(set) var steps: [Pattern.Step] = []
  private(set) var sets: [ScalarSet] = []
  private(set) var registerCount: Int
  private(set) var runCount = 0
  private(set) var isRegular = true
  private let names: [String?]

  init(names: [String?]) {
    self.names = names
    registerCount = 2 + 2 * names.count
  }

  static func slot(named name: PatternGroupName, among names: [String?]) -> Int? {
    switch name {
    case .name(let name): names.firstIndex(of: name).map { $0 + 1 }
    case .number(let number):
      if number == 0 {
        0
      } else if let slot = names.firstIndex(of: "\(number)") {
        slot + 1
      } else {
        byNumber(names).dropFirst(number - 1).first
      }
    }
  }

  private static func byNumber(_ names: [String?]) -> [Int] {
    names.indices.filter { names[$0] == nil }.map { $0 + 1 }
      + names.indices.filter { names[$0] != nil }.map { $0 + 1 }
  }

  mutating func compile(_ node: PatternNode) throws(PatternProblem) {
    try emit(node)
    try add(.accept)
  }

  private mutating func add(_ step: Pattern.Step) throws(PatternProblem) {
    guard steps.count < Pattern.sizeLimit else { throw PatternProblem(kind: .tooLarge, offset: 0) }
    steps.append(step)
  }

  /// A step that is only ever come to from the one before it, at a place that tells the place before, need not be
  /// remembered as tried: the step before it is.
  static func joins(of steps: [Pattern.Step]) -> [Bool] {
    var joins = [Bool](repeating: false, count: steps.count)
    for (index, step) in steps.enumerated() {
      switch step {
      case .fork(let first, let second):
        if first != index + 1 { joins[first] = true }
        joins[second] = true
      case .jump(let next): joins[next] = true
      case .run: joins[index + 1] = true
      case .progress(_, let exit):
        joins[index + 1] = true
        joins[exit] = true
      case .look, .atomic, .reference: return joins.map { _ in true }
      case .byte, .set, .save, .assertion, .accept: continue
      }
    }
    return joins
  }

  private mutating func emit(_ node: PatternNode) throws(PatternProblem) {
    switch node {
    case .empty: break
    case .one(let set):
      if let byte = set.onlyASCII { return try add(.byte(byte)) }
      sets.append(set)
      try add(.set(set.ascii, rest: Int32(sets.count - 1)))
    case .sequence(let parts):
      for part in parts { try emit(part) }
    case .alternatives(let parts): try emit(alternatives: parts)
    case .group(let part, let slot):
      try add(.save(2 * slot))
      try emit(part)
      try add(.save(2 * slot + 1))
    case .repeated(let part, let least, let most, let isLazy):
      for _ in 0..<least { try emit(part) }
      guard let most else { return try emitLoop(part, isLazy: isLazy) }
      try emitOptional(part, count: most - least, isLazy: isLazy)
    case .assertion(let assertion): try add(.assertion(assertion))
    case .look(let part, let isAhead, let isNegated):
      try emitInner(part) { .look(isAhead: isAhead, isNegated: isNegated, next: $0) }
    case .atomic(let part): try emitInner(part) { .atomic(next: $0) }
    case .reference(let name, let foldsCase):
      guard let slot = Self.slot(named: name, among: names) else {
        throw PatternProblem(kind: .noSuchGroup(name.description), offset: 0)
      }
      isRegular = false
      try add(.reference(slot: slot, foldsCase: foldsCase))
    }
  }

  private mutating func emit(alternatives parts: [PatternNode]) throws(PatternProblem) {
    var jumps: [Int] = []
    for part in parts.dropLast() {
      let fork = steps.count
      try add(.accept)
      try emit(part)
      jumps.append(steps.count)
      try add(.accept)
      steps[fork] = .fork(fork + 1, steps.count)
    }
    if let last = parts.last { try emit(last) }
    for jump in jumps { steps[jump] = .jump(steps.count) }
  }

  private mutating func emitLoop(_ part: PatternNode, isLazy: Bool) throws(PatternProblem) {
    if let (set, slot) = part.groupOfOne, !isLazy {
      sets.append(set)
      try add(
        .run(
          set.ascii, rest: Int32(sets.count - 1), loop: Int32(runCount), group: Int32(slot)))
      runCount += 1
      return
    }
    let fork = steps.count
    try add(.accept)
    var register: Int?
    if part.isNullable {
      register = registerCount
      registerCount += 1
      try add(.save(registerCount - 1))
    }
    try emit(part)
    if let register { try add(.progress(register: register, exit: steps.count + 2)) }
    try add(.jump(fork))
    steps[fork] = isLazy ? .fork(steps.count, fork + 1) : .fork(fork + 1, steps.count)
  }

  private mutating func emitOptional(
    _ part: PatternNode, count: Int, isLazy: Bool
  ) throws(PatternProblem) {
    var forks: [Int] = []
    for _ in 0..<count {
      forks.append(steps.count)
      try add(.accept)
      try emit(part)
    }
    for fork in forks {
      steps[fork] = isLazy ? .fork(steps.count, fork + 1) : .fork(fork + 1, steps.count)
    }
  }

  private mutating func emitInner(
    _ part: PatternNode, step: (Int) -> Pattern.Step
  ) throws(PatternProblem) {
    isRegular = false
    let start = steps.count
    try add(.accept)
    try emit(part)
    try add(.accept)
    steps[start] = step(steps.count)
  }
}
