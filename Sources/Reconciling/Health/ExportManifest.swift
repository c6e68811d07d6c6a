import Identity
import Scanning

/// What somebody wrote down of an export when it was made: how many records, which bytes, when.
///
/// ```
/// 4f1c…9a  users.csv                               what sha256sum writes; BSD's form, too
/// {"date": "2026-03-01T02:00:00Z", "rows": 1204, "sha256": "4f1c…9a"}
/// {"date": "…", "files": [{"file": "users-1.csv", "rows": 700, "sha256": "…"}, …]}
/// 1204                                             nothing but the number of records
/// ```
struct ExportManifest: Sendable, Equatable {
  struct Entry: Sendable, Equatable {
    /// The name without folders; nil where the manifest is of one file.
    var file: String?
    var rows: Int?
    /// 64 hexadecimal digits, in small letters.
    var sha256: String?
  }

  private(set) var entries: [Entry] = []
  /// How many records all files have together.
  private(set) var rows: Int?
  /// Seconds since 1970.
  private(set) var date: Int?

  /// No manifest is longer.
  private static let sizeLimit = 16 << 20

  /// Reads a manifest, or says why it is none.
  static func read(path: String) -> Result<ExportManifest, Problem> {
    let file: InputFile
    do throws(SystemFailure) {
      file = try InputFile.open(path)
      guard try file.status().kind == .regular else { return .failure(Problem(.unreadable)) }
      var bytes = [UInt8](repeating: 0, count: min(try file.status().size, sizeLimit) + 1)
      let count = try file.read(into: &bytes, at: 0, upTo: bytes.count, fromOffset: 0)
      guard count <= sizeLimit, let manifest = ExportManifest(Array(bytes[..<count])) else {
        return .failure(Problem(.unreadable))
      }
      return .success(manifest)
    } catch {
      return .failure(Problem(.missing))
    }
  }

  struct Problem: Error {
    let kind: Finding.ManifestProblem

    init(_ kind: Finding.ManifestProblem) {
      self.kind = kind
    }
  }

  /// Nil for what is none of the forms.
  init?(_ bytes: [UInt8]) {
    var bytes = bytes[...]
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes = bytes.dropFirst(3) }
    if let value = try? JSONParser.parse(Array(bytes)) {
      self.init(value)
    } else {
      self.init(sums: String(decoding: bytes, as: UTF8.self))
    }
  }

  // MARK: - JSON

  private init?(_ value: JSONValue) {
    if let rows = value.integer {
      guard rows >= 0 else { return nil }
      self.rows = rows
      return
    }
    guard value.members != nil else { return nil }
    switch value["date"] {
    case nil, .null: break
    case .string(let text):
      guard let date = ExportDate.parse(text) else { return nil }
      self.date = date
    case .number(let text):
      guard let seconds = Int(text) else { return nil }
      date = seconds
    default: return nil
    }
    guard let files = value["files"] else {
      guard let entry = Entry(value) else { return nil }
      entries = [entry]
      return
    }
    rows = value["rows"]?.integer
    guard let elements = files.elements, value["rows"] == nil || rows != nil else { return nil }
    for element in elements {
      guard let entry = Entry(element), entry.file != nil else { return nil }
      entries.append(entry)
    }
  }

  // MARK: - Lists of sums

  private init?(sums text: String) {
    for line in text.split(whereSeparator: \.isNewline) {
      guard let entry = Entry(line: line) else {
        if line.allSatisfy(\.isWhitespace) || line.first == "#" { continue }
        return nil
      }
      entries.append(entry)
    }
    if entries.isEmpty { return nil }
  }
}

extension ExportManifest.Entry {
  /// One file's object; nil when a member is not of its type.
  fileprivate init?(_ value: JSONValue) {
    guard value.members != nil else { return nil }
    if let name = value["file"] {
      guard let text = name.text, !text.isEmpty else { return nil }
      file = RunExport.baseName(of: text)
    }
    if let count = value["rows"] {
      guard let number = count.integer, number >= 0 else { return nil }
      rows = number
    }
    if let sum = value["sha256"] {
      guard let text = sum.text, let digest = Self.digest(text) else { return nil }
      sha256 = digest
    }
  }

  /// `4f1c…9a  users.csv`, `4f1c…9a *users.csv`, `SHA256 (users.csv) = 4f1c…9a`, or the sum alone.
  fileprivate init?(line: Substring) {
    if let digest = Self.digest(line.prefix(64)) {
      let rest = line.dropFirst(64).drop { $0 == " " || $0 == "\t" || $0 == "*" }
      guard line.count == 64 || rest.count < line.count - 64 else { return nil }
      sha256 = digest
      file = rest.isEmpty ? nil : RunExport.baseName(of: String(rest))
      return
    }
    let start = "SHA256 ("
    guard line.hasPrefix(start), let close = line.range(of: ") = "),
      let digest = Self.digest(line[close.upperBound...])
    else { return nil }
    sha256 = digest
    file = RunExport.baseName(of: String(line[..<close.lowerBound].dropFirst(start.count)))
  }

  private static func digest(_ text: some StringProtocol) -> String? {
    guard text.utf8.count == 64, text.allSatisfy({ $0.isASCII && $0.isHexDigit }) else {
      return nil
    }
    return text.lowercased()
  }
}

extension Substring {
  /// The last place where `text` stands.
  fileprivate func range(of text: String) -> Range<Index>? {
    ranges(of: text).last
  }
}
