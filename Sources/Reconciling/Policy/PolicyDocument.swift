import Yams

/// The text of a policy file as a tree with places: the only file that knows of Yams.
///
/// The YAML of a policy is the plain part of YAML: one document, mappings with text keys, lists and
/// scalars. Anchors, aliases, tags and `${NAME}` are refused wherever they stand, for a policy must
/// say the same to a reader as to the program; each has its own sentence.
struct PolicyDocument {
  /// No honest policy comes near it: 1 MiB.
  static let sizeLimit = 1 << 20
  /// The deepest honest value stands six deep.
  static let depthLimit = 16

  let root: PolicyNode

  /// Parses `text`; a problem with the YAML as such ends it, what the tree holds is collected.
  init?(parsing text: String, into problems: PolicyProblems) {
    guard text.utf8.count <= Self.sizeLimit else {
      problems.report(.fileTooLarge(limit: Self.sizeLimit), at: .start)
      return nil
    }
    // Before the parser, which hashes mapping keys: a key that is an alias of aliases of aliases
    // would keep it busy for ever.
    if let alias = Self.usedAlias(in: text) {
      problems.report(.anchor(alias.name), at: alias.place)
      return nil
    }
    do {
      let parser = try Parser(yaml: text, resolver: .basic, encoding: .utf8)
      guard let first = try parser.nextRoot() else {
        problems.report(.emptyFile, at: .start)
        return nil
      }
      if let second = try parser.nextRoot() {
        problems.report(.severalDocuments, at: PolicyPlace(second.mark))
        return nil
      }
      var translation = Translation(problems: problems)
      // A node knows its anchor only while the parser lives.
      root = withExtendedLifetime(parser) { translation.node(first, path: .root, depth: 0) }
    } catch let error as YamlError {
      problems.report(error, in: text)
      return nil
    } catch {
      problems.report(.syntax("\(error)"), at: .start)
      return nil
    }
  }

  /// A name that stands behind both `&` and `*`, if there is one; over-careful, but never misses an
  /// alias.
  private static func usedAlias(in text: String) -> (name: String, place: PolicyPlace)? {
    var anchors: Set<String> = []
    var aliases: [(name: String, place: PolicyPlace)] = []
    for (number, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
      .enumerated()
    {
      let scalars = Array(line.unicodeScalars)
      guard scalars.first(where: { $0 != " " && $0 != "\t" }) != "#" else { continue }
      for (column, scalar) in scalars.enumerated() where scalar == "&" || scalar == "*" {
        // Where a word goes on, as in `R&D` and `.*contoso`, neither begins anything.
        guard column == 0 || scalars[column - 1].mayStandBeforeAnchor else { continue }
        var name = ""
        for scalar in scalars[(column + 1)...] {
          guard scalar.isAnchorLetter else { break }
          name.unicodeScalars.append(scalar)
        }
        guard !name.isEmpty else { continue }
        if scalar == "&" {
          anchors.insert(name)
        } else {
          aliases.append((name, PolicyPlace(line: number + 1, column: column + 1)))
        }
      }
    }
    return aliases.first { anchors.contains($0.name) }
  }
}

/// Turns Yams's nodes into ours and notes what a policy may not use.
private struct Translation {
  let problems: PolicyProblems
  private var anchorsSeen: Set<PolicyPlace> = []

  init(problems: PolicyProblems) {
    self.problems = problems
  }

  mutating func node(_ node: Node, path: PolicyPath, depth: Int) -> PolicyNode {
    let place = PolicyPlace(node.mark)
    let nothing = PolicyNode(place: place, content: .scalar("", isPlain: true))
    guard depth <= PolicyDocument.depthLimit else {
      problems.report(.tooDeep(limit: PolicyDocument.depthLimit), at: place, path: path)
      return nothing
    }
    if let anchor = node.anchor {
      // An alias is the anchored node once more, at the same place.
      guard anchorsSeen.insert(place).inserted else { return nothing }
      problems.report(.anchor(anchor.rawValue), at: place, path: path)
    }
    if let tag = explicitTag(of: node) { problems.report(.tag(tag), at: place, path: path) }
    switch node {
    case .scalar(let scalar):
      noteEnvironmentReference(in: scalar.string, at: place, path: path)
      let isPlain = scalar.style == .plain
      return PolicyNode(place: place, content: .scalar(scalar.string, isPlain: isPlain))
    case .sequence(let items):
      let list = items.enumerated().map { index, item in
        self.node(item, path: path.index(index), depth: depth + 1)
      }
      return PolicyNode(place: place, content: .list(list))
    case .mapping(let pairs):
      let entries = pairs.compactMap { entry($0.key, $0.value, path: path, depth: depth) }
      return PolicyNode(place: place, content: .mapping(entries))
    case .alias(let alias):
      problems.report(.anchor(alias.anchor.rawValue), at: place, path: path)
      return nothing
    }
  }

  private mutating func entry(
    _ key: Node, _ value: Node, path: PolicyPath, depth: Int
  ) -> PolicyNode.Entry? {
    let keyPlace = PolicyPlace(key.mark)
    guard case .scalar(let name) = key else {
      problems.report(.keyIsNotText, at: keyPlace, path: path)
      return nil
    }
    if let anchor = key.anchor {
      problems.report(.anchor(anchor.rawValue), at: keyPlace, path: path)
    }
    if let tag = explicitTag(of: key, isKey: true) {
      problems.report(.tag(tag), at: keyPlace, path: path)
    }
    noteEnvironmentReference(in: name.string, at: keyPlace, path: path)
    let value = node(value, path: path.key(name.string), depth: depth + 1)
    return PolicyNode.Entry(key: name.string, keyPlace: keyPlace, value: value)
  }

  /// The tag that was written; Yams gives quoted scalars and hashed keys the one for text by
  /// itself.
  private func explicitTag(of node: Node, isKey: Bool = false) -> String? {
    let tag: Tag
    switch node {
    case .scalar(let scalar):
      tag = scalar.tag
      let isText = tag.rawValue == Tag.Name.str.rawValue
      if isText, isKey || scalar.style != .plain { return nil }
    case .sequence(let items): tag = items.tag
    case .mapping(let pairs): tag = pairs.tag
    case .alias(let alias): tag = alias.tag
    }
    return tag.rawValue == Tag.Name.implicit.rawValue ? nil : tag.rawValue
  }

  private func noteEnvironmentReference(in text: String, at place: PolicyPlace, path: PolicyPath) {
    // In an expression it is a group of a pattern, to be filled in by `Replace`.
    guard let name = text.environmentReference else { return }
    guard !text.contains("(") || !ExpressionText.isExpression(text) else { return }
    problems.report(.environmentReference(name), at: place, path: path)
  }
}

extension PolicyProblems {
  /// Notes what Yams says about the text.
  fileprivate func report(_ error: YamlError, in text: String) {
    switch error {
    case .scanner(let context, let problem, let mark, _),
      .parser(let context, let problem, let mark, _),
      .composer(let context, let problem, let mark, _):
      let place = PolicyPlace(mark)
      guard text.scalar(at: place) != "\t" else { return report(.tab, at: place) }
      guard !problem.hasPrefix("Maximum nesting level") else {
        return report(.tooDeep(limit: PolicyDocument.depthLimit), at: place)
      }
      report(
        .syntax([context?.text, problem].compactMap(\.self).joined(separator: ": ")), at: place)
    case .reader(let problem, let offset, _, _):
      report(.syntax(problem), at: text.place(ofCharacter: offset ?? 0))
    case .duplicatedKeysInMapping(let keys, let context):
      let first = PolicyPlace(context.mark)
      let key = keys.first ?? ""
      guard let second = text.secondPlace(ofKey: key, after: first) else {
        return report(.duplicateKey(key, firstLine: nil), at: first)
      }
      report(.duplicateKey(key, firstLine: first.line), at: second)
    default:
      report(.syntax("\(error)"), at: .start)
    }
  }
}

extension PolicyPlace {
  fileprivate init(_ mark: Mark?) {
    self.init(line: mark?.line ?? 1, column: mark?.column ?? 1)
  }
}

extension Unicode.Scalar {
  /// What may stand right before a node: a blank, or a sign of YAML.
  fileprivate var mayStandBeforeAnchor: Bool {
    properties.isWhitespace || "[]{},:?-\"'&*!|>#%@`".unicodeScalars.contains(self)
  }

  /// What libyaml takes into the name of an anchor.
  fileprivate var isAnchorLetter: Bool {
    ("a"..."z").contains(self) || ("A"..."Z").contains(self) || ("0"..."9").contains(self)
      || self == "_" || self == "-"
  }
}

extension String {
  /// The name in the first `${NAME}`, if there is one.
  fileprivate var environmentReference: String? {
    // Setting up the pattern for every value of the policy would take longer than the rest of reading it.
    guard utf8.contains(UInt8(ascii: "$")) else { return nil }
    return firstMatch(of: /\$\{([A-Za-z_][A-Za-z0-9_]*)\}/).map { String($0.1) }
  }

  private func line(_ number: Int) -> Substring? {
    let lines = split(
      maxSplits: number, omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    return lines.count >= number ? lines[number - 1] : nil
  }

  fileprivate func scalar(at place: PolicyPlace) -> Unicode.Scalar? {
    line(place.line)?.unicodeScalars.dropFirst(place.column - 1).first
  }

  fileprivate func place(ofCharacter offset: Int) -> PolicyPlace {
    let before = prefix(offset)
    let lines = before.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    return PolicyPlace(line: lines.count, column: (lines.last?.unicodeScalars.count ?? 0) + 1)
  }

  /// The next line that begins with the same key in the same column, in a block mapping.
  fileprivate func secondPlace(ofKey key: String, after first: PolicyPlace) -> PolicyPlace? {
    let lines = split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    for number in lines.indices where number >= first.line {
      let text = lines[number].drop { $0 == " " || $0 == "-" }
      let column = lines[number].unicodeScalars.count - text.unicodeScalars.count + 1
      guard column == first.column else { continue }
      for spelling in [key, "\"\(key)\"", "'\(key)'"] where text.hasPrefix(spelling) {
        let rest = text.dropFirst(spelling.count).drop { $0 == " " }
        if rest.first == ":" { return PolicyPlace(line: number + 1, column: column) }
      }
    }
    return nil
  }
}
