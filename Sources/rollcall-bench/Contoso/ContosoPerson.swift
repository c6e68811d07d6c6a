/// One row of the sample company's users.csv.
struct ContosoPerson {
  private var cells: [EntraColumn: String] = [:]

  /// The text of a cell; a cell never set is empty.
  subscript(column: EntraColumn) -> String {
    get { cells[column, default: ""] }
    set { cells[column] = newValue }
  }

  var id: String { self[.id] }
  var userName: String { self[.userPrincipalName] }
  var isGuest: Bool { self[.userType] == "Guest" }
}

/// One row of groups.csv.
struct ContosoTeam {
  let id: String
  var name: String
  var mail: String
  var groupType: String
}

/// The sample company as its directory holds it on one night.
struct ContosoCompany {
  var people: [ContosoPerson] = []
  var teams: [ContosoTeam] = []
  /// Ids of the people in each team, by the team's id, in the order they were added.
  var members: [String: [String]] = [:]

  /// Changes the person with this user name; the name must be in use.
  mutating func change(_ userName: String, _ edit: (inout ContosoPerson) -> Void) {
    edit(&people[place(of: userName)])
  }

  /// Takes a person and their memberships out of the directory, and returns the person.
  @discardableResult
  mutating func remove(_ userName: String) -> ContosoPerson {
    let person = people.remove(at: place(of: userName))
    for team in members.keys { members[team]?.removeAll { $0 == person.id } }
    return person
  }

  mutating func join(_ team: String, _ userName: String) {
    members[id(ofTeam: team), default: []].append(people[place(of: userName)].id)
  }

  mutating func leave(_ team: String, _ userName: String) {
    let person = people[place(of: userName)].id
    let team = id(ofTeam: team)
    precondition(members[team, default: []].contains(person), "\(userName) is not in that team")
    members[team]?.removeAll { $0 == person }
  }

  mutating func rename(team: String, to name: String) {
    let id = id(ofTeam: team)
    for index in teams.indices where teams[index].id == id { teams[index].name = name }
  }

  private func place(of userName: String) -> Int {
    guard let place = people.firstIndex(where: { $0.userName == userName }) else {
      preconditionFailure("the script of the sample nights names \(userName), who is nobody")
    }
    return place
  }

  private func id(ofTeam name: String) -> String {
    guard let team = teams.first(where: { $0.name == name }) else {
      preconditionFailure("the script of the sample nights names the team \(name)")
    }
    return team.id
  }
}
