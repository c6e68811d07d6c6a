/// One attribute that the policy maps, and with that compares, fingerprints and writes.
package struct ManagedAttribute: Sendable, Hashable {
  /// How a value is written into a resource (RFC 7643 §2.3); in images every value is its bytes.
  package enum Kind: String, Sendable, CaseIterable {
    case string
    case boolean
    case integer
    case decimal
    case dateTime
    /// The id of another member.
    case reference
    /// Several texts, in images one: see `ListText`.
    case list
  }

  package let path: AttributePath
  package let kind: Kind

  package init(path: AttributePath, kind: Kind = .string) {
    self.path = path
    self.kind = kind
  }

  /// Whether a list stands in a resource as `[{"value":"a"}]`, as SCIM's own do (RFC 7643 §2.4), and not as `["a"]`.
  package var hasElements: Bool { kind == .list && path.schema == nil }
}

/// Which attribute of an `AttributeSet`: its place in the set's order.
package struct AttributeID: RawRepresentable, Sendable, Hashable, Comparable {
  package let rawValue: UInt16

  @inlinable
  package init(rawValue: UInt16) {
    self.rawValue = rawValue
  }

  @inlinable
  package init(_ index: Int) {
    rawValue = UInt16(index)
  }

  @inlinable
  package var index: Int { Int(rawValue) }

  @inlinable
  package static func < (left: AttributeID, right: AttributeID) -> Bool {
    left.rawValue < right.rawValue
  }
}

/// The attributes one policy manages for members or for teams, in canonical order.
///
/// The order is that of the paths' text and does not depend on the order in the policy.
package struct AttributeSet: Sendable, Hashable {
  package let attributes: [ManagedAttribute]

  /// Takes each path once; a repeated one keeps its first kind.
  package init(_ attributes: [ManagedAttribute]) {
    var seen: Set<AttributePath> = []
    self.attributes = attributes.filter { seen.insert($0.path).inserted }
      .sorted { $0.path < $1.path }
  }

  package var count: Int { attributes.count }

  package subscript(id: AttributeID) -> ManagedAttribute { attributes[id.index] }

  /// Ids in canonical order.
  package var ids: [AttributeID] { attributes.indices.map { AttributeID($0) } }

  /// The place of `path`, or nil when the policy does not manage it.
  package func id(of path: AttributePath) -> AttributeID? {
    attributes.firstIndex { $0.path == path }.map { AttributeID($0) }
  }

  /// What a digest of the set is taken of: one `path kind` line per attribute.
  package var canonicalText: String {
    attributes.map { "\($0.path) \($0.kind.rawValue)\n" }.joined()
  }
}
