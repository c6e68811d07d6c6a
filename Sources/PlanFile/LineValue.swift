import Identity

/// A value with exactly one spelling in plan lines; both directions stand side by side.
protocol LineValue {
  func write(to line: inout LineWriter)
  static func read(from line: inout LineScanner) throws(LineProblem) -> Self
}

/// A value written as an object with its members in a fixed order.
protocol LineObject: LineValue {
  func writeMembers(to line: inout LineWriter)
  init(membersOf line: inout LineScanner) throws(LineProblem)
}

extension LineObject {
  func write(to line: inout LineWriter) { line.object { writeMembers(to: &$0) } }

  static func read(from line: inout LineScanner) throws(LineProblem) -> Self {
    try line.open()
    let value = try Self(membersOf: &line)
    try line.close()
    return value
  }
}

/// A value that is one of a few words.
protocol LineWord: LineValue, RawRepresentable where RawValue == String {}

extension LineWord {
  func write(to line: inout LineWriter) { line.text(rawValue.utf8) }

  static func read(from line: inout LineScanner) throws(LineProblem) -> Self {
    let before = line
    let word = try line.text()
    guard let value = Self(rawValue: word) else { throw before.problem(.unknownWord(word)) }
    return value
  }
}

// MARK: - Values of the language

extension String: LineValue {
  func write(to line: inout LineWriter) { line.text(utf8) }

  static func read(from line: inout LineScanner) throws(LineProblem) -> String {
    try line.text()
  }
}

extension Int: LineValue {
  func write(to line: inout LineWriter) { line.raw(String(self).utf8) }

  static func read(from line: inout LineScanner) throws(LineProblem) -> Int {
    try line.integer()
  }
}

extension Double: LineValue {
  /// JSON has no infinities; they are written as text.
  func write(to line: inout LineWriter) {
    if isFinite { line.raw(String(self).utf8) } else { line.text(String(self).utf8) }
  }

  static func read(from line: inout LineScanner) throws(LineProblem) -> Double {
    for value in [Double.infinity, -.infinity, .nan] where line.take("\"\(value)\"") {
      return value
    }
    return try line.double()
  }
}

extension Bool: LineValue {
  func write(to line: inout LineWriter) { line.raw((self ? "true" : "false").utf8) }

  static func read(from line: inout LineScanner) throws(LineProblem) -> Bool {
    if line.take("true") { return true }
    try line.expect("false")
    return false
  }
}

extension Optional: LineValue where Wrapped: LineValue {
  func write(to line: inout LineWriter) {
    if let self { self.write(to: &line) } else { line.raw("null".utf8) }
  }

  static func read(from line: inout LineScanner) throws(LineProblem) -> Wrapped? {
    if line.take("null") { return nil }
    return try Wrapped.read(from: &line)
  }
}

extension Array: LineValue where Element: LineValue {
  func write(to line: inout LineWriter) {
    line.array(self) { $0.write(to: &$1) }
  }

  static func read(from line: inout LineScanner) throws(LineProblem) -> [Element] {
    try line.array { (line) throws(LineProblem) in try Element.read(from: &line) }
  }
}

// MARK: - Values of the vocabulary

extension ResourceID: LineValue {
  func write(to line: inout LineWriter) { line.id(self) }

  static func read(from line: inout LineScanner) throws(LineProblem) -> ResourceID {
    ResourceID(try line.text())
  }
}

extension RecordOrigin: LineObject {
  func writeMembers(to line: inout LineWriter) {
    line.member("export", export)
    line.member("file", file)
    line.member("line", self.line)
    // Few origins have one, and a plan may hold millions.
    if let byte { line.member("byte", byte) }
  }

  init(membersOf line: inout LineScanner) throws(LineProblem) {
    let (export, file) = (try line.sharedText("export"), try line.sharedText("file"))
    let number = try line.member("line", as: Int.self)
    let byte = line.hasNext(",\"byte\":") ? try line.member("byte", as: Int.self) : nil
    self.init(export: export, file: file, line: number, byte: byte)
  }
}

extension SubjectRef: LineObject {
  func writeMembers(to line: inout LineWriter) {
    line.member("id", id)
    line.member("name", name)
  }

  init(membersOf line: inout LineScanner) throws(LineProblem) {
    self.init(
      id: try line.member("id"), name: try line.member("name"))
  }
}

extension Situation: LineWord {}
extension Operation.Kind: LineWord {}
extension ManagedAttribute.Kind: LineWord {}
extension Bookkeeping.Ownership.Kind: LineWord {}
extension Finding.Severity: LineWord {}
extension DocumentProblem: LineWord {}
extension Finding.WithheldReason: LineWord {}
extension Finding.UnresolvedReason: LineWord {}
extension Finding.ManifestProblem: LineWord {}
extension Finding.DateSource: LineWord {}

extension ChangeClass: LineValue {
  func write(to line: inout LineWriter) {
    if isEmpty { line.raw("[]".utf8) } else { names.write(to: &line) }
  }

  static func read(from line: inout LineScanner) throws(LineProblem) -> ChangeClass {
    let before = line
    let names = try [String].read(from: &line)
    let classes = ChangeClass(names: names)
    guard classes.names == names else {
      throw before.problem(.unknownWord(names.joined(separator: ", ")))
    }
    return classes
  }
}
