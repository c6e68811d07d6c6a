import Identity
import Testing

@testable import Reconciling

struct EntraPresetTests {
  /// The header of the classic download and of the one since 2021.
  private static let headers = [
    "userPrincipalName,displayName,surname,mail,givenName,objectId,userType,jobTitle,department,"
      + "accountEnabled,usageLocation,streetAddress,state,country,physicalDeliveryOfficeName,city,"
      + "postalCode,telephoneNumber,mobile,alternateEmailAddress",
    "userPrincipalName,displayName,surname,mail,givenName,id,userType,jobTitle,department,"
      + "accountEnabled,usageLocation,streetAddress,state,country,officeLocation,city,postalCode,"
      + "telephoneNumber,mobilePhone,alternateEmailAddress,companyName,creationType",
    "Id,DisplayName,UserPrincipalName,AccountEnabled,Surname,GivenName,Mail,UserType,JobTitle,"
      + "Department,StreetAddress,State,Country,OfficeLocation,City,PostalCode,MobilePhone,"
      + "TelephoneNumber",
  ]

  @Test(arguments: headers)
  func everyUsefulColumnOfADownloadIsMapped(header: String) {
    let columns = header.split(separator: ",").map(String.init)
    let unmapped = EntraPreset.memberRules.filter { rule in
      guard case .columns(let names) = rule.source else { return false }
      return !names.contains { columns.contains($0) }
    }
    let rare = [
      "organization", "employeeNumber", "preferredLanguage", #"phoneNumbers[type eq "fax"].value"#,
      "manager.value",
    ]
    for rule in unmapped {
      #expect(rare.contains { rule.path.description.hasSuffix($0) }, "\(rule.path)")
    }
  }

  @Test func everyRuleIsOneThatAPolicyCouldHaveWritten() {
    for subject in MappingSubject.allCases {
      let rules = Preset.entra.rules(for: subject)
      #expect(rules.map(\.path) == Set(rules.map(\.path)).sorted())
      for rule in rules {
        let text = rule.path.description
        #expect(KnownAttributes.of(subject).problem(with: rule.path, written: text) == nil)
        #expect(rule.origin == .preset)
        #expect((rule.vocabulary != nil) == (rule.path == .active))
      }
    }
  }

  @Test func noColumnFeedsTwoAttributes() {
    var seen: Set<String> = []
    for rule in EntraPreset.memberRules {
      guard case .columns(let names) = rule.source else { continue }
      for name in names { #expect(seen.insert(name).inserted, "\(name)") }
    }
  }
}
