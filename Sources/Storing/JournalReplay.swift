import Identity
import PlanFile
import Scanning

/// Finds out what resources were when they were created, by turning back what was done since.
///
/// ```
/// run 3  create ann {title: Buyer}
/// run 5  update ann {title: Buyer → Head of Buying}
/// now    ann {title: Head of Buying}      ⟶ before run 5 {title: Buyer} ⟶ as created
/// ```
///
/// It reads the journal backwards, from its end to the first operation asked for.
struct JournalReplay {
  private let statements: StatementCache
  private let operations: Range<Int>

  init(_ statements: StatementCache, _ operations: Range<Int>) {
    self.statements = statements
    self.operations = operations
  }

  /// A resource on its way back.
  private enum Past {
    /// As it is now; most members have not changed since they were created.
    case present([UInt8])
    case known(ResourceDocument)
    /// Somebody has been erased on the way.
    case erased
  }

  /// The managed values of each create among the operations, by its number; those that cannot be
  /// known any more are left out.
  func created(
    members: AttributeSet, teams: AttributeSet
  ) throws(StoreFailure) -> [Int: AttributeImage] {
    let subjects = try createdSubjects()
    guard !subjects.isEmpty else { return [:] }
    let rows = try statements(
      """
      SELECT operation.number, kind, subject, salt IS NOT NULL, before, after
      FROM operation LEFT JOIN operation_value USING (number)
      WHERE operation.number >= ? AND kind NOT IN ('add-membership', 'remove-membership')
      ORDER BY operation.number DESC
      """)
    rows.bind(operations.lowerBound, at: 1)
    defer { rows.reset() }
    let readers = (ResourceReader(attributes: members), ResourceReader(attributes: teams))
    var pasts: [String: Past] = [:]
    var images: [Int: AttributeImage] = [:]
    while try rows.next() {
      let subject = rows.text(2)
      guard subjects.contains(subject), let kind = Operation.Kind(rawValue: rows.text(1)) else {
        continue
      }
      let past: Past
      if let known = pasts[subject] { past = known } else { past = try present(subject, kind) }
      let number = rows.integer(0)
      guard kind == .createMember || kind == .createTeam else {
        pasts[subject] = before(rows, kind, past)
        continue
      }
      pasts[subject] = nil
      if operations.contains(number) {
        images[number] = image(of: past, with: kind.isOfTeam ? readers.1 : readers.0)
      }
    }
    return images
  }

  private func image(of past: Past, with reader: ResourceReader) -> AttributeImage? {
    switch past {
    case .present(let text): try? reader.image(of: text.span)
    case .known(let document): document.image(of: reader.attributes)
    case .erased: nil
    }
  }

  private func createdSubjects() throws(StoreFailure) -> Set<String> {
    let rows = try statements(
      """
      SELECT subject FROM operation
      WHERE number BETWEEN ? AND ? AND kind IN ('create-member', 'create-team')
      """)
    rows.bind(operations.lowerBound, at: 1).bind(operations.upperBound - 1, at: 2)
    return Set(try rows.all { $0.text(0) })
  }

  /// The resource as it is now.
  ///
  /// One that is gone was deleted later, and that is read first.
  private func present(
    _ id: String, _ last: Operation.Kind
  ) throws(StoreFailure) -> Past {
    let kind = last.isOfTeam ? "team" : "member"
    let text = try statements(
      "SELECT resource FROM \(kind) WHERE ordinal = (SELECT ordinal FROM \(kind)_id WHERE id = ?)"
    ).bind(id, at: 1).first { $0.bytes(0) }
    return text.map { .present($0) } ?? .erased
  }

  /// The resource as it was before the operation that `rows` stands on.
  private func before(_ rows: SQLStatement, _ kind: Operation.Kind, _ past: Past) -> Past {
    guard rows.integer(3) != 0 else { return .erased }
    let values = rows.isNull(4) ? nil : rows.bytes(4)
    if kind == .deleteMember {
      guard let values, let document = try? ResourceDocument(parsing: values) else {
        return .erased
      }
      return .known(document)
    }
    guard var document = document(of: past),
      let changes = JournalText.changes(
        before: values, after: rows.isNull(5) ? nil : rows.bytes(5), of: AttributeSet([]))
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

  private func document(of past: Past) -> ResourceDocument? {
    switch past {
    case .present(let text): try? ResourceDocument(parsing: text)
    case .known(let document): document
    case .erased: nil
    }
  }
}

extension Operation.Kind {
  var isOfTeam: Bool { self == .createTeam || self == .updateTeam }
}
