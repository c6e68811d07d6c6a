import Identity
import Scanning

/// The entries that a file of changes renames or moves, in the order in which it does.
///
/// ```
/// uid=dee,ou=People,dc=x   newrdn: uid=di   newsuperior: ou=Staff,dc=x
///
/// former("uid=di,ou=Staff,dc=x")      uid=dee,ou=People,dc=x      what the exports of before call it
/// former("uid=dee,ou=People,dc=x")    nil                         somebody who came later
/// ```
///
/// What is below a renamed entry moves with it.
struct EntryRenames: Sendable {
  /// Both in their normal form.
  private var renames: [(old: [UInt8], new: [UInt8])] = []

  var isEmpty: Bool { renames.isEmpty }

  mutating func note(from old: DistinguishedName, to new: DistinguishedName) {
    renames.append((old.normal, new.normal))
  }

  /// The name that an entry had before all of this; nil for one that took another's name since.
  func former(_ name: [UInt8]) -> [UInt8]? {
    var name = name
    for rename in renames.reversed() {
      if let rest = Self.rest(of: name, under: rename.new) {
        name = rest + rename.old
      } else if Self.rest(of: name, under: rename.old) != nil {
        return nil
      }
    }
    return name
  }

  /// What stands before an entry's name in that of one below it; nothing in its own, nil elsewhere.
  private static func rest(of name: [UInt8], under upper: [UInt8]) -> ArraySlice<UInt8>? {
    guard name.count >= upper.count, name.suffix(upper.count).elementsEqual(upper) else {
      return nil
    }
    let rest = name.dropLast(upper.count)
    return rest.isEmpty || rest.last == UInt8(ascii: ",") ? rest : nil
  }
}
