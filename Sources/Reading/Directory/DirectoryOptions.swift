/// What is asked of an export of a directory's entries: LDIF or DSML.
///
/// ```
/// people       classes: user, inetOrgPerson, …      not: computer
/// memberships  entries that have both the team's and the member's field
/// ```
package struct DirectoryOptions: Sendable, Hashable {
  /// Entries count that have one of these object classes, whatever their case; nil: all.
  ///
  /// An entry that does not tell its classes counts.
  package var classes: [String]?
  /// Entries of these classes never do.
  package var exceptClasses: [String]
  /// Whether entries count only where they have every field that was asked for; so for memberships, where a
  /// person in a file of teams has no members.
  package var needsAllFields: Bool
  /// Whether the export holds changes; if not, a change sets its record aside.
  package var isDelta: Bool
  /// Whether `attr:< url` is only an attribute without a value; never is the address read.
  package var allowsURLs: Bool
  /// Whether a value that is no text is only an attribute without a value; so for whoever looks at all of them.
  package var skipsBinary = false

  package init(
    classes: [String]? = nil, exceptClasses: [String] = [], needsAllFields: Bool = false,
    isDelta: Bool = false, allowsURLs: Bool = false
  ) {
    self.classes = classes
    self.exceptClasses = exceptClasses
    self.needsAllFields = needsAllFields
    self.isDelta = isDelta
    self.allowsURLs = allowsURLs
  }
}
