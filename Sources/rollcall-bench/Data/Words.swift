/// The words that generated people are made of.
enum Words {
  /// A name, and how it is written in a user name, which Entra keeps to ASCII.
  struct Name {
    let text: String
    let login: String

    fileprivate init(_ text: String, _ login: String) {
      self.text = text
      self.login = login
    }
  }

  struct Place {
    let city: String
    let state: String
    let country: String
    let countryCode: String
    /// Some begin with a zero, which software that takes them for numbers loses.
    let postalCode: String
    let dialling: String
    let streets: [String]
  }

  static let givenNames: [Name] =
    plain(
      """
      Adam Alice Amir Andrea Anja Anton Arjun Astrid Beatrice Ben Bilal Birgit Carla Carlos Charlotte
      Chiara Christian Clara Daniel Dario David Diana Dmitri Edith Elena Elias Elif Emil Emma Erik
      Esther Eva Fatima Felix Fiona Florian Frank Freya Georg Greta Hannah Hans Hassan Helena Henrik
      Ines Ingrid Isabel Ivan Jakob Jamal Jana Johanna Jonas Julia Kai Karin Katja Kenji Klara Konrad
      Lars Laura Leila Leon Lina Linh Lucas Magda Maja Marco Maria Mark Martin Mei Mia Mohammed Nadia
      Nils Nina Noah Olga Oliver Omar Oscar Paula Peter Petra Philip Priya Rahul Rita Robert Rosa
      Samuel Sara Sofia Stefan Sven Tariq Teresa Thomas Tim Tomas Ursula Vera Victor Wei Yara Yusuf
      """)
    + [
      Name("André", "andre"), Name("Björn", "bjoern"), Name("Çağla", "cagla"),
      Name("Émilie", "emilie"), Name("François", "francois"), Name("Jürgen", "juergen"),
      Name("Łucja", "lucja"), Name("Øyvind", "oyvind"), Name("Raúl", "raul"),
      Name("Şebnem", "sebnem"),
      Name("Anne-Sophie", "anne-sophie"), Name("Minh Anh", "minhanh"),
    ]

  static let surnames: [Name] =
    plain(
      """
      Abbott Ahmed Andersen Bakker Bauer Becker Bennett Berg Bianchi Braun Brown Carter Castillo Chen
      Christensen Clark Costa Dahl Davies Diaz Dubois Eriksson Evans Fernandez Ferrari Fischer Fontaine
      Foster Fuchs Garcia Gruber Gupta Haas Hansen Hartmann Hoffmann Horvat Huber Ivanov Jansen Jensen
      Johansson Jones Kaiser Kaur Keller Khan Klein Koch Kowalski Krause Kumar Lang Larsen Lehmann Lopez
      Ludwig Marino Martin Mayer Mehta Meyer Moreau Morris Nguyen Nielsen Novak Olsen Patel Pereira
      Peters Petrov Pham Popescu Ramos Ricci Richter Roberts Romano Rossi Roth Russo Sanders Santos
      Sato Schneider Schulz Silva Singh Smith Sokolov Suzuki Tanaka Taylor Thompson Torres Turner Vogel
      Wagner Walker Weber Wilson Wolf Wright Yamada Yilmaz Zhang Ziegler Zimmermann
      """)
    + [
      Name("Åkesson", "akesson"), Name("Černý", "cerny"), Name("D'Angelo", "dangelo"),
      Name("Gómez", "gomez"), Name("Müller", "mueller"), Name("O'Neill", "o'neill"),
      Name("Öztürk", "oztuerk"), Name("van Dijk", "vandijk"), Name("Weiß", "weiss"),
      Name("Smith-Jones", "smith-jones"),
    ]

  static let titles: [String] = [
    "Account Manager", "Accountant", "Analyst", "Assistant to the Board", "Buyer", "Consultant",
    "Controller", "Customer Advisor", "Data Engineer", "Designer", "Developer", "Director, EMEA",
    "Electrician", "Facility Manager", "HR Partner", "Key Account Manager", "Lab Technician",
    "Lawyer", "Legal Counsel", "Network Engineer", "Office Manager", "Paralegal", "Product Owner",
    "Project Manager", "Recruiter", "Sales Representative", "Scientist", "Senior Developer",
    "Service Desk Agent", "System Administrator", "Team Lead \"North\"", "Trainee", "Treasurer",
    "UX Researcher", "Warehouse Clerk", "Working Student",
  ]

  static let departments: [String] = [
    "Sales", "Marketing", "Finance", "Human Resources", "Engineering", "IT Operations", "Legal",
    "Customer Care", "Purchasing", "Research & Development", "Logistics", "Production",
    "Quality, Safety", "Corporate Communications", "Facilities", "Internal Audit",
  ]

  static let places: [Place] = [
    Place(
      city: "Dresden", state: "Sachsen", country: "Germany", countryCode: "DE",
      postalCode: "01067", dialling: "+49 351 555",
      streets: ["Königstraße", "Hauptstraße", "An der Elbe", "Äußere Neustadt"]),
    Place(
      city: "München", state: "Bayern", country: "Germany", countryCode: "DE",
      postalCode: "80331", dialling: "+49 89 555",
      streets: ["Sendlinger Straße", "Tal", "Leopoldstraße"]),
    Place(
      city: "Genève", state: "GE", country: "Switzerland", countryCode: "CH",
      postalCode: "1204", dialling: "+41 22 555",
      streets: ["Rue du Rhône", "Place du Bourg-de-Four", "Quai de l'Île"]),
    Place(
      city: "Boston", state: "MA", country: "United States", countryCode: "US",
      postalCode: "02108", dialling: "+1 617 555",
      streets: ["Beacon St", "Tremont St", "State St"]),
    Place(
      city: "Dublin", state: "", country: "Ireland", countryCode: "IE",
      postalCode: "D02 X285", dialling: "+353 1 555",
      streets: ["St Stephen's Green", "Dame Street", "O'Connell Street Upper"]),
    Place(
      city: "東京", state: "東京都", country: "Japan", countryCode: "JP",
      postalCode: "100-0005", dialling: "+81 3 5555", streets: ["丸の内", "大手町"]),
    Place(
      city: "Kraków", state: "Małopolskie", country: "Poland", countryCode: "PL",
      postalCode: "31-042", dialling: "+48 12 555",
      streets: ["Rynek Główny", "ul. Floriańska", "ul. Świętego Jana"]),
    Place(
      city: "İstanbul", state: "", country: "Türkiye", countryCode: "TR",
      postalCode: "34110", dialling: "+90 212 555",
      streets: ["İstiklal Caddesi", "Bağdat Caddesi"]),
  ]

  private static func plain(_ names: String) -> [Name] {
    names.split { $0 == " " || $0 == "\n" }.map { Name(String($0), $0.lowercased()) }
  }
}
