/// Builds the sample company as it is on the first night.
struct ContosoFounding {
  static let headcount = 250

  private var numbers: SeededNumbers
  private var loginsInUse: Set<String> = []

  init(seed: UInt64) {
    numbers = SeededNumbers(seed)
  }

  mutating func company() -> ContosoCompany {
    var company = ContosoCompany()
    company.people = cast() + guests()
    while company.people.count < Self.headcount { company.people.append(ordinaryPerson()) }
    company.people.shuffle(using: &numbers)
    block(5, in: &company)
    company.teams = teams()
    fill(&company)
    return company
  }

  /// Somebody with an ordinary name, a desk and a telephone.
  mutating func ordinaryPerson() -> ContosoPerson {
    let given = pick(Words.givenNames)
    let surname = pick(Words.surnames)
    var login = "\(given.login).\(surname.login)"
    while !loginsInUse.insert(login).inserted { login += String(numbers.below(10)) }
    return person(
      (given: given.text, surname: surname.text, display: "\(given.text) \(surname.text)", login))
  }

  private mutating func cast() -> [ContosoPerson] {
    ContosoCast.people.map { role in
      loginsInUse.insert(role.login)
      return person(role)
    }
  }

  private mutating func person(_ role: ContosoCast.Role) -> ContosoPerson {
    let place = pick(Words.places)
    var person = ContosoPerson()
    person[.userPrincipalName] = "\(role.login)@contoso.com"
    person[.displayName] = role.display
    person[.surname] = role.surname
    person[.givenName] = role.given
    person[.mail] = numbers.happens(960) ? person.userName : ""
    person[.id] = identifier()
    person[.userType] = "Member"
    person[.jobTitle] = numbers.happens(940) ? pick(Words.titles) : ""
    person[.department] = pick(ContosoCast.departmentTeams)
    person[.accountEnabled] = "True"
    person[.usageLocation] = place.countryCode
    person[.streetAddress] = streetAddress(on: pick(place.streets))
    person[.state] = place.state
    person[.country] = place.country
    person[.officeLocation] = "\(1 + numbers.below(5)).\(100 + numbers.below(80))"
    person[.city] = place.city
    person[.postalCode] = place.postalCode
    person[.telephoneNumber] = "\(place.dialling) \(1000 + numbers.below(9000))"
    person[.mobilePhone] =
      numbers.happens(400) ? "+49 151 \(1_000_000 + numbers.below(9_000_000))" : ""
    person[.alternateEmailAddress] = numbers.happens(80) ? "\(role.login)@example.org" : ""
    person[.companyName] = "Contoso AG"
    person[.directorySynced] = "True"
    person[.identityIssuer] = "contoso.onmicrosoft.com"
    person[.createdDateTime] = moment()
    return person
  }

  /// One in six has a comma, one in twelve a line break in the address, as people type them.
  private mutating func streetAddress(on street: String) -> String {
    let address = "\(street) \(1 + numbers.below(120))"
    return switch numbers.below(12) {
    case 0, 1: "\(address), Building \(1 + numbers.below(4))"
    case 2: "Contoso AG\n\(address)"
    default: address
    }
  }

  private mutating func guests() -> [ContosoPerson] {
    ContosoCast.guests.map { guest in
      var person = ContosoPerson()
      let home = guest.mail.map { $0 == "@" ? "_" : $0 }
      person[.userPrincipalName] = String(home) + "#EXT#@contoso.onmicrosoft.com"
      person[.displayName] = guest.display
      person[.mail] = guest.mail
      person[.id] = identifier()
      person[.userType] = "Guest"
      person[.accountEnabled] = "True"
      person[.companyName] = guest.company
      person[.creationType] = "Invitation"
      person[.invitationState] = numbers.happens(700) ? "Accepted" : "PendingAcceptance"
      person[.identityIssuer] = "ExternalAzureAD"
      person[.createdDateTime] = moment()
      return person
    }
  }

  /// Disables people who were disabled before rollcall first looked.
  private mutating func block(_ count: Int, in company: inout ContosoCompany) {
    let ordinary = company.people.indices.filter {
      !company.people[$0].isGuest && !isCast(company.people[$0])
    }
    for index in ordinary.shuffled(using: &numbers).prefix(count) {
      company.people[index][.accountEnabled] = "False"
    }
  }

  private mutating func teams() -> [ContosoTeam] {
    (ContosoCast.departmentTeams + ContosoCast.otherTeams).enumerated().map { number, name in
      ContosoTeam(
        id: identifier(), name: name, mail: number < 10 ? "team\(number + 1)@contoso.com" : "",
        groupType: number < 10 ? "Microsoft 365" : "Security")
    }
  }

  /// Everybody is in the team of their department; guests and some others are in further ones.
  private mutating func fill(_ company: inout ContosoCompany) {
    for person in company.people where !person.isGuest {
      company.join(person[.department], person.userName)
    }
    for person in company.people where person.isGuest {
      company.join("All Guests", person.userName)
    }
    let staff = company.people.filter { !$0.isGuest && $0[.accountEnabled] == "True" }
    for (name, size) in zip(ContosoCast.otherTeams.dropFirst(), [4, 18, 12, 9, 14, 31, 7, 45, 0]) {
      for person in staff.shuffled(using: &numbers).prefix(size) {
        company.join(name, person.userName)
      }
    }
  }

  private func isCast(_ person: ContosoPerson) -> Bool {
    ContosoCast.people.contains { person.userName == "\($0.login)@contoso.com" }
  }

  private mutating func pick<Choice>(_ choices: [Choice]) -> Choice {
    choices[numbers.below(choices.count)]
  }

  private mutating func identifier() -> String {
    var bytes: [UInt8] = []
    bytes.appendIdentifier(numbers.next(), numbers.next())
    return String(decoding: bytes, as: UTF8.self)
  }

  /// `8/19/2021 1:25:31 PM`: American, without a zone, as the portal writes it.
  private mutating func moment() -> String {
    var bytes: [UInt8] = []
    bytes.appendMoment(numbers.next())
    return String(decoding: bytes, as: UTF8.self)
  }
}
