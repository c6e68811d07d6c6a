import Identity
import PlanFile
import Scanning

/// Finds out what a resource was when it was created, by turning back what was done since.
///
/// ```
/// run 3  create ann {title: Buyer}
/// run 5  update ann {title: Buyer → Head of Buying}
/// now    ann {title: Head of Buying}      ⟶ before run 5 {title: Buyer} ⟶ as created
/// ```
struct JournalReplay {
  private let statements: StatementCache
  private let changes: LaterChanges
  private let members: ResourceReader
  private let teams: ResourceReader

  /// Takes the attributes that are managed in the run of the creates; `changes` are all behind them.
  init(
    _ statements: StatementCache, _ changes: LaterChanges, members: AttributeSet,
    teams: AttributeSet
  ) {
    self.statements = statements
    self.changes = changes
    self.members = ResourceReader(attributes: members)
    self.teams = ResourceReader(attributes: teams)
  }

  /// A resource on its way back.
  private enum Past {
    /// As it is now.
    case present
    case known(ResourceDocument)
    /// Somebody has been erased on the way.
    case erased
  }

  /// The managed values that a create gave its subject; nil where they cannot be known any more, and for what is no create.
  func created(by facts: JournaledOperation.Facts) throws(StoreFailure) -> AttributeImage? {
    guard let kind = Operation.Kind(rawValue: facts.kind), kind.isCreate else { return nil }
    let reader = kind.isOfTeam ? teams : members
    var past = Past.present
    for number in try changes.numbers(of: facts.subject, after: facts.number) {
      past = try before(number, of: facts.subject, kind, past)
    }
    switch past {
    case .present:
      return try present(facts.subject, kind).first { row in
        row.withBytes(0) { text in try? reader.image(of: text) }
      } ?? nil
    case .known(let document): return document.image(of: reader.attributes)
    case .erased: return nil
    }
  }

  /// The resource as it is now, if it is there.
  private func present(
    _ id: String, _ kind: Operation.Kind
  ) throws(StoreFailure) -> SQLStatement {
    let table = kind.isOfTeam ? "team" : "member"
    return try statements(
      "SELECT resource FROM \(table) WHERE ordinal = (SELECT ordinal FROM \(table)_id WHERE id = ?)"
    ).bind(id, at: 1)
  }

  /// The resource as it was before an operation, or as it was behind it where that is about somebody else.
  private func before(
    _ number: Int, of subject: String, _ created: Operation.Kind, _ past: Past
  ) throws(StoreFailure) -> Past {
    let row = try statements(
      """
      SELECT kind, subject, salt IS NOT NULL, before, after
      FROM operation LEFT JOIN operation_value USING (number) WHERE number = ?
      """
    ).bind(number, at: 1)
    defer { row.reset() }
    guard try row.next(), row.text(1).utf8.elementsEqual(subject.utf8) else { return past }
    guard row.integer(2) != 0 else { return .erased }
    let before = row.isNull(3) ? nil : row.bytes(3)
    if row.text(0) == Operation.Kind.deleteMember.rawValue {
      guard let before, let document = try? ResourceDocument(parsing: before) else {
        return .erased
      }
      return .known(document)
    }
    let after = row.isNull(4) ? nil : row.bytes(4)
    // A list is no text, and a number none: what is put back must be of the kind that the create wrote.
    let attributes = created.isOfTeam ? teams.attributes : members.attributes
    guard var document = try document(of: past, subject, created),
      let changes = JournalText.changes(before: before, after: after, of: attributes)
    else { return .erased }
    for change in changes {
      if let text = change.before {
        document.set(change.attribute, to: text)
      } else {
        document.remove(change.attribute.path)
      }
    }
    return .known(document)
  }

  private func document(
    of past: Past, _ subject: String, _ kind: Operation.Kind
  ) throws(StoreFailure) -> ResourceDocument? {
    switch past {
    case .present:
      try present(subject, kind).first { $0.bytes(0) }.flatMap {
        try? ResourceDocument(parsing: $0)
      }
    case .known(let document): document
    case .erased: nil
    }
  }
}

extension Operation.Kind {
  var isOfTeam: Bool { self == .createTeam || self == .updateTeam }
  var isCreate: Bool { self == .createMember || self == .createTeam }
}
