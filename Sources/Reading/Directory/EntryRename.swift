import Identity
import Scanning

/// What a `modrdn` or `moddn` record of LDIF asks for (RFC 2849, `change-modrdn`).
///
/// ```
/// dn: uid=dee,ou=People,dc=x
/// changetype: modrdn
/// newrdn: uid=di                      given: uid di
/// deleteoldrdn: 1                     taken: nothing but the uid
/// newsuperior: ou=Staff,dc=x          newName: uid=di,ou=Staff,dc=x
/// ```
struct EntryRename {
  /// The attributes of the new name.
  let given: [(type: [UInt8], value: [UInt8])]
  /// Those of the old name that stay beside them, since `deleteoldrdn` is 0.
  let kept: [(type: [UInt8], value: [UInt8])]
  /// The types of the old name that the entry loses.
  let taken: [[UInt8]]
  /// As a reader would write it.
  let newName: [UInt8]
  let old: DistinguishedName
  let new: DistinguishedName

  /// - Returns: nil when a name in it is none, or `deleteoldrdn` neither 0 nor 1.
  init?(_ record: LDIFRecord, _ lines: ArraySlice<LDIFLine>, _ text: [UInt8]) {
    let name = text[record.name.value]
    let values = lines.map { text[$0.value] }
    guard record.change == .rename, values.count >= 2, let before = RelativeName(name),
      let after = RelativeName(values[0]), after.parent.isEmpty,
      values[1].elementsEqual("0".utf8) || values[1].elementsEqual("1".utf8)
    else { return nil }
    let parent = values.count > 2 ? values[2] : before.parent
    newName = Array(values[0]) + (parent.isEmpty ? [] : [UInt8(ascii: ",")] + parent)
    guard let old = DistinguishedName(parsing: name), let new = DistinguishedName(parsing: newName)
    else { return nil }
    (self.old, self.new) = (old, new)
    given = after.parts
    let stays = values[1].elementsEqual("0".utf8)
    kept = stays ? before.parts : []
    let types = after.parts.map { MatchKeyText.folded($0.type) }
    taken =
      stays
      ? [] : before.parts.map(\.type).filter { !types.contains(MatchKeyText.folded($0)) }
  }
}
