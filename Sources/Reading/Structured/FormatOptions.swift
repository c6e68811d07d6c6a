/// What is asked of an export whose records may each have other fields.
package struct FormatOptions: Sendable, Hashable {
  /// Nil: what the content looks like.
  package var format: ExportFormat?
  /// The fields that become the columns of batches, each with its alternatives in order of preference.
  ///
  /// Nil: those that the beginning of the export shows.
  package var fields: [[String]]?
  /// Where the list of records stands in each document, name by name; nil: found out.
  package var records: [String]?
  /// The list to take where a document has several, such as the users and groups of a realm.
  package var preferredLists: [String]
  package var limits: Limits

  /// How large a hostile or damaged document may make things, in bytes.
  package struct Limits: Sendable, Hashable {
    /// A longer value sets its record aside.
    package var field: Int
    /// A longer record ends the reading of its file.
    ///
    /// A team with 100,000 members is one record.
    package var record: Int

    package init(field: Int = 1 << 20, record: Int = 64 << 20) {
      precondition(field > 0 && record > 0 && record <= 1 << 30)
      self.field = field
      self.record = record
    }
  }

  package init(
    format: ExportFormat? = nil, fields: [[String]]? = nil, records: [String]? = nil,
    preferredLists: [String] = [], limits: Limits = Limits()
  ) {
    self.format = format
    self.fields = fields
    self.records = records
    self.preferredLists = preferredLists
    self.limits = limits
  }
}
