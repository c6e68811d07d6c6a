import PlanFile
import Scanning

// How a good run of an export stands in the state: its counts in columns, and the rest as JSON.
//
// {"encoding":"utf-8","madeAt":1772330400,"unknownReferences":0,
//  "shares":[{"column":"accountEnabled","filled":40,"yes":39,"no":1}, …]}

extension StateQueries {
  /// What the last good run of every export looked like.
  func baselines() throws(StoreFailure) -> [Bookkeeping.Baseline] {
    var baselines: [Bookkeeping.Baseline] = []
    try statements(
      """
      SELECT name, columns, record_count, file_count, digest, health FROM baseline
      JOIN export ON number = export
      """
    ).each { row in
      let columns = (try? JSONParser.parse(row.bytes(1)))?.elements ?? []
      let health = (try? JSONParser.parse(row.bytes(5))) ?? .null
      baselines.append(
        Bookkeeping.Baseline(
          export: row.text(0), columns: columns.compactMap(\.text), recordCount: row.integer(2),
          fileCount: row.integer(3), digest: row.text(4),
          encoding: health["encoding"]?.text ?? "",
          shares: (health["shares"]?.elements ?? []).compactMap(Bookkeeping.ColumnShare.init),
          unknownReferences: health["unknownReferences"]?.integer ?? 0,
          madeAt: health["madeAt"]?.integer, writtenAt: health["writtenAt"]?.integer,
          endsLastLine: health["endsLastLine"]?.boolean ?? false,
          namedReferences: health["namedReferences"]?.integer))
    }
    return baselines
  }
}

extension Bookkeeping.Baseline {
  /// What does not stand in a column of its own.
  var health: JSONValue {
    .object([
      "encoding": .string(encoding), "unknownReferences": .number(unknownReferences),
      "madeAt": madeAt.map { .number($0) } ?? .null,
      "writtenAt": writtenAt.map { .number($0) } ?? .null, "shares": .array(shares.map(\.json)),
      "endsLastLine": .bool(endsLastLine),
      "namedReferences": namedReferences.map { .number($0) } ?? .null,
    ])
  }
}

extension Bookkeeping.ColumnShare {
  fileprivate var json: JSONValue {
    .object([
      "column": .string(column), "filled": .number(filled), "yes": .number(yes), "no": .number(no),
      "garbled": .bool(isGarbled),
    ])
  }

  fileprivate init?(_ value: JSONValue) {
    guard let column = value["column"]?.text, let filled = value["filled"]?.integer else {
      return nil
    }
    self.init(
      column: column, filled: filled, yes: value["yes"]?.integer ?? 0,
      no: value["no"]?.integer ?? 0, isGarbled: value["garbled"]?.boolean ?? false)
  }
}
