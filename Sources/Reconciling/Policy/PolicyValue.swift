import Identity

/// A value of the policy file with its path, and the questions that can be asked of it.
///
/// Every question answers nil after noting why the value is not what was asked for, so a reader
/// takes its default and goes on.
struct PolicyValue {
  let node: PolicyNode
  let path: PolicyPath
  let problems: PolicyProblems

  func report(_ kind: PolicyProblem.Kind) {
    problems.report(kind, at: node.place, path: path)
  }

  /// Notes that something else was expected here.
  func mismatch(_ expected: PolicyProblem.Shape) {
    report(.wrongType(expected: expected, found: shape))
  }

  /// Notes that something else was expected here; always nil, to be returned.
  private func mismatch<Value>(_ expected: PolicyProblem.Shape) -> Value? {
    mismatch(expected)
    return nil
  }

  private var shape: PolicyProblem.Shape {
    switch node.content {
    case .scalar(let text, let isPlain):
      node.isNull ? .nothing : isPlain ? .written(text) : .quotedText(text)
    case .list: .list
    case .mapping: .mapping
    }
  }

  var isNull: Bool { node.isNull }

  var isMapping: Bool {
    if case .mapping = node.content { true } else { false }
  }

  /// The scalar as written, nil (without a word) for anything else and for nothing.
  var scalar: String? {
    guard case .scalar(let text, _) = node.content, !isNull else { return nil }
    return text
  }

  /// A scalar written without quotes, in which numbers and words are looked for.
  private var plain: String? {
    guard case .scalar(let text, isPlain: true) = node.content, !isNull else { return nil }
    return text
  }

  /// Any scalar, as it was written: `007` stays `007`, `no` stays `no`.
  func text(allowingEmpty: Bool = false) -> String? {
    guard let scalar else { return mismatch(.text) }
    guard allowingEmpty || !scalar.isEmpty else {
      report(.emptyText)
      return nil
    }
    return scalar
  }

  func wholeNumber(in range: ClosedRange<Int>) -> Int? {
    guard let plain, let number = Int(plain) else { return mismatch(.wholeNumber) }
    guard range.contains(number) else {
      report(
        .outOfRange(Double(number), from: Double(range.lowerBound), to: Double(range.upperBound)))
      return nil
    }
    return number
  }

  /// A share of a hundred: `5`, `0.5` or `"5%"`.
  func percent() -> Double? {
    guard let scalar else { return mismatch(.number) }
    let digits = scalar.hasSuffix("%") ? scalar.dropLast() : scalar[...]
    guard let number = Self.decimal(digits) else { return mismatch(.number) }
    guard (0...100).contains(number) else {
      report(.outOfRange(number, from: 0, to: 100))
      return nil
    }
    return number
  }

  func trueOrFalse() -> Bool? {
    switch plain {
    case "true": true
    case "false": false
    default: mismatch(.trueOrFalse)
    }
  }

  /// One of the raw values of `type`.
  func word<Word: RawRepresentable<String> & CaseIterable>(of type: Word.Type) -> Word? {
    guard let text = text() else { return nil }
    if let word = Word(rawValue: text) { return word }
    let allowed = type.allCases.map(\.rawValue)
    report(
      .notOneOf(text, allowed: allowed, suggestion: Suggestion.nearest(to: text, among: allowed)))
    return nil
  }

  /// `90m`, `20h`, `3d`, `1w`.
  func duration(atLeast minimum: Duration = .seconds(60)) -> Duration? {
    guard let text = scalar else { return mismatch(.duration) }
    let units: [Character: Int] = ["m": 60, "h": 3600, "d": 86_400, "w": 604_800]
    // Ten years bound it, so that no arithmetic with it can overflow.
    guard let last = text.last, let unit = units[last], let number = Int(text.dropLast()),
      (0...5_256_000).contains(number), number * unit <= 3650 * 86_400
    else {
      report(.badDuration(text))
      return nil
    }
    let duration = Duration.seconds(number * unit)
    guard duration >= minimum else {
      report(.shortDuration(text, minimum: "\(minimum.components.seconds / 60)m"))
      return nil
    }
    return duration
  }

  func items() -> [PolicyValue]? {
    guard case .list(let items) = node.content else { return mismatch(.list) }
    return items.enumerated().map { index, item in
      PolicyValue(node: item, path: path.index(index), problems: problems)
    }
  }

  /// A list of different texts.
  func texts(allowingEmptyList: Bool = false, allowingEmptyText: Bool = false) -> [String]? {
    guard let items = items() else { return nil }
    if items.isEmpty, !allowingEmptyList { report(.emptyList) }
    var texts: [String] = []
    var seen: Set<[UInt8]> = []
    for item in items {
      guard let text = item.text(allowingEmpty: allowingEmptyText) else { continue }
      // Bytes, for two spellings of an umlaut are two names.
      if !seen.insert(Array(text.utf8)).inserted { item.report(.repeatedItem(text)) }
      texts.append(text)
    }
    return texts
  }

  /// One text or a list of alternatives.
  func textOrTexts() -> [String]? {
    if case .list = node.content { return texts() }
    return text().map { [$0] }
  }

  /// The value as a mapping that may have no keys but these.
  func section(_ legal: String...) -> PolicySection? {
    section(keys: legal)
  }

  func section(keys legal: [String]) -> PolicySection? {
    guard let section = freeSection() else { return nil }
    for entry in section.entries where !legal.contains(entry.name) {
      guard !problems.isFull else { break }
      let suggestion = Suggestion.nearest(to: entry.name, among: legal)
      problems.report(
        .unknownKey(entry.name, suggestion: suggestion, legal: legal), at: entry.place,
        path: entry.value.path)
    }
    return section
  }

  /// The value as a mapping with keys of the operator's own, such as attribute paths.
  func freeSection() -> PolicySection? {
    guard case .mapping(let entries) = node.content else { return mismatch(.mapping) }
    return PolicySection(
      entries: entries.map {
        let value = PolicyValue(node: $0.value, path: path.key($0.key), problems: problems)
        return PolicySection.Entry(name: $0.key, place: $0.keyPlace, value: value)
      },
      place: node.place, path: path, problems: problems)
  }

  /// Digits with at most one point; what Swift reads as a number besides (`inf`, `0x1p3`) is none.
  static func decimal(_ text: Substring) -> Double? {
    guard !text.isEmpty, text.utf8.count <= 20,
      text.drop(while: { $0 == "-" }).allSatisfy({ $0.isASCII && $0.isNumber || $0 == "." })
    else { return nil }
    return Double(text)
  }
}

/// A mapping of the policy file.
struct PolicySection {
  struct Entry {
    let name: String
    /// Where the key stands.
    let place: PolicyPlace
    let value: PolicyValue
  }

  let entries: [Entry]
  let place: PolicyPlace
  let path: PolicyPath
  let problems: PolicyProblems

  subscript(name: String) -> PolicyValue? {
    entries.first { $0.name == name }?.value
  }

  /// The value of a key that must be there; notes that it is not.
  func required(_ name: String, because reason: PolicyProblem.Reason = .required) -> PolicyValue? {
    if let value = self[name] { return value }
    report(.missingKey(name, reason))
    return nil
  }

  func report(_ kind: PolicyProblem.Kind) {
    problems.report(kind, at: place, path: path)
  }
}
