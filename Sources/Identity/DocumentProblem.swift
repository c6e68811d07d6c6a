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

  // LDIF
  /// A record must begin with its distinguished name.
  case noEntryName
  /// A second distinguished name in one record: the line between two of them is missing.
  case secondEntryName
  /// A line goes on that never began.
  case nothingToFold
  case noAttribute
  case badBase64
  /// A value that stands in another file.
  case urlValue
  case unknownChange
  case badChange
  /// A change of what its entry is known by, which no row can tell.
  case unsupportedChange
  /// A change record in an export that says it holds everybody.
  case changeInFullExport
  case nulByte
  case valueTooLong
  /// The last record is not followed by an empty line, so more of it may be missing.
  case noClosingLine

  // XML
  case notWellFormed
  /// A document type, which could declare entities.
  case documentType
  /// Within a value, where nothing but text may stand.
  case elementInValue

  /// An operation on a resource that says nothing this program knows.
  case notUnderstood
}
