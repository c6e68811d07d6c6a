/// What an attribute of somebody new may be; it says nothing of those who are there.
///
/// ```
/// userName        ann.doe@contoso.com, adoe@contoso.com     unique: the first that nobody has
/// userType        Employee                                  a default, or a rule with `apply: onCreate`
/// ```
package struct InitialValue: Sendable, Hashable {
  package let attribute: AttributeID
  /// In the order in which they are wanted; never empty ones.
  package let values: [[UInt8]]
  /// Whether nobody else may have it.
  package let isUnique: Bool
  /// Why there are no more values than these.
  package let failure: Finding.Subject?

  package init(
    attribute: AttributeID, values: [[UInt8]], isUnique: Bool, failure: Finding.Subject? = nil
  ) {
    self.attribute = attribute
    self.values = values
    self.isUnique = isUnique
    self.failure = failure
  }
}
