package import Identity
package import Mapping
import Reading

/// Which resource a rule or a match key is about.
package enum MappingSubject: String, Sendable, Hashable, CaseIterable {
  case members
  case teams

  /// What a service refuses to create one without (RFC 7643 §4.1, §4.2).
  var requiredAttribute: AttributePath {
    switch self {
    case .members: .userName
    case .teams: .displayName
    }
  }
}

/// How one attribute gets its value.
///
/// ```yaml
/// mapping:
///   members:
///     userName: userPrincipalName                 # path: column
///     externalId: { column: [id, objectId] }      # the first of them that the header has
///     title: { column: jobTitle, whenEmpty: clear }
///     locale: { column: language, apply: onCreate, default: en-US }
///     active: { column: accountEnabled, true: ["True"], false: ["False"] }
///     userType: { constant: Employee }
///     urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager: { column: managerId, key: externalId }
///     urn:contoso:hr:1.0:User:badge: { column: badge, type: integer }   # under a URN of your own
///     urn:contoso:hr:1.0:User:skills: { column: skills, multiValued: true }      # all values of a list
///     roles: 'AppRoleAssignmentsComplex([appRoleAssignments])'      # [{"value": …}, …]
///     name.formatted: 'Join(" ", [givenName], [surname])'   # or { expression: … }
///     nickName: ~                                 # takes back what the preset maps
/// ```
package struct MappingRule: Sendable, Hashable {
  package enum Source: Sendable, Hashable {
    /// `column:` The first of these that stands in the header.
    case columns([String])
    /// `constant:` The same for everyone; never empty.
    case constant(String)
    /// `expression:` What comes of the record's columns, in Entra's language.
    case expression(ExpressionProgram)
  }

  /// `whenEmpty:` What an empty cell asks for.
  ///
  /// A column that is not there asks for nothing, ever.
  package enum EmptyCell: String, Sendable, Hashable, CaseIterable {
    /// The default: what the target has stays.
    case keep
    /// The target's value is removed.
    case clear
  }

  /// `apply:` When the rule counts.
  package enum Application: String, Sendable, Hashable, CaseIterable {
    /// The default.
    case always
    /// Only when somebody is created; what is there afterwards stays.
    case onCreate
  }

  /// Who asks for the attribute.
  ///
  /// A preset speaks for exports it has not seen, so its column may silently be missing; one that
  /// the policy names may not.
  package enum Origin: String, Sendable, Hashable {
    case preset
    case policy
  }

  package let path: AttributePath
  /// `type:` What its values are; only under a URN that is not SCIM's own is there a choice.
  package let kind: ManagedAttribute.Kind
  /// `key:` The attribute of another member that the column names, whose id becomes the value; nil for no reference.
  package let references: AttributePath?
  package let source: Source
  /// The words of a boolean attribute; nil for all others and for constants.
  package let vocabulary: BooleanWords?
  package let whenEmpty: EmptyCell
  package let apply: Application
  /// `default:` What somebody who is created gets where the record has no value.
  package let defaultValue: String?
  package let origin: Origin
  /// The line of the policy file; nil for a preset's rule.
  package let line: Int?
  /// Where the policy names each column of an expression first.
  package let columnPlaces: [PolicyPlace]

  package init(
    path: AttributePath, kind: ManagedAttribute.Kind? = nil, references: AttributePath? = nil,
    source: Source, vocabulary: BooleanWords? = nil, whenEmpty: EmptyCell = .keep,
    apply: Application = .always, defaultValue: String? = nil, origin: Origin, line: Int? = nil,
    columnPlaces: [PolicyPlace] = []
  ) {
    self.kind = kind ?? path.kind
    self.references = references
    self.path = path
    self.source = source
    self.vocabulary = vocabulary
    self.whenEmpty = whenEmpty
    self.apply = apply
    self.defaultValue = defaultValue
    self.origin = origin
    self.line = line
    self.columnPlaces = columnPlaces
  }

  /// All that findings may call what it reads: names of columns, and the text of an expression.
  var sourceNames: Set<String> {
    var names = Set(columnAlternatives.flatMap(\.self))
    names.formUnion(columnAlternatives.map { ExportHeader.name(ofAny: $0) })
    if case .expression(let program) = source { names.insert(program.text) }
    return names
  }

  /// The columns that it reads, each with the names it may go by.
  package var columnAlternatives: [[String]] {
    switch source {
    case .constant: []
    case .columns(let names): names.isEmpty ? [] : [names]
    case .expression(let program): program.columns.map { [$0] }
    }
  }

  /// Whether everybody gets the same.
  package var isConstant: Bool {
    switch source {
    case .constant: true
    case .columns: false
    case .expression(let program): program.columns.isEmpty && !program.isRandom
    }
  }

  /// Whether it counts when somebody is created, and never again.
  package var isInitial: Bool { apply == .onCreate || asksForUniqueValue }

  /// Whether nobody is to see its value in a report.
  package var isRedacted: Bool {
    if case .expression(let program) = source { program.isRedacted } else { false }
  }

  /// Whether its value is chosen from several.
  package var asksForUniqueValue: Bool {
    if case .expression(let program) = source { program.asksForUniqueValue } else { false }
  }
}

/// The closed vocabulary of a boolean column; any other word is a finding, never a guess.
///
/// ```yaml
/// active: { column: Status, true: [Active, On leave], false: [Terminated] }
/// ```
///
/// A column that says the opposite (`Block credential`) is read by swapping the words.
package struct BooleanWords: Sendable, Hashable {
  /// `true:` The words for true.
  package let trueWords: [String]
  /// `false:` The words for false.
  package let falseWords: [String]
  /// Whether ASCII case is ignored: so in presets; in a policy the words are exact.
  package let foldsCase: Bool

  package init(true trueWords: [String], false falseWords: [String], foldsCase: Bool = false) {
    self.trueWords = trueWords
    self.falseWords = falseWords
    self.foldsCase = foldsCase
  }

  /// What `word` means, or nil when it is in neither list.
  package func meaning(of word: String) -> Bool? {
    if trueWords.contains(where: { equal($0, word) }) { return true }
    if falseWords.contains(where: { equal($0, word) }) { return false }
    return nil
  }

  private func equal(_ left: String, _ right: String) -> Bool {
    guard foldsCase else { return left.utf8.elementsEqual(right.utf8) }
    return left.utf8.elementsEqual(right.utf8) { Self.folded($0) == Self.folded($1) }
  }

  private static func folded(_ byte: UInt8) -> UInt8 {
    (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
  }
}
