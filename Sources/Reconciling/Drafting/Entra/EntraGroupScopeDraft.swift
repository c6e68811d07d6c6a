/// Entra's scoping filters of groups as `include:` and `exclude:` of the policy's teams, which go by names.
///
/// ```
/// displayName EQUALS Sales              include: ["Sales"]
/// displayName Includes SG               include: ["*SG*"]
/// displayName NOT REGEX MATCH ^Test-    exclude: ["Test-*"]
/// ```
struct EntraGroupScopeDraft {
  /// The lines below `teams:`; none where every group is in scope.
  private(set) var lines: [String] = []
  /// What is not carried over, told by one of the lines.
  private(set) var left: [String] = []

  /// `namesAreColumns` is whether teams are called as in the column displayName, and not by an expression.
  init(_ mapping: EntraSchema.ObjectMapping, namesAreColumns: Bool) {
    let scope = mapping.scope.filter { !$0.clauses.isEmpty }
    let input = mapping.inputFilters.filter { !$0.clauses.isEmpty }
    guard !scope.isEmpty || !input.isEmpty || mapping.hasCategoryFilters else { return }
    let groups = Self.both(scope, input)
    guard !mapping.hasCategoryFilters else {
      refuse(groups, "categoryFilterGroups have no counterpart here")
      return
    }
    guard namesAreColumns else {
      refuse(groups, "teams are not called as in the column displayName")
      return
    }
    carry(groups)
  }

  /// In scope is who is in both.
  private static func both(
    _ scope: [EntraSchema.ScopeGroup], _ input: [EntraSchema.ScopeGroup]
  ) -> [EntraSchema.ScopeGroup] {
    guard !scope.isEmpty, !input.isEmpty else { return scope + input }
    return scope.flatMap { group in
      input.map { other in
        EntraSchema.ScopeGroup(name: group.name, clauses: group.clauses + other.clauses)
      }
    }
  }

  private mutating func carry(_ groups: [EntraSchema.ScopeGroup]) {
    var include: [String] = []
    var excludes: Set<[String]> = []
    for group in groups {
      var wanted: [String] = []
      var unwanted: [String] = []
      for clause in group.clauses {
        switch clause.namePattern {
        case .any: break
        case .only(let pattern): wanted.append(pattern)
        case .not(let pattern): unwanted.append(pattern)
        case nil:
          refuse(groups, "“\(clause.shown)” cannot be said of the names of teams")
          return
        }
      }
      // Patterns are alternatives, so two that must both fit cannot be said; nor can no pattern beside others.
      guard wanted.count <= 1, groups.count == 1 || wanted.count == 1 else {
        refuse(groups, "what must all hold of one name cannot be said here")
        return
      }
      include += wanted
      excludes.insert(unwanted)
    }
    guard excludes.count == 1, let exclude = excludes.first else {
      refuse(groups, "each group leaves out other names")
      return
    }
    guard !include.isEmpty || !exclude.isEmpty else { return }
    lines = [
      "# NOTE the scope of groups in Entra: \(Self.shown(groups)). Here the case of a to z does not matter."
    ]
    if !include.isEmpty { lines.append("include: \(Self.list(include))") }
    if !exclude.isEmpty { lines.append("exclude: \(Self.list(exclude))") }
  }

  /// A part of a scope would be another scope, so it is all or nothing.
  private mutating func refuse(_ groups: [EntraSchema.ScopeGroup], _ reason: String) {
    let sentence =
      "the scope of groups (\(Self.shown(groups))): \(reason). UNTIL IT IS WRITTEN BY HAND NO TEAM COUNTS"
    left = [sentence]
    lines = [
      "# NOT CARRIED OVER \(sentence)",
      "include: \(Self.list(["write the scope of groups by hand"]))",
    ]
  }

  private static func shown(_ groups: [EntraSchema.ScopeGroup]) -> String {
    groups.map { $0.clauses.map(\.shown).joined(separator: " and ") }.joined(separator: " or ")
  }

  private static func list(_ patterns: [String]) -> String {
    "[" + patterns.map { "\(EntraYAML(quoting: $0))" }.joined(separator: ", ") + "]"
  }
}

/// What a clause asks of the name of a team, as a pattern in which `*` stands for any text.
private enum EntraNamePattern {
  /// Every team has a name.
  case any
  case only(String)
  case not(String)
}

extension EntraSchema.Clause {
  fileprivate var shown: String {
    EntraAttributeDraft.oneLine(
      ([attribute, operatorName] + values).joined(separator: " "))
  }

  /// Nil for what no pattern says.
  fileprivate var namePattern: EntraNamePattern? {
    guard attribute.lowercased() == "displayname", values.count <= 1,
      !values.contains(where: EntraAttributeDraft.hasEnvironmentReference)
    else { return nil }
    let value = values.first ?? ""
    let name = operatorName.uppercased().replacing("_", with: " ")
    guard name != "IS NOT NULL" else { return .any }
    // There is no way to write a star that stands for itself.
    let plain = value.isEmpty || value.contains("*") ? nil : value
    switch name {
    case "EQUALS": return plain.map { .only($0) }
    case "NOT EQUALS": return plain.map { .not($0) }
    case "INCLUDES": return plain.map { .only("*\($0)*") }
    case "STARTS WITH": return plain.map { .only("\($0)*") }
    case "ENDS WITH": return plain.map { .only("*\($0)") }
    case "REGEX MATCH": return Self.wildcards(value).map { .only($0) }
    case "NOT REGEX MATCH": return Self.wildcards(value).map { .not($0) }
    default: return nil
    }
  }

  /// A regular expression of nothing but letters, `.*` and both anchors: `^SG-.*` is `SG-*`.
  private static func wildcards(_ pattern: String) -> String? {
    var rest = Substring(pattern)
    let isAnchored = rest.hasPrefix("^")
    if isAnchored { rest.removeFirst() }
    var wildcards = isAnchored ? "" : "*"
    while let letter = rest.popFirst() {
      switch letter {
      case "\\":
        guard let next = rest.popFirst(), next != "*", next.isPunctuation || next.isSymbol else {
          return nil
        }
        wildcards.append(next)
      case ".":
        guard rest.popFirst() == "*" else { return nil }
        wildcards.append("*")
      case "$":
        return rest.isEmpty ? Self.singleStars(wildcards) : nil
      case "[", "]", "(", ")", "{", "}", "*", "+", "?", "|", "^": return nil
      default: wildcards.append(letter)
      }
      // What may repeat the letter before it is no letter.
      if let next = rest.first, "*+?{".contains(next), letter != "." { return nil }
    }
    return Self.singleStars(wildcards + "*")
  }

  private static func singleStars(_ pattern: String) -> String {
    pattern.replacing(/\*+/, with: "*")
  }
}
