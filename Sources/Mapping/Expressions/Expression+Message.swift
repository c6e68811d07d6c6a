import Identity

// The only place with sentences about expressions.

extension ExpressionProblem {
  /// One or two sentences: what is wrong, and what to do about it.
  package var message: String {
    kind.readingMessage ?? kind.callMessage ?? kind.contentMessage ?? ""
  }
}

extension ExpressionProblem.Kind {
  fileprivate var readingMessage: String? {
    switch self {
    case .empty: "The expression is empty."
    case .tooLong(let limit): "The expression is longer than \(limit) characters."
    case .tooDeep(let limit): "The expression is nested more than \(limit) deep."
    case .strayScalar(let scalar): "\(named(scalar)) does not belong here."
    case .wrongQuote(let scalar):
      "\(named(scalar)) does not begin a text; texts stand in straight double quotes: \"Doe\"."
    case .textNotClosed: "The text that begins here has no closing quote."
    case .columnNotClosed: "The column that begins here has no closing `]`."
    case .emptyColumn: "There is no name between the brackets."
    case .badNumber(let text):
      "“\(text)” is not a whole number. Text stands in double quotes: \"\(text)\"."
    case .badHexadecimal(let text):
      "“\(text)” is no number. After &H come digits 0 to 9 and A to F; to put texts together, leave a blank after &."
    case .numberTooLarge(let text):
      "“\(text)” is too large: numbers go up to \(Int.max)."
    case .callNotClosed(""): "This parenthesis is never closed."
    case .callNotClosed(let name): "The parenthesis of `\(name)(` is never closed."
    case .operandExpected: "A value is missing here: a text, a number, a [column] or a function."
    case .trailingText: "This is left over. Is a comma or a parenthesis missing before it?"
    case .chainedComparison: "Two comparisons in a row say nothing. Put one of them in parentheses."
    default: nil
    }
  }

  fileprivate var callMessage: String? {
    switch self {
    case .unknownFunction(let name, let suggestion):
      "There is no function `\(name)`." + didYouMean(suggestion)
        + (suggestion == nil ? " If it is a column, write { column: … }." : "")
    case .unknownWord(let word, let suggestion):
      "`\(word)` means nothing by itself." + didYouMean(suggestion)
        + (suggestion == nil
          ? " A column is written [\(word)], a text \"\(word)\"." : "")
    case .argumentCount(_, let signature, let found):
      "\(found == 1 ? "One argument is" : "\(found) arguments are") given; it is \(signature)."
    case .oddArguments(_, let signature):
      "A key has no value: after the default they come in pairs. It is \(signature)."
    case .argumentMissing(let function, let parameter):
      "`\(function)` needs its \(parameter)."
    case .wrongType("", _, let expected, let found):
      "This is a \(found), where a \(expected) is needed."
    case .wrongType(let function, let parameter, let expected, let found):
      "The \(parameter) of `\(function)` is a \(expected); this is \(article(found))."
    case .notAConstant(let function, let parameter):
      "The \(parameter) of `\(function)` must be a text in quotes, not something that differs from "
        + "record to record."
    case .badConstant(let function, let parameter, let value, let allowed):
      "“\(value)” is no \(parameter) of `\(function)`. There is: \(allowed.joined(separator: ", "))."
    case .misplacedWord(let word):
      word.hasPrefix("vb")
        ? "`\(word)` is for the last argument of `InStr`."
        : "`\(word)` can only be what a branch of IIF, Switch or Coalesce comes to."
    default: nil
    }
  }

  fileprivate var contentMessage: String? {
    switch self {
    case .misplacedComparison:
      "Entra compares only in the condition of `IIF` and in `CBool`; `strict: entra` refuses it here."
    case .unknownColumn(let name, let suggestion):
      "No export has a column “\(name)”." + didYouMean(suggestion.map { "[\($0)]" })
    case .badPattern(let problem):
      "This is not a regular expression that can be used: \(problem.kind.words) "
        + "(character \(problem.offset + 1) of it)."
    case .noSuchGroup(let name, let suggestion, let groups):
      "The pattern has no group “\(name)”." + didYouMean(suggestion)
        + (suggestion == nil && !groups.isEmpty
          ? " It has: \(groups.joined(separator: ", "))." : "")
    case .replaceMode:
      "`Replace` can do five things: oldValue with replacementValue, oldValue with template, "
        + "regexPattern with replacementValue, and regexPattern with regexGroupName and either "
        + "replacementValue or replacementAttributeName. These arguments are none of them."
    case .badDateFormat(let text):
      "“\(text)” is not a date format. Write it like yyyy-MM-dd or M/d/yyyy h:mm:ss tt."
    case .unknownCulture(let name):
      "There is no culture “\(name)”. Write it like en-US; without one, letters are those of no language."
    case .uniqueNotOutermost:
      "`SelectUniqueValue` cannot stand inside another function; its rules can hold any."
    case .uniqueRules: "`SelectUniqueValue` needs two rules or more."
    case .unknownTable(let name, let suggestion):
      "There is no table “\(name)” under `expressions.tables`." + didYouMean(suggestion)
    case .noDefaultDomain:
      "`DefaultDomain()` is not known. State it: `expressions: { defaultDomain: contoso.com }`."
    case .notInEntra(let what): "`\(what)` is not in Entra, and `strict: entra` refuses it."
    case .wrongAttribute(_, .list):
      "This comes to a list; the attribute has one value. Take one with `Item`, make one with `Join`, or let an "
        + "attribute under a URN of your own have several: { expression: …, multiValued: true }."
    case .wrongAttribute(let kind, let found):
      "This comes to \(article(found.rawValue)); the attribute is of the type \(kind.rawValue)."
    default: nil
    }
  }

  private func didYouMean(_ suggestion: String?) -> String {
    suggestion.map { " Did you mean `\($0)`?" } ?? ""
  }

  private func article(_ found: String) -> String {
    found.hasPrefix("“") ? found : found == "flow" ? "a word that is no value" : "a \(found)"
  }

  /// The letter itself if it can be seen, else its code point.
  private func named(_ scalar: Unicode.Scalar) -> String {
    switch scalar.properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator,
      .paragraphSeparator:
      "U+" + String(scalar.value, radix: 16, uppercase: true)
    default: "“\(scalar)”"
    }
  }
}

extension PatternProblem.Kind {
  fileprivate var words: String {
    switch self {
    case .groupNotClosed: "a group is never closed"
    case .groupNotOpened: "a parenthesis closes nothing"
    case .classNotClosed: "a `[` is never closed"
    case .nothingToRepeat: "there is nothing to repeat"
    case .reversedRange: "a range runs backwards"
    case .reversedCount: "a count runs backwards"
    case .badEscape(let text): "“\(text)” means nothing"
    case .badGroup(let text): "“\(text)” is not a group"
    case .noSuchGroup(let name): "there is no group “\(name)” to refer to"
    case .unknownCategory(let name): "there is no category “\(name)”"
    case .conditional:
      "“(?(” begins a condition, which is not supported here; write both cases as alternatives: (?:…|…)"
    case .balancing(let name):
      "“(?<\(name)>” is a balancing group, which is not supported here"
    case .block(let name):
      "“\(name)” is a block of Unicode, and blocks are not supported here; write a range: [\\u0370-\\u03FF]"
    case .tooDeep: "it is nested too deep"
    case .tooLarge: "it is too large, or repeats too often"
    }
  }
}

extension ExpressionFault.Kind {
  /// The rest of the sentence “… failed: …”.
  package var message: String {
    switch self {
    case .notANumber: "that is not a whole number"
    case .numberTooLarge: "that number is too large: numbers go up to \(Int.max)"
    case .notADate: "that is not a date; write it like 2026-03-01 or 3/1/2026 2:00:00 PM"
    case .notTrueOrFalse: "that is neither true nor false"
    case .notInFormat(let format): "that is not of the form \(format)"
    case .noValue:
      "a value is missing; ask for that first with IsPresent, Switch or Coalesce"
    case .severalValues(let count): "there are \(count) values where one is needed"
    case .noSuchItem(let index, let count): "there is no item \(index) among \(count)"
    case .outOfRange: "that is out of range"
    case .patternTooSlow: "the pattern took too many steps"
    case .resultTooLong(let limit): "the result is longer than \(limit) bytes"
    case .notInTable(let table): "the table \(table) does not have it"
    case .allTaken(let count): "all \(count) values are taken"
    case .impossibleRandomString: "no such text can be made; look at the lengths"
    }
  }
}

extension ScopeFilter.Problem {
  /// One or two sentences: what is wrong, and what to do about it.
  package var message: String {
    switch self {
    case .empty: "The scope has nothing in it, so nobody would be in it."
    case .tooLong(let limit): "The filter is longer than \(limit) characters."
    case .tooDeep(let limit): "The filter is nested more than \(limit) deep."
    case .unexpected(let offset, let expected):
      "At character \(offset + 1) the filter needs \(expected). Write it like department eq \"Sales\" and "
        + "not (userType eq \"Guest\")."
    case .unknownOperator(let word, _, let suggestion, let known):
      "There is no operator “\(word)”." + (suggestion.map { " Did you mean `\($0)`?" } ?? "")
        + " There is: \(known.joined(separator: ", "))."
    case .valueFilter:
      "Within brackets one sub-attribute can be looked at, of elements that another one picks. Write it like "
        + "emails[type eq \"work\" and value ew \"@contoso.com\"]."
    case .valueNeeded(let name): "`\(name)` needs a value to compare with."
    case .valueNotTaken(let name): "`\(name)` takes no value."
    case .notANumber(let text): "“\(text)” is not a whole number, which is what is compared here."
    case .badPattern(let problem):
      "This is not a regular expression that can be used: \(problem.kind.words) "
        + "(character \(problem.offset + 1) of it)."
    }
  }
}
