import ArgumentParser
import Identity
import Mapping
import Reading
import Reconciling

/// `rollcall expr` tries an expression of a mapping out.
struct ExprCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "expr",
    abstract: "Try an expression out: its result, and what every part of it comes to.",
    discussion: """
      The expression is in the language of Microsoft Entra's mappings. Columns come from a record of an \
      export (CSV, JSON, LDIF, XML) or are set one by one; those that are neither have no value. A record is \
      named by a line it stands on; where several begin on one line, by its number on it (users.json:1#2). \
      Reads no state and changes nothing.

        rollcall expr 'Join(" ", [givenName], [surname])' --record users.csv:42
        rollcall expr 'Item([businessPhones], 1)' --record users.jsonl:3
        rollcall expr 'Left([surname], 3)' --set surname=Doe
        rollcall expr 'Item([mails], 2)' --set-json 'mails=["a@x.org","b@x.org"]'
        rollcall expr 'DateDiff("d", Now(), CDate([hired]))' --set hired=2025-08-15 --now 2025-07-30
        rollcall expr 'SelectUniqueValue([a], [b])' --set a=ann --set b=ann2 --taken ann

      Exit code 64 if the expression is none, 3 if it has no value for this record.
      """)

  @Argument(help: "The expression, in quotes that the shell leaves alone.")
  var expression: String

  @Option(
    help: ArgumentHelp(
      "The record on this line of a file, such as users.csv:42 or users.json:1#2.",
      valueName: "file:line"),
    transform: { try RecordPlace(parsing: $0) })
  var record: RecordPlace?

  @Option(
    parsing: .singleValue,
    help: ArgumentHelp(
      "What a column holds, such as surname=Doe; may be repeated.", valueName: "column=text"),
    transform: { try ColumnSetting(text: $0) })
  var set: [ColumnSetting] = []

  @Option(
    name: .customLong("set-json"), parsing: .singleValue,
    help: ArgumentHelp(
      "The same as JSON: a text, a number, true, false, null, or a list of them for several values.",
      valueName: "column=json"),
    transform: { try ColumnSetting(json: $0) })
  var setJSON: [ColumnSetting] = []

  @Option(
    parsing: .singleValue,
    help: ArgumentHelp(
      "A value that SelectUniqueValue must not give; may be repeated.", valueName: "value"))
  var taken: [String] = []

  @Option(
    help: ArgumentHelp(
      "The time that Now() gives, such as 2025-07-30 or 2025-07-30T14:00Z. (default: the clock)",
      valueName: "time"),
    transform: { try Moment(parsingDayOrTime: $0) })
  var now: Moment?

  @Option(
    help: ArgumentHelp(
      "Take tables, default domain and strictness from this policy.", valueName: "file"))
  var policy: String?

  @Flag(help: "Refuse what Entra itself does not have.")
  var strict = false

  @OptionGroup(title: "Console options")
  var outputOptions: OutputOptions

  @OptionGroup(title: "Console options")
  var consoleOptions: ConsoleOptions

  func run() async throws {
    let console = Console(consoleOptions)
    let program = try compiled()
    var inputs = try await recordInputs(for: program)
    for setting in set + setJSON { inputs[setting.column] = setting.value }
    var random = SystemRandomNumberGenerator()
    let trial = ExpressionTrial(
      program, inputs: inputs, now: now?.seconds ?? SystemClock.now, taken: taken,
      seed: random.next())
    switch outputOptions.output {
    case .text: try console.answer(ExprText(style: console.style).page(for: trial))
    case .json: try console.answer(trial.json)
    }
    if case .value = trial.outcome { return }
    throw ExitStatus.unreadable
  }

  private func compiled() throws -> ExpressionProgram {
    var surroundings = ExpressionSurroundings(defaultDomain: nil)
    if let policy {
      surroundings = try Job(JobSettings(policy: policy)).policy.expressions.surroundings
    }
    if strict { surroundings.isStrict = true }
    do {
      return try ExpressionProgram(compiling: expression, in: surroundings)
    } catch {
      Console.complain(ExprText.complaints(about: error))
      throw ExitStatus.usage
    }
  }

  /// What the record holds in the columns that the expression reads.
  private func recordInputs(
    for program: ExpressionProgram
  ) async throws -> [String: ExpressionTrial.Input] {
    guard let record else { return [:] }
    let found: RecordOnLine
    do throws(RecordOnLine.Problem) {
      found = try await RecordOnLine(
        record.line, nth: record.number, of: record.file, fields: program.columns)
    } catch {
      throw JobFailure.unreadable([error.sentence(for: record.description)])
    }
    let settings = Set((set + setJSON).map(\.column))
    var inputs: [String: ExpressionTrial.Input] = [:]
    var missing: [Int] = []
    for (index, column) in program.columns.enumerated() where !settings.contains(column) {
      guard let value = found.value(of: column) else {
        missing.append(index)
        continue
      }
      inputs[column] =
        switch value {
        case .nothing: .null
        case .text(let text): .text(text)
        case .truth(let truth): .truth(truth)
        case .list(let list): .list(list)
        }
    }
    guard missing.isEmpty else {
      Console.complain(
        ExprText.complaints(aboutColumns: missing, of: program, columns: found.columns))
      throw ExitStatus.usage
    }
    return inputs
  }
}

/// `users.csv:42`: a file and a line of it; `users.json:1#2`: the second record that begins on the line.
struct RecordPlace: Sendable, CustomStringConvertible {
  let file: String
  let line: Int
  let number: Int?

  var description: String { "\(file):\(line)" + (number.map { "#\($0)" } ?? "") }

  init(parsing text: String) throws {
    let parts = text.wholeMatch(of: /(.+):([0-9]+)(?:#([0-9]+))?/)?.output
    guard let parts, let line = Int(parts.2), line > 0 else {
      throw ValidationError("--record takes a file and a line, such as users.csv:42.")
    }
    file = String(parts.1)
    self.line = line
    number = parts.3.flatMap { Int($0) }
    guard number ?? 1 > 0 else {
      throw ValidationError("The records on a line are counted from 1.")
    }
  }
}

extension RecordOnLine.Problem {
  fileprivate func sentence(for place: String) -> String {
    switch self {
    case .failure(let failure): failure.message
    case .setAside(let finding): "\(place): \(finding.message)"
    case .noRecord: "\(place): there is no record on this line."
    case .several(_, let count):
      "\(place): \(count) records begin on this line; say which: \(place)#2 is the second."
    }
  }
}
