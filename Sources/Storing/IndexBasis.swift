package import Identity

/// What the columns of `member_index` and `member_key` mean: they are computed from the resources
/// for these attributes and keys, by this version of the fingerprints.
///
/// ```
/// version 1
/// attribute displayName string
/// attribute userName string
/// key userName
/// unique emails[type eq "work"].value
/// ```
///
/// A policy that maps other attributes has another basis. Then nothing stored may be compared until it
/// has been computed anew.
package struct IndexBasis: Sendable, Hashable {
  package let attributes: AttributeSet
  /// In matching order.
  package let keys: [MatchKey]
  /// Attributes that no two members may share, beyond the keys.
  package let unique: [MatchKey]

  package init(attributes: AttributeSet, keys: [MatchKey], unique: [MatchKey] = []) {
    self.attributes = attributes
    self.keys = keys
    self.unique = unique.filter { extra in !keys.contains { $0.path == extra.path } }
  }

  static let none = IndexBasis(attributes: AttributeSet([]), keys: [])

  /// Everything whose holder can be looked up: the keys, then the rest.
  package var kinds: [MatchKey] { keys + unique }

  var text: String {
    var text = "version \(Fingerprinter.version)\n"
    for attribute in attributes.attributes {
      text += "attribute \(attribute.path) \(attribute.kind.rawValue)\n"
    }
    for key in keys { text += "key \(key.path)\n" }
    for key in unique { text += "unique \(key.path)\n" }
    return text
  }

  /// Whether fingerprints and key hashes stored under `text` are those of this basis.
  ///
  /// Which further attributes are unique has no part in them.
  func hasSameIndex(as text: String) -> Bool {
    func lines(_ text: String) -> [Substring] {
      text.split(separator: "\n").filter { !$0.hasPrefix("unique ") }
    }
    return lines(self.text) == lines(text)
  }

  /// Reads a text back; nil when another version wrote it or it is damaged.
  init?(text: String) {
    var attributes: [ManagedAttribute] = []
    var keyPaths: [AttributePath] = []
    var uniquePaths: [AttributePath] = []
    var isCurrent = false
    for line in text.split(separator: "\n") {
      let words = line.split(separator: " ", maxSplits: 1).map(String.init)
      guard words.count == 2 else { return nil }
      switch words[0] {
      case "version": isCurrent = words[1] == String(Fingerprinter.version)
      case "attribute":
        guard let attribute = ManagedAttribute(canonical: words[1]) else { return nil }
        attributes.append(attribute)
      case "key", "unique":
        guard let path = try? AttributePath(parsing: words[1]) else { return nil }
        if words[0] == "key" { keyPaths.append(path) } else { uniquePaths.append(path) }
      default: return nil
      }
    }
    guard isCurrent else { return nil }
    let set = AttributeSet(attributes)
    func keys(_ paths: [AttributePath]) -> [MatchKey]? {
      let keys = paths.compactMap { path in set.id(of: path).map { MatchKey(path: path, id: $0) } }
      return keys.count == paths.count ? keys : nil
    }
    guard let matchKeys = keys(keyPaths), let unique = keys(uniquePaths) else { return nil }
    self.init(attributes: set, keys: matchKeys, unique: unique)
  }
}

extension ManagedAttribute {
  /// Reads one line of `AttributeSet.canonicalText`: `path kind`.
  init?(canonical line: some StringProtocol) {
    guard let space = line.lastIndex(of: " "),
      let kind = Kind(rawValue: String(line[line.index(after: space)...])),
      let path = try? AttributePath(parsing: String(line[..<space]))
    else { return nil }
    self.init(path: path, kind: kind)
  }
}

extension AttributeSet {
  /// Reads `canonicalText` back; nil when it is not one.
  init?(canonicalText text: String) {
    var attributes: [ManagedAttribute] = []
    for line in text.split(separator: "\n") {
      guard let attribute = ManagedAttribute(canonical: line) else { return nil }
      attributes.append(attribute)
    }
    self.init(attributes)
  }
}
