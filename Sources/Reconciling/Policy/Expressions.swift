package import Mapping

/// `expressions:` What the expressions of a mapping can refer to, and how strictly they are read.
///
/// ```yaml
/// expressions:
///   strict: entra                    # refuse what Entra does not have
///   defaultDomain: contoso.com       # what DefaultDomain() gives
///   tables:
///     offices: tables/offices.csv    # Lookup("offices", [city]): first column → second column
/// ```
package struct Expressions: Sendable, Hashable {
  /// `strict:` Whose language it is; the default is Entra's with a few functions more.
  package enum Strictness: String, Sendable, Hashable, CaseIterable {
    case entra
    case off
  }

  package let strict: Strictness
  package let defaultDomain: String?
  package let tables: [String: LookupTable]
  /// The files of the tables as written.
  let files: [String]

  static let standard = Expressions(strict: .off, defaultDomain: nil, tables: [:], files: [])

  package var surroundings: ExpressionSurroundings {
    ExpressionSurroundings(
      isStrict: strict == .entra, defaultDomain: defaultDomain, tables: tables)
  }
}

extension Expressions {
  /// Reads the section; `resolve` tells where a path of the policy leads.
  init(reading value: PolicyValue, resolve: (String) -> String) {
    guard let section = value.section("strict", "defaultDomain", "tables") else {
      self = .standard
      return
    }
    var tables: [String: LookupTable] = [:]
    var files: [String] = []
    for entry in section["tables"]?.freeSection()?.entries ?? [] {
      guard let path = entry.value.filePath() else { continue }
      files.append(path)
      do {
        tables[entry.name] = try LookupFile.table(named: entry.name, at: resolve(path))
      } catch {
        entry.report(.badTable(path, error))
        // Stands in for it, so that every use is not called unknown as well.
        tables[entry.name] = LookupTable(name: entry.name, values: [:])
      }
    }
    self.init(
      strict: section["strict"]?.word(of: Strictness.self) ?? .off,
      defaultDomain: section["defaultDomain"]?.text(), tables: tables, files: files)
  }
}
