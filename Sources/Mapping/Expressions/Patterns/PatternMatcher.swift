import Scanning

/// Finds matches of one pattern in one text, leftmost and, of those, the one a backtracking engine finds first.
///
/// For a regular pattern every pair of step and place is tried at most once, so that a match costs at most
/// steps × length, whatever the pattern is. Where look-around or references make that impossible, and for texts
/// too long for the table of pairs, a budget of steps ends the search.
struct PatternMatcher {
  /// The search was given up.
  struct TooSlow: Error {}

  /// What is undone when the search goes back: take the other way, give one scalar of a run back, or restore a
  /// register.
  private struct Choice {
    static let way: Int32 = -1
    static let shorterRun: Int32 = -2

    let step: Int32
    let place: Int32
    let register: Int32
    /// Where a run began.
    var floor: Int32 = 0
    /// The group that a run fills; zero for none.
    var group: Int32 = 0
  }

  /// 2 MiB of one bit to a pair.
  static let tableLimit = 1 << 24
  static let stepLimit = 200_000

  private(set) var registers: [Int32] = []
  private var stack: [Choice] = []
  /// One bit to a pair; at least as many as the search needs.
  private var tried: [UInt64] = []
  private var hasTable = false
  private var steps = 0
  private var searchStart = 0
  private var groupCount = 0
  /// The last stretch of text that each loop over a set took.
  private var runs: [Range<Int>] = []

  init() {}

  /// The text between the ends of a group of the last match; nil where the group took no part.
  func range(of slot: Int) -> Range<Int>? {
    let start = registers[2 * slot]
    let end = registers[2 * slot + 1]
    return start >= 0 && end >= start ? Int(start)..<Int(end) : nil
  }

  /// The text of the group with the highest number that took part.
  var lastGroup: Range<Int>? {
    (1..<max(1, groupCount + 1)).reversed().lazy.compactMap { range(of: $0) }.first
  }

  /// Looks for the first match that begins at `start` or after it.
  mutating func find(
    _ pattern: Pattern, in text: Span<UInt8>, from start: Int
  ) throws(TooSlow) -> Bool {
    let pairs = pattern.steps.count * (text.count + 1)
    hasTable = pattern.isRegular && pairs <= Self.tableLimit
    if hasTable { tried.fill(with: 0, count: pairs / 64 + 1) }
    steps = hasTable ? 3 * pairs + 64 : Self.stepLimit
    searchStart = start
    groupCount = pattern.groupCount
    runs.fill(with: -1 ..< -1, count: pattern.runCount)
    var place = start
    while true {
      if let first = pattern.firstASCII, !begins(first, pattern, text, at: &place) { return false }
      if pattern.isAnchored, place > 0 { return false }
      registers.fill(with: -1, count: pattern.registerCount)
      registers[0] = Int32(place)
      if let end = try run(pattern, text, step: 0, place: place, goal: nil) {
        registers[1] = Int32(end)
        return true
      }
      guard place < text.count else { return false }
      place += text.scalarLength(at: place)
    }
  }

  /// Moves on to the next scalar that a match may begin with; false where there is none.
  private func begins(
    _ ascii: ASCIISet, _ pattern: Pattern, _ text: Span<UInt8>, at place: inout Int
  ) -> Bool {
    while place < text.count {
      let byte = text[place]
      if byte < 0x80 {
        if ascii.contains(byte) { return true }
        place += 1
      } else {
        if pattern.firstSet?.contains(text.scalar(at: place)) == true { return true }
        place += text.scalarLength(at: place)
      }
    }
    return false
  }

  /// Runs from one step to an `accept`, at `goal` if there is one; where it ended, or nil.
  private mutating func run(
    _ pattern: Pattern, _ text: Span<UInt8>, step: Int, place: Int, goal: Int?
  ) throws(TooSlow) -> Int? {
    let floor = stack.count
    var (step, place) = (step, place)
    // Retained once for the whole run.
    let (program, joinFlags) = (pattern.steps, pattern.joins)
    let (list, joins) = (program.span, joinFlags.span)
    while true {
      steps -= 1
      guard steps >= 0 else { throw TooSlow() }
      var isStuck = hasTable && joins[step] && isTried(step, place, text.count)
      if !isStuck {
        switch list[step] {
        case .accept:
          if goal == nil || goal == place {
            stack.removeLast(stack.count - floor)
            return place
          }
          isStuck = true
        case .look(let isAhead, let isNegated, let next):
          let found = try look(pattern, text, step + 1, place, isAhead: isAhead, isNegated)
          if found != isNegated { step = next } else { isStuck = true }
        case .atomic(let next):
          if let end = try inner(pattern, text, step + 1, place, goal: nil) {
            (step, place) = (next, end)
          } else {
            isStuck = true
          }
        case let simple:
          isStuck = !take(simple, pattern, text, &step, &place)
        }
      }
      if isStuck {
        guard goBack(to: floor, text, &step, &place) else { return nil }
      }
    }
  }

  /// Whether this pair has come to nothing before; notes it.
  private mutating func isTried(_ step: Int, _ place: Int, _ length: Int) -> Bool {
    let bit = step * (length + 1) + place
    let mask = UInt64(1) << UInt64(bit & 63)
    if tried[bit >> 6] & mask != 0 { return true }
    tried[bit >> 6] |= mask
    return false
  }

  private mutating func goBack(
    to floor: Int, _ text: Span<UInt8>, _ step: inout Int, _ place: inout Int
  ) -> Bool {
    while stack.count > floor {
      let choice = stack.removeLast()
      if choice.register >= 0 {
        undo(choice)
        continue
      }
      (step, place) = (Int(choice.step), Int(choice.place))
      if choice.register == Choice.shorterRun {
        place -= 1
        while text[place] & 0xC0 == 0x80 { place -= 1 }
        if place > Int(choice.floor) {
          stack.append(
            Choice(
              step: choice.step, place: Int32(place), register: Choice.shorterRun,
              floor: choice.floor, group: choice.group))
          if choice.group > 0 { fillGroup(Int(choice.group), text, endingAt: place) }
        } else if choice.group > 0 {
          // Nothing taken: the group is what it was before, which the two choices below this one tell.
          for _ in 0..<2 { undo(stack.removeLast()) }
        }
      }
      return true
    }
    return false
  }

  /// Takes as many scalars of the set as lead somewhere new; false where that is none.
  ///
  /// Whatever the same loop took before, from its beginning to its end, has had every way on from there tried. So a
  /// loop that begins within that stretch is done, and one that runs into it stops short of it.
  private mutating func takeRun(
    _ loop: Int, _ ascii: ASCIISet, _ set: Int, of pattern: Pattern, _ text: Span<UInt8>,
    step: Int, _ place: inout Int, group: Int
  ) -> Bool {
    let known = hasTable ? runs[loop] : -1 ..< -1
    if known.lowerBound <= place, place <= known.upperBound { return false }
    let start = place
    while place < text.count, place != known.lowerBound {
      if text[place] < 0x80 {
        guard ascii.contains(text[place]) else { break }
        place += 1
      } else {
        guard pattern.sets[set].contains(text.scalar(at: place)) else { break }
        place += text.scalarLength(at: place)
      }
    }
    if place == known.lowerBound {
      runs[loop] = start..<known.upperBound
      repeat { place -= 1 } while text[place] & 0xC0 == 0x80
    } else {
      runs[loop] = start..<place
    }
    if !hasTable { steps -= place - start }
    if place > start {
      if group > 0 { keepGroup(group) }
      stack.append(
        Choice(
          step: Int32(step + 1), place: Int32(place), register: Choice.shorterRun,
          floor: Int32(start), group: Int32(group)))
      if group > 0 { fillGroup(group, text, endingAt: place) }
    }
    return true
  }

  /// Notes what a group holds, to be restored when the search goes back.
  private mutating func keepGroup(_ slot: Int) {
    for register in 2 * slot...2 * slot + 1 {
      stack.append(Choice(step: 0, place: registers[register], register: Int32(register)))
    }
  }

  /// Makes the scalar before `place` what a group holds.
  private mutating func fillGroup(_ slot: Int, _ text: Span<UInt8>, endingAt place: Int) {
    var start = place - 1
    while text[start] & 0xC0 == 0x80 { start -= 1 }
    registers[2 * slot] = Int32(start)
    registers[2 * slot + 1] = Int32(place)
  }

  /// Restores a register.
  private mutating func undo(_ choice: Choice) {
    registers[Int(choice.register)] = choice.place
  }

  /// One step that needs no search of its own; false where it does not fit.
  @inline(__always)
  private mutating func take(
    _ simple: Pattern.Step, _ pattern: Pattern, _ text: Span<UInt8>, _ step: inout Int,
    _ place: inout Int
  ) -> Bool {
    switch simple {
    case .byte(let byte):
      guard place < text.count, text[place] == byte else { return false }
      place += 1
    case .set(let ascii, let rest):
      guard place < text.count else { return false }
      if text[place] < 0x80 {
        guard ascii.contains(text[place]) else { return false }
        place += 1
      } else {
        guard pattern.sets[Int(rest)].contains(text.scalar(at: place)) else { return false }
        place += text.scalarLength(at: place)
      }
    case .run(let ascii, let rest, let loop, let group):
      guard
        takeRun(
          Int(loop), ascii, Int(rest), of: pattern, text, step: step, &place, group: Int(group))
      else { return false }
    case .fork(let first, let second):
      stack.append(Choice(step: Int32(second), place: Int32(place), register: Choice.way))
      step = first
      return true
    case .jump(let next):
      step = next
      return true
    case .save(let register):
      stack.append(Choice(step: 0, place: registers[register], register: Int32(register)))
      registers[register] = Int32(place)
    case .progress(let register, let exit):
      // As in .NET, an iteration that takes nothing ends the loop. The table need not know where an iteration
      // began: what follows its end was tried either way.
      if registers[register] == Int32(place) {
        step = exit
        return true
      }
    case .assertion(let assertion):
      guard holds(assertion, text, at: place) else { return false }
    case .reference(let slot, let foldsCase):
      guard let length = repeats(slot, text, at: place, foldsCase: foldsCase) else { return false }
      place += length
    case .accept, .look, .atomic: return false
    }
    step += 1
    return true
  }

  private mutating func look(
    _ pattern: Pattern, _ text: Span<UInt8>, _ step: Int, _ place: Int, isAhead: Bool,
    _ isNegated: Bool
  ) throws(TooSlow) -> Bool {
    let before = registers
    var found = false
    if isAhead {
      found = try inner(pattern, text, step, place, goal: nil) != nil
    } else {
      var start = place
      while !found {
        found = try inner(pattern, text, step, start, goal: place) != nil
        guard !found, start > 0 else { break }
        start -= 1
        while start > 0, text[start] & 0xC0 == 0x80 { start -= 1 }
      }
    }
    if isNegated { registers = before }
    return found
  }

  /// A search of its own whose captures stay, and are undone when the outer search goes back.
  private mutating func inner(
    _ pattern: Pattern, _ text: Span<UInt8>, _ step: Int, _ place: Int, goal: Int?
  ) throws(TooSlow) -> Int? {
    let before = registers
    let end = try run(pattern, text, step: step, place: place, goal: goal)
    guard end != nil else { return nil }
    for register in registers.indices where registers[register] != before[register] {
      stack.append(Choice(step: 0, place: before[register], register: Int32(register)))
    }
    return end
  }

  private func holds(_ assertion: PatternAssertion, _ text: Span<UInt8>, at place: Int) -> Bool {
    let lineFeed = UInt8(ascii: "\n")
    return switch assertion {
    case .textStart: place == 0
    case .textEnd: place == text.count
    case .lastLineEnd:
      place == text.count || (place == text.count - 1 && text[place] == lineFeed)
    case .lineStart: place == 0 || text[place - 1] == lineFeed
    case .lineEnd: place == text.count || text[place] == lineFeed
    case .wordBoundary: text.isWord(before: place) != text.isWord(at: place)
    case .noWordBoundary: text.isWord(before: place) == text.isWord(at: place)
    case .searchStart: place == searchStart
    }
  }

  /// How many bytes repeat what a group took; nil where they do not, or the group took no part.
  private func repeats(
    _ slot: Int, _ text: Span<UInt8>, at place: Int, foldsCase: Bool
  ) -> Int? {
    guard let range = range(of: slot), place + range.count <= text.count else { return nil }
    for offset in 0..<range.count {
      let (one, other) = (text[range.lowerBound + offset], text[place + offset])
      guard one == other || (foldsCase && one.asciiFolded == other.asciiFolded) else { return nil }
    }
    return range.count
  }
}

extension Array {
  /// Makes its first `count` elements this one, and as many of them as it takes; what stands behind them stays.
  fileprivate mutating func fill(with element: Element, count wanted: Int) {
    for index in 0..<Swift.min(wanted, count) { self[index] = element }
    if wanted > count { append(contentsOf: repeatElement(element, count: wanted - count)) }
  }
}

extension Span<UInt8> {
  fileprivate func isWord(at place: Int) -> Bool {
    place < count && ScalarSet.wordScalars.contains(scalar(at: place))
  }

  fileprivate func isWord(before place: Int) -> Bool {
    var start = place
    repeat {
      start -= 1
      guard start >= 0 else { return false }
    } while self[start] & 0xC0 == 0x80
    return ScalarSet.wordScalars.contains(scalar(at: start))
  }
}
