import Identity

/// A format whose records are not the rows of a table: how a file becomes pieces, and a piece records.
///
/// ```
/// next    one piece after the other: cuts the text after whole records     {"id":1},{"id":2} │ {"id":3}
/// read    any piece on any core: fields into columns                       builder.add(…)
/// ```
///
/// JSON and LDIF cut fast and leave the work to `read`; XML, which can only be read from front to back, is parsed
/// in `next`, which hands over values and leaves the columns to `read`.
protocol RecordScanner: Sendable {
  associatedtype Piece: RecordPiece

  /// The file that is read; the scanner fills its buffers from here.
  var feed: FileFeed { get set }

  /// Cuts the next piece; nil at the end of the file, or where its text breaks off.
  mutating func next() throws(ReadFailure) -> Piece?

  /// What there is to say of the file as a whole, once `next` has returned nil.
  var ending: FileEnding { get }
}

/// Some whole records of one file.
protocol RecordPiece: Sendable {
  /// The physical line on which it begins, from 1.
  var firstLine: Int { get }

  /// Reads its records, on any core; with `collectingNames`, the builder takes note of the names of all fields.
  ///
  /// The piece is used up, so that its text can become that of the batch without being copied.
  consuming func read(_ fields: FieldTable, collectingNames: Bool) -> FieldBuilder
}

/// What a file says at its end.
struct FileEnding: Sendable {
  /// Why the file could not be read to its end; where there is one, who is missing proves nothing.
  var broken: (subject: Finding.Subject, line: Int)?
  /// Nothing in it but white space.
  var isEmpty = false
  /// Marks of pages, such as `@odata.nextLink`, one for each page that has others after it.
  var morePages: [String] = []
  /// Pages after which there is none.
  var lastPages = 0
  /// It says what is to change, and nothing of anybody else.
  var isChanges = false
  /// How many records the whole export has, as its pages say.
  var statedCount: Int?
}
