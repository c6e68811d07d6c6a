import Storing

@testable import struct Storing.SQLConnection

/// Everything a state file holds, row by row, as SQLite itself quotes it.
///
/// Two dumps are equal exactly when no row of any table differs. What is new at every write for reasons
/// of its own (salts, digests that cover them, the counter of writes) can be left out, so that two runs
/// that did the same thing compare equal.
struct StateDump: Equatable {
  /// The rows of each table in their own order, one per line.
  let tables: [String: String]

  /// Columns that hold salts or digests over them, by table.
  private static let salted: [String: Set<String>] = [
    "run": ["evidence_digest", "head"], "run_evidence": ["salt"], "operation": ["digest"],
    "operation_value": ["salt"], "operation_pack": ["digests", "salts"],
  ]

  /// Reads the whole file; without salts, what differs between two runs that did the same is left
  /// out.
  init(of path: String, withSalts: Bool = true) throws {
    let connection = try SQLConnection(readingFrom: path)
    defer { connection.close() }
    let names = try connection.statement(
      "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    ).all { $0.text(0) }
    var tables: [String: String] = [:]
    for name in names {
      let columns = try connection.statement("SELECT name FROM pragma_table_info('\(name)')")
        .all { $0.text(0) }
      let kept = columns.filter { withSalts || Self.salted[name]?.contains($0) != true }
      let row = kept.map { "quote(\"\($0)\")" }.joined(separator: " || ' ' || ")
      let filter =
        name == "setting" && !withSalts ? "WHERE name NOT IN ('change', 'journal head')" : ""
      tables[name] =
        try connection.statement(
          "SELECT group_concat(line, char(10)) FROM (SELECT \(row) AS line FROM \"\(name)\" \(filter) ORDER BY 1)"
        ).first { $0.text(0) } ?? ""
    }
    self.tables = tables
  }

  /// The tables in which two dumps differ, each with the first line that does.
  func differences(from other: StateDump) -> [String] {
    Set(tables.keys).union(other.tables.keys).sorted().compactMap { name in
      let (mine, theirs) = (tables[name] ?? "", other.tables[name] ?? "")
      guard !mine.utf8.elementsEqual(theirs.utf8) else { return nil }
      let lines = Set(mine.split(separator: "\n")).symmetricDifference(
        theirs.split(separator: "\n"))
      return "\(name): \(lines.sorted().first.map { $0.prefix(300) } ?? "")"
    }
  }
}
