import CScanning

/// What records of LDIF look like: the attributes that have come, the columns their values go to, and the classes.
///
/// ```
/// dn: uid=0,…                  column 0
/// objectClass: inetOrgPerson   no column, and a class that is asked for
/// cn: Ann                      column 1; came after objectClass the last time
/// ```
///
/// What is not in it is left to `LDIFScanner`: nothing has to be learnt.
package struct LDIFShape: Sendable {
  /// Where the values of an attribute go.
  package struct Target: Sendable {
    let column: Int
    /// Of the values of one column, those of the lowest rank stay.
    let rank: UInt8
    /// Whether the column wants the first of several values and no other.
    let isFirst: Bool

    package init(column: Int, rank: UInt8, isFirst: Bool) {
      self.column = column
      self.rank = rank
      self.isFirst = isFirst
    }
  }

  /// Names and classes beyond these are not learnt.
  private static let limit = 256

  let columnCount: Int
  /// A longer value is left to `LDIFScanner`.
  let valueLimit: Int
  /// The first one is the distinguished name.
  private var attributes: [rollcall_ldif_attribute_t]
  private(set) var classes: [rollcall_ldif_class_t] = []

  /// Makes a shape that knows nothing but where the distinguished name goes.
  package init(columnCount: Int, valueLimit: Int, name: Target?) {
    self.columnCount = columnCount
    self.valueLimit = valueLimit
    attributes = [Self.attribute(Array("dn".utf8).span, to: name)]
  }

  /// Takes note of an attribute, options and all; without a target nobody wants its values.
  ///
  /// Names that mean something else than an attribute, at the beginning of a record, are not learnt.
  package mutating func learn(attribute name: Span<UInt8>, to target: Target?, isClass: Bool) {
    guard attributes.count < Self.limit, name.count < Int(ROLLCALL_LDIF_NAME), !name.isEmpty,
      !["dn", "control", "changetype"].contains(where: { Self.isSpelt(name, $0) })
    else { return }
    var attribute = Self.attribute(name, to: target)
    attribute.is_class = isClass ? 1 : 0
    attributes.append(attribute)
  }

  /// Takes note of a class: whether entries of it are asked for, or never count.
  package mutating func learn(class name: Span<UInt8>, isWanted: Bool, isUnwanted: Bool) {
    guard classes.count < Self.limit, name.count <= Int(ROLLCALL_LDIF_CLASS) else { return }
    // SAFETY: the name is as long as it says, and no longer than a class keeps.
    var known = unsafe name.withUnsafeBufferPointer { name in
      unsafe rollcall_ldif_class(name.baseAddress, name.count)
    }
    known.is_wanted = isWanted ? 1 : 0
    known.is_unwanted = isUnwanted ? 1 : 0
    classes.append(known)
  }

  /// Calls with the tables as C reads them.
  mutating func withTables<Result>(
    _ body: (
      UnsafeMutableBufferPointer<rollcall_ldif_attribute_t>,
      UnsafeBufferPointer<rollcall_ldif_class_t>
    ) -> Result
  ) -> Result {
    // SAFETY: both arrays stay as they are until the call ends.
    unsafe attributes.withUnsafeMutableBufferPointer { attributes in
      unsafe classes.withUnsafeBufferPointer { classes in unsafe body(attributes, classes) }
    }
  }

  private static func attribute(
    _ name: Span<UInt8>, to target: Target?
  ) -> rollcall_ldif_attribute_t {
    // SAFETY: the name is as long as it says, and shorter than what an attribute keeps.
    var attribute = unsafe name.withUnsafeBufferPointer { name in
      unsafe rollcall_ldif_attribute(name.baseAddress, name.count)
    }
    guard let target else { return attribute }
    attribute.column = Int32(target.column)
    attribute.rank = target.rank
    attribute.is_first = target.isFirst ? 1 : 0
    return attribute
  }

  /// Whether a name is a word, whatever its case.
  private static func isSpelt(_ name: Span<UInt8>, _ word: StaticString) -> Bool {
    guard name.count == word.utf8CodeUnitCount else { return false }
    // SAFETY: the word has as many bytes as the name.
    return name.indices.allSatisfy { unsafe name[$0].asciiFolded == word.utf8Start[$0] }
  }
}
