import Identity
import Mapping

/// One of Entra's attribute mappings as a line of a policy, or the reason why it is none.
///
/// ```
/// userPrincipalName → userName, priority 1      userName: userPrincipalName
/// Join(" ", [givenName], [surname])             'name.formatted': 'Join(" ", [givenName], [surname])'
/// manager → urn:…:manager                       'urn:…:manager.value': {column: manager.id, key: externalId}
/// SingleAppRoleAssignment(…) → roles            # NOT CARRIED OVER …
/// ```
struct EntraAttributeDraft {
  /// What the policy says after the attribute, with what is different here.
  struct Line {
    let path: AttributePath
    let value: String
    let notes: [String]
    /// Why it cannot be matched by, if it cannot.
    let isNoKey: String?
    /// The one column it is taken from.
    let column: String?
    /// Columns that have to be called exactly so.
    let exactColumns: [String]

    func noting(_ note: String) -> Line {
      Line(
        path: path, value: value, notes: [note] + notes, isNoKey: isNoKey, column: column,
        exactColumns: exactColumns)
    }
  }

  enum Outcome {
    case line(Line)
    case left(reason: String)
  }

  let mapping: EntraSchema.AttributeMapping
  let subject: MappingSubject
  let columns: EntraColumns
  /// What the source directory says of its attributes.
  let definitions: [String: EntraSchema.Definition]
  /// What the target directory says of its attributes.
  let targetDefinitions: [String: EntraSchema.Definition]
  let surroundings: ExpressionSurroundings
  /// Whether nothing of the object is marked as matching, so that Rollcall's own keys are.
  let hasUsualKeys: Bool

  /// The object id never changes, so Rollcall matches by it whether Entra does or not.
  private var isKey: Bool {
    if case .attribute(let name) = mapping.source, EntraColumns.isObjectID(name) { return true }
    return mapping.matchingPriority > 0
  }

  /// Whether its source refers to another object of the directory.
  var isReference: Bool {
    guard case .attribute(let name) = mapping.source else { return false }
    return isReference(name) || holdsKeyOfManager
  }

  /// Whether it gives a manager by a key, as sources do that are no directories of Entra's.
  private var holdsKeyOfManager: Bool {
    guard case .attribute(let name) = mapping.source else { return false }
    return !isReference(name) && subject == .members
      && DraftedMapping.plain(mapping.target) == "manager"
  }

  /// Whether it says which roles of the application somebody has.
  var asksForRoles: Bool {
    if case .function(let text) = mapping.source {
      EntraColumns.names(in: text).contains { Self.unexported[$0] != nil }
    } else {
      false
    }
  }

  func outcome(_ keys: EntraReferenceKeys) -> Outcome {
    if isReference, subject == .members { return reference(keys) }
    if let reason = reasonOfSource { return .left(reason: reason) }
    switch EntraTarget(name: mapping.target, subject: subject).outcome {
    case .none(let reason): return .left(reason: reason)
    case .path(let path): return outcome(path)
    case .guess(let path):
      guard case .line(let line) = outcome(path) else { return outcome(path) }
      let note = "the target attribute is called \(mapping.target), which is taken for \(path)"
      return .line(line.noting(note))
    }
  }

  private func outcome(_ path: AttributePath) -> Outcome {
    switch mapping.source {
    case .none: return constant(mapping.defaultValue, path, isInitial: true)
    case .constant(let text): return constant(text, path, isInitial: false)
    case .attribute(let name): return direct(name, path)
    case .function(let expression): return function(expression, path)
    case .functionWithoutText(let name):
      return .left(reason: "the file has the function \(name) without its text")
    }
  }

  /// What no column can stand for, whatever it is mapped to.
  private var reasonOfSource: String? {
    let names: [String]
    switch mapping.source {
    case .attribute(let name): names = [name]
    case .function(let text): names = EntraColumns.names(in: text)
    case .none, .constant, .functionWithoutText: return nil
    }
    for name in names {
      if Self.hasEnvironmentReference(name) { return "${…} in the name of a column is refused" }
      if isAssignedRole(name) { continue }
      if let reason = Self.unexported[name] { return reason }
      guard isReference(name) else { continue }
      return
        "\(name) refers to another object, which an export names by a key of its own. Where a column has "
        + "the \(name)'s key, map it by hand"
    }
    return nil
  }

  /// Whether a file beside the schema tells what the name stands for.
  private func isAssignedRole(_ name: String) -> Bool {
    guard case .function = mapping.source else { return false }
    return name == RoleAssignments.column && surroundings.assignments != nil
  }

  private func isReference(_ name: String) -> Bool {
    definitions[name]?.type == "Reference" || name == "manager"
  }

  // MARK: - References

  private func reference(_ keys: EntraReferenceKeys) -> Outcome {
    guard case .attribute(let name) = mapping.source else {
      return .left(reason: "it refers to nothing")
    }
    if Self.hasEnvironmentReference(name) {
      return .left(reason: "${…} in the name of a column is refused")
    }
    let reference = EntraReference(
      name: name, target: mapping.target, columns: columns, keys: keys,
      holdsKey: holdsKeyOfManager)
    switch reference.outcome {
    case .left(let reason): return .left(reason: reason)
    case .reference(let path, let names, let key):
      var notes = flowNotes
      if holdsKeyOfManager {
        notes.append("\(name) is taken for the \(key) of the manager, as that is matched by")
      }
      if isAddOnly { notes.append("only during creation in Entra; a reference is kept equal here") }
      if let text = mapping.defaultValue {
        notes.append("the default value “\(Self.oneLine(text))” is left out: references have none")
      }
      if columns.present == nil, !holdsKeyOfManager {
        notes.append("the export has to tell the \(name)'s \(key), in one of these columns")
      }
      let column = names.count == 1 ? "\(EntraYAML(names[0]))" : Self.list(names)
      return .line(
        Line(
          path: path,
          value: Self.flow(["column: \(column)", "key: \(EntraYAML(key.description))"]),
          notes: notes, isNoKey: "it refers to another member", column: nil, exactColumns: []))
    }
  }

  // MARK: - Constants

  private func constant(
    _ text: String?, _ path: AttributePath, isInitial: Bool
  ) -> Outcome {
    guard let text, !text.isEmpty else {
      return .left(reason: "Entra's mapping has neither a source nor a default value")
    }
    guard !Self.hasEnvironmentReference(text) else {
      return .left(reason: "${…} is not allowed in a policy")
    }
    guard path != subject.requiredAttribute else {
      return .left(reason: "everybody would have the same \(path)")
    }
    let type = EntraTargetType(path, targetDefinitions[mapping.target])
    guard let value = type.value(text) else {
      return .left(
        reason: type.kind == .boolean
          ? "“\(text)” is neither true nor false" : "“\(text)” is no \(type.kind.rawValue)")
    }
    var fields = ["constant: \(EntraYAML(value))"] + type.fields(ofColumn: false)
    var notes = type.notes
    if isInitial || isAddOnly {
      guard subject == .members else { return initialForTeams }
      fields.append("apply: onCreate")
    }
    notes += flowNotes
    return .line(
      Line(
        path: path, value: Self.flow(fields), notes: notes, isNoKey: "it is a constant",
        column: nil, exactColumns: []))
  }

  // MARK: - Columns

  private func direct(_ name: String, _ path: AttributePath) -> Outcome {
    guard !name.isEmpty else { return .left(reason: "the file does not name its source") }
    if Self.isSoftDeleted(name) {
      return .left(
        reason: "IsSoftDeleted alone is the opposite of active; map accountEnabled by hand")
    }
    let definition = definitions[name]
    if columns.lacks(name) {
      return .left(reason: "the export has no column \(name)")
    }
    var notes = flowNotes
    if definition?.isMultivalued == true {
      notes.append("\(name) may have several values; a record with more than one is set aside")
    }
    let type = EntraTargetType(
      path, targetDefinitions[mapping.target], examples: columns.examples(of: name))
    return line(type, columns: columns.columns(for: name), notes + type.notes)
  }

  /// A line that takes a column; `active` and its like with their words.
  private func line(
    _ type: EntraTargetType, columns names: [String], _ notes: [String]
  ) -> Outcome {
    let path = type.path
    var fields = type.fields(ofColumn: true)
    var notes = notes
    guard let extras = extras(type, &notes) else { return initialForTeams }
    fields += extras
    let column = names.count == 1 ? "\(EntraYAML(names[0]))" : Self.list(names)
    let isPlain = fields.isEmpty && names.count == 1 && !ExpressionText.isExpression(names[0])
    return .line(
      Line(
        path: path, value: isPlain ? column : Self.flow(["column: \(column)"] + fields),
        notes: notes, isNoKey: type.whyNoKey, column: names[0], exactColumns: []))
  }

  // MARK: - Expressions

  private func function(_ expression: String, _ path: AttributePath) -> Outcome {
    if path == .active, Self.isActiveByDefault(expression) {
      if columns.lacks("accountEnabled") {
        return .left(
          reason: "the export has no column accountEnabled, which stands for IsSoftDeleted")
      }
      return line(
        EntraTargetType(path, targetDefinitions[mapping.target]),
        columns: columns.columns(for: "accountEnabled"),
        flowNotes + [
          "Entra: \(Self.oneLine(expression)). Who is in no export, or out of scope, is disabled by lifecycle and "
            + "scope; what is left of IsSoftDeleted is accountEnabled"
        ])
    }
    var notes = flowNotes
    var text = expression
    let named = EntraColumns.names(in: expression)
    if named.contains(where: Self.isSoftDeleted) {
      text = EntraColumns.replacingColumns(of: text) { name in
        Self.isSoftDeleted(name) ? Self.softDeleted : "[\(name)]"
      }
      notes.append(
        "IsSoftDeleted is worked out by Entra; here it is the opposite of accountEnabled")
    }
    if named.contains(where: isAssignedRole) { notes += notesOnRoles(expression) }
    for name in EntraColumns.names(in: text) where !isAssignedRole(name) {
      if columns.lacks(name) { return .left(reason: "the export has no column \(name)") }
    }
    let renamed = columns.renamed(text)
    if renamed != text {
      notes.append("columns are called as in the export; Entra has \(Self.oneLine(expression))")
    }
    return compiled(renamed, path, notes)
  }

  /// What is different of roles that the application gives.
  private func notesOnRoles(_ expression: String) -> [String] {
    let onlyAdds = expression.contains(/\bAppRoleAssignmentsComplex\s*\(/)
    return onlyAdds
      ? ["AppRoleAssignmentsComplex only adds in Entra; here the roles are kept equal"] : []
  }

  private func compiled(
    _ text: String, _ path: AttributePath, _ notes: [String]
  ) -> Outcome {
    let program: ExpressionProgram
    do {
      program = try ExpressionProgram(compiling: text, in: surroundings)
    } catch {
      let problem = error.problems.first
      return .left(
        reason: "the expression is refused at character \((problem?.range.lowerBound ?? 0) + 1): "
          + (problem?.message ?? ""))
    }
    // In a function they are groups of a pattern.
    if !text.contains("("), Self.hasEnvironmentReference(text) {
      return .left(reason: "${…} is not allowed in a policy")
    }
    let isUnique = program.asksForUniqueValue
    if isUnique, path.isBoolean || subject == .teams {
      return .left(reason: "SelectUniqueValue is for values of people")
    }
    let type = EntraTargetType(path, targetDefinitions[mapping.target], expression: text)
    var notes = notes + type.notes
    if program.isRandom {
      notes.append("random values are the same every night for one person here")
    }
    guard var extras = extras(type, &notes, isUnique: isUnique) else {
      return initialForTeams
    }
    extras = type.fields(ofColumn: false) + extras
    // Entra takes the roles that somebody no longer has, the last one too.
    if text.contains("AssertiveAppRoleAssignmentsComplex"), !extras.contains("apply: onCreate") {
      extras.append("whenEmpty: clear")
    }
    let quoted = EntraYAML(quoting: text)
    let isWhole = ExpressionText.isExpression(text) && extras.isEmpty
    let isConstant = program.columns.isEmpty && !program.isRandom
    if isConstant, path == subject.requiredAttribute {
      return .left(reason: "everybody would have the same \(path)")
    }
    return .line(
      Line(
        path: path, value: isWhole ? "\(quoted)" : Self.flow(["expression: \(quoted)"] + extras),
        notes: notes,
        isNoKey: isUnique
          ? "its value is chosen when somebody is created"
          : isConstant ? "it is a constant" : type.whyNoKey,
        column: Self.columnInOtherCase(text), exactColumns: program.columns))
  }

  /// The column whose value this is but for its case, in which keys are the same.
  private static func columnInOtherCase(_ text: String) -> String? {
    text.wholeMatch(of: /\s*To(?:Lower|Upper)\s*\(\s*\[([^\[\]]+)\]\s*,?\s*\)\s*/).map {
      String($0.1)
    }
  }

  // MARK: - When it counts

  private var isAddOnly: Bool { mapping.flowType.lowercased() == "objectaddonly" }

  private var flowNotes: [String] {
    switch mapping.flowType.lowercased() {
    case "always", "objectaddonly", "": []
    default:
      ["Entra's flow type is \(mapping.flowType), which only adds; here the value is kept equal"]
    }
  }

  private var initialForTeams: Outcome {
    .left(reason: "a value that is set only once is not possible for teams")
  }

  /// `apply` and `default`; nil where teams cannot have them and need no such attribute.
  private func extras(
    _ type: EntraTargetType, _ notes: inout [String], isUnique: Bool = false
  ) -> [String]? {
    let path = type.path
    var fields: [String] = []
    if isAddOnly, !isUnique {
      if isKey || hasUsualKeys && MappingSubject.usualKeys.contains(path) {
        notes.append("only during creation in Entra; what is matched by is kept equal here")
      } else if subject == .members {
        fields.append("apply: onCreate")
      } else if path == subject.requiredAttribute {
        notes.append("only during creation in Entra; here the name of a team is kept equal")
      } else {
        return nil
      }
    }
    if let text = mapping.defaultValue {
      if subject == .teams {
        notes.append("the default value “\(Self.oneLine(text))” is left out: teams have none")
      } else if let value = type.value(text), !Self.hasEnvironmentReference(text) {
        fields.append("default: \(EntraYAML(value))")
      } else {
        notes.append("the default value “\(Self.oneLine(text))” is left out: it is no value here")
      }
    }
    return fields
  }

  // MARK: - What Entra works out itself

  private static func isSoftDeleted(_ name: String) -> Bool { name.lowercased() == "issoftdeleted" }

  /// The opposite of `accountEnabled`, and nothing where that says nothing: nobody is disabled on doubt.
  private static let softDeleted =
    #"Switch([accountEnabled], , "True", "False", "False", "True", "true", "False", "false", "True", "TRUE", "False", "FALSE", "True")"#

  /// What no export of users has.
  private static let unexported = [
    "appRoleAssignments":
      "who is assigned to the application, and in which role, is in no export of users. Name a file of it beside the "
      + "schema (Microsoft Graph: /servicePrincipals/{id}/appRoleAssignedTo), or write which team has which under "
      + "teams: roles",
    "appRoleAssignmentId": "who is assigned to the application is in no export of users",
  ]

  /// Entra's own two ways to say that who is not deleted is active.
  private static func isActiveByDefault(_ expression: String) -> Bool {
    let bare = expression.filter { !$0.isWhitespace }.lowercased()
    return bare == "not([issoftdeleted])"
      || bare == #"switch([issoftdeleted],,"false","true","true","false")"#
      || bare == #"switch([issoftdeleted],,"true","false","false","true")"#
  }

  static func hasEnvironmentReference(_ text: String) -> Bool {
    text.contains(/\$\{[A-Za-z_][A-Za-z0-9_]*\}/)
  }

  static func oneLine(_ text: String) -> String {
    String(
      text.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : Character($0) })
  }

  private static func list(_ names: [String]) -> String {
    "[" + names.map { "\(EntraYAML($0))" }.joined(separator: ", ") + "]"
  }

  private static func flow(_ fields: [String]) -> String {
    "{" + fields.joined(separator: ", ") + "}"
  }
}

/// A text as YAML takes it, exactly: plain where that is safe, else in single quotes, with line ends in double ones.
struct EntraYAML: CustomStringConvertible {
  let description: String

  /// Plain for a simple word.
  init(_ text: String) {
    let yaml = YAMLText(text).description
    description = yaml.hasPrefix("\"") ? Self.quoted(text) : yaml
  }

  /// Always in quotes.
  init(quoting text: String) {
    description = Self.quoted(text)
  }

  /// Single quotes leave backslashes and double quotes alone, but fold line ends.
  private static func quoted(_ text: String) -> String {
    let needsEscapes = text.unicodeScalars.contains { scalar in
      switch scalar.properties.generalCategory {
      case .control, .lineSeparator, .paragraphSeparator, .format, .unassigned, .privateUse: true
      default: false
      }
    }
    guard needsEscapes else { return "'" + text.replacing("'", with: "''") + "'" }
    return "\"" + text.unicodeScalars.map(escaped).joined() + "\""
  }

  private static func escaped(_ scalar: Unicode.Scalar) -> String {
    switch scalar {
    case "\"", "\\": return "\\\(scalar)"
    case "\n": return "\\n"
    case "\t": return "\\t"
    default: break
    }
    guard scalar.value < 0x20 || scalar.value >= 0x7F else { return String(Character(scalar)) }
    let digits = String(scalar.value, radix: 16)
    return scalar.value > 0xFFFF
      ? "\\U" + String(repeating: "0", count: 8 - digits.count) + digits
      : "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
  }
}

extension MappingSubject {
  /// What members are matched by where nothing else is said.
  static let usualKeys: [AttributePath] = [.externalID, .userName]
}
