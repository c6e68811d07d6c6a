package import Identity
import Scanning

/// How one managed attribute of a record comes about, resolved against one export's columns.
package struct AttributeRule: Sendable, Hashable {
  package enum Source: Sendable, Hashable {
    /// The cell in this column of the batch.
    case column(Int)
    /// The same value for every record.
    case constant([UInt8])
    /// What an expression comes to.
    case expression(ExpressionSource)
    /// The member that the cell in this column names: its id, which only the other records of the run tell.
    case reference(Int)
  }

  package let attribute: AttributeID
  package let source: Source
  /// The words of a boolean column; nil takes the cell as it is.
  package let vocabulary: Vocabulary?
  /// Whether a cell that is there but empty clears the attribute; otherwise it says nothing.
  package let clearsWhenEmpty: Bool
  /// Whether it counts only for somebody new.
  package let appliesOnCreate: Bool
  /// What somebody new gets where the rule has no value.
  package let defaultValue: [UInt8]?

  package init(
    attribute: AttributeID, source: Source, vocabulary: Vocabulary? = nil,
    clearsWhenEmpty: Bool = false, appliesOnCreate: Bool = false, defaultValue: [UInt8]? = nil
  ) {
    self.attribute = attribute
    self.source = source
    self.vocabulary = vocabulary
    self.clearsWhenEmpty = clearsWhenEmpty
    self.appliesOnCreate = appliesOnCreate
    self.defaultValue = defaultValue
  }
}

/// The closed list of words a boolean column may hold; any other word is an error, never false.
package struct Vocabulary: Sendable, Hashable {
  private let words: [(word: [UInt8], value: Bool)]
  /// All words one after the other: `[length, value, byte, byte, …]`, so that a look-up touches one array.
  private let packed: [UInt8]

  /// Words compare with ASCII case folded; those over 255 bytes are no words.
  package init(true trueWords: [String], false falseWords: [String]) {
    words =
      trueWords.map { (MatchKeyText.folded($0.utf8), true) }
      + falseWords.map { (MatchKeyText.folded($0.utf8), false) }
    packed = words.filter { $0.word.count < 256 }
      .flatMap { [UInt8($0.word.count), $0.value ? 1 : 0] + $0.word }
  }

  /// What a cell says, or nil for a word that is not in the list.
  package func value(of cell: Span<UInt8>) -> Bool? {
    let packed = packed.span
    var start = 0
    while start < packed.count {
      let length = Int(packed[start])
      if length == cell.count {
        var index = 0
        while index < length, cell[index].asciiFolded == packed[start + 2 + index] { index += 1 }
        if index == length { return packed[start + 1] == 1 }
      }
      start += 2 + length
    }
    return nil
  }

  package static func == (left: Vocabulary, right: Vocabulary) -> Bool {
    left.words.elementsEqual(right.words) { $0.word == $1.word && $0.value == $1.value }
  }

  package func hash(into hasher: inout Hasher) {
    for entry in words { hasher.combine(entry.word) }
  }
}

/// Looks words up in a vocabulary and remembers the last one: most cells of a boolean column are alike.
struct VocabularyReader {
  private let vocabulary: Vocabulary
  /// The bytes of the last word that has at most eight, the first one lowest, and how many they are; no word has -1.
  private var bits: UInt64 = 0
  private var count = -1
  private var last = false

  init(_ vocabulary: Vocabulary) {
    self.vocabulary = vocabulary
  }

  /// What the cell at `range` says: the same as the vocabulary.
  @inline(__always)
  mutating func value(of range: Range<Int>, in bytes: Span<UInt8>) -> Bool? {
    guard range.count <= 8, range.lowerBound + 8 <= bytes.count else {
      return vocabulary.value(of: bytes.extracting(range))
    }
    let own = bytes.word(at: range.lowerBound) & (.max >> UInt64(64 - range.count * 8))
    if own == bits, range.count == count { return last }
    guard let value = vocabulary.value(of: bytes.extracting(range)) else { return nil }
    (bits, count, last) = (own, range.count, value)
    return value
  }
}
