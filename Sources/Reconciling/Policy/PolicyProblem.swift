package import Identity
package import Mapping

/// Something wrong, or worth knowing, about the policy file, with the place to go to.
///
/// ```
/// rollcall.yaml:12:5: exports.people[0].content: “all” is not one of full, delta. Did you mean …
/// ```
package struct PolicyProblem: Error, Sendable, Hashable {
  package let line: Int
  package let column: Int
  /// `exports.people[0].path`; empty for the file as a whole.
  package let path: String
  package let kind: Kind

  package init(line: Int, column: Int, path: String, kind: Kind) {
    self.line = line
    self.column = column
    self.path = path
    self.kind = kind
  }

  /// What was found, with all that its sentence needs.
  package enum Kind: Sendable, Hashable {
    // The file
    case fileMissing
    case fileUnreadable(String)
    case fileTooLarge(limit: Int)
    case emptyFile
    case notUTF8
    case utf16

    // YAML
    case syntax(String)
    case tab
    case severalDocuments
    case anchor(String)
    case tag(String)
    case tooDeep(limit: Int)
    case duplicateKey(String, firstLine: Int?)
    case keyIsNotText
    case environmentReference(String)

    // Shapes and words
    case unknownKey(String, suggestion: String?, legal: [String])
    case missingKey(String, Reason)
    case wrongType(expected: Shape, found: Shape)
    case notOneOf(String, allowed: [String], suggestion: String?)
    case outOfRange(Double, from: Double, to: Double)
    case badDuration(String)
    case shortDuration(String, minimum: String)
    case emptyText
    case emptyList
    case repeatedItem(String)
    case notTogether(String, String)
    case oneOf([String])

    // Exports
    case noExports
    case badName(String)
    case nameTaken(String)
    case badPath(String)
    case onlyForDelta(String)
    case notInHeader([String], suggestion: String?)
    case deltaWithoutRemoved
    case badPattern(String, String)
    case patternGroups(String, Int)
    case trailerGroups(String, Int)
    case noTrailerInXML

    // Mapping
    case attributeSyntax(String, AttributePathProblem)
    case unknownAttribute(String, suggestion: String?)
    case attributeNotWritable(String)
    case membersAreMemberships
    case needsSubAttribute(String, example: String)
    case noSubAttributes(String)
    case needsFilter(String, example: String)
    case takesNoFilter(String)
    case filterOnOther(String)
    case pathTwice(String, firstLine: Int)
    case removesNothing(String)
    case noWords(String)
    case wordsForText(String)
    case emptyWord
    case wordTwice(String)
    case badBooleanConstant(String)
    case badTypedConstant(String, String)
    case typeIsFixed(String, String)
    case typesDiffer(String, String, String)
    case severalOfOne(String)
    case severalTyped(String)
    case wholeAndPart(String, part: String)
    case notAReference(String)
    case referenceOfTeam(String)
    case constantForAll(String)
    case mustNotBeCleared(String)
    case requiredNotMapped(String, export: String)

    // Expressions
    case expression(ExpressionProblem, ExpressionExcerpt)
    /// With the place in a filter, where it has one.
    case scope(ScopeFilter.Problem, ExpressionExcerpt?)
    case badTable(String, LookupFileProblem)
    case uniqueBoolean(String)
    case uniqueTyped(String, String)
    case initialForTeams(String)

    // Teams
    case tooManyStars(String, String)
    case commaInRole(String)
    case badRole(String)
    case flattenNeedsFull(String)
    case ruleWithoutPeople
    case assignedWithoutMemberships
    case assignedNeedsFull(String)

    // Matching
    case keyNotMapped(String, export: String, suggestion: String?)
    case keyIsConstant(String, export: String)
    case keyIsBoolean(String)
    case keyIsInitial(String)
    case keyIsTyped(String, String)
    case adoptNotAKey(String)
    case notMapped(String, suggestion: String?)
    case unknownExport(String, suggestion: String?)
    case exportsLeftOut([String])

    // Lifecycle, guards, protection
    case ladderDescends(String, before: String)
    case neverBefore(String, never: String)
    case guardOff(String)
    case floorAboveCount(floor: Int, count: Int)
    case protectsAll(String)
  }

  /// Why a missing key must be there.
  package enum Reason: Sendable, Hashable {
    case required
    case contentStated
    case teamStated
    case keyStated
  }

  /// What a value looks like, for “expected …, found …”.
  package enum Shape: Sendable, Hashable {
    case text
    case wholeNumber
    case number
    case trueOrFalse
    case duration
    case list
    case mapping
    case nothing
    case limit
    case columnOrMapping
    case wordOrMapping(String)
    case countOrNever
    /// A scalar as it was written.
    case written(String)
    case quotedText(String)
  }

  package enum Severity: String, Sendable, Hashable {
    case note
    case error
  }

  /// Only errors keep a policy from being used; `check` shows the notes too.
  package var severity: Severity {
    switch kind {
    case .deltaWithoutRemoved: .note
    default: .error
    }
  }
}

/// Why a policy file cannot be used: all that is wrong with it, in the order of the text.
package struct PolicyFailure: Error, Sendable, Hashable {
  /// The file as the operator named it.
  package let path: String
  package let problems: [PolicyProblem]

  package init(path: String, problems: [PolicyProblem]) {
    self.path = path
    self.problems = problems
  }
}
