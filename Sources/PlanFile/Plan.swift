package import Identity

/// What a run would do, as a value and as a file.
///
/// Decisions are for apply, evidence is for people.
package struct Plan: Sendable, Hashable {
  package var decisions: Decisions
  package var evidence: Evidence

  package init(decisions: Decisions, evidence: Evidence) {
    self.decisions = decisions
    self.evidence = evidence
  }

  /// Whether applying it would write nothing to the target (bookkeeping aside).
  package var isEmpty: Bool { decisions.operations.isEmpty }
  package var isRefused: Bool { evidence.verdicts.contains { !$0.passed } }
}

/// Operations, situations and holds in canonical order.
///
/// Row order, threads, export format and machine leave its bytes unchanged; no paths, digests, origins
/// or keyed values are in it.
package struct Decisions: Sendable, Hashable {
  package var memberAttributes: AttributeSet
  package var teamAttributes: AttributeSet
  package var operations: [Operation]
  package var holds: [Hold]
  /// Withheld removals of members beyond those that are among the holds: of very many, not all are named.
  package var unnamedWithheld: Int
  /// How many records or members were found in each situation; zeros left out.
  package var situations: [Situation: Int]
  /// The fewest operations that could do what this plan does.
  package var lowerBound: Int

  package init(
    memberAttributes: AttributeSet, teamAttributes: AttributeSet, operations: [Operation],
    holds: [Hold], unnamedWithheld: Int = 0, situations: [Situation: Int], lowerBound: Int
  ) {
    self.memberAttributes = memberAttributes
    self.teamAttributes = teamAttributes
    self.operations = operations
    self.holds = holds
    self.unnamedWithheld = unnamedWithheld
    self.situations = situations
    self.lowerBound = lowerBound
  }

  /// How many wait for a person, named or not.
  package var heldCount: Int { holds.count + unnamedWithheld }
  /// How many of these are removals.
  ///
  /// An export that is not believed is held, too, but it is nobody.
  package var withheldCount: Int {
    holds.count { $0.isRemoval && !$0.isOfExport } + unnamedWithheld
  }

  /// How many operations of each kind; zeros left out.
  package var counts: [Operation.Kind: Int] {
    // By index: a copy of each operation would retain all its values.
    var numbers = [Int](repeating: 0, count: Operation.Kind.allCases.count)
    for place in operations.indices { numbers[operations[place].kind.rank] += 1 }
    return Operation.Kind.allCases.reduce(into: [:]) { counts, kind in
      if numbers[kind.rank] > 0 { counts[kind] = numbers[kind.rank] }
    }
  }

  /// How many operations are of a class.
  package func count(of change: ChangeClass) -> Int {
    operations.indices.count { operations[$0].classes.contains(change) }
  }
}

/// What the decisions rest on, and what apply checks before it trusts them.
package struct Evidence: Sendable, Hashable {
  /// One file that was read.
  package struct Input: Sendable, Hashable {
    package let export: String
    package let file: String
    package let byteCount: Int
    package let recordCount: Int
    /// SHA-256 of the bytes, lower-case hexadecimal.
    package let sha256: String
    /// How its bytes were read: `csv`, `json`.
    package let format: String
    /// How its bytes became letters, such as `UTF-8`; nil in a plan of an earlier version.
    package let encoding: String?
    /// What its columns were taken to mean, such as `entra`; nil in a plan of an earlier version.
    package let preset: String?

    package init(
      export: String, file: String, byteCount: Int, recordCount: Int, sha256: String,
      format: String, encoding: String? = nil, preset: String? = nil
    ) {
      self.export = export
      self.file = file
      self.byteCount = byteCount
      self.recordCount = recordCount
      self.sha256 = sha256
      self.format = format
      self.encoding = encoding
      self.preset = preset
    }
  }

  /// Whether an export can be trusted to be whole, and why not.
  package struct Health: Sendable, Hashable {
    package let export: String
    package let isReliable: Bool
    package let findings: [Finding]

    package init(export: String, isReliable: Bool, findings: [Finding]) {
      self.export = export
      self.isReliable = isReliable
      self.findings = findings
    }
  }

  package var toolVersion: String
  /// Seconds since 1970, from the clock or `--now`.
  package var now: Int
  package var policyDigest: String
  package var lineage: String
  /// The digest of the last run in the state's journal.
  package var journalHead: String
  package var inputs: [Input]
  package var health: [Health]
  package var verdicts: [GuardVerdict]
  package var grounds: [Grounds]
  package var findings: [Finding]
  package var bookkeeping: Bookkeeping
  /// The attributes whose values the policy hides from reports.
  package var redacted: [AttributePath]

  package init(
    toolVersion: String, now: Int, policyDigest: String, lineage: String, journalHead: String,
    inputs: [Input], health: [Health], verdicts: [GuardVerdict], grounds: [Grounds],
    findings: [Finding], bookkeeping: Bookkeeping, redacted: [AttributePath] = []
  ) {
    self.toolVersion = toolVersion
    self.now = now
    self.policyDigest = policyDigest
    self.lineage = lineage
    self.journalHead = journalHead
    self.inputs = inputs
    self.health = health
    self.verdicts = verdicts
    self.grounds = grounds
    self.findings = findings
    self.bookkeeping = bookkeeping
    self.redacted = redacted
  }
}

/// How one guard judged the whole plan.
package struct GuardVerdict: Sendable, Hashable {
  /// The name approvals use, such as `removals`.
  package let name: String
  /// The team whose memberships are counted; nil for the whole plan.
  package let scope: String?
  package let amount: Int
  package let population: Int
  /// The limit in words, such as `at most 200 and 5 % (always up to 5)`.
  package let limit: String
  /// The largest amount that passes by the limit alone; nil where any does.
  package let allowance: Int?
  /// Up to where an approval lets the amount pass that the limit would refuse; nil where it has no need to.
  package let approved: Int?
  package let passed: Bool

  package init(
    name: String, scope: String?, amount: Int, population: Int, limit: String,
    allowance: Int? = nil, approved: Int? = nil, passed: Bool
  ) {
    self.name = name
    self.scope = scope
    self.amount = amount
    self.population = population
    self.limit = limit
    self.allowance = allowance
    self.approved = approved
    self.passed = passed
  }
}
