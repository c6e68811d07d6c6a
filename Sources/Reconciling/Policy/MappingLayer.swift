import Identity
import Mapping

/// One `mapping:` of the policy file, before it is laid over what stands below it.
///
/// ```
/// preset: entra            userName, title, active …        lowest
/// mapping.members          title: { constant: Guest }       replaces the preset's title
/// exports.people[0].mapping  title: ~                       takes it out for this export
/// ```
struct MappingLayer {
  enum Entry {
    case rule(MappingRule)
    /// `~`: nothing maps this path.
    case nothing
  }

  private(set) var entries: [AttributePath: Entry] = [:]
  /// Whether every path in it could be understood; else nobody can say what is not mapped.
  private(set) var isWhole = true
  /// The keys as they are written, which may differ from the paths' one spelling.
  private(set) var spellings: [AttributePath: String] = [:]

  init() {}

  init(reading value: PolicyValue?, subject: MappingSubject) {
    guard let value else { return }
    guard let section = value.freeSection() else {
      isWhole = false
      value.problems.hasUnreadableMapping = true
      return
    }
    var lines: [AttributePath: Int] = [:]
    for entry in section.entries {
      guard let path = entry.attributePath(of: subject) else {
        isWhole = false
        value.problems.hasUnreadableMapping = true
        continue
      }
      if let line = lines[path] {
        entry.report(.pathTwice(path.description, firstLine: line))
        continue
      }
      lines[path] = entry.place.line
      spellings[path] = entry.name
      entries[path] = entry.value.isNull ? .nothing : .rule(MappingRule(reading: entry, path: path))
      checkInitial(path, of: subject, entry: entry)
      checkRequired(path, of: subject, entry: entry)
    }
  }

  private func checkInitial(
    _ path: AttributePath, of subject: MappingSubject, entry: PolicySection.Entry
  ) {
    guard case .rule(let rule) = entries[path] else { return }
    if subject == .teams, rule.isInitial || rule.defaultValue != nil {
      entry.report(.initialForTeams(path.description))
    }
    if rule.asksForUniqueValue {
      if rule.kind == .boolean { entry.report(.uniqueBoolean(path.description)) }
      if rule.kind != .boolean, rule.kind != .string {
        entry.report(.uniqueTyped(path.description, rule.kind.rawValue))
      }
    }
    if rule.references != nil, subject == .teams {
      entry.report(.referenceOfTeam(path.description))
    }
  }

  /// Nobody is told apart by one name for all, nor keeps an account without one.
  private func checkRequired(
    _ path: AttributePath, of subject: MappingSubject, entry: PolicySection.Entry
  ) {
    guard path == subject.requiredAttribute, case .rule(let rule) = entries[path] else { return }
    if rule.isConstant { entry.report(.constantForAll(path.description)) }
    if rule.whenEmpty == .clear { entry.report(.mustNotBeCleared(path.description)) }
  }

  /// The rules below with this layer over them, in canonical order.
  func over(_ rules: [MappingRule]) -> [MappingRule] {
    var byPath: [AttributePath: MappingRule] = [:]
    for rule in rules { byPath[rule.path] = rule }
    for (path, entry) in entries {
      switch entry {
      case .rule(let rule): byPath[path] = rule
      case .nothing: byPath[path] = nil
      }
    }
    return byPath.values.sorted { $0.path < $1.path }
  }

  /// What it takes out although `rules` have no such thing.
  func removingNothing(of rules: [MappingRule]) -> [AttributePath] {
    entries.compactMap { path, entry in
      guard case .nothing = entry else { return nil }
      return rules.contains { $0.path == path } ? nil : path
    }
    .sorted()
  }
}

extension PolicySection.Entry {
  func report(_ kind: PolicyProblem.Kind) {
    value.problems.report(kind, at: place, path: value.path)
  }

  /// The key as an attribute path that can be written; notes why it cannot.
  fileprivate func attributePath(of subject: MappingSubject) -> AttributePath? {
    do {
      let path = try AttributePath(parsing: name).whole(isReference: isReference || value.isNull)
      guard let problem = KnownAttributes.of(subject).problem(with: path, written: name) else {
        return path
      }
      report(problem)
    } catch {
      report(.attributeSyntax(name, error))
    }
    return nil
  }
}

extension PolicySection.Entry {
  /// Whether the rule looks other members up.
  fileprivate var isReference: Bool { value.isMapping && value.freeSection()?["key"] != nil }
}

extension AttributePath {
  /// Entra calls the manager by the attribute; what SCIM keeps of one is the id in `value` (RFC 7643 §4.3).
  fileprivate func whole(isReference: Bool) -> AttributePath {
    guard isReference, schema == KnownAttributes.enterpriseSchema, attribute == "manager",
      subAttribute == nil, filter == nil
    else { return self }
    return AttributePath(schema: schema, attribute: attribute, subAttribute: "value")
  }
}

extension MappingRule {
  /// Reads `column`, an expression, or `{ column: … }`, `{ constant: … }` or `{ expression: … }`.
  ///
  /// What cannot be read is noted, and a rule without columns stands in for it, so that the path
  /// still counts as mapped.
  fileprivate init(reading entry: PolicySection.Entry, path: AttributePath) {
    var source = Source.columns([])
    var type = RuleType(kind: path.kind)
    var vocabulary: BooleanWords?
    var whenEmpty = EmptyCell.keep
    var apply = Application.always
    var defaultValue: String?
    if entry.value.isMapping {
      if let section = entry.value.section(
        "column", "constant", "expression", "whenEmpty", "apply", "default", "true", "false",
        "type", "multiValued", "key")
      {
        type = RuleType(reading: section, path: path)
        source = Source(reading: section, kind: type.kind) ?? source
        vocabulary = BooleanWords(reading: section, path: path, kind: type.kind)
        whenEmpty = section["whenEmpty"]?.word(of: EmptyCell.self) ?? .keep
        apply = section["apply"]?.word(of: Application.self) ?? .always
        defaultValue = section.defaultValue(of: type.kind)
        if defaultValue != nil, whenEmpty == .clear {
          section["default"]?.report(.notTogether("whenEmpty: clear", "default"))
        }
        if apply == .onCreate { section["whenEmpty"]?.report(.notTogether("apply", "whenEmpty")) }
      }
    } else if entry.value.scalar == nil {
      entry.value.mismatch(.columnOrMapping)
    } else if let text = entry.value.scalar, ExpressionText.isExpression(text) {
      if let program = entry.value.expression() { source = .expression(program) }
      if path.isBoolean { vocabulary = .standard }
    } else if let column = entry.value.text() {
      source = .columns([column])
      if path.isBoolean { entry.report(.noWords(path.description)) }
    }
    if case .expression(let program) = source {
      let text = entry.value.isMapping ? entry.value.freeSection()?["expression"] : entry.value
      text?.check(program, fits: type.kind, hasWords: vocabulary.map { $0 != .standard } ?? false)
    }
    if whenEmpty == .clear, type.kind == .boolean {
      entry.report(.mustNotBeCleared(path.description))
    }
    self.init(
      path: path, kind: type.kind, references: type.references, source: source,
      vocabulary: vocabulary, whenEmpty: whenEmpty, apply: apply, defaultValue: defaultValue,
      origin: .policy, line: entry.place.line,
      columnPlaces: source.columnPlaces(
        in: entry.value.isMapping ? entry.value.freeSection()?["expression"] : entry.value))
  }
}

extension PolicySection {
  /// `default:`, which must be a value that the attribute can have.
  fileprivate func defaultValue(of kind: ManagedAttribute.Kind) -> String? {
    guard let value = self["default"], let text = value.text() else { return nil }
    if self["constant"] != nil { value.report(.notTogether("constant", "default")) }
    return value.spelling(of: text, as: kind)
  }
}

extension MappingRule.Source {
  fileprivate func columnPlaces(in value: PolicyValue?) -> [PolicyPlace] {
    guard case .expression(let program) = self, let value else { return [] }
    return program.columns.indices.map {
      value.problems.place(
        of: program.range(ofColumn: $0).lowerBound, in: program.text, from: value.node.place)
    }
  }

  fileprivate init?(reading section: PolicySection, kind: ManagedAttribute.Kind) {
    let stated = ["column", "constant", "expression"].filter { section[$0] != nil }
    if stated.count > 1 {
      section[stated[1]]?.report(.notTogether(stated[0], stated[1]))
      return nil
    }
    if let expression = section["expression"] {
      guard let program = expression.expression() else { return nil }
      self = .expression(program)
      return
    }
    switch (section["column"], section["constant"]) {
    case (let column?, nil):
      guard let columns = column.textOrTexts(), !columns.isEmpty else { return nil }
      self = .columns(columns)
    case (nil, let constant?):
      guard let text = constant.text() else { return nil }
      for key in ["whenEmpty", "true", "false"] where section[key] != nil {
        section[key]?.report(.notTogether("constant", key))
      }
      self = .constant(constant.spelling(of: text, as: kind))
    case (.some, .some): return nil
    case (nil, nil):
      section.report(.oneOf(["column", "constant", "expression"]))
      return nil
    }
  }
}

extension BooleanWords {
  /// What `True` and `False` are to expressions, in any case.
  fileprivate static let standard = BooleanWords(true: ["true"], false: ["false"], foldsCase: true)

  fileprivate init?(
    reading section: PolicySection, path: AttributePath, kind: ManagedAttribute.Kind
  ) {
    guard section["constant"] == nil else { return nil }
    let keys = ["true", "false"].compactMap { section[$0] }
    guard kind == .boolean else {
      keys.first?.report(.wordsForText(path.description))
      return nil
    }
    // An expression comes to True or False, unless the policy says in which words.
    if keys.isEmpty, section["expression"] != nil {
      self = .standard
      return
    }
    guard keys.count == 2 else {
      section.report(.noWords(path.description))
      return nil
    }
    let lists = keys.map { $0.texts(allowingEmptyText: true) ?? [] }
    for (key, words) in zip(keys, lists) {
      // An empty cell says nothing; were it a word, one column left blank would disable everybody.
      if words.contains("") { key.report(.emptyWord) }
    }
    for word in lists[1] where lists[0].contains(where: { $0.utf8.elementsEqual(word.utf8) }) {
      keys[1].report(.wordTwice(word))
    }
    self.init(true: lists[0], false: lists[1])
  }
}
