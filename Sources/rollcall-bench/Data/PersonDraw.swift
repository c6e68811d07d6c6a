/// What chance decided about one person of the benchmark: places in the tables of `PeopleGenerator`.
///
/// Everything depends on the seed and the person's number alone, so the old file and the new one can
/// be written independently and agree on everybody whom nothing happens to.
struct PersonDraw {
  /// What happens to a person between the old file and the new one.
  enum Fate {
    case stays
    case changes
    case leaves
  }

  private(set) var fate: Fate
  let number: Int
  let id: (UInt64, UInt64)
  let given: Int
  let surname: Int
  let place: Int
  let street: Int
  let houseNumber: Int
  let addressStyle: Int
  let created: UInt64
  let mobile: Int?
  private(set) var title: Int
  private(set) var department: Int
  private(set) var office: Int
  private(set) var telephone: Int
  private(set) var isEnabled: Bool
  private let change: UInt64

  /// Draws person `number`.
  init(seed: UInt64, number: Int, share: ChangeShare, tables: PeopleTables) {
    var numbers = SeededNumbers(seed, of: number)
    self.number = number
    id = (numbers.next(), numbers.next())
    given = numbers.below(tables.given.count)
    surname = numbers.below(tables.surnames.count)
    place = numbers.below(tables.places.count)
    street = numbers.below(tables.places[place].streets.count)
    houseNumber = 1 + numbers.below(200)
    addressStyle = numbers.below(1000)
    created = numbers.next()
    mobile = numbers.happens(600) ? numbers.below(10_000_000) : nil
    title = numbers.below(tables.titles.count)
    department = numbers.below(tables.departments.count)
    office = numbers.below(600)
    telephone = numbers.below(10_000)
    isEnabled = numbers.happens(970)
    change = numbers.next()
    // Who is disabled already neither leaves nor changes, so that rows that differ and operations
    // that rollcall plans for them are the same number.
    let lot = numbers.below(1_000_000)
    fate =
      !isEnabled || lot >= share.leaving + share.changing
      ? .stays : lot < share.leaving ? .leaves : .changes
  }

  /// Makes this somebody of the new file only: enabled, and with nothing else happening to them.
  mutating func join() {
    fate = .stays
    isEnabled = true
  }

  /// Changes what changes for this person; each new value is another than the old one.
  mutating func change(tables: PeopleTables) {
    var numbers = SeededNumbers(change)
    switch numbers.below(8) {
    case 0, 1, 2: title = other(than: title, in: tables.titles.count, &numbers)
    case 3, 4: department = other(than: department, in: tables.departments.count, &numbers)
    case 5: office = other(than: office, in: 600, &numbers)
    case 6: isEnabled = false
    default: telephone = other(than: telephone, in: 10_000, &numbers)
    }
    if numbers.happens(200) { telephone = other(than: telephone, in: 10_000, &numbers) }
  }

  private func other(than value: Int, in count: Int, _ numbers: inout SeededNumbers) -> Int {
    (value + 1 + numbers.below(count - 1)) % count
  }
}

/// How much differs between the old file and the new one, in millionths of the people.
struct ChangeShare {
  let leaving: Int
  let changing: Int
  let joining: Int

  /// Of a share of 0.012, a sixth leaves, a sixth joins, and the rest changes.
  init(_ share: Double) {
    let millionths = Int(share * 1_000_000)
    leaving = millionths / 6
    joining = millionths / 6
    changing = millionths - leaving - joining
  }
}
