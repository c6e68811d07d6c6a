/// How the bytes of an export read; its preset says what the fields mean.
package enum ExportFormat: String, Sendable, Hashable, CaseIterable {
  case csv
  case ldif
}

extension ExportFormat {
  /// What the beginning of a file, as UTF-8, looks like.
  ///
  /// Anything that is not plainly something else is CSV: a table has no mark of its own.
  static func detected(in text: ArraySlice<UInt8>) -> ExportFormat {
    LDIFFile.isLikely(text) ? .ldif : .csv
  }
}

extension UInt8 {
  /// White space of RFC 8259 §2.
  var isJSONSpace: Bool { self == 0x20 || self == 0x0A || self == 0x0D || self == 0x09 }
}
