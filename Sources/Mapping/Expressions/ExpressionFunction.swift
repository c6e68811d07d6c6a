import Identity

/// Every function an expression can call, by the name it is written with.
package enum ExpressionFunction: String, Sendable, Hashable, CaseIterable {
  case append = "Append"
  case appRoleAssignments = "AppRoleAssignments"
  case appRoleAssignmentsComplex = "AppRoleAssignmentsComplex"
  case assertiveAppRoleAssignmentsComplex = "AssertiveAppRoleAssignmentsComplex"
  case bitAnd = "BitAnd"
  case cBool = "CBool"
  case cDate = "CDate"
  case coalesce = "Coalesce"
  case convertToBase64 = "ConvertToBase64"
  case convertToUTF8Hex = "ConvertToUTF8Hex"
  case count = "Count"
  case cStr = "CStr"
  case dateAdd = "DateAdd"
  case dateDiff = "DateDiff"
  case dateFromNum = "DateFromNum"
  case defaultDomain = "DefaultDomain"
  case formatDateTime = "FormatDateTime"
  case guid = "Guid"
  case ignoreFlowIfNullOrEmpty = "IgnoreFlowIfNullOrEmpty"
  case iif = "IIF"
  case inStr = "InStr"
  case isNothing = "IsNothing"
  case isNull = "IsNull"
  case isNullOrEmpty = "IsNullOrEmpty"
  case isPresent = "IsPresent"
  case isString = "IsString"
  case item = "Item"
  case join = "Join"
  case left = "Left"
  case mid = "Mid"
  case normalizeDiacritics = "NormalizeDiacritics"
  case not = "Not"
  case now = "Now"
  case numFromDate = "NumFromDate"
  case pCase = "PCase"
  case prepend = "Prepend"
  case randomString = "RandomString"
  case redact = "Redact"
  case removeDuplicates = "RemoveDuplicates"
  case replace = "Replace"
  case selectUniqueValue = "SelectUniqueValue"
  case singleAppRoleAssignment = "SingleAppRoleAssignment"
  case split = "Split"
  case stripSpaces = "StripSpaces"
  case switchCase = "Switch"
  case toLower = "ToLower"
  case toUpper = "ToUpper"
  case word = "Word"

  // Extensions
  case and = "And"
  case or = "Or"
  case lookup = "Lookup"
  case trim = "Trim"

  /// Not in Entra: refused under `strict: entra`.
  package var isExtension: Bool {
    switch self {
    case .and, .or, .lookup, .trim: true
    default: false
    }
  }
}

extension ExpressionFunction {
  /// What goes by these names in Entra Connect, in Visual Basic and in spreadsheets.
  private static let otherNames: [String: ExpressionFunction] = [
    "lcase": .toLower, "lower": .toLower, "ucase": .toUpper, "upper": .toUpper, "proper": .pCase,
    "concat": .join, "concatenate": .join, "if": .iif, "substring": .mid, "substr": .mid,
    "right": .mid, "contains": .inStr, "indexof": .inStr, "isempty": .isNullOrEmpty,
    "isblank": .isNullOrEmpty, "case": .switchCase, "today": .now, "getdate": .now,
    "format": .formatDateTime, "formatdate": .formatDateTime, "ltrim": .trim, "rtrim": .trim,
    "first": .item, "length": .count, "unique": .selectUniqueValue, "default": .coalesce,
  ]

  /// The function that somebody probably meant who wrote `name`.
  static func nearest(to name: String) -> String? {
    otherNames[name.lowercased()]?.rawValue
      ?? Suggestion.nearest(to: name, among: allCases.map(\.rawValue))
  }
}

extension ExpressionFunction {
  /// Whether the argument at this place may never be worked out.
  func isBranch(_ place: Int) -> Bool {
    switch self {
    case .iif, .switchCase, .coalesce, .and, .or, .selectUniqueValue: place > 0
    case .lookup: place > 1
    default: false
    }
  }
}

/// What a function takes and gives.
struct ExpressionSignature {
  /// What may stand in one place between the parentheses.
  struct Parameter {
    enum Kind: Hashable {
      case value(ExpressionType)
      /// A text or a list, all of whose values count.
      case values
      /// What may also be `IgnoreAttributeFlow` or `IgnoreObjectFlow`.
      case branch
      /// A text in quotes, of any form.
      case constant
      /// A text in quotes that is one of a few.
      case oneOf([String])
      /// `vbTextCompare` or `vbBinaryCompare`.
      case compareWord
    }

    let name: String
    let kind: Kind
    let isOptional: Bool
  }

  let parameters: [Parameter]
  /// How many of the last parameters may come again and again.
  let repeating: Int
  let result: ExpressionType

  var least: Int {
    parameters.lastIndex { !$0.isOptional }.map { $0 + 1 } ?? 0
  }

  var most: Int { repeating > 0 ? Int.max : parameters.count }

  /// The parameter that the argument at this place is for.
  func parameter(at place: Int) -> Parameter {
    guard place >= parameters.count else { return parameters[place] }
    let start = parameters.count - repeating
    return parameters[start + (place - start) % repeating]
  }

  /// `Mid(source, start, length)`, for people.
  func text(of function: ExpressionFunction) -> String {
    let names = parameters.map { $0.isOptional ? "[\($0.name)]" : $0.name }
    return "\(function.rawValue)(\(names.joined(separator: ", "))\(repeating > 0 ? ", …" : ""))"
  }
}

extension ExpressionFunction {
  static let intervals = ["yyyy", "m", "d", "ww", "h", "n", "s"]

  var signature: ExpressionSignature {
    switch self {
    case .append: make(.text, ("source", .value(.text)), ("suffix", .value(.text)))
    case .appRoleAssignments, .appRoleAssignmentsComplex, .assertiveAppRoleAssignmentsComplex:
      make(.list, ("appRoleAssignments", .values))
    case .bitAnd: make(.number, ("value1", .value(.number)), ("value2", .value(.number)))
    case .cBool: make(.boolean, ("expression", .value(.boolean)))
    case .cDate: make(.date, ("expression", .value(.date)))
    case .coalesce: make(.any, ("source1", .branch), ("source2", .branch), repeating: 1)
    case .convertToBase64, .convertToUTF8Hex, .stripSpaces, .trim, .normalizeDiacritics:
      make(.text, ("source", .value(.text)))
    case .count: make(.number, ("attribute", .value(.list)))
    case .cStr: make(.text, ("value", .value(.text)))
    case .dateAdd:
      make(
        .date, ("interval", .oneOf(Self.intervals)), ("value", .value(.number)),
        ("dateTime", .value(.date)))
    case .dateDiff:
      make(
        .number, ("interval", .oneOf(Self.intervals)), ("date1", .value(.date)),
        ("date2", .value(.date)))
    case .dateFromNum: make(.date, ("value", .value(.number)))
    case .defaultDomain, .guid: make(.text)
    case .now: make(.date)
    case .formatDateTime:
      make(
        .text, ("source", .value(.text)), ("dateTimeStyles", .constant), ("inputFormat", .constant),
        ("outputFormat", .constant), optional: [1])
    case .ignoreFlowIfNullOrEmpty: make(.any, ("expression", .value(.any)))
    case .iif:
      make(
        .any, ("condition", .value(.boolean)), ("valueIfTrue", .branch), ("valueIfFalse", .branch))
    case .inStr:
      make(
        .number, ("value1", .value(.text)), ("value2", .value(.text)), ("start", .value(.number)),
        ("compareType", .compareWord), optional: [2, 3])
    case .isNothing, .isNull, .isNullOrEmpty, .isPresent, .isString:
      make(.boolean, ("expression", .value(.any)))
    case .item: make(.text, ("attribute", .value(.list)), ("index", .value(.number)))
    case .join:
      make(
        .text, ("separator", .value(.text)), ("source1", .values), ("source2", .values),
        optional: [2], repeating: 1)
    case .left: make(.text, ("source", .value(.text)), ("numChars", .value(.number)))
    case .mid:
      make(
        .text, ("source", .value(.text)), ("start", .value(.number)), ("length", .value(.number)))
    case .not: make(.boolean, ("source", .value(.any)))
    case .numFromDate: make(.number, ("value", .value(.date)))
    case .pCase:
      make(
        .text, ("source", .value(.text)), ("wordSeparators", .value(.text)), optional: [1])
    case .prepend: make(.text, ("prefix", .value(.text)), ("source", .value(.text)))
    case .randomString:
      make(
        .text, ("length", .value(.number)), ("minimumNumbers", .value(.number)),
        ("minimumSpecialCharacters", .value(.number)), ("minimumCapital", .value(.number)),
        ("minimumLowerCase", .value(.number)), ("charactersToAvoid", .value(.text)), optional: [5])
    case .redact: make(.any, ("source", .value(.any)))
    case .removeDuplicates: make(.list, ("attribute", .value(.list)))
    case .replace:
      make(
        .text, ("source", .value(.text)), ("oldValue", .value(.text)), ("regexPattern", .constant),
        ("regexGroupName", .constant), ("replacementValue", .value(.text)),
        ("replacementAttributeName", .value(.text)), ("template", .value(.text)),
        optional: [1, 2, 3, 4, 5, 6])
    case .selectUniqueValue: make(.text, ("rule1", .value(.text)), repeating: 1)
    case .singleAppRoleAssignment: make(.text, ("appRoleAssignments", .values))
    case .split: make(.list, ("source", .value(.text)), ("delimiter", .value(.text)))
    case .switchCase:
      make(
        .any, ("source", .value(.any)), ("defaultValue", .branch), ("key", .value(.text)),
        ("value", .branch), optional: [1], repeating: 2)
    case .toLower, .toUpper:
      make(.text, ("source", .value(.text)), ("culture", .constant), optional: [1])
    case .word:
      make(
        .text, ("string", .value(.text)), ("wordNumber", .value(.number)),
        ("delimiters", .value(.text)))
    case .and, .or:
      make(
        .boolean, ("condition1", .value(.boolean)), ("condition2", .value(.boolean)), repeating: 1)
    case .lookup:
      make(
        .any, ("table", .constant), ("key", .values), ("defaultValue", .value(.text)),
        optional: [2])
    }
  }

  private func make(
    _ result: ExpressionType,
    _ parameters: (name: String, kind: ExpressionSignature.Parameter.Kind)...,
    optional: Set<Int> = [], repeating: Int = 0
  ) -> ExpressionSignature {
    ExpressionSignature(
      parameters: parameters.enumerated().map { place, parameter in
        ExpressionSignature.Parameter(
          name: parameter.name, kind: parameter.kind, isOptional: optional.contains(place))
      }, repeating: repeating, result: result)
  }
}
