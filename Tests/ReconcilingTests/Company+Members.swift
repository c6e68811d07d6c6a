import Foundation
import Scanning

@testable import Reconciling

/// One member as the state has it.
struct StateMember {
  let name: String
  let externalID: String
  let manager: String?
  let resource: JSONValue
}

extension Company {
  private static let enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"

  /// The members of the state by their ids.
  func members() throws -> [String: StateMember] {
    let list = try JSONParser.parse(Array(try export(.scim).utf8))
    return (list["Resources"]?.elements ?? []).reduce(into: [:]) { members, resource in
      guard let id = resource["id"]?.text, resource["userName"] != nil else { return }
      members[id] = StateMember(
        name: resource["userName"]?.text ?? "", externalID: resource["externalId"]?.text ?? "",
        manager: resource[Self.enterprise]?["manager"]?["value"]?.text, resource: resource)
    }
  }
}
