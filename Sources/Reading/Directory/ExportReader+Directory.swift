import Scanning

extension ExportReader {
  /// The same export, read as LDIF.
  var ldif: StructuredReader<LDIFFile> {
    let (options, format, references) = (options, format, references)
    return StructuredReader(
      exportName: exportName, inputs: inputs, jobs: jobs, fields: format.fields,
      merging: format.merging
    ) { (input, digest) throws(ReadFailure) in
      try LDIFFile(
        input, digest: digest, table: options, format: format, references: references)
    }
  }

  /// The same export, read as XML.
  var xml: StructuredReader<XMLFile> {
    let (options, format, references) = (options, format, references)
    return StructuredReader(
      exportName: exportName, inputs: inputs, jobs: jobs, fields: format.fields,
      merging: format.merging
    ) { (input, digest) throws(ReadFailure) in
      try XMLFile(
        input, digest: digest, table: options, format: format, references: references)
    }
  }
}
