package import Scanning

/// How one export is to be read; everything not said is found out from the file.
package struct CSVOptions: Sendable, Hashable {
  /// Nil: the one of `,` `;` tab `|` that cuts the header into most cells, or what `sep=` says.
  package var delimiter: UInt8?
  /// Nil: what the byte order mark says, else UTF-8.
  package var encoding: TextEncoding?
  /// The columns of a file whose first record is not a header.
  package var headerNames: [String]?
  /// What the last line of every file must be; it is no record.
  package var trailer: TrailerPattern?
  package var limits: CSVLimits
  /// Bytes per block; the default suits the processor's caches.
  package var blockSize: Int

  package init(
    delimiter: UInt8? = nil, encoding: TextEncoding? = nil, headerNames: [String]? = nil,
    trailer: TrailerPattern? = nil, limits: CSVLimits = CSVLimits(), blockSize: Int = 1 << 20
  ) {
    precondition(blockSize > 0 && blockSize <= 1 << 28)
    self.delimiter = delimiter
    self.encoding = encoding
    self.headerNames = headerNames
    self.trailer = trailer
    self.limits = limits
    self.blockSize = blockSize
  }
}
