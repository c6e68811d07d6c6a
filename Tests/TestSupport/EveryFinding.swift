package import Identity

extension Finding.Subject {
  /// One sample of every case, for tests that must not forget one.
  ///
  /// Each case names its successor in an exhaustive switch, so that a new case cannot be left out.
  package static let samples = Array(
    sequence(first: Finding.Subject.raggedRow(columns: 2, expected: 3)) { $0.successor })

  private static let origins = [
    RecordOrigin(export: "people", file: "in/people, 1.csv", line: 7),
    RecordOrigin(export: "people", file: "in/people, 2.csv", line: 1),
  ]

  private var successor: Finding.Subject? {
    let origins = Self.origins
    return switch self {
    case .raggedRow: .invalidUTF8(column: "column \"x\" ü", byteOffset: 4)
    case .invalidUTF8: .nulByte(column: "column \"x\" ü")
    case .nulByte: .invalidEncoding(encoding: "encoding \"x\" ü", byteOffset: 5)
    case .invalidEncoding: .textAfterClosingQuote(column: "column \"x\" ü")
    case .textAfterClosingQuote: .unterminatedQuote(openedLine: 6, linesSwallowed: 7)
    case .unterminatedQuote: .fieldTooLong(column: "column \"x\" ü", limit: 8)
    case .fieldTooLong: .recordTooLong(limit: 9, linesSwallowed: 10)
    case .recordTooLong: .duplicateHeader(name: "name \"x\" ü")
    case .duplicateHeader: .emptyHeader(position: 11)
    case .emptyHeader: .lostLetters(column: "column \"x\" ü")
    case .lostLetters: .doublyEncoded(column: "column \"x\" ü")
    case .doublyEncoded: .lostValue(column: "column \"x\" ü", typeName: "typeName \"x\" ü")
    case .lostValue: .exampleRow
    case .exampleRow:
      .missingColumn(
        column: "column \"x\" ü", attribute: "attribute \"x\" ü", suggestion: "name \"x\" ü")
    case .missingColumn: .brokenDocument(format: "JSON", problem: .cutOff, byteOffset: 20)
    case .brokenDocument: .badRecord(format: "JSON", problem: .loneSurrogate, byteOffset: 21)
    case .badRecord: .duplicateName(name: "name \"x\" ü", byteOffset: 22)
    case .duplicateName: .morePages(marker: "marker \"x\" ü")
    case .morePages: .fewerThanStated(now: 23, stated: 24)
    case .fewerThanStated: .changesAsFull
    case .changesAsFull: .unknownEntry(name: "name \"x\" ü", change: "change \"x\" ü")
    case .unknownEntry: .emptyFile
    case .emptyFile: .headerOnly
    case .headerOnly: .fileVanished(path: "path \"x\" ü")
    case .fileVanished: .headerChanged(missing: ["missing", "“b”, c"], added: ["added", "“b”, c"])
    case .headerChanged: .fewerRecords(now: 12, before: 13, allowedPercent: 12.5)
    case .fewerRecords: .fewerFiles(now: 14, before: 15)
    case .fewerFiles: .quarantinedBeyondTolerance(lines: 16, tolerance: 17)
    case .quarantinedBeyondTolerance: .noEarlierRun
    case .noEarlierRun: .accepted
    case .accepted: .withinTolerance(now: 27, before: 28, allowedPercent: 10)
    case .withinTolerance:
      .filledShare(column: "column \"x\" ü", now: 29.5, before: 30, allowed: 31)
    case .filledShare:
      .valueShare(
        column: "column \"x\" ü", value: "true", now: 32, before: 33.5, allowed: 34)
    case .valueShare: .unknownReferences(now: 35, before: 36, allowed: 37)
    case .unknownReferences: .keyChurn(gone: 38, before: 39, unknown: 40, allowedPercent: 41)
    case .keyChurn: .encodingChanged(now: "now \"x\" ü", before: "before \"x\" ü")
    case .encodingChanged: .wrongEncoding(encoding: "encoding \"x\" ü", records: 46)
    case .wrongEncoding: .garbledColumn(column: "column \"x\" ü")
    case .garbledColumn: .trailerMissing(pattern: "pattern \"x\" ü")
    case .trailerMissing: .countDiffers(now: 42, stated: 43, statedBy: "statedBy \"x\" ü")
    case .countDiffers: .digestDiffers(manifest: "manifest \"x\" ü")
    case .digestDiffers:
      .manifest(.fileNotNamed, path: "path \"x\" ü", file: "file \"x\" ü")
    case .manifest: .tooOld(hours: 44, limit: 45, source: .fileName)
    case .tooOld: .olderThanBefore(date: "2026-03-01", before: "2026-03-02")
    case .olderThanBefore: .madeInFuture(date: "2026-03-03", source: .fileName, limit: 47)
    case .madeInFuture: .deltaGap(expected: "expected \"x\" ü", found: "found \"x\" ü")
    case .deltaGap: .deltaAlreadyApplied(file: "file \"x\" ü")
    case .deltaAlreadyApplied: .deltaReadAgain(export: "export \"x\" ü")
    case .deltaReadAgain: .lastLineOpen
    case .lastLineOpen: .createWithheld(record: "record \"x\" ü")
    case .createWithheld: .edgeOfDisabled(team: "team \"x\" ü", member: "member \"x\" ü")
    case .edgeOfDisabled: .edgeOfOutsider(team: "team \"x\" ü", member: "member \"x\" ü")
    case .edgeOfOutsider: .teamNotCreated(team: "team \"x\" ü")
    case .teamNotCreated: .noKey
    case .noKey: .noUserName(record: "record \"x\" ü")
    case .noUserName: .unknownWord(attribute: "attribute \"x\" ü", value: "value \"x\" ü")
    case .unknownWord:
      .expressionFailed(
        attribute: "attribute \"x\" ü", part: "CDate([x])", input: "soon", reason: "no \"date\"")
    case .expressionFailed: .leftOut(attribute: "attribute \"x\" ü")
    case .leftOut: .outOfScope(export: "export \"x\" ü", count: 26)
    case .outOfScope:
      .noUniqueValue(attribute: "attribute \"x\" ü", tried: ["tried", "“b”, c"])
    case .noUniqueValue: .severalValues(attribute: "attribute \"x\" ü", count: 25)
    case .severalValues:
      .badValue(attribute: "attribute \"x\" ü", kind: "integer", value: "value \"x\" ü")
    case .badValue:
      .unresolvedReference(
        attribute: "attribute \"x\" ü", member: "member \"x\" ü", reference: "reference \"x\" ü",
        reason: .notAMember)
    case .unresolvedReference:
      .duplicate(key: "key \"x\" ü", value: "value \"x\" ü", others: origins)
    case .duplicate:
      .ambiguous(key: "key \"x\" ü", value: "value \"x\" ü", members: ["members", "“b”, c"])
    case .ambiguous: .contended(member: "member \"x\" ü", others: origins)
    case .contended:
      .conflictingKeys(
        member: "member \"x\" ü", key: "key \"x\" ü", recordValue: "recordValue \"x\" ü",
        memberValue: "memberValue \"x\" ü")
    case .conflictingKeys:
      .uniqueValueTaken(
        attribute: "attribute \"x\" ü", value: "value \"x\" ü", holder: "holder \"x\" ü")
    case .uniqueValueTaken: .probableRename(leaver: "leaver \"x\" ü", joiner: "joiner \"x\" ü")
    case .probableRename: .claimable(member: "member \"x\" ü", key: "key \"x\" ü")
    case .claimable: .inactiveNotByUs(member: "member \"x\" ü")
    case .inactiveNotByUs: .createdDisabledSkipped(key: "key \"x\" ü")
    case .createdDisabledSkipped: .notCreated(key: "key \"x\" ü")
    case .notCreated:
      .lookAlike(key: "key \"x\" ü", value: "value \"x\" ü", other: "other \"x\" ü")
    case .lookAlike: .unmanaged(member: "member \"x\" ü")
    case .unmanaged: .orphaned(member: "member \"x\" ü", export: "export \"x\" ü")
    case .orphaned: .teamGone(team: "team \"x\" ü")
    case .teamGone: .teamClaimable(team: "team \"x\" ü")
    case .teamClaimable: .edgeToUnknownMember(team: "team \"x\" ü", reference: "reference \"x\" ü")
    case .edgeToUnknownMember: .edgeToUnknownTeam(reference: "reference \"x\" ü")
    case .edgeToUnknownTeam: .edgeWithheld(team: "team \"x\" ü", member: "member \"x\" ü")
    case .edgeWithheld: .edgeOfUnmanagedMember(team: "team \"x\" ü", member: "member \"x\" ü")
    case .edgeOfUnmanagedMember: .edgeNotWrittenByUs(team: "team \"x\" ü", member: "member \"x\" ü")
    case .edgeNotWrittenByUs:
      .memberReferenceAmbiguous(team: "team \"x\" ü", reference: "reference \"x\" ü")
    case .memberReferenceAmbiguous: .teamCycle(teams: ["teams", "“b”, c"])
    case .teamCycle: .rolesLeftAlone
    case .rolesLeftAlone:
      .removalWithheld(member: "member \"x\" ü", reason: .notEnoughAbsences)
    case .removalWithheld:
      .protected(subject: "subject \"x\" ü", change: "change \"x\" ü", rule: "rule \"x\" ü")
    case .protected: .holdTooOld(subject: "subject \"x\" ü", days: 18, limit: 19)
    case .holdTooOld: .clockBehind(now: "2026-03-01", lastRun: "2026-03-02")
    case .clockBehind: nil
    }
  }
}
