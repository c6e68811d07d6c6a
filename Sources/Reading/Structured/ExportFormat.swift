/// How the bytes of an export read; its preset says what the fields mean.
package enum ExportFormat: String, Sendable, Hashable, CaseIterable {
  case csv
  case json
  case ldif
  /// DSML, reports of Workday, and other XML whose elements are records.
  case xml

  /// Whether its records are entries of a directory, which name others by their distinguished names.
  package var namesEntries: Bool { self == .ldif || self == .xml }
}

extension ExportFormat {
  /// What the beginning of a file, as UTF-8, looks like.
  ///
  /// Anything that is not plainly something else is CSV: a table has no mark of its own.
  ///
  /// ```
  /// {"value":[        → json        [ {"id": → json        [1,2  ["a" → json, of which nothing is a record
  /// id,mail           → csv         [id],[mail] → csv
  /// ```
  static func detected(in text: ArraySlice<UInt8>) -> ExportFormat {
    if LDIFFile.isLikely(text) { return .ldif }
    if XMLFile.isLikely(text) { return .xml }
    var bytes = text
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes = bytes.dropFirst(3) }
    bytes = bytes.drop(while: \.isJSONSpace)
    guard let first = bytes.popFirst() else { return .csv }
    let second = bytes.first { !$0.isJSONSpace }
    switch (first, second) {
    case (UInt8(ascii: "{"), UInt8(ascii: "\"")), (UInt8(ascii: "{"), UInt8(ascii: "}")),
      (UInt8(ascii: "["), UInt8(ascii: "{")), (UInt8(ascii: "["), UInt8(ascii: "]")),
      (UInt8(ascii: "["), UInt8(ascii: "[")), (UInt8(ascii: "["), UInt8(ascii: "\"")),
      (UInt8(ascii: "["), UInt8(ascii: "-")), (UInt8(ascii: "["), .some(0x30...0x39)):
      return .json
    default: return .csv
    }
  }
}

extension UInt8 {
  /// White space of RFC 8259 §2.
  var isJSONSpace: Bool { self == 0x20 || self == 0x0A || self == 0x0D || self == 0x09 }
}
