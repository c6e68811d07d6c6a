import Identity
import Scanning
import TestSupport
import Testing

@testable import Mapping

struct RecordMappingTests {
  private static let secret = [UInt8](repeating: 7, count: 32)
  private static let set = AttributeSet([
    ManagedAttribute(path: .userName), ManagedAttribute(path: .displayName),
    ManagedAttribute(path: .externalID),
    ManagedAttribute(path: .active, kind: .boolean),
    ManagedAttribute(path: AttributePath(attribute: "userType")),
  ])

  private static func id(_ path: AttributePath) throws -> AttributeID {
    try #require(set.id(of: path))
  }

  private static func mapping(clearing: Bool = false) throws -> RecordMapping {
    let keys = [
      MatchKey(path: .externalID, id: try id(.externalID)),
      MatchKey(path: .userName, id: try id(.userName)),
    ]
    return RecordMapping(
      rules: [
        AttributeRule(attribute: try id(.externalID), source: .column(0)),
        AttributeRule(attribute: try id(.userName), source: .column(1)),
        AttributeRule(
          attribute: try id(.displayName), source: .column(2), clearsWhenEmpty: clearing),
        AttributeRule(
          attribute: try id(.active), source: .column(3),
          vocabulary: Vocabulary(true: ["True", "Yes"], false: ["False"])),
        AttributeRule(
          attribute: try id(AttributePath(attribute: "userType")),
          source: .constant(Array("Employee".utf8))),
      ],
      fingerprinter: Fingerprinter(attributes: set, secret: secret),
      keyHasher: KeyHasher(keys: keys, secret: secret))
  }

  private static func batch(_ rows: [[String]]) -> RecordBatch {
    .table(rows[...], columnCount: 4)
  }

  /// The image is the slow way: value by value, as reports see it.
  ///
  /// The batch must come to the same sum.
  @Test(arguments: UInt64(0)..<60)
  func fingerprintIsThatOfTheImage(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let texts = [
      "", "Ann", "ann", "Łukasz Żółć", "System.String[]", "a longer value than sixteen bytes",
    ]
    let rows = (0..<40).map { row in
      [
        "E\(row)", texts.randomElement(using: &random) ?? "",
        texts.randomElement(using: &random) ?? "",
        ["True", "yes", "FALSE", ""].randomElement(using: &random) ?? "",
      ]
    }
    let mapping = try Self.mapping()
    let batch = Self.batch(rows)
    let mapped = mapping.map(batch)
    let fingerprinter = Fingerprinter(attributes: Self.set, secret: Self.secret)
    let hasher = KeyHasher(keys: mapping.keys, secret: Self.secret)
    for row in rows.indices {
      let image = mapping.image(of: row, in: batch)
      #expect(
        mapped.fingerprints[row] == fingerprinter.fingerprint(of: image), "seed \(seed), row \(row)"
      )
      let keys = [mapped.keyHash(row: row, key: 0), mapped.keyHash(row: row, key: 1)]
      #expect(keys == hasher.hashes(of: image), "seed \(seed), row \(row)")
    }
  }

  @Test func unknownWordSetsItsRecordAside() throws {
    let mapped = try Self.mapping().map(
      Self.batch([["E1", "ann", "Ann", "True"], ["E2", "bob", "Bob", "perhaps"]]))
    #expect(mapped.problems.map(\.row) == [1])
    #expect(
      mapped.problems.map(\.subject) == [.unknownWord(attribute: "active", value: "perhaps")])
  }

  @Test func emptyCellSaysNothingUnlessThePolicyClears() throws {
    let batch = Self.batch([["E1", "ann", "", "True"]])
    let name = try Self.id(.displayName)
    #expect(try Self.mapping().image(of: 0, in: batch)[name] == nil)
    #expect(try Self.mapping(clearing: true).image(of: 0, in: batch)[name]?.isEmpty == true)
  }

  @Test func typeNameInPlaceOfAValueIsUnknown() throws {
    let batch = Self.batch([["E1", "ann", "System.String[]", "True"]])
    #expect(try Self.mapping(clearing: true).image(of: 0, in: batch)[Self.id(.displayName)] == nil)
    #expect(try Self.mapping().map(batch).lostValues[2]?.typeName == "System.String[]")
  }

  @Test(arguments: [("True", true), ("tRUE", true), ("Yes", true), ("False", false)])
  func vocabularyFoldsASCIICase(word: String, value: Bool) {
    let words = Vocabulary(true: ["True", "Yes"], false: ["False"])
    #expect(words.value(of: Array(word.utf8).span) == value)
  }

  @Test(arguments: ["", "Tru", "Truee", "ſalse", "0", "no"])
  func vocabularyIsClosed(word: String) {
    let words = Vocabulary(true: ["True", "Yes"], false: ["False"])
    #expect(words.value(of: Array(word.utf8).span) == nil)
  }

  /// The vocabulary is the slow twin, at every place where eight bytes may not follow.
  @Test(arguments: UInt64(0)..<20)
  func aReaderOfWordsSaysWhatTheVocabularySays(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let words = Vocabulary(
      true: ["True", "Yes", "1", "Activated"], false: ["False", "", "ends8888"])
    let spellings = [
      "True", "true", "Yes", "1", "activated", "False", "ends8888", "no", "Truf", "0",
    ]
    var (bytes, cells): ([UInt8], [Range<Int>]) = ([], [])
    for _ in 0..<50 {
      let word = spellings.randomElement(using: &random) ?? "1"
      cells.append(bytes.count..<bytes.count + word.utf8.count)
      bytes += Array(word.utf8)
    }
    var reader = VocabularyReader(words)
    for cell in cells {
      let slow = words.value(of: bytes.span.extracting(cell))
      #expect(reader.value(of: cell, in: bytes.span) == slow, "seed \(seed), \(cell)")
    }
  }
}
