package import Identity
import Scanning

/// How one managed attribute of a record comes about, resolved against one export's columns.
package struct AttributeRule: Sendable, Hashable {
  package enum Source: Sendable, Hashable {
    /// The cell in this column of the batch.
    case column(Int)
    /// The same value for every record.
    case constant([UInt8])
  }

  package let attribute: AttributeID
  package let source: Source
  /// The words of a boolean column; nil takes the cell as it is.
  package let vocabulary: Vocabulary?
  /// Whether a cell that is there but empty clears the attribute; otherwise it says nothing.
  package let clearsWhenEmpty: Bool

  package init(
    attribute: AttributeID, source: Source, vocabulary: Vocabulary? = nil,
    clearsWhenEmpty: Bool = false
  ) {
    self.attribute = attribute
    self.source = source
    self.vocabulary = vocabulary
    self.clearsWhenEmpty = clearsWhenEmpty
  }
}

/// The closed list of words a boolean column may hold; any other word is an error, never false.
package struct Vocabulary: Sendable, Hashable {
  private let words: [(word: [UInt8], value: Bool)]

  /// Words compare with ASCII case folded.
  package init(true trueWords: [String], false falseWords: [String]) {
    words =
      trueWords.map { (MatchKeyText.folded($0.utf8), true) }
      + falseWords.map { (MatchKeyText.folded($0.utf8), false) }
  }

  /// What a cell says, or nil for a word that is not in the list.
  package func value(of cell: Span<UInt8>) -> Bool? {
    for entry in words where entry.word.count == cell.count {
      var index = 0
      while index < cell.count, cell[index].asciiFolded == entry.word[index] { index += 1 }
      if index == cell.count { return entry.value }
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
