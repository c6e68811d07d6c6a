/// What is wrong with a document or a record that is not a table.
///
/// Part of findings in plans, so the words are a promise; their sentences stand with those of the findings.
package enum DocumentProblem: String, Sendable, Hashable, CaseIterable {
  /// It ends in the middle of something.
  case cutOff
  case unexpectedByte
  case badNumber
  case badEscape
  case loneSurrogate
  case controlCharacter
  case invalidUTF8
  case tooDeep
  /// Where a record should be stands a text, a number or a list.
  case notAnObject
  /// The list of records that was asked for is not in it.
  case noRecords
}
