import Identity

/// The first line of a plan: what the operations speak of, and how many there are.
struct PlanHeader: LineObject {
  let memberAttributes: AttributeSet
  let teamAttributes: AttributeSet
  let counts: [Operation.Kind: Int]
  let situations: [Situation: Int]
  let holdCount: Int
  let lowerBound: Int
  let unnamedWithheld: Int

  /// The one version of the format that this program writes and reads.
  static let version = 1

  init(_ decisions: Decisions) {
    memberAttributes = decisions.memberAttributes
    teamAttributes = decisions.teamAttributes
    counts = decisions.counts
    situations = decisions.situations
    holdCount = decisions.holds.count
    lowerBound = decisions.lowerBound
    unnamedWithheld = decisions.unnamedWithheld
  }

  init(membersOf line: inout LineScanner) throws(LineProblem) {
    let version = try line.member("version", as: Int.self)
    guard version == Self.version else { throw line.problem(.outOfRange) }
    memberAttributes = try line.member("memberAttributes")
    teamAttributes = try line.member("teamAttributes")
    counts = try line.member("counts", as: CaseCounts.self).numbers
    situations = try line.member("situations", as: CaseCounts.self).numbers
    holdCount = try line.member("holds")
    lowerBound = try line.member("lowerBound")
    unnamedWithheld =
      line.hasNext(",\"unnamedWithheld\":")
      ? try line.member("unnamedWithheld", as: Int.self) : 0
    guard (0...1 << 40).contains(unnamedWithheld) else { throw line.problem(.outOfRange) }
  }

  func writeMembers(to line: inout LineWriter) {
    line.member("version", Self.version)
    line.member("memberAttributes", memberAttributes)
    line.member("teamAttributes", teamAttributes)
    line.member("counts", CaseCounts(numbers: counts))
    line.member("situations", CaseCounts(numbers: situations))
    line.member("holds", holdCount)
    line.member("lowerBound", lowerBound)
    // Left out where all are named, so that such a plan is the bytes it always was.
    if unnamedWithheld > 0 { line.member("unnamedWithheld", unnamedWithheld) }
  }
}

/// How many of each case, in the order of the cases; zeros are left out.
struct CaseCounts<Case: LineWord & CaseIterable & Hashable>: LineValue {
  let numbers: [Case: Int]

  func write(to line: inout LineWriter) {
    line.object { line in
      for key in Case.allCases {
        guard let number = numbers[key], number != 0 else { continue }
        line.member(key.rawValue, number)
      }
    }
  }

  static func read(from line: inout LineScanner) throws(LineProblem) -> CaseCounts {
    var numbers: [Case: Int] = [:]
    try line.open()
    var rest = Array(Case.allCases)[...]
    while !line.take("}") {
      try line.separate()
      guard let index = rest.firstIndex(where: { line.take("\"\($0.rawValue)\":") }) else {
        throw line.problem(.expected("}"))
      }
      let number = try line.integer()
      guard number > 0 else { throw line.problem(.outOfRange) }
      numbers[rest[index]] = number
      rest = rest[(index + 1)...]
    }
    return CaseCounts(numbers: numbers)
  }
}

extension AttributeSet: LineValue {
  func write(to line: inout LineWriter) {
    line.array(attributes) { attribute, line in
      line.object {
        $0.member("path", attribute.path)
        $0.member("kind", attribute.kind)
      }
    }
  }

  static func read(from line: inout LineScanner) throws(LineProblem) -> AttributeSet {
    let attributes = try line.array { (line) throws(LineProblem) in
      try line.open()
      let path = try line.member("path", as: AttributePath.self)
      let kind = try line.member("kind", as: ManagedAttribute.Kind.self)
      try line.close()
      return ManagedAttribute(path: path, kind: kind)
    }
    let set = AttributeSet(attributes)
    guard set.attributes == attributes, attributes.count <= Int(UInt16.max) else {
      throw line.problem(.outOfRange)
    }
    return set
  }
}

extension AttributePath: LineValue {
  func write(to line: inout LineWriter) { line.text(description.utf8) }

  static func read(from line: inout LineScanner) throws(LineProblem) -> AttributePath {
    let before = line
    let text = try line.text()
    guard let path = try? AttributePath(parsing: text), path.description == text else {
      throw before.problem(.unknownAttribute)
    }
    return path
  }
}
