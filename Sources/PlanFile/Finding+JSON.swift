import Identity

// A finding in a plan: code, severity and sentence for people and scripts, then all that its subject
// holds, so that it reads back as the same value.
//
// {"code":"read.ragged-row","severity":"error","message":"The row has …","columns":3,"expected":5,
//  "origin":{"export":"people","file":"users.csv","line":7},"repeats":0}

extension Finding: LineObject {
  func writeMembers(to line: inout LineWriter) {
    line.member("code", code)
    line.member("severity", severity)
    line.member("message", message)
    subject.writeMembers(to: &line)
    line.member("origin", origin)
    line.member("repeats", repeats)
  }

  /// Severity and sentence follow from the subject and are stepped over: a later version of the
  /// program may say the same thing in better words.
  init(membersOf line: inout LineScanner) throws(LineProblem) {
    let before = line
    let code = try line.member("code", as: String.self)
    _ = try line.member("severity", as: Severity.self)
    _ = try line.member("message", as: String.self)
    guard let subject = try Subject(code: code, membersOf: &line) else {
      throw before.problem(.unknownWord(code))
    }
    self.init(subject, at: try line.member("origin"), repeats: try line.member("repeats"))
  }
}

extension Finding.Subject {
  fileprivate func writeMembers(to line: inout LineWriter) {
    switch self {
    case .rolesLeftAlone, .lastLineOpen, .exampleRow, .changesAsFull, .emptyFile, .headerOnly,
      .noEarlierRun, .accepted, .noKey:
      break
    case .withinTolerance(let now, let before, let allowedPercent):
      line.member("now", now)
      line.member("before", before)
      line.member("allowedPercent", allowedPercent)
    case .filledShare(let column, let now, let before, let allowed):
      line.member("column", column)
      line.member("now", now)
      line.member("before", before)
      line.member("allowed", allowed)
    case .valueShare(let column, let value, let now, let before, let allowed):
      line.member("column", column)
      line.member("word", value)
      line.member("now", now)
      line.member("before", before)
      line.member("allowed", allowed)
    case .unknownReferences(let now, let before, let allowed):
      line.member("now", now)
      line.member("before", before)
      line.member("allowed", allowed)
    case .keyChurn(let gone, let before, let unknown, let allowedPercent):
      line.member("gone", gone)
      line.member("before", before)
      line.member("unknown", unknown)
      line.member("allowedPercent", allowedPercent)
    case .encodingChanged(let now, let before):
      line.member("now", now)
      line.member("before", before)
    case .wrongEncoding(let encoding, let records):
      line.member("encoding", encoding)
      line.member("records", records)
    case .garbledColumn(let column):
      line.member("column", column)
    case .trailerMissing(let pattern):
      line.member("pattern", pattern)
    case .countDiffers(let now, let stated, let statedBy):
      line.member("now", now)
      line.member("stated", stated)
      line.member("statedBy", statedBy)
    case .digestDiffers(let manifest):
      line.member("manifest", manifest)
    case .manifest(let problem, let path, let file):
      line.member("problem", problem)
      line.member("path", path)
      line.member("file", file)
    case .tooOld(let hours, let limit, let source):
      line.member("hours", hours)
      line.member("limit", limit)
      line.member("source", source)
    case .olderThanBefore(let date, let before):
      line.member("date", date)
      line.member("before", before)
    case .madeInFuture(let date, let source, let limit):
      line.member("date", date)
      line.member("source", source)
      line.member("limit", limit)
    case .raggedRow(let columns, let expected):
      line.member("columns", columns)
      line.member("expected", expected)
    case .invalidUTF8(let column, let byteOffset):
      line.member("column", column)
      line.member("byteOffset", byteOffset)
    case .nulByte(let column):
      line.member("column", column)
    case .invalidEncoding(let encoding, let byteOffset):
      line.member("encoding", encoding)
      line.member("byteOffset", byteOffset)
    case .textAfterClosingQuote(let column):
      line.member("column", column)
    case .unterminatedQuote(let openedLine, let linesSwallowed):
      line.member("openedLine", openedLine)
      line.member("linesSwallowed", linesSwallowed)
    case .fieldTooLong(let column, let limit):
      line.member("column", column)
      line.member("limit", limit)
    case .recordTooLong(let limit, let linesSwallowed):
      line.member("limit", limit)
      line.member("linesSwallowed", linesSwallowed)
    case .duplicateHeader(let name):
      line.member("name", name)
    case .emptyHeader(let position):
      line.member("position", position)
    case .lostLetters(let column), .doublyEncoded(let column):
      line.member("column", column)
    case .lostValue(let column, let typeName):
      line.member("column", column)
      line.member("typeName", typeName)
    case .missingColumn(let column, let attribute, let suggestion):
      line.member("column", column)
      line.member("attribute", attribute)
      if let suggestion { line.member("suggestion", suggestion) }
    case .brokenDocument(let format, let problem, let byteOffset),
      .badRecord(let format, let problem, let byteOffset):
      line.member("format", format)
      line.member("problem", problem)
      line.member("byteOffset", byteOffset)
    case .unknownEntry(let name, let change):
      line.member("name", name)
      line.member("change", change)
    case .duplicateName(let name, let byteOffset):
      line.member("name", name)
      line.member("byteOffset", byteOffset)
    case .morePages(let marker):
      line.member("marker", marker)
    case .fewerThanStated(let now, let stated):
      line.member("now", now)
      line.member("stated", stated)
    case .severalValues(let attribute, let count):
      line.member("attribute", attribute)
      line.member("count", count)
    case .badValue(let attribute, let kind, let value):
      line.member("attribute", attribute)
      line.member("kind", kind)
      line.member("value", value)
    case .unresolvedReference(let attribute, let member, let reference, let reason):
      line.member("attribute", attribute)
      line.member("member", member)
      line.member("reference", reference)
      line.member("reason", reason)
    case .teamCycle(let teams):
      line.member("teams", teams)
    case .fileVanished(let path):
      line.member("path", path)
    case .headerChanged(let missing, let added):
      line.member("missing", missing)
      line.member("added", added)
    case .fewerRecords(let now, let before, let allowedPercent):
      line.member("now", now)
      line.member("before", before)
      line.member("allowedPercent", allowedPercent)
    case .fewerFiles(let now, let before):
      line.member("now", now)
      line.member("before", before)
    case .quarantinedBeyondTolerance(let lines, let tolerance):
      line.member("lines", lines)
      line.member("tolerance", tolerance)
    case .deltaGap(let expected, let found):
      line.member("expected", expected)
      line.member("found", found)
    case .deltaAlreadyApplied(let file):
      line.member("file", file)
    case .deltaReadAgain(let export):
      line.member("export", export)
    case .createWithheld(let record):
      line.member("record", record)
    case .unknownWord(let attribute, let value):
      line.member("attribute", attribute)
      line.member("value", value)
    case .expressionFailed(let attribute, let part, let input, let reason):
      line.member("attribute", attribute)
      line.member("part", part)
      line.member("input", input)
      line.member("reason", reason)
    case .leftOut(let attribute):
      line.member("attribute", attribute)
    case .outOfScope(let export, let count):
      line.member("export", export)
      line.member("count", count)
    case .noUniqueValue(let attribute, let tried):
      line.member("attribute", attribute)
      line.member("tried", tried)
    case .duplicate(let key, let value, let others):
      line.member("key", key)
      line.member("value", value)
      line.member("others", others)
    case .ambiguous(let key, let value, let members):
      line.member("key", key)
      line.member("value", value)
      line.member("members", members)
    case .contended(let member, let others):
      line.member("member", member)
      line.member("others", others)
    case .conflictingKeys(let member, let key, let recordValue, let memberValue):
      line.member("member", member)
      line.member("key", key)
      line.member("recordValue", recordValue)
      line.member("memberValue", memberValue)
    case .uniqueValueTaken(let attribute, let value, let holder):
      line.member("attribute", attribute)
      line.member("value", value)
      line.member("holder", holder)
    case .probableRename(let leaver, let joiner):
      line.member("leaver", leaver)
      line.member("joiner", joiner)
    case .claimable(let member, let key):
      line.member("member", member)
      line.member("key", key)
    case .noUserName(let record):
      line.member("record", record)
    case .inactiveNotByUs(let member):
      line.member("member", member)
    case .createdDisabledSkipped(let key), .notCreated(let key):
      line.member("key", key)
    case .lookAlike(let key, let value, let other):
      line.member("key", key)
      line.member("value", value)
      line.member("other", other)
    case .unmanaged(let member):
      line.member("member", member)
    case .orphaned(let member, let export):
      line.member("member", member)
      line.member("export", export)
    case .teamGone(let team), .teamNotCreated(let team):
      line.member("team", team)
    case .teamClaimable(let team):
      line.member("team", team)
    case .edgeToUnknownMember(let team, let reference):
      line.member("team", team)
      line.member("reference", reference)
    case .edgeToUnknownTeam(let reference):
      line.member("reference", reference)
    case .edgeWithheld(let team, let member):
      line.member("team", team)
      line.member("member", member)
    case .edgeOfUnmanagedMember(let team, let member), .edgeOfDisabled(let team, let member),
      .edgeOfOutsider(let team, let member):
      line.member("team", team)
      line.member("member", member)
    case .edgeNotWrittenByUs(let team, let member):
      line.member("team", team)
      line.member("member", member)
    case .memberReferenceAmbiguous(let team, let reference):
      line.member("team", team)
      line.member("reference", reference)
    case .removalWithheld(let member, let reason):
      line.member("member", member)
      line.member("reason", reason)
    case .protected(let subject, let change, let rule):
      line.member("subject", subject)
      line.member("change", change)
      line.member("rule", rule)
    case .holdTooOld(let subject, let days, let limit):
      line.member("subject", subject)
      line.member("days", days)
      line.member("limit", limit)
    case .clockBehind(let now, let lastRun):
      line.member("now", now)
      line.member("lastRun", lastRun)
    }
  }

  /// Nil for a code this program does not know.
  fileprivate init?(code: String, membersOf line: inout LineScanner) throws(LineProblem) {
    switch code {
    case "read.ragged-row":
      self = .raggedRow(columns: try line.member("columns"), expected: try line.member("expected"))
    case "read.invalid-utf8":
      self = .invalidUTF8(
        column: try line.member("column"), byteOffset: try line.member("byteOffset"))
    case "read.nul-byte":
      self = .nulByte(column: try line.member("column"))
    case "read.invalid-encoding":
      self = .invalidEncoding(
        encoding: try line.member("encoding"), byteOffset: try line.member("byteOffset"))
    case "read.text-after-quote":
      self = .textAfterClosingQuote(column: try line.member("column"))
    case "read.unterminated-quote":
      self = .unterminatedQuote(
        openedLine: try line.member("openedLine"), linesSwallowed: try line.member("linesSwallowed")
      )
    case "read.field-too-long":
      self = .fieldTooLong(column: try line.member("column"), limit: try line.member("limit"))
    case "read.record-too-long":
      self = .recordTooLong(
        limit: try line.member("limit"), linesSwallowed: try line.member("linesSwallowed"))
    case "read.duplicate-header":
      self = .duplicateHeader(name: try line.member("name"))
    case "read.empty-header":
      self = .emptyHeader(position: try line.member("position"))
    case "read.doubly-encoded": self = .doublyEncoded(column: try line.member("column"))
    case "read.lost-letters":
      self = .lostLetters(column: try line.member("column"))
    case "read.lost-value":
      self = .lostValue(column: try line.member("column"), typeName: try line.member("typeName"))
    case "read.example-row": self = .exampleRow
    case "map.missing-column":
      self = .missingColumn(
        column: try line.member("column"), attribute: try line.member("attribute"),
        suggestion: line.hasNext(#","suggestion""#) ? try line.member("suggestion") : nil)
    case "read.broken-document":
      self = .brokenDocument(
        format: try line.member("format"), problem: try line.member("problem"),
        byteOffset: try line.member("byteOffset"))
    case "read.bad-record":
      self = .badRecord(
        format: try line.member("format"), problem: try line.member("problem"),
        byteOffset: try line.member("byteOffset"))
    case "read.duplicate-name":
      self = .duplicateName(
        name: try line.member("name"), byteOffset: try line.member("byteOffset"))
    case "health.more-pages": self = .morePages(marker: try line.member("marker"))
    case "health.fewer-than-stated":
      self = .fewerThanStated(now: try line.member("now"), stated: try line.member("stated"))
    case "health.changes-as-full": self = .changesAsFull
    case "read.unknown-entry":
      self = .unknownEntry(name: try line.member("name"), change: try line.member("change"))
    case "health.empty-file": self = .emptyFile
    case "health.header-only": self = .headerOnly
    case "health.file-vanished":
      self = .fileVanished(path: try line.member("path"))
    case "health.header-changed":
      self = .headerChanged(missing: try line.member("missing"), added: try line.member("added"))
    case "health.fewer-records":
      self = .fewerRecords(
        now: try line.member("now"), before: try line.member("before"),
        allowedPercent: try line.member("allowedPercent"))
    case "health.fewer-files":
      self = .fewerFiles(now: try line.member("now"), before: try line.member("before"))
    case "health.quarantined":
      self = .quarantinedBeyondTolerance(
        lines: try line.member("lines"), tolerance: try line.member("tolerance"))
    case "health.no-earlier-run": self = .noEarlierRun
    case "health.accepted": self = .accepted
    case "health.within-tolerance":
      self = .withinTolerance(
        now: try line.member("now"), before: try line.member("before"),
        allowedPercent: try line.member("allowedPercent"))
    case "health.filled-share":
      self = .filledShare(
        column: try line.member("column"), now: try line.member("now"),
        before: try line.member("before"), allowed: try line.member("allowed"))
    case "health.value-share":
      self = .valueShare(
        column: try line.member("column"), value: try line.member("word"),
        now: try line.member("now"), before: try line.member("before"),
        allowed: try line.member("allowed"))
    case "health.unknown-references":
      self = .unknownReferences(
        now: try line.member("now"), before: try line.member("before"),
        allowed: try line.member("allowed"))
    case "health.key-churn":
      self = .keyChurn(
        gone: try line.member("gone"), before: try line.member("before"),
        unknown: try line.member("unknown"), allowedPercent: try line.member("allowedPercent"))
    case "health.encoding-changed":
      self = .encodingChanged(now: try line.member("now"), before: try line.member("before"))
    case "health.wrong-encoding":
      self = .wrongEncoding(
        encoding: try line.member("encoding"), records: try line.member("records"))
    case "health.garbled-column": self = .garbledColumn(column: try line.member("column"))
    case "health.trailer-missing": self = .trailerMissing(pattern: try line.member("pattern"))
    case "health.count-differs":
      self = .countDiffers(
        now: try line.member("now"), stated: try line.member("stated"),
        statedBy: try line.member("statedBy"))
    case "health.digest-differs": self = .digestDiffers(manifest: try line.member("manifest"))
    case "health.manifest":
      self = .manifest(
        try line.member("problem"), path: try line.member("path"), file: try line.member("file"))
    case "health.too-old":
      self = .tooOld(
        hours: try line.member("hours"), limit: try line.member("limit"),
        source: try line.member("source"))
    case "health.older-than-before":
      self = .olderThanBefore(date: try line.member("date"), before: try line.member("before"))
    case "health.future-date":
      self = .madeInFuture(
        date: try line.member("date"), source: try line.member("source"),
        limit: try line.member("limit"))
    case "health.delta-gap":
      self = .deltaGap(expected: try line.member("expected"), found: try line.member("found"))
    case "health.delta-applied":
      self = .deltaAlreadyApplied(file: try line.member("file"))
    case "health.delta-read-again": self = .deltaReadAgain(export: try line.member("export"))
    case "health.last-line-open": self = .lastLineOpen
    case "plan.create-withheld": self = .createWithheld(record: try line.member("record"))
    case "map.no-key": self = .noKey
    case "map.no-user-name": self = .noUserName(record: try line.member("record"))
    case "map.unknown-word":
      self = .unknownWord(attribute: try line.member("attribute"), value: try line.member("value"))
    case "map.expression-failed":
      self = .expressionFailed(
        attribute: try line.member("attribute"), part: try line.member("part"),
        input: try line.member("input"), reason: try line.member("reason"))
    case "map.left-out": self = .leftOut(attribute: try line.member("attribute"))
    case "map.out-of-scope":
      self = .outOfScope(export: try line.member("export"), count: try line.member("count"))
    case "map.no-unique-value":
      self = .noUniqueValue(
        attribute: try line.member("attribute"), tried: try line.member("tried"))
    case "map.several-values":
      self = .severalValues(
        attribute: try line.member("attribute"), count: try line.member("count"))
    case "map.bad-value":
      self = .badValue(
        attribute: try line.member("attribute"), kind: try line.member("kind"),
        value: try line.member("value"))
    case "map.unresolved-reference":
      self = .unresolvedReference(
        attribute: try line.member("attribute"), member: try line.member("member"),
        reference: try line.member("reference"), reason: try line.member("reason"))
    case "team.roles-left-alone": self = .rolesLeftAlone
    case "team.cycle": self = .teamCycle(teams: try line.member("teams"))
    case "match.duplicate":
      self = .duplicate(
        key: try line.member("key"), value: try line.member("value"),
        others: try line.member("others"))
    case "match.ambiguous":
      self = .ambiguous(
        key: try line.member("key"), value: try line.member("value"),
        members: try line.member("members"))
    case "match.contended":
      self = .contended(member: try line.member("member"), others: try line.member("others"))
    case "match.conflicting-keys":
      self = .conflictingKeys(
        member: try line.member("member"), key: try line.member("key"),
        recordValue: try line.member("recordValue"), memberValue: try line.member("memberValue"))
    case "match.value-taken":
      self = .uniqueValueTaken(
        attribute: try line.member("attribute"), value: try line.member("value"),
        holder: try line.member("holder"))
    case "match.probable-rename":
      self = .probableRename(leaver: try line.member("leaver"), joiner: try line.member("joiner"))
    case "match.claimable":
      self = .claimable(member: try line.member("member"), key: try line.member("key"))
    case "match.inactive-not-by-us":
      self = .inactiveNotByUs(member: try line.member("member"))
    case "match.disabled-joiner":
      self = .createdDisabledSkipped(key: try line.member("key"))
    case "match.not-created":
      self = .notCreated(key: try line.member("key"))
    case "match.look-alike":
      self = .lookAlike(
        key: try line.member("key"), value: try line.member("value"),
        other: try line.member("other"))
    case "match.unmanaged":
      self = .unmanaged(member: try line.member("member"))
    case "match.orphaned":
      self = .orphaned(member: try line.member("member"), export: try line.member("export"))
    case "team.gone":
      self = .teamGone(team: try line.member("team"))
    case "team.claimable":
      self = .teamClaimable(team: try line.member("team"))
    case "edge.unknown-member":
      self = .edgeToUnknownMember(
        team: try line.member("team"), reference: try line.member("reference"))
    case "edge.unknown-team":
      self = .edgeToUnknownTeam(reference: try line.member("reference"))
    case "edge.withheld":
      self = .edgeWithheld(team: try line.member("team"), member: try line.member("member"))
    case "edge.disabled-member":
      self = .edgeOfDisabled(team: try line.member("team"), member: try line.member("member"))
    case "edge.out-of-scope":
      self = .edgeOfOutsider(team: try line.member("team"), member: try line.member("member"))
    case "team.not-created":
      self = .teamNotCreated(team: try line.member("team"))
    case "edge.unmanaged-member":
      self = .edgeOfUnmanagedMember(
        team: try line.member("team"), member: try line.member("member"))
    case "edge.not-ours":
      self = .edgeNotWrittenByUs(team: try line.member("team"), member: try line.member("member"))
    case "edge.ambiguous-member":
      self = .memberReferenceAmbiguous(
        team: try line.member("team"), reference: try line.member("reference"))
    case "plan.removal-withheld":
      self = .removalWithheld(member: try line.member("member"), reason: try line.member("reason"))
    case "plan.protected":
      self = .protected(
        subject: try line.member("subject"), change: try line.member("change"),
        rule: try line.member("rule"))
    case "plan.clock-behind":
      self = .clockBehind(now: try line.member("now"), lastRun: try line.member("lastRun"))
    case "plan.hold-too-old":
      self = .holdTooOld(
        subject: try line.member("subject"), days: try line.member("days"),
        limit: try line.member("limit"))
    default: return nil
    }
  }
}
