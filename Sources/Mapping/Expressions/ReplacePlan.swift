/// What one `Replace(…)` does: which of its five modes the arguments ask for, with its pattern made ready.
enum ReplacePlan: Sendable {
  /// Every `oldValue` in the source becomes `replacementValue`.
  case text
  /// Every `oldValue` in `template` becomes the source.
  case template
  /// Every match becomes the replacement, `${name}` in it the group of that name.
  ///
  /// The replacement is made ready where it is the same for all.
  case pattern(Pattern, PatternReplacement?)
  /// In every match only the group's part becomes the replacement.
  case group(Pattern, slot: Int)
  /// The source where it has a value; else what the group finds in another column.
  case otherColumn(Pattern, slot: Int)
}

/// How one `FormatDateTime(…)` reads and writes.
struct FormatPlan: Sendable {
  let input: DatePattern
  let output: DatePattern
  let trimsBlanks: Bool
}
