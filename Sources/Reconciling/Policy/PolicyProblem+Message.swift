// The only place with sentences about the policy file.

import Identity
import Mapping

extension PolicyFailure: CustomStringConvertible {
  /// One `file:line:column: …` line for each problem, which editors and CI jump from.
  package var description: String {
    problems.map { $0.line(in: path) }.joined(separator: "\n")
  }
}

extension PolicyProblem: CustomStringConvertible {
  package var description: String { line(in: "policy") }

  /// The form editors jump from: `rollcall.yaml:12:5: exports.people[0].path: …`.
  package func line(in file: String) -> String {
    let subject = path.isEmpty ? "" : shown(path, in: "", limit: 200) + ": "
    let word = severity == .note ? "note: " : ""
    return "\(file):\(line):\(column): \(word)\(subject)\(message)"
  }

  /// One or two sentences: what is wrong, and what to do about it.
  package var message: String {
    kind.fileMessage ?? kind.shapeMessage ?? kind.mappingMessage ?? kind.expressionMessage
      ?? kind.ruleMessage ?? ""
  }

  /// `line(in:)`, and under it the part of an expression that is meant.
  package func lines(in file: String) -> [String] {
    let excerpt: ExpressionExcerpt? =
      switch kind {
      case .expression(_, let excerpt): excerpt
      case .scope(_, let excerpt): excerpt
      default: nil
      }
    guard let excerpt else { return [line(in: file)] }
    return [line(in: file), "    " + excerpt.line, "    " + excerpt.caret]
  }
}

extension PolicyProblem.Kind {
  /// About the file and its YAML.
  fileprivate var fileMessage: String? {
    switch self {
    case .fileMissing:
      "There is no such file. `rollcall init` writes one to begin with."
    case .fileUnreadable(let reason):
      "The file cannot be read: \(reason)"
    case .fileTooLarge(let limit):
      "The file is larger than \(limit / 1024) KiB; is it really a policy?"
    case .emptyFile:
      "The file says nothing. A policy needs at least `exports:`."
    case .notUTF8:
      "The text is not UTF-8 from here on. Save the file as UTF-8."
    case .utf16:
      "The file is UTF-16. Save it as UTF-8."
    case .syntax(let reason):
      "This is not YAML: \(shown(reason, in: "", limit: 200))."
    case .tab:
      "A tab stands where YAML allows only spaces. Indent with spaces."
    case .severalDocuments:
      "A second YAML document begins here. A policy is one document; take out the `---`."
    case .anchor(let name):
      "Anchors and aliases (\(shown(name, in: "&", limit: 40))) are not used in a policy. "
        + "Write the value out."
    case .tag(let tag):
      "YAML tags (\(shown(tag, in: "", limit: 60))) are not used in a policy. Take the tag away."
    case .tooDeep(let limit):
      "This is nested more than \(limit) deep; nothing in a policy is."
    case .duplicateKey(let key, let first?):
      "\(quoted(key)) stands here already, on line \(first). Keep one of the two."
    case .duplicateKey(let key, nil):
      "\(quoted(key)) stands more than once in this mapping. Keep one."
    case .keyIsNotText:
      "A key must be a plain word or a quoted text."
    case .environmentReference(let name):
      "\(shown(name, in: "${", limit: 60))} is not replaced here: environment variables may only "
        + "stand where secrets go, and no setting is secret yet. Write the value itself."
    default: nil
    }
  }

  /// About the shape of a value.
  fileprivate var shapeMessage: String? {
    switch self {
    case .unknownKey(let key, let suggestion?, _):
      "There is no key \(quoted(key)) here. Did you mean `\(suggestion)`?"
    case .unknownKey(let key, nil, let legal):
      "There is no key \(quoted(key)) here. There is: \(list(legal))."
    case .missingKey(let key, .required):
      "`\(key)` is missing; it has no default."
    case .missingKey(let key, .contentStated):
      "`\(key)` is missing. Say `full` if the file holds everybody, so that who is missing has "
        + "left, or `delta` if it holds only changes. Nothing in the file tells the two apart, and "
        + "the wrong guess would remove people."
    case .missingKey(let key, .keyStated):
      "`\(key)` is missing: the attribute by which the column names the other member."
    case .missingKey(let key, .teamStated):
      "`\(key)` is missing. Say where the team is named: { column, key }, { name } or "
        + "{ fileName, key }."
    case .wrongType(let expected, .nothing):
      "This has no value where \(expected.words) is expected. Give it one, or take the key away."
    case .wrongType(let expected, let found):
      "\(capitalised(found.words)) is not \(expected.words)."
    case .notOneOf(let text, let allowed, let suggestion):
      "\(quoted(text)) is not one of \(list(allowed))."
        + (suggestion.map { " Did you mean `\($0)`?" } ?? "")
    case .outOfRange(let number, let from, let to):
      "\(plain(number)) is outside \(plain(from)) to \(plain(to))."
    case .badDuration(let text):
      "\(quoted(text)) is not a duration. Write a whole number and m, h, d or w, such as 20h; at "
        + "most 3650d."
    case .shortDuration(let text, let minimum):
      "\(quoted(text)) is too short; at least \(minimum)."
    case .emptyText:
      "The text is empty. Give it a value, or take the key away."
    case .emptyList:
      "The list is empty. Put something in, or take the key away."
    case .repeatedItem(let text):
      "\(quoted(text)) stands more than once in this list."
    case .notTogether(let one, let other):
      "`\(one)` and `\(other)` contradict each other. Keep one."
    case .oneOf(let keys):
      "One of these must be stated: \(list(keys))."
    default: nil
    }
  }

  /// About attributes and their rules.
  fileprivate var mappingMessage: String? {
    switch self {
    case .attributeSyntax(let text, let problem):
      "\(quoted(text)) is not an attribute path: \(problem.words). Write `userName`, "
        + "`name.givenName` or `emails[type eq \"work\"].value`."
    case .unknownAttribute(let text, let suggestion):
      "SCIM has no attribute \(quoted(text))."
        + (suggestion.map { " Did you mean `\($0)`?" }
          ?? " Attributes of your own stand under the URN of their schema.")
    case .attributeNotWritable(let name):
      "`\(name)` is kept by the service itself or is secret; a policy cannot map it."
    case .membersAreMemberships:
      "A team's members are not mapped; they come from `exports.memberships`."
    case .needsSubAttribute(let text, let example):
      "\(quoted(text)) has several parts. Say which, such as `\(example)`."
    case .noSubAttributes(let name):
      "`\(name)` has no parts; it is mapped by its name alone."
    case .needsFilter(let name, let example):
      "`\(name)` has several values. Say which is meant, such as `\(example)`."
    case .takesNoFilter(let name):
      "`\(name)` has one value; it takes no `[…]`."
    case .filterOnOther(let text):
      "In \(quoted(text)) only `[type eq \"…\"]` or `[primary eq \"True\"]` can pick a value."
    case .pathTwice(let path, let first):
      "`\(path)` is mapped already, on line \(first). Keep one of the two."
    case .removesNothing(let path):
      "`\(path)` is not mapped, so there is nothing to take out."
    case .noWords(let path):
      "`\(path)` is true or false, and the column's words for it must be stated: "
        + "{ column: …, true: [\"True\"], false: [\"False\"] }."
    case .wordsForText(let path):
      "`\(path)` is text; words for true and false are for attributes like `active`."
    case .emptyWord:
      "An empty cell says nothing and cannot be a word: a column left blank would disable everybody."
    case .wordTwice(let word):
      "\(quoted(word)) means true and false at once."
    case .badBooleanConstant(let text):
      "\(quoted(text)) is neither true nor false."
    case .badTypedConstant(let text, let type):
      "\(quoted(text)) is no value of the type `\(type)`."
    case .typeIsFixed(let path, let type):
      "SCIM says that `\(path)` is \(type == "string" ? "text" : type); a policy can state the type of "
        + "attributes under a URN of its own."
    case .typesDiffer(let path, let one, let other):
      "`\(path)` is `\(one)` here and `\(other)` in another export. Give it one type."
    case .severalOfOne(let path):
      "SCIM says that `\(path)` has one value; a policy can let attributes under a URN of its own have several."
    case .severalTyped(let path):
      "`\(path)` has several values, which are texts; it takes no other type, and no words."
    case .wholeAndPart(let path, let part):
      "`\(path)` is mapped as a whole, and one value of it as `\(part)`. Keep one of the two; `~` takes back what a "
        + "preset maps."
    case .notAReference(let path):
      "`\(path)` holds no reference. `key` is for the manager and for attributes under a URN of your own."
    case .referenceOfTeam(let path):
      "`\(path)` belongs to a team; references to members are for members."
    case .constantForAll(let path):
      "`\(path)` must differ from one to the next; a constant gives all of them the same."
    case .mustNotBeCleared(let path):
      "`\(path)` must not be cleared by an empty cell. Take `whenEmpty: clear` away."
    case .requiredNotMapped(let path, let export):
      "Export \(quoted(export)) does not map `\(path)`, without which nothing can be created. Map "
        + "it, or state a preset."
    default: nil
    }
  }

  /// About expressions.
  fileprivate var expressionMessage: String? {
    switch self {
    case .expression(let problem, _): problem.message
    case .scope(let problem, _): problem.message
    case .badTable(let path, let problem): "The table \(quoted(path)) \(problem.words)."
    case .uniqueBoolean(let path):
      "`\(path)` is true or false; `SelectUniqueValue` cannot give everybody another one."
    case .uniqueTyped(let path, let type):
      "`\(path)` is of the type `\(type)`; `SelectUniqueValue` chooses among texts."
    case .initialForTeams(let path):
      "`\(path)` belongs to a team; `default`, `apply` and `SelectUniqueValue` are for members."
    default: nil
    }
  }

  /// About what the sections say together.
  fileprivate var ruleMessage: String? {
    switch self {
    case .noExports:
      "There must be an export of people or of teams."
    case .badName(let text):
      "\(quoted(text)) is not a name. Use letters a to z, digits, `.`, `_` and `-`; at most 100."
    case .nameTaken(let name):
      "\(quoted(name)) is the name, or a former name, of another export. Who owns a member is known "
        + "by it, so each has its own."
    case .badPath(let text):
      "\(quoted(text)) is not the path of a file."
    case .onlyForDelta(let key):
      "`\(key)` is for `content: delta`; in a full export, who has left is not in the file."
    case .notInHeader(let columns, let suggestion):
      "The export's `header:` has no \(columns.map { quoted($0) }.joined(separator: ", nor "))."
        + didYouMean(suggestion)
    case .deltaWithoutRemoved:
      "This delta has no `removed:`, so it never removes anybody."
    case .badPattern(let text, let reason):
      "\(quoted(text)) is not a regular expression: \(shown(reason, in: "", limit: 200))"
    case .patternGroups(let text, let count):
      "\(quoted(text)) has \(count) groups; it needs exactly one, in parentheses."
    case .tooManyStars(let to, let from):
      "\(quoted(to)) has more stars than \(quoted(from)), so nothing is known for them."
    case .commaInRole(let role):
      "\(quoted(role)) holds a comma, which stands between the roles of a team."
    case .badRole(let role):
      "\(quoted(role)) holds a quote, a backslash or a control character, which no role may."
    case .flattenNeedsFull(let name):
      "`nested: flatten` needs full exports of memberships, and \(quoted(name)) is a delta: it does not say "
        + "who is in an inner team that has not changed."
    case .assignedWithoutMemberships:
      "`assigned` goes by who is in which team, and there is no export of memberships."
    case .assignedNeedsFull(let name):
      "`assigned` needs full exports of teams and memberships, and \(quoted(name)) is a delta: whom it does not "
        + "mention may be assigned all the same."
    case .ruleWithoutPeople:
      "A rule makes teams of the records of people, and there is no people export."
    case .trailerGroups(let text, let count):
      "\(quoted(text)) has \(count) groups; it may have one, in parentheses, that finds the count."
    case .noTrailerInXML:
      "An XML document ends with its root element; there is no line after it."
    case .keyNotMapped(let key, let export, let suggestion):
      "Export \(quoted(export)) does not map `\(key)`." + didYouMean(suggestion)
    case .keyIsConstant(let key, let export):
      "Export \(quoted(export)) gives `\(key)` a constant, so it would match everybody."
    case .keyIsBoolean(let key):
      "`\(key)` is true or false and tells nobody apart."
    case .keyIsInitial(let key):
      "`\(key)` is chosen or set only when somebody is created, so nobody can be found by it. Match by "
        + "another attribute."
    case .keyIsTyped(let key, let type):
      "`\(key)` is of the type `\(type)`; people and teams are found by text alone."
    case .adoptNotAKey(let key):
      "`\(key)` is not a match key, so nothing is ever found by it."
    case .notMapped(let key, let suggestion):
      "No export maps `\(key)`, so nobody can be found by it." + didYouMean(suggestion)
    case .unknownExport(let name, let suggestion):
      "There is no people export \(quoted(name))." + didYouMean(suggestion)
    case .exportsLeftOut(let names):
      "Every people export needs its place in the order; missing: \(names.joined(separator: ", "))."
    case .ladderDescends(let step, let before):
      "`\(step)` would come before `\(before)`. Give it the same number or a greater one."
    case .neverBefore(let step, let never):
      "`\(step)` cannot happen while `\(never)` is never."
    case .guardOff(let text):
      "A guard cannot be switched off (\(quoted(text))). State a limit you could defend; an "
        + "approval lets a single plan pass."
    case .floorAboveCount(let floor, let count):
      "The floor \(floor) would let pass more than the count \(count)."
    case .protectsAll(let text):
      "\(quoted(text)) would protect everybody. Name some letters of those meant."
    default: nil
    }
  }

  private func didYouMean(_ suggestion: String?) -> String {
    suggestion.map { " Did you mean `\($0)`?" } ?? ""
  }
}

extension PolicyProblem.Shape {
  fileprivate var words: String {
    switch self {
    case .text: "a text"
    case .wholeNumber: "a whole number"
    case .number: "a number"
    case .trueOrFalse: "true or false"
    case .duration: "a duration such as 20h"
    case .list: "a list"
    case .mapping: "a mapping (`key: value`)"
    case .nothing: "nothing"
    case .limit: "a limit (200, \"5%\" or { count, percent, floor })"
    case .columnOrMapping: "the name of a column, or { column: … }"
    case .wordOrMapping(let word): "`\(word)` or a mapping"
    case .countOrNever: "a whole number, or `never`"
    case .written(let text): quoted(text)
    case .quotedText(let text): "the text \(quoted(text))"
    }
  }
}

extension AttributePathProblem {
  fileprivate var words: String {
    switch self {
    case .empty: "it is empty"
    case .badName(let name): "\(quoted(name)) is not a name"
    case .badFilter(let filter): "\(quoted(filter)) is not a filter"
    case .trailingText(let text): "\(quoted(text)) is left over"
    }
  }
}

extension LookupFileProblem {
  fileprivate var words: String {
    switch self {
    case .unreadable: "cannot be read"
    case .tooLarge(let limit): "is larger than \(limit >> 20) MiB"
    case .notUTF8: "is not UTF-8"
    case .columns(let line, let count):
      "has \(count) columns on line \(line); a table has two, the key and the value"
    case .openQuote(let line): "has a quote on line \(line) that is never closed"
    case .keyTwice(let line, let key): "has the key \(quoted(key)) a second time on line \(line)"
    case .cells(let line, let count, let columns):
      "has \(count) columns on line \(line), and \(columns) in its header"
    case .notJSON(let line): "is no JSON: line \(line)"
    case .noList: "has no list of objects, in itself or under `value`"
    case .morePages:
      "is a page that says there are others (`@odata.nextLink`); a file with all of them is needed"
    case .notAssignments:
      "has neither `principalId` and `appRoleId`, as Microsoft Graph has them, nor two columns, who and role"
    case .notMembers: "has no columns `groupId` and `memberId` that say who is in which group"
    case .nobody(let line): "does not say on line \(line) who has the role"
    case .groupWithoutMembers(let line, let group):
      "has a role of the group \(quoted(group)) on line \(line); state who is in it: "
        + "`groups: group-members.csv`, with the columns groupId and memberId"
    case .unnamedRole(let line, let role):
      "has the role \(quoted(role)) on line \(line), which `roles` does not name"
    }
  }
}

/// The words with commas between them.
private func list(_ words: [String]) -> String {
  words.map { "`\($0)`" }.joined(separator: ", ")
}

private func capitalised(_ text: String) -> String {
  text.prefix(1).uppercased() + text.dropFirst()
}

/// A number without a needless `.0`.
private func plain(_ number: Double) -> String {
  Int(exactly: number).map { "\($0)" } ?? "\(number)"
}

/// What somebody wrote, in typographic quotes.
private func quoted(_ text: String) -> String {
  "“" + shown(text, in: "", limit: 80) + "”"
}

/// A text safe to show on a terminal: no control or direction characters, no endless line.
private func shown(_ text: String, in prefix: String, limit: Int) -> String {
  var shown = prefix
  var count = 0
  for scalar in text.unicodeScalars {
    guard count < limit else { return shown + "…" }
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .unassigned, .privateUse:
      shown += "\\u{\(String(scalar.value, radix: 16))}"
    default:
      shown.unicodeScalars.append(scalar)
    }
    count += 1
  }
  return shown
}
