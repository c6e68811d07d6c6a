import Identity
import Matching
import Reading
import Storing

// Records of changes, which have nothing but the name of their entry: who that is, as the exports and the state know it.

extension Reconciliation {
  /// The column by which a delta's records are known, with the values of all entries; none without such a column.
  func ownNames(
    _ rules: [MappingRule], _ header: ExportHeader, keys: [MatchKey], _ lookup: EntryLookup,
    state: (inout EntryDirectory, AttributePath) async throws -> Void
  ) async throws -> (column: Int, directory: EntryDirectory)? {
    for key in keys {
      guard let rule = rules.first(where: { $0.path == key.path }),
        case .columns(let columns) = rule.source,
        case .found(let column) = header.column(anyOf: columns).lookup
      else { continue }
      var directory = try await lookup.directory(by: key.path)
      try await state(&directory, key.path)
      return (column, directory)
    }
    return nil
  }

  /// Adds the members of the state by what the policy says of the names of their entries.
  ///
  /// ```
  /// userName: uid[1], externalId: entryUUID         uid=ann    d8ed00a6-…
  /// profileUrl: dn                                  uid=ann,ou=People,dc=x    d8ed00a6-…
  /// ```
  func addKnownMembers(
    to directory: inout EntryDirectory, by key: AttributePath
  ) async throws {
    let names = EntryNaming(
      mappings: policy.exports.people.map(\.mapping), keys: basis.memberKeys.map(\.path),
      attributes: basis.memberAttributes)
    guard let attributes = names.attributes(with: key, basis.memberAttributes) else { return }
    let members = try await JobFailure.storing { () async throws(StoreFailure) in
      let all = try await store.members(basis.index, threads: settings.jobs)
      return try await store.values(
        ofMembers: all.ordinals, of: attributes, threads: settings.jobs)
    }
    for member in members { names.add(member.image, to: &directory, by: key, attributes) }
  }

  /// Adds the teams of the state likewise.
  func addKnownTeams(to directory: inout EntryDirectory, by key: AttributePath) throws {
    let names = EntryNaming(
      mappings: policy.exports.teams.map(\.mapping), keys: basis.teamKeys.map(\.path),
      attributes: basis.teamAttributes)
    guard names.attributes(with: key, basis.teamAttributes) != nil else { return }
    let teams = try JobFailure.storing { () throws(StoreFailure) in
      try store.teams()
    }
    for team in teams {
      names.add(
        team.resource.document.image(of: basis.teamAttributes), to: &directory, by: key,
        basis.teamAttributes)
    }
  }
}

/// Which attributes of the state say how an entry of a directory is called.
struct EntryNaming {
  /// Attributes that hold the whole name.
  private let whole: [AttributePath]
  /// Keys that hold a value which may stand first in it, with the attribute there.
  private let parts: [(path: AttributePath, type: String)]

  init(mappings: [[MappingRule]], keys: [AttributePath], attributes: AttributeSet) {
    var whole: [AttributePath] = []
    var parts: [(path: AttributePath, type: String)] = []
    for rule in mappings.joined() where attributes.id(of: rule.path) != nil {
      guard case .columns(let columns) = rule.source else { continue }
      for column in columns {
        if EntryLookup.nameFields.contains(where: { $0.lowercased() == column.lowercased() }) {
          whole.append(rule.path)
        } else if keys.contains(rule.path) {
          let type = column.hasSuffix("[1]") ? String(column.dropLast(3)) : column
          parts.append((rule.path, type))
        }
      }
    }
    (self.whole, self.parts) = (whole, parts)
  }

  /// The attributes that must be read; nil where the state cannot tell.
  func attributes(with key: AttributePath, _ all: AttributeSet) -> AttributeSet? {
    guard !(whole.isEmpty && parts.isEmpty) else { return nil }
    var wanted: [AttributePath] = []
    for path in [key] + whole + parts.map(\.path) where !wanted.contains(path) {
      wanted.append(path)
    }
    let ids = wanted.compactMap { all.id(of: $0) }
    return AttributeSet(ids.map { all[$0] })
  }

  func add(
    _ image: AttributeImage, to directory: inout EntryDirectory, by key: AttributePath,
    _ attributes: AttributeSet
  ) {
    func text(_ path: AttributePath) -> String? {
      attributes.id(of: path).flatMap { image.text($0) }.flatMap { $0.isEmpty ? nil : $0 }
    }
    guard let value = text(key) else { return }
    for path in whole {
      if let name = text(path) { directory.add(name.utf8, value: value.utf8) }
    }
    for part in parts {
      guard let known = text(part.path) else { continue }
      directory.add(part: "\(part.type)=\(Self.escaped(known))".utf8, value: value.utf8)
    }
  }

  /// A value as it stands in a name (RFC 4514 §2.4).
  private static func escaped(_ value: String) -> String {
    value.reduce(into: "") { text, letter in
      if ",;+\"\\<>=#".contains(letter) { text.append("\\") }
      text.append(letter)
    }
  }
}
