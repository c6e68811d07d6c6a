package import Identity

/// What a run must remember for the next one; written by apply in the same transaction, even when
/// there are no operations.
package struct Bookkeeping: Sendable, Hashable {
  /// How often a managed member has been missing from all its exports.
  package struct Absence: Sendable, Hashable {
    package let member: ResourceID
    package let count: Int
    /// The digests of the exports the last absence was counted in, joined; an absence counts once
    /// per distinct healthy export.
    package let exportDigest: String
    /// When the last absence was counted, seconds since 1970.
    package let countedAt: Int

    package init(member: ResourceID, count: Int, exportDigest: String, countedAt: Int) {
      self.member = member
      self.count = count
      self.exportDigest = exportDigest
      self.countedAt = countedAt
    }
  }

  /// An export becomes an owner of a member (or team): it created, adopted or linked it.
  package struct Ownership: Sendable {
    package enum Kind: String, Sendable, Hashable {
      case member
      case team
      /// The export has claimed memberships of the team.
      case teamClaim
    }

    private final class Content: Sendable {
      let kind: Kind
      let subject: ResourceID
      let export: String

      init(_ kind: Kind, _ subject: ResourceID, _ export: String) {
        self.kind = kind
        self.subject = subject
        self.export = export
      }
    }

    private enum Form: Sendable {
      case whole(Content)
      case newcomer(Newcomers, place: UInt32)
    }

    private let form: Form

    package init(kind: Kind, subject: ResourceID, export: String) {
      form = .whole(Content(kind, subject, export))
    }

    /// The export of a newcomer's record owns it.
    package init(of newcomers: Newcomers, at place: Int) {
      form = .newcomer(newcomers, place: UInt32(place))
    }

    /// Where it stands among newcomers, if it does: the create of its subject tells it already.
    package var newcomer: (newcomers: Newcomers, place: Int)? {
      if case .newcomer(let newcomers, let place) = form { (newcomers, Int(place)) } else { nil }
    }

    package var kind: Kind {
      if case .whole(let content) = form { content.kind } else { .member }
    }

    package var subject: ResourceID {
      switch form {
      case .whole(let content): content.subject
      case .newcomer(let newcomers, let place): newcomers.ids[Int(place)]
      }
    }

    package var export: String {
      switch form {
      case .whole(let content): content.export
      case .newcomer(let newcomers, let place): newcomers.export(Int(place))
      }
    }
  }

  /// In how many records of an export a mapped column, or what an expression makes of some, has a value.
  package struct ColumnShare: Sendable, Hashable {
    /// The column's name, or the expression.
    package let column: String
    package let filled: Int
    /// How many records say `true` and how many `false`; none of both where the value is no boolean.
    package let yes: Int
    package let no: Int
    /// Its letters looked lost (`M?ller`).
    package let isGarbled: Bool

    package init(column: String, filled: Int, yes: Int = 0, no: Int = 0, isGarbled: Bool = false) {
      self.column = column
      self.filled = filled
      self.yes = yes
      self.no = no
      self.isGarbled = isGarbled
    }
  }

  /// What a healthy export looked like, to judge the next one by.
  package struct Baseline: Sendable, Hashable {
    package let export: String
    package let columns: [String]
    package let recordCount: Int
    package let fileCount: Int
    /// Joined SHA-256 of its files.
    package let digest: String
    /// How its bytes became letters, such as `utf-8`; empty in a state of an earlier version.
    package let encoding: String
    package let shares: [ColumnShare]
    /// How many of its memberships name a team or a member that nobody knows.
    package let unknownReferences: Int
    /// How many memberships it names; nil for exports of anything else, and in a state of an earlier version.
    package let namedReferences: Int?
    /// When it was made, by its manifest or its name, seconds since 1970; nil where neither tells.
    package let madeAt: Int?
    /// When the oldest of its files was written, where nothing says when it was made.
    package let writtenAt: Int?
    /// Whether the last line of each of its files had an end.
    package let endsLastLine: Bool

    package init(
      export: String, columns: [String], recordCount: Int, fileCount: Int, digest: String,
      encoding: String = "", shares: [ColumnShare] = [], unknownReferences: Int = 0,
      madeAt: Int? = nil, writtenAt: Int? = nil, endsLastLine: Bool = false,
      namedReferences: Int? = nil
    ) {
      self.export = export
      self.columns = columns
      self.recordCount = recordCount
      self.fileCount = fileCount
      self.digest = digest
      self.encoding = encoding
      self.shares = shares
      self.unknownReferences = unknownReferences
      self.namedReferences = namedReferences
      self.madeAt = madeAt
      self.writtenAt = writtenAt
      self.endsLastLine = endsLastLine
    }
  }

  /// How far a delta export has been applied: a serial number or a file name.
  package struct DeltaPosition: Sendable, Hashable {
    package let export: String
    package let position: String

    package init(export: String, position: String) {
      self.export = export
      self.position = position
    }
  }

  /// Since when something is held, seconds since 1970.
  package struct HoldAge: Sendable, Hashable {
    package let subject: String
    package let since: Int

    package init(subject: String, since: Int) {
      self.subject = subject
      self.since = since
    }
  }

  package var absences: [Absence] = []
  /// Members that are present again: their counters go.
  package var presences: [ResourceID] = []
  package var ownerships = Ownerships()
  package var baselines: [Baseline] = []
  package var deltaPositions: [DeltaPosition] = []
  /// Those that begin tonight and those that are over; all others go on.
  package var awaitedReferences: [AwaitedReference] = []
  /// All holds of this run; those of earlier runs that are not here are over.
  package var holds: [HoldAge] = []
  /// Exports renamed in the policy: old name → new name.
  package var renamedExports: [String: String] = [:]

  package init() {}

  /// Whether writing it would change nothing but the baselines.
  package var isEmpty: Bool {
    absences.isEmpty && presences.isEmpty && ownerships.isEmpty && deltaPositions.isEmpty
      && awaitedReferences.isEmpty && renamedExports.isEmpty
  }
}

extension Bookkeeping.Ownership: Hashable {
  package static func == (left: Bookkeeping.Ownership, right: Bookkeeping.Ownership) -> Bool {
    left.kind == right.kind && left.subject == right.subject && left.export == right.export
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(kind)
    hasher.combine(subject)
    hasher.combine(export)
  }
}
