/// The columns of Entra's “Download users” file (Graph-based, since 2021), in its order.
enum EntraColumn: String, CaseIterable {
  case userPrincipalName
  case displayName
  case surname
  case mail
  case givenName
  case id
  case userType
  case jobTitle
  case department
  case accountEnabled
  case usageLocation
  case streetAddress
  case state
  case country
  case officeLocation
  case city
  case postalCode
  case telephoneNumber
  case mobilePhone
  case alternateEmailAddress
  case ageGroup
  case consentProvidedForMinor
  case legalAgeGroupClassification
  case companyName
  case creationType
  case directorySynced
  case invitationState
  case identityIssuer
  case createdDateTime

  /// The 22 columns of the benchmark: those that nearly every row of a company fills.
  ///
  /// The seven left out are empty in most rows; they would cost the peer more than rollcall.
  static let filled: [EntraColumn] = allCases.filter {
    ![
      .alternateEmailAddress, .ageGroup, .consentProvidedForMinor, .legalAgeGroupClassification,
      .creationType, .invitationState, .identityIssuer,
    ].contains($0)
  }
}
