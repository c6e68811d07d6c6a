/// What `SelectUniqueValue` may choose from for one record, in the order of its rules.
///
/// ```
/// userName        ann.doe@contoso.com, adoe@contoso.com, ann.doe2@contoso.com
/// ```
package struct UniqueChoice: Sendable, Hashable {
  package let attribute: AttributeID
  /// Never empty values.
  package let values: [[UInt8]]
  /// Why a rule has no value, if those before it are taken.
  package let failure: Finding.Subject?

  package init(attribute: AttributeID, values: [[UInt8]], failure: Finding.Subject? = nil) {
    self.attribute = attribute
    self.values = values
    self.failure = failure
  }
}
