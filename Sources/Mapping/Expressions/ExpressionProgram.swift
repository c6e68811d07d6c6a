package import Identity

/// A checked expression in the form that records are run through: flat arrays, nothing to retain for a record.
///
/// ```
/// Join(".", [givenName], [surname])
///
/// steps       0 text "."   1 column 0   2 column 1   3 call Join, arguments 0..<3      root 3
/// columns     givenName, surname
/// ```
///
/// Arguments come before what needs them, but are run only when it asks for them: branches are lazy.
package struct ExpressionProgram: Sendable {
  /// A part of the expression.
  struct Step {
    enum Kind {
      /// A range of `constants`.
      case text(Int32, Int32)
      case number(Int)
      /// A place in `columns`.
      case column(Int)
      /// The roles of whom that place in `columns` names.
      case assignedRoles(Int)
      case missing
      case word(ExpressionWord)
      /// A range of `arguments`, and for some functions a place in the list of what was prepared for them.
      case call(ExpressionFunction, Range<Int32>, prepared: Int32)
      case comparison(ExpressionComparison, Int32, Int32)
      case concatenation(Int32, Int32)
    }

    let kind: Kind
    /// Where it stands in `text`, in Unicode scalars.
    let range: Range<Int>
  }

  /// The expression as it was written.
  package let text: String
  /// The columns it reads, each once, in the order of their first appearance.
  package let columns: [String]
  package let type: ExpressionType
  let steps: [Step]
  let root: Int
  let arguments: [Int32]
  /// The same with -1 for what was left out.
  let givenArguments: [Int32]
  let constants: [UInt8]
  let replacements: [ReplacePlan]
  let formats: [FormatPlan]
  let tables: [LookupTable]
  let assignments: RoleAssignments?
  let defaultDomain: [UInt8]

  /// Whether its outermost function asks for a value that nobody has.
  package var asksForUniqueValue: Bool {
    if case .call(.selectUniqueValue, _, _) = steps[root].kind { true } else { false }
  }

  /// Why an attribute of this kind can never have its value; nil where it can.
  ///
  /// `hasWords`: whether the policy says itself which words are true and false.
  package func problem(
    for kind: ManagedAttribute.Kind, hasWords: Bool
  ) -> ExpressionProblem? {
    guard !type.fits(kind, hasWords: hasWords) else { return nil }
    return ExpressionProblem(
      kind: .wrongAttribute(kind: kind, found: type), range: steps[root].range)
  }

  /// The steps of the rules of an outermost `SelectUniqueValue`.
  var rulesOfChoice: [Int32] {
    guard case .call(.selectUniqueValue, let range, _) = steps[root].kind else { return [] }
    return Array(arguments[Int(range.lowerBound)..<Int(range.upperBound)])
  }

  /// Whether it may give another value for the same record another time.
  package var isRandom: Bool {
    steps.contains {
      guard case .call(let function, _, _) = $0.kind else { return false }
      return function == .guid || function == .randomString
    }
  }

  /// Whether its value, or a part of it, is to be hidden: it is written, and no report shows it.
  package var isRedacted: Bool {
    steps.contains {
      if case .call(.redact, _, _) = $0.kind { true } else { false }
    }
  }

  /// Where a column is named first.
  package func range(ofColumn column: Int) -> Range<Int> {
    let places = steps.compactMap { step -> Range<Int>? in
      switch step.kind {
      case .column(column), .assignedRoles(column): step.range
      default: nil
      }
    }
    return places.min { $0.lowerBound < $1.lowerBound } ?? 0..<1
  }

  /// The text of one part.
  package func text(of range: Range<Int>) -> String {
    let scalars = text.unicodeScalars.dropFirst(range.lowerBound).prefix(range.count)
    return String(String.UnicodeScalarView(scalars))
  }

  /// Compiles `text`, or says everything that is wrong with it.
  package init(
    compiling text: String, in surroundings: ExpressionSurroundings = ExpressionSurroundings()
  ) throws(ExpressionFailure) {
    let tree: ExpressionNode
    do {
      tree = try ExpressionParser.parse(text)
    } catch {
      throw ExpressionFailure(text: text, problems: [error])
    }
    var compiler = ExpressionCompiler(text, surroundings)
    let (root, type) = compiler.compileWhole(tree)
    guard compiler.problems.isEmpty else {
      throw ExpressionFailure(text: text, problems: compiler.problems)
    }
    self.text = text
    self.type = type
    self.root = Int(root)
    columns = compiler.columns
    steps = compiler.steps
    arguments = compiler.arguments
    givenArguments = compiler.arguments.map { step in
      if case .missing = compiler.steps[Int(step)].kind { -1 } else { step }
    }
    constants = compiler.constants
    replacements = compiler.replacements
    formats = compiler.formats
    tables = compiler.tables
    let asksForRoles = steps.contains { if case .assignedRoles = $0.kind { true } else { false } }
    assignments = asksForRoles ? surroundings.assignments : nil
    defaultDomain = Array((surroundings.defaultDomain ?? "").utf8)
  }
}

extension ExpressionProgram: Hashable {
  package static func == (left: ExpressionProgram, right: ExpressionProgram) -> Bool {
    left.text.utf8.elementsEqual(right.text.utf8) && left.tables == right.tables
      && left.defaultDomain == right.defaultDomain && left.assignments == right.assignments
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(text)
  }
}

/// What expressions can refer to besides the record, and how strict they are read.
package struct ExpressionSurroundings: Sendable, Hashable {
  /// Whether only what Entra has is allowed: `strict: entra`.
  package var isStrict: Bool
  /// What `DefaultDomain()` gives; nil refuses it.
  package var defaultDomain: String?
  package var tables: [String: LookupTable]
  /// What `[appRoleAssignments]` stands for; nil where it is a column like any other.
  package var assignments: RoleAssignments?

  package init(
    isStrict: Bool = false, defaultDomain: String? = nil, tables: [String: LookupTable] = [:],
    assignments: RoleAssignments? = nil
  ) {
    self.isStrict = isStrict
    self.defaultDomain = defaultDomain
    self.tables = tables
    self.assignments = assignments
  }
}

/// A table for `Lookup`: one value to a key; keys are exact.
package struct LookupTable: Sendable, Hashable {
  package let name: String
  let values: [[UInt8]: [UInt8]]

  package init(name: String, values: [[UInt8]: [UInt8]]) {
    self.name = name
    self.values = values
  }

  /// Everything in it, in one order, for digests.
  package var canonicalBytes: [UInt8] {
    values.sorted { $0.key.lexicographicallyPrecedes($1.key) }.flatMap { key, value in
      Array("\(key.count) \(value.count)\n".utf8) + key + value
    }
  }
}

/// Everything that is wrong with one expression, in the order of its text.
package struct ExpressionFailure: Error, Sendable, Hashable {
  package let text: String
  package let problems: [ExpressionProblem]
}
