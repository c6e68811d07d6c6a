extension Policy {
  /// Reads and checks a policy file.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - base: the policy file that it stands in for, in whose folder its tables lie; nil for none.
  /// - Returns: the policy, checked as far as that is possible without its exports.
  /// - Throws: everything that is wrong with it, with its places.
  package static func load(
    contentsOf path: String, relativeTo base: String? = nil
  ) throws(PolicyFailure) -> Policy {
    let bytes: [UInt8]
    do {
      bytes = try SmallFile.bytes(of: path, limit: PolicyDocument.sizeLimit)
    } catch {
      throw PolicyFailure(path: path, PolicyProblem.Kind(error))
    }
    return try Policy(
      parsing: try text(of: bytes, path: path), path: path, relativeTo: base ?? path)
  }

  /// Checks the text of a policy file.
  ///
  /// - Parameters:
  ///   - text: the whole file.
  ///   - path: what the file is called in messages, and where its relative paths start.
  /// - Throws: everything that is wrong with it, with its places.
  package init(parsing text: String, path: String) throws(PolicyFailure) {
    try self.init(parsing: text, path: path, relativeTo: path)
  }

  private init(
    parsing text: String, path: String, relativeTo base: String
  ) throws(PolicyFailure) {
    let problems = PolicyProblems()
    guard let document = PolicyDocument(parsing: text, into: problems) else {
      throw PolicyFailure(path: path, problems: problems.inOrder)
    }
    problems.root = document.root
    problems.lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
      .map { Array($0.unicodeScalars) }
    let value = PolicyValue(node: document.root, path: .root, problems: problems)
    guard let policy = Policy(reading: value, path: path, relativeTo: base) else {
      throw PolicyFailure(path: path, problems: problems.inOrder)
    }
    self = policy
  }

  private static func text(of bytes: [UInt8], path: String) throws(PolicyFailure) -> String {
    var bytes = bytes[...]
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes = bytes.dropFirst(3) }
    guard !bytes.starts(with: [0xFF, 0xFE]), !bytes.starts(with: [0xFE, 0xFF]) else {
      throw PolicyFailure(path: path, .utf16)
    }
    if let text = String(validating: bytes, as: UTF8.self) { return text }
    // The longest good beginning ends where the bad byte is.
    var good = 0
    for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      guard String(validating: line, as: UTF8.self) != nil else {
        let text = String(decoding: line, as: UTF8.self).unicodeScalars
        let column = text.prefix { $0 != "\u{FFFD}" }.count + 1
        let problem = PolicyProblem(line: good + 1, column: column, path: "", kind: .notUTF8)
        throw PolicyFailure(path: path, problems: [problem])
      }
      good += 1
    }
    throw PolicyFailure(path: path, .notUTF8)
  }

  /// Reads the sections, then checks them against each other; nil when an error was noted.
  private init?(reading value: PolicyValue, path: String, relativeTo base: String) {
    let problems = value.problems
    guard
      let file = value.section(
        "state", "reports", "preset", "exports", "mapping", "matching", "lifecycle", "guards",
        "protected", "health", "expressions", "teams")
    else { return nil }
    let preset = file["preset"]?.word(of: Preset.self) ?? .none
    let expressions =
      file["expressions"].map { value in
        Expressions(reading: value) { Policy.resolved($0, from: base) }
      } ?? .standard
    problems.surroundings = expressions.surroundings
    let mapping = file["mapping"]?.section("members", "teams")
    let members = MappingLayer(reading: mapping?["members"], subject: .members)
    let teamMapping = MappingLayer(reading: mapping?["teams"], subject: .teams)
    let teams = file["teams"].map(TeamSettings.init(reading:)) ?? .standard
    let exports =
      file.required("exports").map {
        Exports(reading: $0, preset: preset, members: members, teams: teamMapping)
      } ?? .none
    let matching = file["matching"].map(MatchSection.init(reading:)) ?? MatchSection()
    let check = PolicyCheck(exports: exports, written: matching, problems: problems)
    let state = file["state"]?.filePath() ?? "rollcall.db"
    let reports = file["reports"]?.text() ?? "Reports"
    let lifecycle = file["lifecycle"].map(Lifecycle.init(reading:)) ?? .standard
    let guards = file["guards"].map(Guards.init(reading:)) ?? .standard
    let protected = file["protected"].map(Protection.init(reading:)) ?? .none
    let health = file["health"].map(HealthLimits.init(reading:)) ?? .standard
    check.exportNames()
    if !problems.hasUnreadableMapping, exports != .none {
      check.matching()
      check.memberships()
      check.types(teams)
      check.teams(teams)
      check.assignment()
    }
    guard problems.errorCount == 0 else { return nil }
    self.init(
      path: path, state: state, reports: reports, exports: exports, matching: check.rules,
      teams: teams, lifecycle: lifecycle, guards: guards, protected: protected,
      expressions: expressions, health: health, notes: problems.inOrder)
  }
}

extension PolicyFailure {
  fileprivate init(path: String, _ kind: PolicyProblem.Kind) {
    self.init(path: path, problems: [PolicyProblem(line: 1, column: 1, path: "", kind: kind)])
  }
}

extension PolicyProblem.Kind {
  fileprivate init(_ problem: SmallFile.Problem) {
    self =
      switch problem {
      case .missing: .fileMissing
      case .folder: .fileUnreadable("it is a folder; name the file in it.")
      case .notRegular: .fileUnreadable("it is a pipe or a device and no file.")
      case .tooLarge: .fileTooLarge(limit: PolicyDocument.sizeLimit)
      case .system(let words): .fileUnreadable(words + ".")
      }
  }
}
