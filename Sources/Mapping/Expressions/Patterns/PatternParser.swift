/// Reads a regular expression in .NET's syntax.
///
/// Known: groups `( ) (?: ) (?<name> ) (?> )`, look-around, classes with subtraction and categories,
/// lazy and greedy counts, references, inline options `imnsx`. Not known, and refused by name: conditions
/// `(?(…)…)`, balancing groups `(?<a-b>…)` and options for the whole engine.
struct PatternParser {
  /// Inline options that are on at this place.
  struct Options {
    var foldsCase = false
    var isMultiline = false
    var dotTakesLineFeeds = false
    var onlyNamedGroups = false
    var skipsBlanks = false
  }

  static let depthLimit = 60
  static let countLimit = 1000

  let scalars: [Unicode.Scalar]
  var place = 0
  var options = Options()
  /// The names of groups by slot, from slot 1; nil for one without a name.
  private(set) var names: [String?] = []
  private var depth = 0

  init(_ text: String) {
    scalars = Array(text.unicodeScalars)
  }

  mutating func pattern() throws(PatternProblem) -> PatternNode {
    let node = try alternatives()
    guard place == scalars.count else { throw problem(.groupNotOpened) }
    return node
  }

  // MARK: - Looking at the text

  var next: Unicode.Scalar? { place < scalars.count ? scalars[place] : nil }

  func peek(_ distance: Int) -> Unicode.Scalar? {
    place + distance < scalars.count ? scalars[place + distance] : nil
  }

  mutating func take(_ scalar: Unicode.Scalar) -> Bool {
    guard next == scalar else { return false }
    place += 1
    return true
  }

  mutating func take(_ text: String) -> Bool {
    let wanted = Array(text.unicodeScalars)
    guard scalars.dropFirst(place).starts(with: wanted) else { return false }
    place += wanted.count
    return true
  }

  func problem(_ kind: PatternProblem.Kind, at offset: Int? = nil) -> PatternProblem {
    PatternProblem(kind: kind, offset: offset ?? place)
  }

  // MARK: - Grammar

  private mutating func alternatives() throws(PatternProblem) -> PatternNode {
    depth += 1
    guard depth <= Self.depthLimit else { throw problem(.tooDeep) }
    let outer = options
    defer {
      options = outer
      depth -= 1
    }
    var parts = [try sequence()]
    while take("|") { parts.append(try sequence()) }
    return parts.count == 1 ? parts[0] : .alternatives(parts)
  }

  private mutating func sequence() throws(PatternProblem) -> PatternNode {
    var parts: [PatternNode] = []
    while let scalar = next, scalar != "|", scalar != ")" {
      if options.skipsBlanks, skipBlank(scalar) { continue }
      let start = place
      guard let atom = try atom() else { continue }
      parts.append(try repeated(atom, from: start))
    }
    return parts.count == 1 ? parts[0] : parts.isEmpty ? .empty : .sequence(parts)
  }

  /// Under `x`, blanks and comments to the end of the line mean nothing.
  private mutating func skipBlank(_ scalar: Unicode.Scalar) -> Bool {
    if scalar == "#" {
      while let next, next != "\n" { _ = take(next) }
      return true
    }
    guard ScalarSet.spaces.contains(scalar) else { return false }
    place += 1
    return true
  }

  /// Nil for what takes no letter and cannot be repeated: options and comments.
  private mutating func atom() throws(PatternProblem) -> PatternNode? {
    let start = place
    let scalar = scalars[place]
    place += 1
    switch scalar {
    case "(": return try group(from: start)
    case "[": return .one(try scalarClass(from: start))
    case "\\": return try escape(from: start)
    case ".": return .one(options.dotTakesLineFeeds ? .everything : .notLineFeed)
    case "^": return .assertion(options.isMultiline ? .lineStart : .textStart)
    case "$": return .assertion(options.isMultiline ? .lineEnd : .lastLineEnd)
    case "*", "+", "?": throw problem(.nothingToRepeat, at: start)
    default: return .one(ScalarSet(scalar, foldsCase: options.foldsCase))
    }
  }

  private mutating func repeated(
    _ atom: PatternNode, from start: Int
  ) throws(PatternProblem) -> PatternNode {
    guard let (least, most) = try count() else { return atom }
    let node = PatternNode.repeated(atom, least: least, most: most, isLazy: take("?"))
    // .NET refuses `a**`; only the lazy mark may follow a count.
    if let next, next == "*" || next == "+" || next == "?" { throw problem(.nothingToRepeat) }
    return node
  }

  /// `*`, `+`, `?`, `{2}`, `{2,}` or `{2,5}`; any other brace is a letter.
  private mutating func count() throws(PatternProblem) -> (Int, Int?)? {
    if take("*") { return (0, nil) }
    if take("+") { return (1, nil) }
    if take("?") { return (0, 1) }
    guard next == "{" else { return nil }
    let start = place
    place += 1
    guard let least = number() else {
      place = start
      return nil
    }
    var most: Int? = least
    if take(",") { most = number() }
    guard take("}") else {
      place = start
      return nil
    }
    guard least <= Self.countLimit, (most ?? 0) <= Self.countLimit else {
      throw problem(.tooLarge, at: start)
    }
    if let most, most < least { throw problem(.reversedCount, at: start) }
    return (least, most)
  }

  mutating func number() -> Int? {
    var digits = ""
    while let next, ("0"..."9").contains(next) {
      digits.unicodeScalars.append(next)
      place += 1
    }
    return digits.isEmpty ? nil : Int(digits) ?? Int.max
  }

  // MARK: - Groups

  private mutating func group(from start: Int) throws(PatternProblem) -> PatternNode? {
    guard take("?") else {
      return try closed(options.onlyNamedGroups ? nil : slot(named: nil), from: start)
    }
    if take("#") {
      while let next, next != ")" { _ = take(next) }
      guard take(")") else { throw problem(.groupNotClosed, at: start) }
      return nil
    }
    for (opening, isAhead, isNegated) in [
      ("=", true, false), ("!", true, true), ("<=", false, false), ("<!", false, true),
    ] where take(opening) {
      return .look(try closed(nil, from: start), isAhead: isAhead, isNegated: isNegated)
    }
    if take(">") { return .atomic(try closed(nil, from: start)) }
    if take("<") { return try closed(slot(named: name(until: ">", from: start)), from: start) }
    if take("'") { return try closed(slot(named: name(until: "'", from: start)), from: start) }
    if next == "(" { throw problem(.conditional, at: start) }
    return try options(from: start)
  }

  private mutating func closed(
    _ slot: Int?, from start: Int
  ) throws(PatternProblem) -> PatternNode {
    let body = try alternatives()
    guard take(")") else { throw problem(.groupNotClosed, at: start) }
    return slot.map { .group(body, slot: $0) } ?? body
  }

  /// Groups of one name are one group.
  private mutating func slot(named name: String?) -> Int {
    if let name, let known = names.firstIndex(of: name) { return known + 1 }
    names.append(name)
    return names.count
  }

  private mutating func name(
    until end: Unicode.Scalar, from start: Int
  ) throws(PatternProblem) -> String {
    var name = ""
    while let next, next != end {
      name.unicodeScalars.append(next)
      place += 1
    }
    guard take(end) else { throw problem(.groupNotClosed, at: start) }
    if name.contains("-") { throw problem(.balancing(name), at: start) }
    guard !name.isEmpty, name.unicodeScalars.allSatisfy(ScalarSet.wordScalars.contains) else {
      throw problem(.badGroup(name), at: start)
    }
    return name
  }

  /// `(?i)` to the end of the group around it, `(?i: … )` for its own body.
  private mutating func options(from start: Int) throws(PatternProblem) -> PatternNode? {
    let outer = options
    var isOn = true
    while let scalar = next, scalar != ")", scalar != ":" {
      place += 1
      switch scalar {
      case "-": isOn = false
      case "+": isOn = true
      case "i": options.foldsCase = isOn
      case "m": options.isMultiline = isOn
      case "s": options.dotTakesLineFeeds = isOn
      case "n": options.onlyNamedGroups = isOn
      case "x": options.skipsBlanks = isOn
      default: throw problem(.badGroup("(?\(scalar)"), at: start)
      }
    }
    if take(")") { return nil }
    guard take(":") else { throw problem(.groupNotClosed, at: start) }
    let body = try closed(nil, from: start)
    options = outer
    return body
  }

  mutating func referenceName(from start: Int) throws(PatternProblem) -> PatternGroupName {
    let end: Unicode.Scalar = take("'") ? "'" : ">"
    if end == ">", !take("<") { throw problem(.badEscape("\\k"), at: start) }
    return PatternGroupName(try name(until: end, from: start))
  }
}
