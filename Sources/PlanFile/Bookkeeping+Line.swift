import Identity

extension Bookkeeping.Absence: LineObject {
  func writeMembers(to line: inout LineWriter) {
    line.member("member", member)
    line.member("count", count)
    line.member("exports", exportDigest)
    line.member("countedAt", countedAt)
  }

  init(membersOf line: inout LineScanner) throws(LineProblem) {
    self.init(
      member: try line.member("member"), count: try line.member("count"),
      exportDigest: try line.sharedText("exports"), countedAt: try line.member("countedAt"))
  }
}

extension Bookkeeping.Ownership: LineObject {
  func writeMembers(to line: inout LineWriter) {
    line.member("kind", kind)
    line.member("subject", subject)
    line.member("export", export)
  }

  init(membersOf line: inout LineScanner) throws(LineProblem) {
    self.init(
      kind: try line.member("kind"), subject: try line.member("subject"),
      export: try line.sharedText("export"))
  }
}

extension Bookkeeping.Baseline: LineObject {
  func writeMembers(to line: inout LineWriter) {
    line.member("export", export)
    line.member("columns", columns)
    line.member("records", recordCount)
    line.member("files", fileCount)
    line.member("digest", digest)
    line.member("encoding", encoding)
    line.member("shares", shares)
    line.member("unknownReferences", unknownReferences)
    line.member("madeAt", madeAt)
    line.member("writtenAt", writtenAt)
    if endsLastLine { line.member("endsLastLine", true) }
    if let namedReferences { line.member("namedReferences", namedReferences) }
  }

  init(membersOf line: inout LineScanner) throws(LineProblem) {
    self.init(
      export: try line.member("export"), columns: try line.member("columns"),
      recordCount: try line.member("records"), fileCount: try line.member("files"),
      digest: try line.member("digest"), encoding: try line.member("encoding"),
      shares: try line.member("shares"), unknownReferences: try line.member("unknownReferences"),
      madeAt: try line.member("madeAt"), writtenAt: try line.member("writtenAt"),
      endsLastLine: line.hasNext(",\"endsLastLine\":")
        ? try line.member("endsLastLine", as: Bool.self) : false,
      namedReferences: line.hasNext(",\"namedReferences\":")
        ? try line.member("namedReferences", as: Int.self) : nil)
  }
}

extension Bookkeeping.ColumnShare: LineObject {
  func writeMembers(to line: inout LineWriter) {
    line.member("column", column)
    line.member("filled", filled)
    line.member("yes", yes)
    line.member("no", no)
    line.member("garbled", isGarbled)
  }

  init(membersOf line: inout LineScanner) throws(LineProblem) {
    self.init(
      column: try line.member("column"), filled: try line.member("filled"),
      yes: try line.member("yes"), no: try line.member("no"),
      isGarbled: try line.member("garbled"))
  }
}

extension Bookkeeping.DeltaPosition: LineObject {
  func writeMembers(to line: inout LineWriter) {
    line.member("export", export)
    line.member("position", position)
  }

  init(membersOf line: inout LineScanner) throws(LineProblem) {
    self.init(
      export: try line.member("export"), position: try line.member("position"))
  }
}

extension Bookkeeping.HoldAge: LineObject {
  func writeMembers(to line: inout LineWriter) {
    line.member("subject", subject)
    line.member("since", since)
  }

  init(membersOf line: inout LineScanner) throws(LineProblem) {
    self.init(
      subject: try line.member("subject"), since: try line.member("since"))
  }
}

/// One pair of `Bookkeeping.renamedExports`.
struct RenamedExport: LineObject {
  let from: String
  let to: String

  init(from: String, to: String) {
    self.from = from
    self.to = to
  }

  func writeMembers(to line: inout LineWriter) {
    line.member("from", from)
    line.member("to", to)
  }

  init(membersOf line: inout LineScanner) throws(LineProblem) {
    self.init(from: try line.member("from"), to: try line.member("to"))
  }
}

extension Bookkeeping {
  /// `renamedExports` in the order of the old names' bytes.
  var sortedRenamedExports: [RenamedExport] {
    renamedExports.map { RenamedExport(from: $0.key, to: $0.value) }
      .sorted { $0.from.utf8.lexicographicallyPrecedes($1.from.utf8) }
  }
}
