import Crypto
import Identity
import Mapping
import PlanFile
import Reading

extension Policy {
  /// SHA-256 of `canonicalText`, 64 lower-case hexadecimal digits.
  ///
  /// A plan is bound to it: comments, the order of keys, the folder the file lies in and how an
  /// export's bytes read may change between plan and apply; what the policy asks for may not.
  package var digest: String {
    SHA256.hash(data: Array(canonicalText.utf8)).map { byte in
      let text = String(byte, radix: 16)
      return text.count == 1 ? "0" + text : text
    }.joined()
  }

  /// The meaning of the policy as text, the same for every way of writing it.
  ///
  /// ```
  /// people "entra-users" content full tolerated 0
  /// people "entra-users" map userName from "userPrincipalName" "UserPrincipalName" keep preset
  /// …
  /// guard removals count 200 percent 5.0 floor 5
  /// ```
  ///
  /// One fact to a line, defaults filled in, lines sorted; lists whose order means something keep
  /// it. Paths, delimiters, encodings and formats are left out, as are the state's and the reports'
  /// places.
  package var canonicalText: String {
    var lines = exports.canonicalLines
    lines += matching.canonicalLines
    lines += teams.canonicalLines
    lines += lifecycle.canonicalLines
    lines += GuardName.allCases.map { "guard \($0.rawValue) \(guards[$0].canonicalText)" }
    lines += protected.members.map { "protected member \(quoted($0.text))" }
    lines += protected.teams.map { "protected team \(quoted($0.text))" }
    lines += expressions.canonicalLines
    lines += health.canonicalLines
    // By bytes: the order of `String` is that of canonical equivalence.
    lines.sort { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    return "rollcall policy 1\n" + lines.map { $0 + "\n" }.joined()
  }
}

extension Exports {
  fileprivate var canonicalLines: [String] {
    var lines: [String] = []
    for export in people {
      lines += export.settings.canonicalLines(as: "people", mapping: export.mapping)
      if let scope = export.scope {
        let name = quoted(export.settings.name)
        // A scope of assigned people alone is worded as a filter that is empty.
        lines.append(
          "people \(name) scope \(quoted(scope.filter?.text ?? "")) \(scope.leaving.rawValue)")
        if let assigned = scope.assigned {
          lines.append("people \(name) assigned \(quotedSet(assigned.map(\.text)))")
        }
      }
    }
    for export in teams {
      lines += export.settings.canonicalLines(as: "teams", mapping: export.mapping)
    }
    for export in memberships {
      lines += export.settings.canonicalLines(as: "memberships", mapping: [])
      lines.append("memberships \(quoted(export.settings.name)) team \(export.team.canonicalText)")
      lines.append(
        "memberships \(quoted(export.settings.name)) member \(export.member.canonicalText)")
    }
    return lines
  }
}

extension ExportSettings {
  fileprivate func canonicalLines(as kind: String, mapping: [MappingRule]) -> [String] {
    let start = "\(kind) \(quoted(name))"
    var lines = ["\(start) content \(content.rawValue) tolerated \(toleratedLines)"]
    lines += formerly.map { "\(start) formerly \(quoted($0))" }
    if let header { lines.append("\(start) header \(quoted(header))") }
    if let records { lines.append("\(start) records \(quoted(records))") }
    if let objectClasses { lines.append("\(start) objectClasses \(quoted(objectClasses))") }
    if urlValues != .refuse { lines.append("\(start) urlValues \(urlValues.rawValue)") }
    if let each { lines.append("\(start) each \(quoted(each))") }
    if let trailer { lines.append("\(start) trailer \(trailer.extra) \(quoted(trailer.text))") }
    // Where the manifest lies may change; that there is one may not.
    if manifest != nil { lines.append("\(start) manifest") }
    if let maxAge { lines.append("\(start) maxAge \(maxAge.components.seconds)") }
    if let sequence { lines.append("\(start) sequence \(quoted(sequence.text))") }
    if let removed {
      lines.append(
        "\(start) removed \(quoted(removed.columns)) values \(quotedSet(removed.values))")
    }
    return lines + mapping.map { "\(start) map \($0.canonicalText)" }
  }
}

extension MappingRule {
  fileprivate var canonicalText: String {
    var text = quoted(path.description)
    // Nothing is added for what SCIM says: a policy that states no type keeps its digest.
    if kind != path.kind { text += " type \(kind.rawValue)" }
    if let references { text += " key \(quoted(references.description))" }
    switch source {
    case .columns(let columns): text += " from \(quoted(columns)) \(whenEmpty.rawValue)"
    case .constant(let value): text += " constant \(quoted(value))"
    case .expression(let program):
      text += " expression \(quoted(program.text)) \(whenEmpty.rawValue)"
    }
    if let vocabulary {
      text += " true \(quotedSet(vocabulary.trueWords)) false \(quotedSet(vocabulary.falseWords))"
      text += vocabulary.foldsCase ? " folded" : " exact"
    }
    if apply == .onCreate { text += " onCreate" }
    if let defaultValue { text += " default \(quoted(defaultValue))" }
    return text + " " + origin.rawValue
  }
}

extension TeamSettings {
  /// Nothing where nothing is stated: a policy without teams of its own keeps its digest.
  fileprivate var canonicalLines: [String] {
    var lines: [String] = []
    if let include { lines.append("teams include \(quotedSet(include.map(\.text)))") }
    if !exclude.isEmpty { lines.append("teams exclude \(quotedSet(exclude.map(\.text)))") }
    for (place, renaming) in rename.enumerated() {
      lines.append("teams rename \(place) \(quoted(renaming.from.text)) to \(quoted(renaming.to))")
    }
    if nested != .off { lines.append("teams nested \(nested.rawValue)") }
    for rule in rules {
      let exports = rule.exports.map { " of " + quotedSet($0) } ?? ""
      lines.append("teams rule \(quoted(rule.name)) \(quoted(rule.filter.text))\(exports)")
    }
    if let roles {
      lines.append("teams roles" + (memberRoles == .written ? " written" : ""))
      lines += roles.map { "teams roles \(quoted($0.teams.text)) \(quotedSet($0.roles))" }
    }
    return lines
  }
}

extension Expressions {
  /// Nothing where nothing is stated: a policy without expressions keeps its digest.
  fileprivate var canonicalLines: [String] {
    var lines: [String] = []
    if let defaultDomain { lines.append("expressions domain \(quoted(defaultDomain))") }
    for (name, table) in tables {
      let hash = SHA256.hash(data: table.canonicalBytes).map { String($0) }.joined(separator: ".")
      lines.append("expressions table \(quoted(name)) \(hash)")
    }
    if let assignments {
      let hash = SHA256.hash(data: assignments.canonicalBytes).map { String($0) }
      lines.append("expressions roles \(hash.joined(separator: "."))")
    }
    return lines
  }
}

extension MembershipsExport.Reference {
  fileprivate var canonicalText: String {
    "\(quoted(columns)) key \(quoted(key.description))"
      + (separator.map { " separator \(quoted($0))" } ?? "")
  }
}

extension MembershipsExport.Team {
  fileprivate var canonicalText: String {
    switch self {
    case .reference(let reference): "column \(reference.canonicalText)"
    case .name(let name): "name \(quoted(name))"
    case .fileName(let pattern, let key):
      "fileName \(quoted(pattern.text)) key \(quoted(key.description))"
    }
  }
}

extension MatchRules {
  fileprivate var canonicalLines: [String] {
    var lines: [String] = []
    for subject in MappingSubject.allCases {
      let keys = keys(for: subject).map(\.description)
      lines.append("match \(subject.rawValue) \(quoted(keys))")
      lines.append(
        "adopt \(subject.rawValue) \(quotedSet(adopted(for: subject).map(\.description)))")
    }
    switch merge {
    case .off: lines.append("merge off")
    case .authority(let names, let attributes):
      lines.append("merge authority \(quoted(names))")
      lines += attributes.map { "merge \(quoted($0.key.description)) of \(quoted($0.value))" }
    }
    switch memberships {
    case .additive: lines.append("edges additive")
    case .exact: lines.append("edges exact")
    case .exactIn(let teams): lines.append("edges exact in \(quotedSet(teams))")
    }
    return lines
  }
}

extension Lifecycle {
  fileprivate var canonicalLines: [String] {
    // Always is what it was before there was a choice: such a policy keeps its digest.
    (create == .always ? [] : ["create \(create.rawValue)"])
      + (update == .always ? [] : ["update \(update.rawValue)"])
      + (teams.create == .always ? [] : ["create teams \(teams.create.rawValue)"])
      + (teams.update == .always ? [] : ["update teams \(teams.update.rawValue)"]) + [
        "leavers deactivate \(leavers.deactivate.canonicalText)",
        "leavers stripTeams \(leavers.stripTeams.canonicalText)",
        "leavers delete \(leavers.delete.canonicalText)",
        "leavers minInterval \(leavers.minInterval.components.seconds)",
        "createDisabled \(createDisabled)", "reactivate \(reactivate.rawValue)",
        "maxHeld \(maxHeld.components.seconds)",
      ]
  }
}

extension Lifecycle.Absences {
  fileprivate var canonicalText: String {
    switch self {
    case .never: "never"
    case .after(let count): "\(count)"
    }
  }
}

extension GuardLimit {
  fileprivate var canonicalText: String {
    let count = count.map { "\($0)" } ?? "none"
    let percent = percent.map { "\($0)" } ?? "none"
    return "count \(count) percent \(percent) floor \(floor) firstLoad \(admitsFirstLoad)"
  }
}

/// A text in quotes, so that no value can pass for two or end a line.
private func quoted(_ text: String) -> String {
  var quoted = "\""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\"", "\\": quoted += "\\\(scalar)"
    case "\n": quoted += "\\n"
    case "\r": quoted += "\\r"
    default: quoted.unicodeScalars.append(scalar)
    }
  }
  return quoted + "\""
}

/// Texts whose order means something.
private func quoted(_ texts: [String]) -> String {
  texts.map { quoted($0) }.joined(separator: " ")
}

/// Texts whose order means nothing.
private func quotedSet(_ texts: [String]) -> String {
  quoted(texts.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
}
