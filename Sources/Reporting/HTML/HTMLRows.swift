import Identity
import Mustache
import PlanFile

/// Which operations the page shows, and each of them as a row, made only when it is written.
struct HTMLRows: Sendable {
  /// What the page says of a kind or of all kinds in the list to filter by.
  struct Choice: Sendable {
    let value: String
    let label: String
  }

  let isSample: Bool
  /// Places of the operations on members and teams, in reading order.
  private(set) var members: [Int] = []
  /// Places of the memberships, by team; who joins before who leaves.
  private(set) var edges: [Int] = []
  /// How many there are in all.
  let memberCount: Int
  let edgeCount: Int
  let kinds: [Choice]
  /// What is shown of each kind that is not shown whole.
  private(set) var omitted: [String] = []
  /// How many operations breached guards count, and how many of these are shown.
  private(set) var breaching = (count: 0, shown: 0)
  private let source: ReportSource
  private let grounds: GroundsIndex
  private let names: AttributeNames

  private var plan: Plan { source.plan }

  init(_ source: ReportSource, _ overview: Overview, isApplied: Bool) {
    self.source = source
    let plan = source.plan
    let operations = plan.decisions.operations
    isSample = operations.count > HTMLReport.operationLimit
    edgeCount = overview.counts.filter { $0.kind.isMembership }.reduce(0) { $0 + $1.count }
    memberCount = operations.count - edgeCount
    kinds = overview.counts.filter { !$0.kind.isMembership }.map { kind, _ in
      Choice(value: kind.rawValue, label: kind.heading(isApplied: isApplied))
    }
    grounds = GroundsIndex(plan)
    names = AttributeNames(plan.decisions)
    let places = places(of: operations)
    members = Operation.Kind.readingOrder.filter { !$0.isMembership }.flatMap { places[$0.rank] }
    let ranks = [Operation.Kind.addMembership.rank, Operation.Kind.removeMembership.rank]
    edges = TeamChanges.all(ranks.flatMap { places[$0] }.sorted(), in: operations)
      .flatMap(\.operations)
    omitted = overview.counts.filter { places[$0.kind.rank].count < $0.count }.map { kind, count in
      let shown = Quantity(places[kind.rank].count)
      return "\(kind.heading(isApplied: isApplied)): \(shown) of \(Quantity(count)) shown"
    }
  }

  /// Places by the rank of the kind: all of a small plan; of a larger one some of each kind, and what breaches a
  /// guard as far as there is room.
  private mutating func places(of operations: [Operation]) -> [[Int]] {
    let limit = isSample ? HTMLReport.sampleSize : Int.max
    let breaches = Breaches(plan.evidence.verdicts)
    let holds = min(plan.decisions.holds.count * HTMLReport.holdSize, HTMLReport.holdsLimit)
    var room = HTMLReport.sizeLimit - holds
    var places = [[Int]](repeating: [], count: Operation.Kind.allCases.count)
    for (index, operation) in operations.enumerated() {
      let rank = operation.kind.rank
      let isBreaching = isSample && !breaches.isEmpty && breaches.includes(operation)
      if isBreaching { breaching.count += 1 }
      guard places[rank].count < limit || isBreaching && room > 0 else { continue }
      if isSample {
        let size = size(ofRow: index)
        guard places[rank].count < limit || size <= room else {
          room = 0
          continue
        }
        room -= size
      }
      if isBreaching { breaching.shown += 1 }
      places[rank].append(index)
    }
    return places
  }

  /// In bytes, as it will be written.
  private func size(ofRow index: Int) -> Int {
    let isMembership = plan.decisions.operations[index].kind.isMembership
    let template = isMembership ? HTMLTemplates.membership : HTMLTemplates.change
    return template.render(row(index)).utf8.count
  }

  /// Attributes of extensions whose short names the page uses.
  var extensions: [HTMLPage.Fact] { names.extensions }

  func row(_ index: Int) -> Row {
    let operation = plan.decisions.operations[index]
    let kind = operation.kind
    let subject = operation.edgeMember ?? operation.subject
    return Row(
      operation: operation, sign: kind.sign, verb: kind.verb, tone: kind.tone.name,
      who: VisibleText(subject.name, limit: HTMLPage.nameLimit),
      team: VisibleText(operation.subject.name, limit: HTMLPage.nameLimit),
      id: VisibleText(subject.id.description),
      changes: operation.changes(in: plan.decisions).map { change in
        Change(source.readable(change), name: names[change.attribute.path], isNew: kind.isCreation)
      },
      rule: VisibleText(operation.rule, limit: HTMLPage.nameLimit),
      origins: grounds.origins(index).map { VisibleText($0.place, limit: HTMLPage.nameLimit) })
  }
}

// Mustache would look into these with a Mirror, field by field and row by row.

extension HTMLRows {
  /// One operation.
  struct Row: MustacheParent, Sendable {
    let operation: Operation
    let sign: String
    let verb: String
    let tone: String
    let who: VisibleText
    let team: VisibleText
    let id: VisibleText
    let changes: [Change]
    let rule: VisibleText
    let origins: [VisibleText]

    func child(named name: String) -> Any? {
      switch name {
      case "kind": operation.kind.rawValue
      case "isNew": operation.kind.isCreation
      case "classes": operation.classes.names
      case "classNames": operation.classes.names.joined(separator: " ")
      case "situation": operation.situation.words
      case "explanation": operation.situation.explanation
      case "sign": sign
      case "verb": verb
      case "tone": tone
      case "who": who
      case "team": team
      case "id": id
      case "hasChanges": !changes.isEmpty
      case "changes": changes
      case "rule": rule
      case "origins": origins
      default: nil
      }
    }
  }

  /// One value that changes.
  struct Change: MustacheParent, Sendable {
    private let attribute: VisibleText
    private let isNew: Bool
    private let before: [VisibleText]
    private let after: [VisibleText]

    init(_ change: AttributeChange, name: VisibleText, isNew: Bool) {
      let (before, after) = change.visible(limit: HTMLPage.valueLimit)
      attribute = name
      self.isNew = isNew
      self.before = before.map { [$0] } ?? []
      self.after = after.map { [$0] } ?? []
    }

    func child(named name: String) -> Any? {
      switch name {
      case "attribute": attribute
      case "isReplaced": !isNew
      case "before": before
      case "after": after
      default: nil
      }
    }
  }
}

/// Short names for attributes: `department` says as much as its URN where no other attribute is called so.
private struct AttributeNames {
  private let names: [AttributePath: VisibleText]
  let extensions: [HTMLPage.Fact]

  init(_ decisions: Decisions) {
    let paths = Set(
      (decisions.memberAttributes.attributes + decisions.teamAttributes.attributes)
        .map(\.path))
    let groups = Dictionary(grouping: paths) { Array(Self.short($0).utf8) }
    var names: [AttributePath: VisibleText] = [:]
    for path in paths {
      let short = Self.short(path)
      let isAlone = groups[Array(short.utf8)]?.count == 1
      names[path] = VisibleText(isAlone ? short : path.description)
    }
    self.names = names
    extensions = paths.filter { $0.schema != nil }
      .map { (Self.short($0), $0.description) }.sorted { $0 < $1 }
      .map { HTMLPage.Fact(label: VisibleText($0.0).description, text: VisibleText($0.1)) }
  }

  subscript(path: AttributePath) -> VisibleText {
    names[path] ?? VisibleText(path.description)
  }

  private static func short(_ path: AttributePath) -> String {
    AttributePath(attribute: path.attribute, filter: path.filter, subAttribute: path.subAttribute)
      .description
  }
}

/// Something that waits for a person, as a row.
struct HTMLHold: MustacheParent, Sendable {
  private let hold: Hold
  private let since: UTCTime?
  private let now: Int

  init(_ hold: Hold, since: UTCTime?, now: Int) {
    self.hold = hold
    self.since = since
    self.now = now
  }

  func child(named name: String) -> Any? {
    switch name {
    case "subject": VisibleText(hold.subject, limit: HTMLPage.nameLimit)
    case "situation": hold.situation.words
    case "explanation": hold.situation.explanation
    case "effect": hold.isRemoval ? "removal withheld" : "not changed"
    case "key": since.map { "\($0)" } ?? "9"
    case "since": since?.short ?? "this run"
    case "age": age
    default: nil
    }
  }

  /// `4 days`, once it is a day old.
  private var age: String {
    guard let since else { return "" }
    let (seconds, overflows) = now.subtractingReportingOverflow(since.seconds)
    guard !overflows, seconds >= 86_400 else { return "" }
    return Quantity(seconds / 86_400).of("day")
  }
}

/// What one team gains and loses, as a row.
struct HTMLTeam: MustacheParent, Sendable {
  private let team: Tally.Team

  init(_ team: Tally.Team) {
    self.team = team
  }

  func child(named name: String) -> Any? {
    switch name {
    case "team": VisibleText(team.team.name, limit: HTMLPage.nameLimit)
    case "joining": "\(Quantity(team.joining))"
    case "leaving": "\(Quantity(team.leaving))"
    default: nil
    }
  }
}
