import Scanning

/// Where in their documents the records of a JSON export stand.
///
/// ```
/// {"Resources":[…],"totalResults":2}     Resources        SCIM
/// {"@odata.context":"…","value":[…]}     value            Microsoft Graph
/// {"realm":"main","users":[…]}           users            Keycloak
/// {"id":"1","groups":[{…}]}              –                a record that has a list of its own
/// ```
struct JSONEnvelope: Sendable, Hashable {
  /// The names that lead to the list; none where documents are records, or lists of them.
  let path: [String]
  /// Whether the records are operations of a SCIM BulkRequest.
  let isBulk: Bool

  /// Finds the records by the path the policy has `stated`, else takes the `preferred` list where there are several.
  init(_ look: JSONLook, stated: [String]?, preferred: [String]) {
    isBulk = stated == nil && Self.isBulkRequest(look)
    path = stated ?? Self.list(in: look, preferred: preferred).map { [$0] } ?? []
  }

  /// Lists that are records and nothing else, by name.
  private static let certain = [
    "Resources", "value", "Report_Entry", "List", "Users", "Groups", "GroupMemberships",
  ]
  /// Lists that a record may have, too: they count only in an object that says what it is.
  private static let likely = ["users", "groups", "members"]

  private static func list(in look: JSONLook, preferred: [String]) -> String? {
    let lists = look.members.filter(\.isListOfObjects).map(\.name)
    if isBulkRequest(look) { return "Operations" }
    let isRecord = ["id", "userName", "schemas"].contains { look[$0] != nil }
    let isDocument = look["realm"] != nil || isGoogle(look)
    if isDocument {
      // An empty list is left out, so what kind it would be is all there is to go by.
      let kind = likely.first { look["kind"]?.text.contains("#\($0)\"") ?? false }
      return kind ?? preferred.first(where: lists.contains)
        ?? preferred.first { likely.contains($0) } ?? likely.first(where: lists.contains)
    }
    if let name = certain.first(where: lists.contains), !isRecord || isListResponse(look) {
      return name
    }
    guard !isRecord else { return nil }
    let candidates = likely.filter(lists.contains)
    return preferred.first(where: candidates.contains) ?? candidates.first
  }

  private static func isGoogle(_ look: JSONLook) -> Bool {
    look["kind"]?.text.contains("admin#directory#") ?? false
      && !["id", "primaryEmail", "email"].contains { look[$0] != nil }
  }

  private static func isListResponse(_ look: JSONLook) -> Bool {
    look["schemas"]?.text.contains("messages:2.0:ListResponse") ?? false
      || look["totalResults"] != nil
  }

  private static func isBulkRequest(_ look: JSONLook) -> Bool {
    look["schemas"]?.text.contains("messages:2.0:BulkRequest") ?? false
  }
}

/// What a page says besides its records.
struct JSONPage: Sendable {
  /// The mark of further pages, if it has one.
  let more: String?
  /// How many records there are on all pages.
  let stated: Int?
  /// Whether such a page may come without a list.
  let mayLackList: Bool

  init(_ envelope: JSONValue) {
    let members = envelope.members ?? []
    func value(_ name: String) -> JSONValue? {
      members.first { $0.name.utf8.elementsEqual(name.utf8) }?.value
    }
    let links = ["@odata.nextLink", "nextPageToken", "NextToken"]
    let link = links.first { name in value(name)?.text.map { !$0.isEmpty } ?? false }
    more = link ?? (value("HasNextPage")?.boolean == true ? "HasNextPage" : nil)
    let totals = ["totalResults", "TotalItemCount", "@odata.count"]
    stated = totals.lazy.compactMap { value($0)?.integer }.first
    mayLackList = stated == 0 || value("kind") != nil || value("realm") != nil
  }
}
