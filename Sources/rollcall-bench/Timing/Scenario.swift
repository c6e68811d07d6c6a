import ArgumentParser

/// A job that is timed, by the name one asks for it with.
enum Scenario: String, CaseIterable, ExpressibleByArgument {
  case diff
  case diffShuffled = "diff-shuffled"
  case plan
  case planMissingColumn = "plan-missing-column"
  case planExpressions = "plan-expressions"
  case memberships
  case firstLoad = "first-load"
  case diffTenfold = "diff-tenfold"
  case planTenfold = "plan-tenfold"
  case readJSON = "read-json"
  case readJSONDecoder = "read-json-decoder"
  case readLDIF = "read-ldif"
  case readXML = "read-xml"
  case readGzip = "read-gzip"
  case readJSONThreefold = "read-json-threefold"
  case readLDIFThreefold = "read-ldif-threefold"
  case readXMLThreefold = "read-xml-threefold"
  case readGzipThreefold = "read-gzip-threefold"

  /// What `make bench` runs.
  static let usual: [Scenario] = [
    .diff, .plan, .planMissingColumn, .planExpressions, .firstLoad,
  ]
  /// What `make bench-long` runs: minutes, and some ten gigabytes below `.build`.
  static let long: [Scenario] = [.memberships, .diffTenfold, .planTenfold] + formats
  /// What `--formats` runs: reading to batches, and nothing else, format by format.
  static let formats: [Scenario] =
    [.readJSON, .readJSONDecoder, .readLDIF, .readXML, .readGzip] + threefold
  /// Three times as many people in the memory of one time.
  private static let threefold: [Scenario] = [
    .readJSONThreefold, .readLDIFThreefold, .readXMLThreefold, .readGzipThreefold,
  ]

  /// What is done, in the words of the report.
  var title: String {
    switch self {
    case .diff: "`rollcall diff OLD NEW`, two files"
    case .diffShuffled: "the same, with the rows of NEW in another order"
    case .plan: "`rollcall plan` of NEW against a state that holds OLD"
    case .planMissingColumn: "the same, with the column `department` missing from NEW"
    case .planExpressions:
      "`rollcall plan` with 20 expressions, 5 of them with regular expressions, against the plan without"
    case .memberships: "`rollcall plan` with five memberships per person, 1 % changed"
    case .firstLoad:
      "`rollcall apply` of OLD to an empty state, against `sqlite3 .import` and two unique indexes"
    case .diffTenfold: "`rollcall diff` of ten times as many rows, against itself"
    case .planTenfold: "`rollcall plan` for ten times as many people, against itself"
    case .readJSON:
      "reading SCIM users, one a line, to batches of 8 columns, against DuckDB's `read_json` of the same"
    case .readJSONDecoder: "the same against Foundation's `JSONDecoder`"
    case .readLDIF: "reading LDIF to batches, against reading CSV, byte for byte"
    case .readXML: "reading DSML to batches, against `xmllint --stream --noout`"
    case .readGzip:
      "reading packed CSV to batches, against `gzip -dc` alone and then the plain read"
    case .readJSONThreefold: "reading three times as many SCIM users, against itself"
    case .readLDIFThreefold: "reading three times as much LDIF, against itself"
    case .readXMLThreefold: "reading three times as much DSML, against itself"
    case .readGzipThreefold: "reading three times as much packed CSV, against itself"
    }
  }

  /// The lines of DESIGN §3, and what was asked of each format.
  var budget: Budget {
    switch self {
    case .diff, .diffShuffled: Budget(timeRatio: 0.20, memoryRatio: 0.20)
    case .plan, .planMissingColumn: Budget(timeRatio: 0.30, memory: 250)
    case .planExpressions: Budget(timeRatio: 5, memory: 250)
    case .memberships: Budget(timeRatio: 0.25, memoryRatio: 0.25)
    case .firstLoad: Budget(timeRatio: 1.8, memory: 500)
    case .diffTenfold, .planTenfold: Budget(timeRatio: 11, memory: 2048)
    case .readJSON: Budget(timeRatio: 0.5, memory: 300)
    case .readJSONDecoder: Budget(timeRatio: 0.2, memory: 300)
    case .readLDIF, .readXML: Budget(timeRatio: 1.5, memory: 300)
    case .readGzip: Budget(timeRatio: 1.3, memory: 300)
    case .readJSONThreefold, .readLDIFThreefold, .readXMLThreefold, .readGzipThreefold:
      Budget(timeRatio: 3.3, memoryRatio: 1.2)
    }
  }
}
