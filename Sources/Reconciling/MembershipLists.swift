import Identity
import Reading

/// Whether the records of a JSON export tell the lists that memberships are read from.
///
/// ```
/// {"id":"g1","members":[{"value":"p1"}]}                     p1 is in g1, and nobody else
/// {"id":"g2","members":[]}                                   nobody is in g2
/// {"id":"g3"}                                                not told: whoever is in g3 stays
/// {"id":"g4","members":[…],"members@odata.nextLink":"…"}     told in part: whoever is in g4 stays
/// ```
///
/// Rows of a table have all their columns, and an entry of LDIF without members has no attribute for them.
struct MembershipLists: Sendable {
  /// Where one of the two that a row brings together stands.
  private struct Place: Sendable {
    let column: Int
    /// The list that its values stand in, which is there when it is empty, too.
    let list: Int?
    /// What says that the list goes on elsewhere.
    let link: Int?

    init?(_ reference: MembershipsExport.Reference, _ header: ExportHeader) {
      guard let column = Self.place(of: reference.columns, in: header) else { return nil }
      let lists = reference.columns.compactMap(MembershipLists.list(of:))
      self.column = column
      list = Self.place(of: lists, in: header)
      link = Self.place(of: lists.map(MembershipLists.link(of:)), in: header)
    }

    private static func place(of names: [String], in header: ExportHeader) -> Int? {
      if case (.found(let place), _) = header.column(anyOf: names) { place } else { nil }
    }

    func isTold(_ row: Int, in batch: RecordBatch) -> Bool {
      if let link, !batch.cell(row: row, column: link).isEmpty { return false }
      if !batch.isAbsent(row: row, column: column) { return true }
      return list.map { !batch.isAbsent(row: row, column: $0) } ?? false
    }
  }

  private let team: Place?
  private let member: Place?

  /// Nil for exports whose rows leave nothing out.
  init?(_ export: MembershipsExport, _ header: ExportHeader, _ format: ExportFormat) {
    guard export.listFields != [], format == .json else { return nil }
    member = Place(export.member, header)
    if case .reference(let reference) = export.team {
      team = Place(reference, header)
    } else {
      team = nil
    }
  }

  /// Whether a row says all that its export says of the members of its team.
  func tellsMembers(_ row: Int, in batch: RecordBatch) -> Bool {
    member?.isTold(row, in: batch) ?? true
  }

  /// Whether a row says all that its export says of the teams of its member.
  func tellsTeams(_ row: Int, in batch: RecordBatch) -> Bool {
    team?.isTold(row, in: batch) ?? true
  }

  /// `members.value` → `members`; nil for a field that stands in no list.
  fileprivate static func list(of column: String) -> String? {
    column.lastIndex(of: ".").map { String(column[..<$0]) }
  }

  /// As OData calls it (OData JSON Format 4.01 §4.5.7), and so Microsoft Graph.
  fileprivate static func link(of list: String) -> String { list + "@odata.nextLink" }
}

extension MembershipsExport {
  /// The fields that say whether lists are there and whole; none for deltas, in which nothing follows from absence.
  var listFields: [[String]] {
    guard settings.content == .full, settings.each == nil else { return [] }
    var references = [member]
    if case .reference(let reference) = team { references.append(reference) }
    return references.flatMap(\.columns).compactMap(MembershipLists.list(of:))
      .flatMap { [[$0], [MembershipLists.link(of: $0)]] }
  }
}
