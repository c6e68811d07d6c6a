/// Something about the data that a person should know.
///
/// Collecting findings never stops a run; policy and guards decide afterwards what may be applied.
/// `code` and `severity` are computed from `subject`, so they cannot disagree with it.
package struct Finding: Sendable, Hashable {
  /// How much a person should care.
  package enum Severity: String, Sendable, Hashable, CaseIterable, Comparable {
    case note
    case warning
    case error

    package static func < (left: Severity, right: Severity) -> Bool {
      left.rank < right.rank
    }

    private var rank: Int {
      switch self {
      case .note: 0
      case .warning: 1
      case .error: 2
      }
    }
  }

  package let subject: Subject
  /// Where it was seen first; nil when it is about an export or the state as a whole.
  package let origin: RecordOrigin?
  /// How many further records had the same thing to say and are not listed one by one.
  package var repeats: Int

  package init(_ subject: Subject, at origin: RecordOrigin? = nil, repeats: Int = 0) {
    self.subject = subject
    self.origin = origin
    self.repeats = repeats
  }

  /// What was found, with all that its sentence needs.
  package enum Subject: Sendable, Hashable {
    // Reading
    case raggedRow(columns: Int, expected: Int)
    case invalidUTF8(column: String, byteOffset: Int)
    case nulByte(column: String)
    case invalidEncoding(encoding: String, byteOffset: Int)
    case textAfterClosingQuote(column: String)
    case unterminatedQuote(openedLine: Int, linesSwallowed: Int)
    case fieldTooLong(column: String, limit: Int)
    case recordTooLong(limit: Int, linesSwallowed: Int)
    case duplicateHeader(name: String)
    case emptyHeader(position: Int)
    case lostLetters(column: String)
    case doublyEncoded(column: String)
    case lostValue(column: String, typeName: String)
    case exampleRow
    case missingColumn(column: String, attribute: String, suggestion: String? = nil)
    case brokenDocument(format: String, problem: DocumentProblem, byteOffset: Int)
    case badRecord(format: String, problem: DocumentProblem, byteOffset: Int)
    case duplicateName(name: String, byteOffset: Int)
    case morePages(marker: String)
    case fewerThanStated(now: Int, stated: Int)
    case changesAsFull
    /// A change names an entry that neither the exports nor the state know.
    case unknownEntry(name: String, change: String)

    // Health of an export
    case emptyFile
    case headerOnly
    case fileVanished(path: String)
    case headerChanged(missing: [String], added: [String])
    case lastLineOpen
    case fewerRecords(now: Int, before: Int, allowedPercent: Double)
    case fewerFiles(now: Int, before: Int)
    case quarantinedBeyondTolerance(lines: Int, tolerance: Int)
    case noEarlierRun
    case accepted
    case withinTolerance(now: Int, before: Int, allowedPercent: Double)
    case filledShare(column: String, now: Double, before: Double, allowed: Double)
    case valueShare(column: String, value: String, now: Double, before: Double, allowed: Double)
    case unknownReferences(now: Double, before: Double, allowed: Double)
    case keyChurn(gone: Int, before: Int, unknown: Int, allowedPercent: Double)
    case encodingChanged(now: String, before: String)
    case wrongEncoding(encoding: String, records: Int)
    case garbledColumn(column: String)
    case trailerMissing(pattern: String)
    case countDiffers(now: Int, stated: Int, statedBy: String)
    case digestDiffers(manifest: String)
    case manifest(ManifestProblem, path: String, file: String)
    case tooOld(hours: Int, limit: Int, source: DateSource)
    case olderThanBefore(date: String, before: String)
    case madeInFuture(date: String, source: DateSource, limit: Int?)
    case deltaGap(expected: String, found: String)
    case deltaAlreadyApplied(file: String)
    case deltaReadAgain(export: String)

    // Mapping
    case noKey
    case noUserName(record: String)
    case unknownWord(attribute: String, value: String)
    case expressionFailed(attribute: String, part: String, input: String?, reason: String)
    case leftOut(attribute: String)
    case outOfScope(export: String, count: Int)
    case noUniqueValue(attribute: String, tried: [String])
    case severalValues(attribute: String, count: Int)
    case badValue(attribute: String, kind: String, value: String)
    case unresolvedReference(
      attribute: String, member: String, reference: String, reason: UnresolvedReason)

    // Matching
    case duplicate(key: String, value: String, others: [RecordOrigin])
    case ambiguous(key: String, value: String, members: [String])
    case contended(member: String, others: [RecordOrigin])
    case conflictingKeys(member: String, key: String, recordValue: String, memberValue: String)
    case uniqueValueTaken(attribute: String, value: String, holder: String)
    case probableRename(leaver: String, joiner: String)
    case claimable(member: String, key: String)
    case inactiveNotByUs(member: String)
    case createdDisabledSkipped(key: String)
    /// Somebody new, where the policy creates nobody.
    case notCreated(key: String)
    case teamNotCreated(team: String)
    case lookAlike(key: String, value: String, other: String)

    // Members, teams and memberships
    case unmanaged(member: String)
    case orphaned(member: String, export: String)
    case teamGone(team: String)
    case teamClaimable(team: String)
    case edgeToUnknownMember(team: String, reference: String)
    case edgeToUnknownTeam(reference: String)
    case edgeWithheld(team: String, member: String)
    case edgeOfDisabled(team: String, member: String)
    case edgeOfOutsider(team: String, member: String)
    case edgeOfUnmanagedMember(team: String, member: String)
    case edgeNotWrittenByUs(team: String, member: String)
    case memberReferenceAmbiguous(team: String, reference: String)
    case teamCycle(teams: [String])
    case rolesLeftAlone

    // Removal that does not happen
    case removalWithheld(member: String, reason: WithheldReason)
    case createWithheld(record: String)
    case protected(subject: String, change: String, rule: String)
    case holdTooOld(subject: String, days: Int, limit: Int)

    // The run itself
    case clockBehind(now: String, lastRun: String)
  }

  /// Why nobody can say whom a reference means.
  package enum UnresolvedReason: String, Sendable, Hashable, CaseIterable {
    case unknown
    /// A record of tonight that does not become a member: held, or disabled.
    case notAMember
    /// Out of the scope of the exports that have the person.
    case outOfScope
    case several
    /// Deleted by this very plan.
    case leaving
  }

  /// Why a manifest cannot vouch for an export.
  package enum ManifestProblem: String, Sendable, Hashable, CaseIterable {
    case missing
    case unreadable
    /// It does not name a file of the export.
    case fileNotNamed
    /// It names a file that the export does not have.
    case fileNotThere
    /// It says nothing that could be compared.
    case saysNothing
  }

  /// What tells when an export was made.
  package enum DateSource: String, Sendable, Hashable, CaseIterable {
    case manifest
    case fileName
    case modificationTime
  }

  /// Why somebody who would have lost access keeps it tonight.
  package enum WithheldReason: String, Sendable, Hashable, CaseIterable {
    case unreliableExport
    case noEarlierRun
    case unreadableRecord
    case deltaExport
    case notEnoughAbsences
    case held
  }
}
