import Identity
import Reading

/// Whether the records of a JSON export tell the lists that memberships are read from.
///
/// ```
/// {"id":"g1","members":[{"value":"p1"}]}                     p1 is in g1, and nobody else
/// {"id":"g2","members":[]}                                   nobody is in g2
/// {"id":"g3"}, {"id":"g3","members":null}                    not told: whoever is in g3 stays
/// {"id":"g3","members":["p1"]}, {"id":"g3","members":""}     not told: no list of what is looked for
/// {"id":"g4","members":[…],"members@odata.nextLink":"…"}     told in part: whoever is in g4 stays
/// {"userName":"ann"}                                         no groups: ann stays wherever she is
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
      let lists = reference.columns.map(MembershipLists.list(of:))
      self.column = column
      list = Self.place(of: lists, in: header)
      link = Self.place(of: lists.map(MembershipLists.link(of:)), in: header)
    }

    private static func place(of names: [String], in header: ExportHeader) -> Int? {
      if case (.found(let place), _) = header.column(anyOf: names) { place } else { nil }
    }

    func isTold(_ row: Int, in batch: RecordBatch) -> Bool {
      if let link, !batch.cell(row: row, column: link).isEmpty { return false }
      // RFC 7643 §2.5 has `null` mean that the attribute is not there; so do serialisers that could not load a list.
      // Texts, numbers and booleans in the place of the list's objects name nobody, and do not say that nobody is in it.
      if let list, list != column, !batch.isAbsent(row: row, column: list) {
        return batch.isEmptyList(row: row, column: list)
      }
      return !batch.isAbsent(row: row, column: column) && !batch.isNull(row: row, column: column)
    }
  }

  private let team: Place?
  private let member: Place?

  /// Nil for exports whose rows leave nothing out.
  init?(_ export: MembershipsExport, _ header: ExportHeader, _ format: ExportFormat) {
    guard export.followsAbsence, format == .json else { return nil }
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

  /// `members.value` → `members`; a list of texts is the column itself.
  fileprivate static func list(of column: String) -> String {
    column.lastIndex(of: ".").map { String(column[..<$0]) } ?? column
  }

  /// As OData calls it (OData JSON Format 4.01 §4.5.7), and so Microsoft Graph.
  fileprivate static func link(of list: String) -> String { list + "@odata.nextLink" }
}

extension MembershipsExport {
  /// Whether somebody is gone whom it does not name; nothing follows from that in a delta.
  fileprivate var followsAbsence: Bool { settings.content == .full && settings.each == nil }

  /// The fields that say whether lists are there and whole, besides those that are read anyway: a list of texts is
  /// one of these, and has no further page.
  var listFields: [[String]] {
    guard followsAbsence else { return [] }
    var columns = member.columns
    if case .reference(let reference) = team { columns += reference.columns }
    let lists = columns.map(MembershipLists.list(of:)).filter { !columns.contains($0) }
    return (lists + lists.map(MembershipLists.link(of:))).map { [$0] }
  }
}
