import Testing

/// Sizes, names and blanks.
struct FileShapeTests {
  private let checkout = Checkout.this

  @Test func theCheckoutIsFound() {
    #expect(checkout.sources.count > 20)
    #expect(checkout.tests.contains { $0.path == "Tests/ShapeTests/FileShapeTests.swift" })
  }

  @Test func noFileIsLongerThan600Lines() {
    for file in checkout.all {
      #expect(file.lines.count <= 601, "\(file.path) has \(file.lines.count - 1) lines")
    }
  }

  /// In formatted code a function ends at the first brace as deep as it began.
  ///
  /// A function that is one `switch` is a catalogue and may be as long as its enumeration.
  @Test func noFunctionIsLongerThan60Lines() {
    for file in checkout.sources {
      for function in file.functions where function.length > 60 && !function.isCatalogue {
        Issue.record("\(file.path):\(function.line) is a function of \(function.length) lines")
      }
    }
  }

  @Test func noFileIsNamedAfterADrawer() {
    let drawers: Set = [
      "Utils", "Util", "Helpers", "Helper", "Common", "Manager", "Types", "Extensions",
    ]
    for file in checkout.all {
      let words = file.name.split { !$0.isLetter }.flatMap { $0.camelWords }
      #expect(drawers.isDisjoint(with: words), "\(file.path): name the one noun that is in it")
    }
  }

  @Test func noLineEndsInBlanks() {
    for file in checkout.all {
      for (number, line) in file.lines.enumerated() where line.last == " " || line.last == "\t" {
        Issue.record("\(file.path):\(number + 1) ends in blanks")
      }
    }
  }

  @Test func noTwoFilesDifferOnlyByCase() {
    let groups = Dictionary(grouping: checkout.all.map(\.path)) { $0.lowercased() }
    for paths in groups.values where paths.count > 1 { Issue.record("\(paths)") }
  }
}

extension SourceFile {
  struct Function {
    let line: Int
    let length: Int
    let isCatalogue: Bool
  }

  /// The functions and initialisers that have a body.
  fileprivate var functions: [Function] {
    code.indices.compactMap { start in
      let words = code[start].split(separator: " ")
      guard words.contains("func") || words.contains(where: { $0.hasPrefix("init(") }),
        !code[start].hasSuffix("}")
      else { return nil }
      let depth = code[start].prefix { $0 == " " }.count
      let closing = String(repeating: " ", count: depth) + "}"
      let next = code[(start + 1)...].firstIndex { line in
        line == closing || (!line.isEmpty && line.prefix { $0 == " " }.count < depth)
      }
      guard let end = next, code[end] == closing else { return nil }
      let statements = code[(start + 1)..<end].filter { line in
        line.prefix { $0 == " " }.count == depth + 2
      }
      return Function(
        line: start + 1, length: end - start + 1, isCatalogue: Self.isCatalogue(statements))
    }
  }

  /// Whether the statements are one `switch`, whose cases stand as deep as itself.
  private static func isCatalogue(_ statements: [String]) -> Bool {
    guard statements.first?.contains("switch ") == true else { return false }
    let rest = statements.dropFirst().map { $0.drop { $0 == " " } }
    return rest.allSatisfy { line in
      line.hasPrefix("case ") || line.hasPrefix("default:") || line == "}"
    }
  }
}

extension Substring {
  /// `ResourceTypes` is `Resource` and `Types`.
  fileprivate var camelWords: [String] {
    reduce(into: []) { words, letter in
      if letter.isUppercase || words.isEmpty {
        words.append(String(letter))
      } else {
        words[words.count - 1].append(letter)
      }
    }
  }
}
