import Identity
import PlanFile
import Scanning

/// Who is changed by which operations of the journal, but for memberships and creates.
///
/// ```
/// run 1  create ann, create bob       nothing
/// run 2  update ann                   ann → 4
/// run 5  update ann, delete bob       ann → 4, 9     bob → 10
/// ```
///
/// Sixteen bytes a change, found in one walk over the journal: what each resource was when it was created is then worked
/// out one by one, with nothing kept of the others. Subjects are told apart by hashes; whoever reads an operation looks
/// whose it is. Nothing is walked over before somebody asks: a run without creates asks nothing.
final class LaterChanges {
  private struct Entry {
    let subject: Int
    let number: Int
  }

  private let statements: StatementCache
  private let first: Int
  private var found: [Entry]?

  /// Those with this number and all behind it.
  init(_ statements: StatementCache, from number: Int) {
    self.statements = statements
    first = number
  }

  private func entries() throws(StoreFailure) -> [Entry] {
    if let found { return found }
    var entries: [Entry] = []
    let kinds = Operation.Kind.allCases.filter(\.changesSubject).map { "'\($0.rawValue)'" }
    let rows = try statements(
      """
      SELECT number, subject FROM operation
      WHERE number >= ? AND kind IN (\(kinds.joined(separator: ", ")))
      """)
    rows.bind(first, at: 1)
    defer { rows.reset() }
    while try rows.next() {
      entries.append(Entry(subject: rows.text(1).hashValue, number: rows.integer(0)))
    }
    entries.sort { ($0.subject, $0.number) < ($1.subject, $1.number) }
    found = entries
    return entries
  }

  /// The changes of a subject behind an operation, the last one first; those of another may be among them.
  func numbers(of subject: String, after number: Int) throws(StoreFailure) -> [Int] {
    let entries = try entries()
    let hash = subject.hashValue
    let start = entries.firstPlace { ($0.subject, $0.number) > (hash, number) }
    let end = entries[start...].firstIndex { $0.subject != hash } ?? entries.endIndex
    return entries[start..<end].reversed().map(\.number)
  }
}

extension Array {
  /// The first place from which on all elements satisfy what those before it do not.
  fileprivate func firstPlace(_ isBehind: (Element) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if isBehind(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}

extension Operation.Kind {
  /// Whether the values of a resource are others afterwards, or gone.
  fileprivate var changesSubject: Bool {
    switch self {
    case .updateMember, .deactivateMember, .reactivateMember, .deleteMember, .updateTeam: true
    case .createMember, .createTeam, .addMembership, .removeMembership: false
    }
  }
}
