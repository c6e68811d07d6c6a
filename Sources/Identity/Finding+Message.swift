// The only place with sentences: what each finding is called and what it says.

extension Finding {
  /// The stable name that scripts and reports may rely on.
  package var code: String {
    switch subject {
    case .raggedRow: "read.ragged-row"
    case .invalidUTF8: "read.invalid-utf8"
    case .nulByte: "read.nul-byte"
    case .invalidEncoding: "read.invalid-encoding"
    case .textAfterClosingQuote: "read.text-after-quote"
    case .unterminatedQuote: "read.unterminated-quote"
    case .fieldTooLong: "read.field-too-long"
    case .recordTooLong: "read.record-too-long"
    case .duplicateHeader: "read.duplicate-header"
    case .emptyHeader: "read.empty-header"
    case .lostLetters: "read.lost-letters"
    case .doublyEncoded: "read.doubly-encoded"
    case .lostValue: "read.lost-value"
    case .exampleRow: "read.example-row"
    case .missingColumn: "map.missing-column"
    case .brokenDocument: "read.broken-document"
    case .badRecord: "read.bad-record"
    case .duplicateName: "read.duplicate-name"
    case .morePages: "health.more-pages"
    case .fewerThanStated: "health.fewer-than-stated"
    case .changesAsFull: "health.changes-as-full"
    case .unknownEntry: "read.unknown-entry"
    case .emptyFile: "health.empty-file"
    case .headerOnly: "health.header-only"
    case .fileVanished: "health.file-vanished"
    case .headerChanged: "health.header-changed"
    case .fewerRecords: "health.fewer-records"
    case .fewerFiles: "health.fewer-files"
    case .quarantinedBeyondTolerance: "health.quarantined"
    case .noEarlierRun: "health.no-earlier-run"
    case .accepted: "health.accepted"
    case .withinTolerance: "health.within-tolerance"
    case .filledShare: "health.filled-share"
    case .valueShare: "health.value-share"
    case .unknownReferences: "health.unknown-references"
    case .keyChurn: "health.key-churn"
    case .encodingChanged: "health.encoding-changed"
    case .wrongEncoding: "health.wrong-encoding"
    case .garbledColumn: "health.garbled-column"
    case .trailerMissing: "health.trailer-missing"
    case .countDiffers: "health.count-differs"
    case .digestDiffers: "health.digest-differs"
    case .manifest: "health.manifest"
    case .tooOld: "health.too-old"
    case .olderThanBefore: "health.older-than-before"
    case .madeInFuture: "health.future-date"
    case .deltaGap: "health.delta-gap"
    case .deltaAlreadyApplied: "health.delta-applied"
    case .deltaReadAgain: "health.delta-read-again"
    case .lastLineOpen: "health.last-line-open"
    case .noKey: "map.no-key"
    case .noUserName: "map.no-user-name"
    case .unknownWord: "map.unknown-word"
    case .expressionFailed: "map.expression-failed"
    case .leftOut: "map.left-out"
    case .outOfScope: "map.out-of-scope"
    case .noUniqueValue: "map.no-unique-value"
    case .severalValues: "map.several-values"
    case .badValue: "map.bad-value"
    case .unresolvedReference: "map.unresolved-reference"
    case .duplicate: "match.duplicate"
    case .ambiguous: "match.ambiguous"
    case .contended: "match.contended"
    case .conflictingKeys: "match.conflicting-keys"
    case .uniqueValueTaken: "match.value-taken"
    case .probableRename: "match.probable-rename"
    case .claimable: "match.claimable"
    case .inactiveNotByUs: "match.inactive-not-by-us"
    case .createdDisabledSkipped: "match.disabled-joiner"
    case .notCreated: "match.not-created"
    case .teamNotCreated: "team.not-created"
    case .lookAlike: "match.look-alike"
    case .unmanaged: "match.unmanaged"
    case .orphaned: "match.orphaned"
    case .teamGone: "team.gone"
    case .teamClaimable: "team.claimable"
    case .edgeToUnknownMember: "edge.unknown-member"
    case .edgeToUnknownTeam: "edge.unknown-team"
    case .edgeWithheld: "edge.withheld"
    case .edgeOfUnmanagedMember: "edge.unmanaged-member"
    case .edgeOfDisabled: "edge.disabled-member"
    case .edgeOfOutsider: "edge.out-of-scope"
    case .edgeNotWrittenByUs: "edge.not-ours"
    case .memberReferenceAmbiguous: "edge.ambiguous-member"
    case .teamCycle: "team.cycle"
    case .rolesLeftAlone: "team.roles-left-alone"
    case .removalWithheld: "plan.removal-withheld"
    case .createWithheld: "plan.create-withheld"
    case .protected: "plan.protected"
    case .holdTooOld: "plan.hold-too-old"
    case .clockBehind: "plan.clock-behind"
    }
  }

  package var severity: Severity {
    switch subject {
    case .exampleRow, .createdDisabledSkipped, .notCreated, .unmanaged, .edgeOfUnmanagedMember,
      .edgeOfDisabled, .edgeOfOutsider, .teamNotCreated, .deltaReadAgain,
      .deltaAlreadyApplied, .noEarlierRun, .accepted, .withinTolerance, .encodingChanged,
      .emptyHeader,
      .leftOut,
      .outOfScope:
      .note
    case .duplicateHeader, .lostLetters, .doublyEncoded, .lostValue, .missingColumn, .claimable,
      .inactiveNotByUs,
      .lookAlike, .orphaned, .teamGone, .teamClaimable, .edgeToUnknownMember, .edgeToUnknownTeam,
      .edgeWithheld, .edgeNotWrittenByUs, .removalWithheld, .createWithheld, .protected,
      .probableRename,
      .unresolvedReference, .teamCycle, .rolesLeftAlone, .clockBehind, .unknownEntry:
      .warning
    // Where the policy wants to know how old an export is, nothing is known of that.
    case .madeInFuture(_, _, let limit): limit == nil ? .warning : .error
    case .raggedRow, .invalidUTF8, .nulByte, .invalidEncoding, .textAfterClosingQuote,
      .unterminatedQuote, .fieldTooLong, .recordTooLong, .emptyFile, .headerOnly, .fileVanished,
      .lastLineOpen,
      .headerChanged, .fewerRecords, .fewerFiles, .quarantinedBeyondTolerance, .deltaGap, .noKey,
      .filledShare, .valueShare, .unknownReferences, .keyChurn, .wrongEncoding, .garbledColumn,
      .trailerMissing, .countDiffers, .digestDiffers, .manifest, .tooOld, .olderThanBefore,
      .brokenDocument, .badRecord, .duplicateName, .morePages, .fewerThanStated, .changesAsFull,
      .noUserName, .unknownWord, .expressionFailed, .noUniqueValue, .severalValues, .badValue,
      .duplicate, .ambiguous, .contended, .conflictingKeys, .uniqueValueTaken,
      .memberReferenceAmbiguous, .holdTooOld:
      .error
    }
  }

  /// One or two sentences: what was seen, what it means, and what to do about it.
  ///
  /// Names and values stand in it exactly as the data has them, so it may hold anything: whatever people read passes
  /// through `VisibleText` first.
  package var message: String { sentence + place }

  private func counted(_ count: Int, _ noun: String) -> String {
    "\(count) \(noun)\(count == 1 ? "" : "s")"
  }

  /// Where the record begins, of problems whose sentence names no byte itself.
  private var place: String {
    guard let byte = origin?.byte else { return "" }
    switch subject {
    case .raggedRow, .nulByte, .textAfterClosingQuote, .unterminatedQuote, .fieldTooLong,
      .recordTooLong:
      return " The record begins at byte \(byte)."
    default: return ""
    }
  }

  private var sentence: String {
    switch subject {
    case .raggedRow(let columns, let expected):
      "The row has \(columns) cells where the header has \(expected); it is set aside. "
        + "Look for a comma or quote that is not quoted."
    case .invalidUTF8(let column, let offset):
      "Byte \(offset) of the file, in column \(column), is not UTF-8; the record is set aside. "
        + "Set the export's encoding if the file was not written as UTF-8."
    case .nulByte(let column):
      "Column \(column) holds a NUL byte; the record is set aside."
    case .invalidEncoding(let encoding, let offset):
      "Byte \(offset) is not valid \(encoding); the record is set aside."
    case .textAfterClosingQuote(let column):
      "Text follows the closing quote in column \(column); the record is set aside. "
        + "A quote inside a quoted cell is written twice."
    case .unterminatedQuote(let line, let swallowed):
      "The quote opened on line \(line) is never closed; \(counted(swallowed, "line")) \(swallowed == 1 ? "was" : "were") swallowed by it. "
        + "The file is probably cut off: nothing is removed because of it."
    case .fieldTooLong(let column, let limit):
      "Column \(column) is longer than \(limit) bytes; the record is set aside."
    case .recordTooLong(let limit, let swallowed):
      "The record is longer than \(limit) bytes and swallowed \(counted(swallowed, "line")); "
        + "reading stopped here. Look for a quote that is never closed."
    case .duplicateHeader(let name):
      "The column \(name) stands in the header more than once; only an unmapped column may."
    case .emptyHeader(let position):
      "Column \(position) has no name and is ignored."
    case .lostLetters(let column):
      "Column \(column) looks as if letters were replaced by “?” when the file was written; "
        + "export it again as UTF-8."
    case .doublyEncoded(let column):
      "Column \(column) looks as if UTF-8 had been taken for another encoding and written as UTF-8 once "
        + "more (“Ã¼” for “ü”); export it again."
    case .lostValue(let column, let type):
      "Column \(column) holds the type name \(type) instead of a value; it counts as unknown."
    case .exampleRow:
      "An example row of the template is skipped."
    case .missingColumn(let column, let attribute, let suggestion):
      "There is no column \(column)\(suggestion.map { " (did you mean \($0)?)" } ?? ""), so \(attribute) is unknown "
        + "for every record and left alone."
    case .brokenDocument(let format, let problem, let offset):
      "The \(format) breaks off at byte \(offset): \(problem.explanation). What follows was not read, "
        + "and nothing is removed because of it. Export the file again."
    case .badRecord(let format, let problem, let offset):
      "The record is not readable \(format) at byte \(offset): \(problem.explanation). It is set aside."
    case .duplicateName(let name, let offset):
      "The name “\(name)” stands twice in one object (byte \(offset)), and two programs would read it "
        + "differently; the record is set aside."
    case .morePages(let marker):
      "The export says that there are more pages (\(marker)), and none of its files is the last one. "
        + "Nothing is removed because of it; fetch all pages."
    case .fewerThanStated(let now, let stated):
      "The export says that there are \(stated) records and holds \(now). "
        + "Nothing is removed because of it; fetch all pages."
    case .unknownEntry(let name, let change):
      "The change record (\(change)) is about \(name), whom neither the exports nor the state know by that name, so nothing "
        + "follows from it. A mapping that takes an attribute from “dn” has the state know whole names."
    case .changesAsFull:
      "The file says what is to change and not who is there, but the policy calls it full. Nothing is "
        + "removed because of it; say content: delta."
    case .emptyFile:
      "The file is empty. Nothing is removed because of it."
    case .headerOnly:
      "The file has no records, at most a header. Nothing is removed because of it."
    case .fileVanished(let path):
      "No file matches \(path). Nothing is removed because of it."
    case .lastLineOpen:
      "The last line has no end, and that of the last good run had one: the file may be cut there. "
        + "If it is meant, `rollcall resume --accept` the export once."
    case .headerChanged(let missing, let added):
      "The header differs from the last good run (missing: \(list(missing)); new: \(list(added))). "
        + "Nothing is removed because of it; if the change is meant, `rollcall resume --accept` with the name "
        + "of this export makes the next run the measure."
    case .fewerRecords(let now, let before, let allowed):
      "There \(now == 1 ? "is" : "are") \(counted(now, "record")) where the last good run had \(before); the policy allows a fall of "
        + "\(percentText(allowed)) %. Nothing is removed because of it."
    case .fewerFiles(let now, let before):
      "\(counted(now, "file")) \(now == 1 ? "matches" : "match") where the last good run had \(before). Nothing is removed because of it."
    case .quarantinedBeyondTolerance(let lines, let tolerance):
      "\(counted(lines, "line")) could not be read and it cannot be told whose \(lines == 1 ? "it is" : "they are"); "
        + "the policy tolerates "
        + "\(tolerance). Nothing is removed because of this export."
    case .noEarlierRun:
      "There is no earlier good run of this export to compare it with, and nothing in it proves that it "
        + "is whole: nothing is removed because of it tonight. State a trailer or a manifest in the policy "
        + "if its first run is to remove."
    case .accepted:
      "A person has accepted the export as it is; it is not compared with earlier runs."
    case .withinTolerance(let now, let before, let allowed):
      "There \(now == 1 ? "is" : "are") \(counted(now, "record")) where the last good run had \(before), and nothing proves that the export "
        + "was not cut between two records. Who is missing counts as gone, because the policy allows a fall "
        + "of \(percentText(allowed)) %; a trailer or a manifest would tell."
    case .filledShare(let column, let now, let before, let allowed):
      "\(column) has a value in \(percentText(now)) % of the records; in the last good run it was "
        + "\(percentText(before)) %, and the policy allows a distance of \(percentText(allowed)) points. "
        + "Nothing is removed because of this export."
    case .valueShare(let column, let value, let now, let before, let allowed):
      "\(column) says “\(value)” in \(percentText(now)) % of the records; in the last good run it was "
        + "\(percentText(before)) %, and the policy allows a distance of \(percentText(allowed)) points. "
        + "Nothing is removed because of this export."
    case .unknownReferences(let now, let before, let allowed):
      "\(percentText(now)) % of the memberships name a team or somebody that nobody knows; in the last good "
        + "run it was \(percentText(before)) %, and the policy allows a distance of \(percentText(allowed)) "
        + "points. Nothing is removed because of this export."
    case .keyChurn(let gone, let before, let unknown, let allowed):
      "\(gone) of the \(before) members that this export had are not in it any more, and \(unknown) of its "
        + "records are of nobody known: are the keys written otherwise? The policy allows "
        + "\(percentText(allowed)) % to go. Nothing is removed because of it."
    case .encodingChanged(let now, let before):
      "The export is written as \(now); in the last good run it was \(before)."
    case .wrongEncoding(let encoding, let records):
      "\(records) records are not \(encoding), which the last good run was. Nothing is removed because of "
        + "it; set the export's encoding, or export it again."
    case .garbledColumn(let column):
      "Letters of column \(column) were lost when the file was written, which was not so in the last good "
        + "run. Nothing is removed because of it; export it again as UTF-8."
    case .trailerMissing(let pattern):
      "The last line is not the trailer that the policy expects (\(pattern)): the file is probably cut off. "
        + "Nothing is removed because of it."
    case .countDiffers(let now, let stated, let statedBy):
      "\(statedBy) says \(stated) records, and there are \(now). Nothing is removed because of it."
    case .digestDiffers(let manifest):
      "The SHA-256 of the file is not the one in \(manifest). Nothing is removed because of it; fetch the "
        + "file again."
    case .manifest(let problem, let path, let file):
      "The manifest \(path) \(problem.explanation(file)). Nothing is removed because of it."
    case .tooOld(let hours, let limit, let source):
      "The export is \(hours) hours old (\(source.explanation)); the policy allows \(limit). Nothing is "
        + "removed because of it."
    case .olderThanBefore(let date, let before):
      "The export is of \(date), and the last good run had one of \(before). Nothing is removed because of "
        + "an older one."
    case .madeInFuture(let date, let source, let limit):
      "The export is of \(date) (\(source.explanation)), which is still to come. "
        + (limit == nil
          ? "Its date counts for nothing; look at the clock of whoever writes it."
          : "The policy wants to know how old it is, so nothing is removed because of it; look at the clock of "
            + "whoever writes it.")
    case .deltaGap(let expected, let found):
      "The delta \(found) does not follow the last one applied (expected \(expected)). "
        + "It is refused until a full export has been applied."
    case .deltaAlreadyApplied(let file):
      "The delta \(file) has been applied before and is skipped."
    case .deltaReadAgain(let export):
      "Not all that \(export) says could be carried out, so it is read again in the next run; "
        + "`rollcall resume --accept \(export)` lets it go."
    case .noKey:
      "The record has no value for any match key; it is set aside."
    case .noUserName(let record):
      "\(record) has no userName, and no member can be created without one; it is held."
    case .unknownWord(let attribute, let value):
      "“\(value)” is not a word the policy knows for \(attribute); the record is set aside."
    case .expressionFailed(let attribute, let part, let input, let reason):
      "\(attribute) cannot be worked out: \(shortened(part)) failed"
        + (input.map { " on “\(shortened($0))”" } ?? "") + ": \(reason). The record is set aside."
    case .leftOut(let attribute):
      "The expression of \(attribute) leaves the record out; nothing is changed because of it."
    case .outOfScope(let export, let count):
      count == 1
        ? "One record of \(export) is out of its scope and counts for nothing."
        : "\(count) records of \(export) are out of its scope and count for nothing."
    case .noUniqueValue(let attribute, let tried):
      tried.isEmpty
        ? "The expression of \(attribute) comes to nothing to choose from; the record is held."
        : "Every value for \(attribute) is taken (\(list(tried))); the record is held. "
          + "Add a rule to SelectUniqueValue."
    case .severalValues(let attribute, let count):
      "The record has \(count) values for \(attribute), which takes one; it is set aside. "
        + "Map a path that picks one of them, such as emails[type eq \"work\"].value."
    case .badValue(let attribute, let kind, let value):
      "“\(shortened(value))” is no value of the type \(kind), which \(attribute) takes; the record is set "
        + "aside. Mend the export, or map a column or expression that gives one."
    case .unresolvedReference(let attribute, let member, let reference, let reason):
      "The \(attribute) of \(member) names \(reference), \(reason.explanation); what it has stays as it is."
    case .duplicate(let key, let value, let others):
      "\(others.count + 1) records have the same \(key) “\(value)” (also \(places(others))); "
        + "all are held."
    case .ambiguous(let key, let value, let members):
      "\(key) “\(value)” matches \(members.count) members (\(list(members))); the record is held."
    case .contended(let member, let others):
      "More than one record matches \(member) (also \(places(others))); all are held."
    case .conflictingKeys(let member, let key, let recordValue, let memberValue):
      "The record would match \(member), but its \(key) is “\(recordValue)” and the member's is "
        + "“\(memberValue)”; it is held. This may be a new person with a reused name."
    case .uniqueValueTaken(let attribute, let value, let holder):
      "\(attribute) “\(value)” belongs to \(holder), and this plan does not free it; "
        + "the record is held."
    case .probableRename(let leaver, let joiner):
      "\(leaver) leaves and \(joiner) joins, and they look like one person; both are held."
    case .claimable(let member, let key):
      "\(member) exists but is not managed; \(key) matches. Name the key under matching.adopt to "
        + "let Rollcall manage such members."
    case .inactiveNotByUs(let member):
      "\(member) is inactive, but Rollcall did not deactivate it; it stays inactive."
    case .createdDisabledSkipped(let key):
      "\(key) is disabled at the source and not created."
    case .teamNotCreated(let team):
      "Team \(team) is new and not created: lifecycle.teams.create is never."
    case .notCreated(let key):
      "\(key) is new and not created: lifecycle.create is never."
    case .lookAlike(let key, let value, let other):
      "\(key) “\(value)” could be mistaken for “\(other)”; they are different people to Rollcall."
    case .unmanaged(let member):
      "\(member) is in no export and not managed; it is left alone."
    case .orphaned(let member, let export):
      "\(member) belongs to the export \(export), which the policy no longer has; left alone."
    case .teamGone(let team):
      "Team \(team) is in no team export any more; it is left alone."
    case .teamClaimable(let team):
      "Team \(team) exists but Rollcall does not manage it; it is held."
    case .edgeToUnknownMember(let team, let reference):
      "Team \(team) names \(reference), who is no member; the membership is ignored."
    case .edgeToUnknownTeam(let reference):
      "A membership names the team \(reference), which no export and no member list has; ignored."
    case .edgeWithheld(let team, let member):
      "The membership of \(member) in \(team) is left as it is: the member or team is held, "
        + "or the export that has the member is not believed tonight, or does not say who is "
        + "in the team."
    case .edgeOfDisabled(let team, let member):
      "\(member) is disabled at the source and not created, and so in \(team) neither."
    case .edgeOfOutsider(let team, let member):
      "\(member) is out of scope, and so not in \(team) either."
    case .edgeOfUnmanagedMember(let team, let member):
      "\(member) of team \(team) is not managed; the membership is left alone."
    case .edgeNotWrittenByUs(let team, let member):
      "\(member) is in team \(team) but in no export, and Rollcall did not add it; left alone."
    case .memberReferenceAmbiguous(let team, let reference):
      "Team \(team) names \(reference), which is more than one member; the membership is ignored."
    case .teamCycle(let teams):
      "Teams contain each other in a circle (\(list(teams))); each gets the members of all of them."
    case .rolesLeftAlone:
      "The policy has no teams.roles any more: teams and members keep the roles they have. "
        + "Write `roles: {}` under `teams:` to take them away."
    case .removalWithheld(let member, let reason):
      "\(member) would be deactivated but is not: \(reason.explanation)."
    case .createWithheld(let record):
      "\(record) is not created: what tonight's export says of who is active is in doubt. Mend the export, or "
        + "take it as it is with `rollcall resume --accept` and its name."
    case .protected(let subject, let change, let rule):
      "\(subject) is protected by \(rule): \(change) is blocked."
    case .holdTooOld(let subject, let days, let limit):
      "\(subject) has been held for \(days) days; the policy expects a decision within \(limit)."
    case .clockBehind(let now, let lastRun):
      "It is \(now) by the clock, and the last run was at \(lastRun): one of the two clocks is wrong. "
        + "Ages, absences and approvals are counted by them; look at the clock before you apply."
    }
  }

  /// Expressions and what they are given may be long.
  private func shortened(_ text: String) -> String {
    text.unicodeScalars.count > 200 ? String(text.unicodeScalars.prefix(200)) + "…" : text
  }

  private func places(_ origins: [RecordOrigin]) -> String {
    list(origins.prefix(5).map(\.place)) + (origins.count > 5 ? ", …" : "")
  }

  private func list(_ texts: [String]) -> String {
    texts.isEmpty ? "none" : texts.joined(separator: ", ")
  }

  private func percentText(_ percent: Double) -> String {
    Int(exactly: percent).map { String($0) } ?? String(percent)
  }
}

extension Finding.UnresolvedReason {
  /// The middle of the sentence “… names …, …; what it has stays as it is”.
  fileprivate var explanation: String {
    switch self {
    case .unknown: "who is no member"
    case .notAMember: "whose own record does not become a member tonight"
    case .outOfScope: "who is out of scope"
    case .several: "which is more than one member"
    case .leaving: "whom this plan deletes"
    }
  }
}

extension Finding.ManifestProblem {
  /// The rest of the sentence “The manifest … …”.
  fileprivate func explanation(_ file: String) -> String {
    switch self {
    case .missing:
      "is not there (its path begins where those of exports do, in the folder of the policy or of --exports)"
    case .unreadable: "is neither a list of SHA-256 sums nor JSON with rows, sha256 or date"
    case .fileNotNamed: "does not name \(file)"
    case .fileNotThere: "names \(file), which is not there"
    case .saysNothing: "says neither how many records there are nor a SHA-256 of \(file)"
    }
  }
}

extension Finding.DateSource {
  fileprivate var explanation: String {
    switch self {
    case .manifest: "by its manifest"
    case .fileName: "by the date in the file's name"
    case .modificationTime: "by the time the file was written"
    }
  }
}

extension Finding.WithheldReason {
  /// The rest of the sentence “… is not deactivated: …”.
  package var explanation: String {
    switch self {
    case .unreliableExport: "an export it belongs to is unreliable tonight"
    case .noEarlierRun:
      "an export it belongs to has no earlier good run, and nothing proves that it is whole"
    case .unreadableRecord: "a record that may be its own could not be read"
    case .deltaExport: "a delta export removes only by an explicit marker"
    case .notEnoughAbsences: "it has not been missing often enough yet"
    case .held: "it is held"
    }
  }
}
