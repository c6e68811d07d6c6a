/// The words of generated people as bytes, each already quoted where CSV asks for it.
struct PeopleTables {
  struct Place {
    let city: [UInt8]
    let state: [UInt8]
    let country: [UInt8]
    let countryCode: [UInt8]
    let postalCode: [UInt8]
    let dialling: [UInt8]
    let streets: [[UInt8]]
  }

  let given: [(text: [UInt8], login: [UInt8])]
  let surnames: [(text: [UInt8], login: [UInt8])]
  let titles: [[UInt8]]
  let departments: [[UInt8]]
  let places: [Place]

  init() {
    given = Words.givenNames.map { (Self.cell($0.text), Self.cell($0.login)) }
    surnames = Words.surnames.map { (Self.cell($0.text), Self.cell($0.login)) }
    titles = Words.titles.map(Self.cell)
    departments = Words.departments.map(Self.cell)
    places = Words.places.map { place in
      Place(
        city: Self.cell(place.city), state: Self.cell(place.state),
        country: Self.cell(place.country), countryCode: Self.cell(place.countryCode),
        postalCode: Self.cell(place.postalCode), dialling: Self.cell(place.dialling),
        streets: place.streets.map(Self.cell))
    }
  }

  private static func cell(_ text: String) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.appendCell(text)
    return bytes
  }
}
