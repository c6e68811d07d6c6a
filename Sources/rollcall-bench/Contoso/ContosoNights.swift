/// What happens at the sample company between one night and the next.
///
/// `Samples/Contoso/README.md` tells the same story in a table; keep the two together.
struct ContosoNights {
  /// The seed of the committed samples.
  static let seed: UInt64 = 20_260_301

  /// One night: the company, and what the files hold that no directory should have written.
  struct Night {
    let number: Int
    var company: ContosoCompany
    /// Somebody whose row has an unquoted comma and so a cell too many.
    var raggedUserName: String?
    /// Rows of group-members.csv about people that users.csv does not have.
    var strayMemberships: [(team: String, userName: String)] = []
  }

  private var founding: ContosoFounding

  init(seed: UInt64 = Self.seed) {
    founding = ContosoFounding(seed: seed)
  }

  mutating func nights() -> [Night] {
    let first = founding.company()
    var second = first
    leaveOnNightTwo(&second)
    changeOnNightTwo(&second)
    welcome(
      ["Sales", "Engineering", "Legal", "Customer Care"], at: [12, 77, 140, 201], in: &second)
    var third = second
    changeOnNightThree(&third, returning: first)
    welcome(["Marketing", "Finance"], at: [3, 180], in: &third)
    return [
      Night(number: 1, company: first),
      Night(number: 2, company: second),
      Night(
        number: 3, company: third, raggedUserName: "hong.dang@contoso.com",
        strayMemberships: [("Works Council", "nobody.here@contoso.com")]),
    ]
  }

  private func leaveOnNightTwo(_ company: inout ContosoCompany) {
    for leaver in ["percent.sign", "semi.colon", "adam.nowak"] {
      company.remove("\(leaver)@contoso.com")
    }
  }

  private func changeOnNightTwo(_ company: inout ContosoCompany) {
    // A marriage: same id, other names.
    company.change("anna.schmidt@contoso.com") { anna in
      anna[.surname] = "Weber-Schmidt"
      anna[.displayName] = "Anna Weber-Schmidt"
      anna[.userPrincipalName] = "anna.weber-schmidt@contoso.com"
      anna[.mail] = "anna.weber-schmidt@contoso.com"
    }
    company.change("max.quotes@contoso.com") { $0[.accountEnabled] = "False" }
    company.change("sinead.o'brien@contoso.com") { $0[.jobTitle] = "Head of \"Special\" Projects" }
    company.change("two.lines@contoso.com") { $0[.streetAddress] = "Contoso AG\nTal 7\n3rd floor" }
    company.change("hanako.sato@contoso.com") { $0[.jobTitle] = "部長" }
    company.change("cher@contoso.com") { $0[.jobTitle] = "" }
    company.change("eva.plus@contoso.com") { $0[.displayName] = "=1+1" }
    company.change("true.false@contoso.com") { $0[.telephoneNumber] = "+353 1 555 0000" }
    move("lukasz.zolc@contoso.com", to: "Research & Development", in: &company)
    move("jennifer.null@contoso.com", to: "Finance", in: &company)
    company.join("Project Ångström", "jose.nunez@contoso.com")
    company.join("Lunch 🍜", "jose.nunez2@contoso.com")
  }

  private func changeOnNightThree(
    _ company: inout ContosoCompany, returning first: ContosoCompany
  ) {
    company.remove("right.left@contoso.com")
    if let returner = first.people.first(where: { $0.userName == "semi.colon@contoso.com" }) {
      var returner = returner
      returner[.jobTitle] = "Consultant"
      company.people.append(returner)
      company.join(returner[.department], returner.userName)
    }
    company.rename(team: "\"Skunk\" Works", to: "Advanced Projects")
    company.change("sam.rivera@contoso.com") { $0[.officeLocation] = "5.001" }
    company.change("cher@contoso.com") { $0[.jobTitle] = "Working Student" }
    company.change("zero.width@contoso.com") { $0[.displayName] = "Zero Width" }
    move("minjun.kim@contoso.com", to: "Purchasing", in: &company)
    company.join("Empty for Now", "zoe.fischer@contoso.com")
  }

  /// A new department, and with it another department team.
  private func move(_ userName: String, to department: String, in company: inout ContosoCompany) {
    company.change(userName) { person in
      precondition(person[.department] != department, "\(userName) is in \(department) already")
    }
    guard let person = company.people.first(where: { $0.userName == userName }) else { return }
    company.leave(person[.department], userName)
    company.change(userName) { $0[.department] = department }
    company.join(department, userName)
  }

  private mutating func welcome(
    _ departments: [String], at places: [Int], in company: inout ContosoCompany
  ) {
    for (department, place) in zip(departments, places) {
      var joiner = founding.ordinaryPerson()
      joiner[.department] = department
      company.people.insert(joiner, at: place)
      company.join(department, joiner.userName)
    }
  }
}
