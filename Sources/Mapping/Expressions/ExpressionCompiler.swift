import Identity

/// Checks a tree and lays it out as a program; what is wrong is collected, so that all of it is told at once.
struct ExpressionCompiler {
  typealias Compiled = (step: Int32, type: ExpressionType)

  private(set) var problems: [ExpressionProblem] = []
  private(set) var steps: [ExpressionProgram.Step] = []
  private(set) var arguments: [Int32] = []
  private(set) var columns: [String] = []
  private(set) var constants: [UInt8] = []
  var replacements: [ReplacePlan] = []
  var formats: [FormatPlan] = []
  var tables: [LookupTable] = []
  let surroundings: ExpressionSurroundings
  private let text: [Unicode.Scalar]
  /// How many branches, which may never be taken, are around what is compiled.
  private var branchDepth = 0

  init(_ text: String, _ surroundings: ExpressionSurroundings) {
    self.text = Array(text.unicodeScalars)
    self.surroundings = surroundings
  }

  mutating func report(_ kind: ExpressionProblem.Kind, _ node: ExpressionNode) {
    let range =
      node.range.isEmpty ? node.range.lowerBound..<(node.range.lowerBound + 1) : node.range
    problems.append(ExpressionProblem(kind: kind, range: range))
  }

  /// Notes what is wrong with one place in a text in quotes, of which escapes take two.
  mutating func report(
    _ kind: ExpressionProblem.Kind, at offset: Int, inText node: ExpressionNode
  ) {
    var place = node.range.lowerBound + 1
    for _ in 0..<offset where place + 1 < node.range.upperBound {
      let isEscape = text[place] == "\\" && (text[place + 1] == "\"" || text[place + 1] == "\\")
      place += isEscape ? 2 : 1
    }
    place = min(place, node.range.upperBound - 1)
    problems.append(ExpressionProblem(kind: kind, range: place..<(place + 1)))
  }

  /// The outermost expression, which alone may ask for a unique value.
  mutating func compileWhole(_ tree: ExpressionNode) -> Compiled {
    if case .call(.selectUniqueValue, let rules) = tree.kind, rules.count < 2 {
      report(.uniqueRules(rules.count), tree)
    }
    for part in tree.parts {
      part.forEach { inner in
        if case .call(.selectUniqueValue, _) = inner.kind {
          problems.append(ExpressionProblem(kind: .uniqueNotOutermost, range: inner.range))
        }
      }
    }
    let compiled = compile(tree, mayCompare: false)
    if case .word(let word) = tree.kind, word == .textCompare || word == .binaryCompare {
      report(.misplacedWord(word.rawValue), tree)
    }
    problems.sort {
      ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound)
    }
    return compiled
  }

  // MARK: - Parts

  /// `mayCompare`: whether Entra allows a comparison here.
  mutating func compile(_ node: ExpressionNode, mayCompare: Bool) -> Compiled {
    switch node.kind {
    case .text(let text):
      let start = Int32(constants.count)
      constants += Array(text.utf8)
      return (add(.text(start, Int32(constants.count)), node), .text)
    case .number(let number): return (add(.number(number), node), .number)
    case .column(RoleAssignments.column) where surroundings.assignments != nil:
      let key = surroundings.assignments?.key ?? RoleAssignments.column
      return (add(.assignedRoles(column(key)), node), .any)
    case .column(let name): return (add(.column(column(name)), node), .any)
    case .missing: return (add(.missing, node), .any)
    case .word(let word): return (add(.word(word), node), .flow)
    case .comparison(let comparison, let left, let right):
      if surroundings.isStrict, !mayCompare { report(.misplacedComparison, node) }
      let sides = [left, right].map { single($0).step }
      return (add(.comparison(comparison, sides[0], sides[1]), node), .boolean)
    case .concatenation(let left, let right):
      if surroundings.isStrict { report(.notInEntra("&"), node) }
      let sides = [left, right].map { single($0).step }
      return (add(.concatenation(sides[0], sides[1]), node), .text)
    case .call(let function, let arguments):
      if surroundings.isStrict, function.isExtension {
        report(.notInEntra(function.rawValue), node)
      }
      return compile(function, arguments, node)
    }
  }

  /// One value, as operators need it.
  private mutating func single(_ node: ExpressionNode) -> Compiled {
    let compiled = compile(node, mayCompare: false)
    if !compiled.type.fits(.text) {
      report(
        .wrongType(
          function: "", parameter: "", expected: ExpressionType.text.rawValue,
          found: compiled.type.rawValue), node)
    }
    return compiled
  }

  private mutating func add(_ kind: ExpressionProgram.Step.Kind, _ node: ExpressionNode) -> Int32 {
    steps.append(ExpressionProgram.Step(kind: kind, range: node.range))
    return Int32(steps.count - 1)
  }

  private mutating func column(_ name: String) -> Int {
    if let known = columns.firstIndex(where: { $0.utf8.elementsEqual(name.utf8) }) { return known }
    columns.append(name)
    return columns.count - 1
  }

  // MARK: - Calls

  private mutating func compile(
    _ function: ExpressionFunction, _ written: [ExpressionNode], _ node: ExpressionNode
  ) -> Compiled {
    let signature = function.signature
    guard let given = counted(written, for: function, signature, node) else {
      for argument in written { _ = compile(argument, mayCompare: true) }
      return (add(.missing, node), signature.result)
    }
    var compiled: [Compiled] = []
    for (place, argument) in given.enumerated() {
      let allowsComparison = place == 0 && (function == .iif || function == .cBool)
      let isBranch = function.isBranch(place)
      branchDepth += isBranch ? 1 : 0
      let part = compile(argument, mayCompare: allowsComparison)
      check(argument, part.type, as: signature.parameter(at: place), of: function)
      branchDepth -= isBranch ? 1 : 0
      compiled.append(part)
    }
    let prepared = prepare(function, given, node)
    let start = Int32(arguments.count)
    arguments += compiled.map(\.step)
    let step = add(
      .call(function, start..<Int32(arguments.count), prepared: Int32(prepared)), node)
    return (step, resultType(of: function, compiled.map(\.type), signature))
  }

  /// The arguments in their places; nil when there are too few or too many.
  private mutating func counted(
    _ written: [ExpressionNode], for function: ExpressionFunction,
    _ signature: ExpressionSignature, _ node: ExpressionNode
  ) -> [ExpressionNode]? {
    var given = written
    if function == .formatDateTime, given.count == 3 {
      // The form without styles, which Graph's list and two of the guides have.
      given.insert(ExpressionNode(kind: .missing, range: node.range), at: 1)
    }
    if let last = given.last, last.isMissing, given.count > signature.least,
      given.count > signature.parameters.count, signature.repeating > 0
    {
      given.removeLast()
    }
    let isOdd = function == .switchCase && given.count % 2 == 1
    guard given.count >= signature.least, given.count <= signature.most, !isOdd else {
      let text = signature.text(of: function)
      report(
        isOdd && given.count > signature.least
          ? .oddArguments(function: function.rawValue, signature: text)
          : .argumentCount(function: function.rawValue, signature: text, found: written.count), node
      )
      return nil
    }
    return given
  }

  private mutating func check(
    _ argument: ExpressionNode, _ type: ExpressionType,
    as parameter: ExpressionSignature.Parameter, of function: ExpressionFunction
  ) {
    if argument.isMissing {
      guard !parameter.isOptional else { return }
      return report(
        .argumentMissing(function: function.rawValue, parameter: parameter.name), argument)
    }
    if case .word(let word) = argument.kind {
      let isCompare = word == .textCompare || word == .binaryCompare
      let fits = isCompare ? parameter.kind == .compareWord : parameter.kind == .branch
      if !fits { report(.misplacedWord(word.rawValue), argument) }
      return
    }
    switch parameter.kind {
    case .branch, .values: break
    case .value(let wanted):
      if !type.fits(wanted) || !isReadable(argument, as: wanted) {
        report(
          .wrongType(
            function: function.rawValue, parameter: parameter.name, expected: wanted.rawValue,
            found: argument.text.map { "“\($0)”" } ?? type.rawValue), argument)
      }
    case .constant:
      if argument.text == nil {
        report(
          .notAConstant(function: function.rawValue, parameter: parameter.name), argument)
      }
    case .oneOf(let words):
      guard let text = argument.text else {
        return report(
          .notAConstant(function: function.rawValue, parameter: parameter.name), argument)
      }
      if !words.contains(text) {
        report(
          .badConstant(
            function: function.rawValue, parameter: parameter.name, value: text, allowed: words),
          argument)
      }
    case .compareWord:
      report(
        .badConstant(
          function: function.rawValue, parameter: parameter.name,
          value: argument.text ?? type.rawValue, allowed: ["vbTextCompare", "vbBinaryCompare"]),
        argument)
    }
  }

  /// Whether a text in quotes can be what is wanted; what a column holds, only the record tells.
  private func isReadable(_ argument: ExpressionNode, as wanted: ExpressionType) -> Bool {
    // What always fails is a mistake; in a branch that may never be taken it is the record's affair.
    guard branchDepth == 0, let text = argument.text else { return true }
    return switch wanted {
    case .number: Int(text) != nil
    case .date: DateText.moment(of: Array(text.utf8).span) != nil
    case .boolean: BooleanText.value(of: Array(text.utf8).span) != nil
    case .any, .text, .list, .flow: true
    }
  }

  private func resultType(
    of function: ExpressionFunction, _ types: [ExpressionType], _ signature: ExpressionSignature
  ) -> ExpressionType {
    switch function {
    case .iif: types[1].united(with: types[2])
    case .coalesce: types.dropFirst().reduce(types[0]) { $0.united(with: $1) }
    case .switchCase:
      stride(from: 3, to: types.count, by: 2).reduce(types[1]) { $0.united(with: types[$1]) }
    case .ignoreFlowIfNullOrEmpty, .redact: types[0]
    // Of several keys it comes to several values.
    case .lookup: types[1].fits(.list) && types[1] != .text ? .any : .text
    default: signature.result
    }
  }
}
