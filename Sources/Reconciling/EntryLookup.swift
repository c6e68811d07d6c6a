import Identity
import Reading

/// Learns from the exports of people and teams what the entries are known by that memberships name by their
/// distinguished names.
///
/// ```
/// member: CN=Ann,OU=Sales,DC=contoso,DC=com     memberships, matched by externalId
/// externalId: { column: objectGUID }            the mapping of people
/// dn, objectGUID                                so these two are read of everybody
/// ```
struct EntryLookup {
  let exports: [RunExport]
  let mappings: [[MappingRule]]
  let jobs: Int?

  /// Where an export that is no LDIF has the names of its entries.
  static let nameFields = ["dn", "distinguishedName"]

  /// The values of one attribute by the names of the entries; of exports that have both.
  func directory(by key: AttributePath) async throws -> EntryDirectory {
    var directory = EntryDirectory()
    try await add(to: &directory, by: key)
    return directory
  }

  /// Adds them to those that are known.
  func add(to directory: inout EntryDirectory, by key: AttributePath) async throws {
    for (export, mapping) in zip(exports, mappings) {
      guard let rule = mapping.first(where: { $0.path == key }),
        case .columns(let columns) = rule.source
      else { continue }
      try await read(export, columns, into: &directory)
    }
  }

  private func read(
    _ export: RunExport, _ columns: [String], into directory: inout EntryDirectory
  ) async throws {
    guard let reader = try export.asking(for: [Self.nameFields, columns]).reader(jobs: jobs) else {
      return
    }
    let header = try reader.header()
    guard case .found(let name) = header.column(anyOf: Self.nameFields).lookup,
      case .found(let value) = header.column(anyOf: columns).lookup
    else { return }
    _ = try await reader.read(digest: false) {
      $0
    } collect: { batch, _ in
      for row in 0..<batch.count {
        let (name, value) = (
          batch.cell(row: row, column: name), batch.cell(row: row, column: value)
        )
        guard !name.isEmpty, !value.isEmpty else { continue }
        directory.add(batch.bytes[name.range], value: batch.bytes[value.range])
      }
    }
  }
}
