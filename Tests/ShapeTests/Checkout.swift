import Foundation

/// The files of this repository, as the tests of its shape see them.
struct Checkout {
  let root: URL
  let sources: [SourceFile]
  let tests: [SourceFile]

  /// The checkout that this file belongs to, read once.
  static let this = Checkout(
    root: URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent())

  init(root: URL) {
    self.root = root
    sources = Self.swiftFiles(below: "Sources", of: root)
    tests = Self.swiftFiles(below: "Tests", of: root)
  }

  var all: [SourceFile] { sources + tests }

  func sources(of module: String) -> [SourceFile] {
    sources.filter { $0.module == module }
  }

  func text(of path: String) throws -> String {
    try String(contentsOf: root.appending(path: path), encoding: .utf8)
  }

  private static func swiftFiles(below folder: String, of root: URL) -> [SourceFile] {
    let paths =
      FileManager.default.enumerator(atPath: root.appending(path: folder).path)?
      .compactMap { $0 as? String } ?? []
    return paths.filter { $0.hasSuffix(".swift") }.sorted().compactMap { path in
      guard
        let text = try? String(
          contentsOf: root.appending(path: "\(folder)/\(path)"), encoding: .utf8)
      else { return nil }
      return SourceFile(path: "\(folder)/\(path)", text: text)
    }
  }
}

/// One Swift file.
struct SourceFile {
  /// From the root of the repository: `Sources/Scanning/KeyedHash.swift`.
  let path: String
  let lines: [Substring]
  /// The lines again with comments and the insides of strings blanked out.
  let code: [String]

  init(path: String, text: String) {
    self.path = path
    lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    code = SwiftText(text).codeLines
  }

  /// The folder below Sources or Tests, which is the target.
  var module: String {
    path.split(separator: "/").dropFirst().first.map(String.init) ?? ""
  }

  /// The file's name without its ending.
  var name: String {
    path.split(separator: "/").last.map { String($0.dropLast(".swift".count)) } ?? ""
  }

  /// `path:line` of each line of code that holds the word.
  func places(ofWord word: String) -> [String] {
    code.enumerated().filter { $1.containsWord(word) }.map { "\(path):\($0.offset + 1)" }
  }

  /// The modules it imports, whatever the access level or attributes of the import.
  var imports: [String] {
    code.compactMap { line in
      let words = line.split { $0 == " " || $0 == "." }
      guard let place = words.firstIndex(of: "import"), place + 1 < words.count,
        words[..<place].allSatisfy({ Self.importModifiers.contains($0) })
      else { return nil }
      let kinds: Set<Substring> = [
        "struct", "class", "enum", "protocol", "func", "var", "typealias",
      ]
      let name =
        kinds.contains(words[place + 1]) ? words.dropFirst(place + 2).first : words[place + 1]
      return name.map(String.init)
    }
  }

  private static let importModifiers: Set<Substring> = [
    "package", "internal", "fileprivate", "private", "public", "@testable", "@preconcurrency",
    "@unsafe", "@_exported",
  ]

  /// Names of the types it declares, nested ones too.
  var declaredTypes: [String] {
    code.flatMap { line in
      let words = line.split { !($0.isLetter || $0.isNumber || $0 == "_") }
      return zip(words, words.dropFirst())
        .filter { Self.typeKeywords.contains($0.0) && $0.1.first?.isUppercase == true }
        .map { String($0.1) }
    }
  }

  private static let typeKeywords: Set<Substring> = [
    "struct", "class", "enum", "actor", "protocol", "typealias",
  ]
}

extension String {
  /// Whether the word stands in it by itself, not as part of a longer name.
  func containsWord(_ word: String) -> Bool {
    // A search over bytes first: nearly every line ends here.
    guard contains(word) else { return false }
    return ranges(of: word).contains { range in
      let before = self[..<range.lowerBound].last
      let after = self[range.upperBound...].first
      return !Self.isPartOfName(before) && !Self.isPartOfName(after)
    }
  }

  private static func isPartOfName(_ character: Character?) -> Bool {
    character.map { $0.isLetter || $0.isNumber || $0 == "_" } ?? false
  }
}
