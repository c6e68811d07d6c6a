/// One run of an expression, with what every part of it came to.
///
/// ```
/// let trial = try ExpressionTrial(program, inputs: ["surname": .text("Doe")], now: 0)
/// trial.outcome       .value(.text("doe"))
/// trial.root.parts    [surname] “Doe”
/// ```
package struct ExpressionTrial {
  /// What a column holds.
  package enum Input: Sendable, Hashable {
    case null
    case text(String)
    /// `true` or `false` of JSON.
    case truth(Bool)
    case list([String])
    /// Not a value but the name of a type; nothing is known.
    case unknown
  }

  package enum Outcome: Sendable, Hashable {
    case value(ExpressionResult)
    case fault(ExpressionFault)
    /// A branch that was not taken.
    case skipped
    /// Nothing is known of a column.
    case unknown(column: String)
  }

  /// A part of the expression, in the order it is written.
  package struct Part: Sendable {
    package let text: String
    package let outcome: Outcome
    package let parts: [Part]
  }

  package let root: Part

  package var outcome: Outcome { root.outcome }

  /// Works the program out at `now`, in seconds since 1970.
  ///
  /// `SelectUniqueValue` must not give what is `taken`, ASCII case ignored; `Guid` and `RandomString` are made from `seed`.
  package init(
    _ program: ExpressionProgram, inputs: [String: Input], now: Int, taken: [String] = [],
    seed: UInt64 = 0
  ) {
    let context = ExpressionMachine.Context(
      now: DateMoment(secondsSince1970: now),
      taken: Set(taken.map { ExpressionMachine.folded($0.utf8) }))
    var machine = ExpressionMachine(program, context: context, isTraced: true)
    machine.begin(seed: seed)
    for (column, name) in program.columns.enumerated() {
      switch inputs[name] ?? .null {
      case .null: break
      case .text(""): machine.setInputEmpty(column)
      case .text(let text): machine.setInput(column, Array(text.utf8).span)
      case .truth(let truth): machine.setInput(column, truth: truth)
      case .list(let list): machine.setInput(column, list: list.map { Array($0.utf8) })
      case .unknown: machine.setInputUnknown(column)
      }
    }
    // What it came to stands in the trace.
    _ = try? machine.run()
    root = Self.part(program.root, machine)
  }

  private static func part(_ step: Int, _ machine: ExpressionMachine) -> Part {
    let program = machine.program
    var inner: [Int32] = []
    var isRedacted = false
    switch program.steps[step].kind {
    case .text, .number, .column, .assignedRoles, .missing, .word: break
    case .comparison(_, let left, let right), .concatenation(let left, let right):
      inner = [left, right]
    case .call(let function, let arguments, _):
      inner = arguments.map { program.arguments[Int($0)] }.filter { !program.isMissing($0) }
      isRedacted = function == .redact
    }
    let outcome = outcome(of: step, machine)
    if isRedacted, case .value = outcome {
      return Part(
        text: program.text(of: program.steps[step].range), outcome: .value(.redacted), parts: [])
    }
    return Part(
      text: program.text(of: program.steps[step].range), outcome: outcome,
      parts: inner.map { part(Int($0), machine) })
  }

  private static func outcome(of step: Int, _ machine: ExpressionMachine) -> Outcome {
    switch machine.trace?.entries[step] {
    case nil: .skipped
    case .value(let result): .value(result)
    case .stop(.ignoreAttribute): .value(.ignoreAttribute)
    case .stop(.ignoreObject): .value(.ignoreObject)
    case .stop(.unknownInput(let column)): .unknown(column: machine.program.columns[column])
    case .stop(.fault(let kind, let failed, let input)):
      .fault(machine.fault(kind, step: failed, input: input))
    }
  }
}

extension ExpressionProgram {
  fileprivate func isMissing(_ step: Int32) -> Bool {
    if case .missing = steps[Int(step)].kind { true } else { false }
  }
}
