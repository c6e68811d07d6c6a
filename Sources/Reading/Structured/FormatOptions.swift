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
  /// What counts in an export of a directory's entries.
  package var directory: DirectoryOptions
  /// A list within each record whose elements are records of their own, with what is around them.
  ///
  /// ```
  /// {"id":"g1","members":[{"id":"a"},{"id":"b"}]}     each: members
  ///
  /// id  members.id
  /// g1  a
  /// g1  b
  /// ```
  package var each: String?
  /// The list to take where a document has several, such as the users and groups of a realm.
  package var preferredLists: [String]
  /// The only resources of a SCIM service that count; nil: all of them.
  package var resource: SCIMResource?
  /// How records of a delta that are about the same thing are united; nil leaves them as they are.
  package var merging: Merging?
  package var limits: Limits

  /// What tells that two records of a delta are about the same thing.
  package struct Merging: Sendable, Hashable {
    /// Some of `fields`.
    package var key: [[String]]
    /// The one of `fields` that says that the thing is gone.
    package var marker: [String]?

    package init(key: [[String]], marker: [String]? = nil) {
      self.key = key
      self.marker = marker
    }
  }

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
    each: String? = nil, preferredLists: [String] = [], resource: SCIMResource? = nil,
    merging: Merging? = nil,
    directory: DirectoryOptions = DirectoryOptions(),
    limits: Limits = Limits()
  ) {
    self.format = format
    self.fields = fields
    self.records = records
    self.directory = directory
    self.each = each
    self.preferredLists = preferredLists
    self.resource = resource
    self.merging = merging
    self.limits = limits
  }
}
