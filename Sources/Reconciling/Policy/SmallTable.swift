import Scanning

/// A small file of records that a policy names: CSV with a header, or JSON as Microsoft Graph answers it.
///
/// ```
/// principalId,appRoleId            {"value":[{"principalId":"1","appRoleId":"a"}]}
/// 1,a                              [{"principalId":"1","appRoleId":"a"}]
/// ```
struct SmallTable: Sendable {
  struct Row: Sendable {
    /// Of a file of JSON, the number of the record.
    let line: Int
    fileprivate let cells: [String]
  }

  /// Names of columns, or of fields, in the order in which they come.
  private(set) var columns: [String] = []
  private(set) var rows: [Row] = []

  static let sizeLimit = 256 << 20

  init(contentsOf path: String) throws(LookupFileProblem) {
    let bytes: [UInt8]
    do {
      bytes = try SmallFile.bytes(of: path, limit: Self.sizeLimit)
    } catch {
      throw error == .tooLarge ? .tooLarge(limit: Self.sizeLimit) : .unreadable
    }
    try self.init(bytes)
  }

  init(_ bytes: [UInt8]) throws(LookupFileProblem) {
    guard String(validating: bytes, as: UTF8.self) != nil else { throw .notUTF8 }
    let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    let first = bytes[start...].first { $0 > UInt8(ascii: " ") }
    if first == UInt8(ascii: "{") || first == UInt8(ascii: "[") {
      try read(json: Array(bytes[start...]))
    } else {
      try read(csv: bytes, from: start)
    }
  }

  /// The place of the first of these columns that there is; case does not matter.
  func place(of names: [String]) -> Int? {
    names.lazy.compactMap { name in
      columns.firstIndex { $0.lowercased() == name.lowercased() }
    }.first
  }

  /// Empty where the record has nothing there.
  func value(of row: Row, _ place: Int) -> String {
    place < row.cells.count ? row.cells[place] : ""
  }

  // MARK: - CSV

  private mutating func read(csv bytes: [UInt8], from offset: Int) throws(LookupFileProblem) {
    let dialect = CSVDialect(delimiter: LookupFile.delimiter(of: bytes))
    var start = offset
    var line = 1
    while start < bytes.count {
      let record = CSVFirstRecord(
        in: bytes, from: start, to: bytes.count, isFinal: true, dialect: dialect, limit: 200)
      guard case .complete = record.outcome else { throw .openQuote(line: line) }
      let cells = record.cells.map {
        String(decoding: CSVCell.value(of: $0, in: bytes.span), as: UTF8.self)
      }
      let isBlank = record.cellCount == 1 && cells.first?.isEmpty == true
      if line == 1 {
        columns = cells
      } else if !isBlank {
        guard record.cellCount == columns.count else {
          throw .cells(line: line, count: record.cellCount, columns: columns.count)
        }
        rows.append(Row(line: line, cells: cells))
      }
      line += record.quotedLines + 1
      start = record.lineEnd + 1
    }
  }

  // MARK: - JSON

  private mutating func read(json bytes: [UInt8]) throws(LookupFileProblem) {
    let document: JSONValue
    do {
      document = try JSONParser.parse(bytes)
    } catch {
      throw .notJSON(line: bytes.prefix(error.offset).count { $0 == ASCII.lineFeed } + 1)
    }
    // A part of the list would take roles from those who are on the other pages.
    if let next = document["@odata.nextLink"], next != .null { throw .morePages }
    guard let records = document.elements ?? document["value"]?.elements else { throw .noList }
    var places: [String: Int] = [:]
    for (number, record) in records.enumerated() {
      guard let members = record.members else { throw .noList }
      var cells = [String](repeating: "", count: columns.count)
      for member in members {
        guard let text = member.value.plainText else { continue }
        let name = member.name.lowercased()
        if let place = places[name] {
          cells[place] = text
        } else if columns.count < 200 {
          places[name] = columns.count
          columns.append(member.name)
          cells.append(text)
        }
      }
      rows.append(Row(line: number + 1, cells: cells))
    }
  }
}

extension JSONValue {
  /// What a cell would hold; nil for a list or an object.
  fileprivate var plainText: String? {
    switch self {
    case .null: ""
    case .bool(let value): value ? "true" : "false"
    case .number(let text), .string(let text): text
    case .array, .object: nil
    }
  }
}
