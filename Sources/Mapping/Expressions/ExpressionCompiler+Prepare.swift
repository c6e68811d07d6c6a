import Identity

// What is made ready once, so that no record pays for it: patterns, date formats, tables.

extension ExpressionCompiler {
  /// The place of what was prepared for a call, or -1 where there is nothing to prepare.
  mutating func prepare(
    _ function: ExpressionFunction, _ given: [ExpressionNode], _ node: ExpressionNode
  ) -> Int {
    switch function {
    case .replace:
      guard let plan = replacePlan(given) else { return -1 }
      replacements.append(plan)
      return replacements.count - 1
    case .formatDateTime:
      guard let plan = formatPlan(given) else { return -1 }
      formats.append(plan)
      return formats.count - 1
    case .lookup:
      guard let name = given[0].text else { return -1 }
      guard let table = surroundings.tables[name] else {
        let near = Suggestion.nearest(to: name, among: surroundings.tables.keys.sorted())
        report(.unknownTable(name, suggestion: near), given[0])
        return -1
      }
      tables.append(table)
      return tables.count - 1
    case .toLower, .toUpper:
      guard given.count > 1, let name = given[1].text, !name.isEmpty else { return -1 }
      guard let culture = LetterCulture(named: name) else {
        report(.unknownCulture(name), given[1])
        return -1
      }
      return culture.rawValue
    case .defaultDomain:
      if surroundings.defaultDomain == nil {
        report(.noDefaultDomain, node)
      }
      return -1
    default: return -1
    }
  }

  // MARK: - Replace

  private mutating func replacePlan(_ given: [ExpressionNode]) -> ReplacePlan? {
    func isGiven(_ place: Int) -> Bool { place < given.count && !given[place].isMissing }
    guard isGiven(2), let text = given[2].text else {
      let isConstant = !isGiven(2)
      switch (isGiven(1), isGiven(4), isGiven(6)) {
      case (true, true, false): return .text
      case (true, false, true): return .template
      default:
        if isConstant { report(.replaceMode, given[0]) }
        return nil
      }
    }
    let pattern: Pattern
    do {
      pattern = try Pattern(text)
    } catch {
      report(.badPattern(error), at: error.offset, inText: given[2])
      return nil
    }
    guard !isGiven(1), !isGiven(6), isGiven(4) != isGiven(5) else {
      report(.replaceMode, given[0])
      return nil
    }
    guard isGiven(3) else {
      guard isGiven(4) else {
        report(.replaceMode, given[0])
        return nil
      }
      return .pattern(
        pattern, given[4].text.map { PatternReplacement($0, for: pattern) })
    }
    guard let name = given[3].text, let slot = slot(named: name, of: pattern, given[3]) else {
      return nil
    }
    return isGiven(4) ? .group(pattern, slot: slot) : .otherColumn(pattern, slot: slot)
  }

  private mutating func slot(
    named name: String, of pattern: Pattern, _ node: ExpressionNode
  ) -> Int? {
    if let slot = pattern.slot(named: PatternGroupName(name)) { return slot }
    let near = Suggestion.nearest(to: name, among: pattern.groupNames)
    report(.noSuchGroup(name, suggestion: near, groups: pattern.groupNames), node)
    return nil
  }

  // MARK: - Dates

  /// The words of .NET's `DateTimeStyles`, of which white space around the source is the default; times without an offset are UTC whatever they say.
  private static let styles = [
    "None", "AllowLeadingWhite", "AllowTrailingWhite", "AllowInnerWhite", "AllowWhiteSpaces",
    "NoCurrentDateDefault", "AdjustToUniversal", "AssumeLocal", "AssumeUniversal", "RoundtripKind",
  ]

  private mutating func formatPlan(_ given: [ExpressionNode]) -> FormatPlan? {
    let styles = (given[1].text ?? "").split { $0 == "," || $0 == " " || $0 == "|" }.map(
      String.init)
    for style in styles where !Self.styles.contains(style) {
      report(
        .badConstant(
          function: "FormatDateTime", parameter: "dateTimeStyles", value: style,
          allowed: Self.styles), given[1])
    }
    var patterns: [DatePattern] = []
    for node in given[2...] {
      guard let text = node.text else { return nil }
      guard let pattern = DatePattern(text) else {
        report(.badDateFormat(text), node)
        return nil
      }
      patterns.append(pattern)
    }
    return FormatPlan(
      input: patterns[0], output: patterns[1],
      trimsBlanks: styles.isEmpty || styles.contains { $0.hasPrefix("Allow") })
  }
}
