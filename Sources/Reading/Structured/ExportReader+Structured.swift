import Scanning

extension ExportReader {
  /// Enough of a file to tell what it is.
  private static let markLength = 1 << 12

  /// The format that was asked for, or what the first file with anything in it looks like.
  package func detectedFormat() throws(ReadFailure) -> ExportFormat {
    if let format = format.format { return format }
    return try formatOfContent()
  }

  /// What the first file with anything in it looks like.
  func formatOfContent() throws(ReadFailure) -> ExportFormat {
    try beginning().map { ExportFormat.detected(in: $0[...]) } ?? .csv
  }

  /// What the envelope of a JSON document says under a name, as it stands there; nil where it does not.
  package func envelope(_ name: String) throws(ReadFailure) -> String? {
    guard let text = try beginning() else { return nil }
    return JSONLook(text, to: text.count)[name]?.text
  }

  /// The beginning of the first file with anything in it.
  private func beginning() throws(ReadFailure) -> [UInt8]? {
    for input in inputs {
      var feed = try FileFeed(input, options: options, digest: false)
      var bytes: [UInt8] = []
      let count = try feed.fill(&bytes, at: 0, upTo: Self.markLength)
      bytes.removeSubrange(count...)
      if !bytes.allSatisfy(\.isJSONSpace) { return bytes }
    }
    return nil
  }

  /// How JSON is read.
  func json() throws(ReadFailure) -> StructuredReader<JSONScanner> {
    let (options, format) = (options, format)
    return StructuredReader(
      exportName: exportName, inputs: inputs, jobs: jobs, fields: format.fields,
      merging: format.merging
    ) { (input, digest) throws(ReadFailure) in
      try JSONScanner(input, options: options, format: format, digest: digest)
    }
  }

  /// The names of all fields of all records of an export that is no table.
  nonisolated(nonsending) func allFieldNames() async throws(ReadFailure) -> [String] {
    switch try detectedFormat() {
    case .csv: try header().names
    case .json: try await json().allNames()
    case .ldif: try await ldif.allNames()
    case .xml: try await xml.allNames()
    }
  }
}
