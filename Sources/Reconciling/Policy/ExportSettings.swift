import Identity
import Mapping
package import Reading

/// What every export says of itself, whether it holds people, teams or memberships.
///
/// ```yaml
/// - name: entra-users
///   formerly: [azure-users]
///   path: exports/users*.csv
///   content: full
/// ```
package struct ExportSettings: Sendable, Hashable {
  /// `content:` What it means that somebody is not in the file.
  package enum Content: String, Sendable, Hashable, CaseIterable {
    /// The file holds everybody: who is missing has left.
    case full
    /// The file holds what changed: who is missing has not changed.
    case delta
  }

  /// `format:` How the bytes read; `auto` goes by what they look like.
  package enum Format: String, Sendable, Hashable, CaseIterable {
    case auto
    case csv
    case json
    case ldif
    case xml
  }

  /// `delimiter:` What stands between two cells: `,` `;` `|`, `tab`, or `auto` (the header
  /// decides).
  package enum Delimiter: String, Sendable, Hashable, CaseIterable {
    case auto
    case comma = ","
    case semicolon = ";"
    case tab
    case pipe = "|"

    /// The byte, or nil where the header decides.
    package var byte: UInt8? {
      switch self {
      case .auto: nil
      case .comma: UInt8(ascii: ",")
      case .semicolon: UInt8(ascii: ";")
      case .tab: UInt8(ascii: "\t")
      case .pipe: UInt8(ascii: "|")
      }
    }
  }

  /// `encoding:` How bytes become letters; `auto` goes by the byte order mark, else UTF-8.
  package enum Encoding: String, Sendable, Hashable, CaseIterable {
    case auto
    case utf8 = "utf-8"
    case utf16 = "utf-16"
    case windows1252 = "windows-1252"
  }

  /// `urlValues:` What comes of an attribute of LDIF whose value stands in another file (`photo:< file:///…`).
  ///
  /// That file is never read (RFC 2849 would have it so).
  package enum URLValues: String, Sendable, Hashable, CaseIterable {
    /// The record is set aside.
    case refuse
    /// The attribute is not known.
    case ignore
  }

  /// `removed:` The rows of a delta that say somebody has left; only they remove.
  ///
  /// ```yaml
  /// removed: { column: changeType, values: [deleted] }
  /// ```
  package struct RemovalMarker: Sendable, Hashable {
    /// The first of these that stands in the header.
    package let columns: [String]
    /// Exact words; never the empty one.
    package let values: [String]
    /// A preset's marker may be missing from the file: then nobody has left.
    package let origin: MappingRule.Origin
  }

  /// `name:` Who owns a member is known by this name, never by the path.
  ///
  /// Letters of ASCII, digits, `.`, `_`, `-`.
  package let name: String
  /// `formerly:` Names this export had before, whose members it takes over.
  package let formerly: [String]
  /// `path:` A file, or a pattern with `*` and `?` for several; relative to the policy file.
  package let path: String
  /// `content:` Must be stated: nothing in a file tells the two apart, and the wrong one removes
  /// people.
  package let content: Content
  /// `format:` Default `auto`.
  package let format: Format
  /// `preset:` Default the policy's `preset:`.
  ///
  /// For memberships it says where teams and members are named.
  package let preset: Preset
  /// `records:` The names that lead to the list of records in a JSON document; nil: found out.
  ///
  /// ```yaml
  /// records: data.items     # {"data": {"items": [ … ]}}
  /// ```
  package let records: [String]?
  /// `each:` A list within each JSON record whose elements are records of their own.
  ///
  /// ```yaml
  /// each: members     # {"id": "g1", "members": [{"id": "a"}, {"id": "b"}]} is two memberships
  /// ```
  package let each: String?
  /// `objectClasses:` In an export of a directory's entries, those that count; nil: the usual ones of people
  /// or of teams.
  package let objectClasses: [String]?
  /// `urlValues:` Default `refuse`.
  package let urlValues: URLValues
  /// `delimiter:` Default `auto`.
  package let delimiter: Delimiter
  /// `encoding:` Default `auto`.
  package let encoding: Encoding
  /// `header:` The names of the columns, for files without a header line; nil when the file has
  /// one.
  package let header: [String]?
  /// `toleratedLines:` How many physical lines may be unreadable before removals stop.
  ///
  /// Default 0.
  package let toleratedLines: Int
  /// `trailer:` The last line of every file, which is no record; nil: files end with a record.
  ///
  /// ```yaml
  /// trailer: 'TRL;(\d+)'                          # the group finds how many records there are
  /// trailer: { pattern: 'TRL;(\d+)', extra: 2 }   # header and trailer are counted, too
  /// ```
  package let trailer: TrailerPattern?
  /// `manifest:` A file that says how many records the export has, its SHA-256, or when it was made.
  ///
  /// A path like `path`; `{file}` in it stands for each file of the export.
  ///
  /// ```yaml
  /// manifest: SHA256SUMS
  /// manifest: '{file}.manifest.json'
  /// ```
  package let manifest: String?
  /// `maxAge:` How old the export may be; nil: what `health.maxAge` says.
  package let maxAge: Duration?
  /// `removed:` Only for a delta; without it a delta removes nobody.
  package let removed: RemovalMarker?
  /// `sequence:` Only for a delta: finds its serial number in the file's name, to notice a gap.
  package let sequence: FileNamePattern?
  /// The line of the policy file on which the export begins.
  package let line: Int
}

extension ExportSettings {
  static let keys = [
    "name", "formerly", "path", "content", "format", "delimiter", "encoding", "header",
    "records", "each", "objectClasses", "urlValues", "toleratedLines", "trailer", "manifest",
    "maxAge", "removed", "sequence",
  ]

  /// Reads the keys all exports share; a wrong one is noted and its default taken.
  ///
  /// Memberships take from their preset only what the policy does not say.
  init(
    reading section: PolicySection, defaultPreset: Preset, ofMemberships: Bool = false
  ) {
    let preset = section["preset"].flatMap { $0.word(of: Preset.self) }
    let content = section.required("content", because: .contentStated)?.word(of: Content.self)
    name = section.required("name")?.exportName() ?? ""
    formerly = section["formerly"]?.exportNames() ?? []
    path = section.required("path")?.filePath() ?? ""
    self.content = content ?? .full
    format = section["format"]?.word(of: Format.self) ?? .auto
    self.preset = preset ?? defaultPreset
    records = section["records"]?.text()?.split(separator: ".").map(String.init)
    let choice = preset ?? defaultPreset
    let isByPreset = ofMemberships && section["member"] == nil
    each = section["each"]?.text() ?? (isByPreset ? choice.each(content ?? .full) : nil)
    objectClasses = section["objectClasses"]?.texts()
    urlValues = section["urlValues"]?.word(of: URLValues.self) ?? .refuse
    delimiter = section["delimiter"]?.delimiter() ?? .auto
    encoding = section["encoding"]?.word(of: Encoding.self) ?? .auto
    header = section["header"]?.texts()
    toleratedLines = section["toleratedLines"]?.wholeNumber(in: 0...1_000_000) ?? 0
    trailer = section["trailer"]?.trailerPattern()
    manifest = section["manifest"]?.text()
    maxAge = section["maxAge"]?.duration()
    if format == .xml { section["trailer"]?.report(.noTrailerInXML) }
    let marker = section["removed"].flatMap(RemovalMarker.init(reading:))
    let usesPreset =
      content == .delta && section["removed"] == nil && (isByPreset || !ofMemberships)
    removed = usesPreset ? choice.removed(ofMemberships: ofMemberships) : marker
    sequence = section["sequence"]?.fileNamePattern()
    line = section.place.line
    if let removed, removed.origin == .policy {
      let path = section.path.key("removed").key("column")
      checkHeader(has: removed.columns, at: path, problems: section.problems)
    }
    guard content != .delta else {
      if removed == nil { section.report(.deltaWithoutRemoved) }
      return
    }
    guard content == .full else { return }
    for key in ["removed", "sequence"] { section[key]?.report(.onlyForDelta(key)) }
  }

  /// Notes columns at `path` of which a stated header has none; without one the file will tell.
  func checkHeader(has columns: [String], at path: PolicyPath, problems: PolicyProblems) {
    guard let header, let first = columns.first, !columns.contains(where: header.contains) else {
      return
    }
    let near = Suggestion.nearest(to: first, among: header)
    problems.report(.notInHeader(columns, suggestion: near), at: path)
  }
}

extension ExportSettings.RemovalMarker {
  fileprivate init?(reading value: PolicyValue) {
    guard let section = value.section("column", "values") else { return nil }
    let columns = section.required("column")?.textOrTexts()
    let values = section.required("values")?.texts()
    guard let columns, let values else { return nil }
    self.init(columns: columns, values: values, origin: .policy)
  }
}

extension PolicyValue {
  /// A pattern, or one with what its count is too high by.
  fileprivate func trailerPattern() -> TrailerPattern? {
    guard isMapping else { return text().flatMap { trailerPattern($0, extra: 0) } }
    guard let section = section("pattern", "extra") else { return nil }
    let extra = section["extra"]?.wholeNumber(in: 0...1000) ?? 0
    guard let pattern = section.required("pattern"), let text = pattern.text() else { return nil }
    return pattern.trailerPattern(text, extra: extra)
  }

  private func trailerPattern(_ text: String, extra: Int) -> TrailerPattern? {
    let whole: WholePattern
    do { whole = try WholePattern(text) } catch {
      report(.badPattern(text, "it is none, or has a part that is not supported"))
      return nil
    }
    do throws(TrailerPattern.Problem) {
      return try TrailerPattern(text, extra: extra) { line in
        switch whole.fit(line) {
        case .none: .none
        case .whole(let group): .whole(group: group)
        }
      }
    } catch {
      switch error {
      case .notARegularExpression(let reason): report(.badPattern(text, reason))
      case .groups(let count): report(.trailerGroups(text, count))
      }
      return nil
    }
  }

  /// A name that is the same in a file name, a log line and a shell.
  func exportName() -> String? {
    guard let text = text() else { return nil }
    let isGood =
      text.utf8.count <= 100
      && text.unicodeScalars.allSatisfy {
        ("a"..."z").contains($0) || ("A"..."Z").contains($0) || ("0"..."9").contains($0)
          || "._-".unicodeScalars.contains($0)
      }
    if !isGood { report(.badName(text)) }
    return text
  }

  fileprivate func exportNames() -> [String] {
    _ = texts()
    return (items() ?? []).compactMap { $0.exportName() }
  }

  /// A path to one file or a pattern for several; not a folder.
  func filePath() -> String? {
    guard let text = text() else { return nil }
    if text.hasSuffix("/") || text.contains("\0") || text.contains("\n") { report(.badPath(text)) }
    return text
  }

  fileprivate func delimiter() -> ExportSettings.Delimiter? {
    if scalar == "\t" { return .tab }
    return word(of: ExportSettings.Delimiter.self)
  }
}
