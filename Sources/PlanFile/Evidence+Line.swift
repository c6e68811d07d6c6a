import Identity

/// The line that opens the evidence: who made the plan, when, and on what state and policy.
struct EvidenceHeader: LineObject {
  let toolVersion: String
  let now: Int
  let policyDigest: String
  let lineage: String
  let journalHead: String
  let redacted: [AttributePath]

  init(_ evidence: Evidence) {
    toolVersion = evidence.toolVersion
    now = evidence.now
    policyDigest = evidence.policyDigest
    lineage = evidence.lineage
    journalHead = evidence.journalHead
    redacted = evidence.redacted
  }

  func writeMembers(to line: inout LineWriter) {
    line.member("tool", toolVersion)
    line.member("now", now)
    line.member("policy", policyDigest)
    line.member("lineage", lineage)
    line.member("journalHead", journalHead)
    if !redacted.isEmpty { line.member("redacted", redacted) }
  }

  init(membersOf line: inout LineScanner) throws(LineProblem) {
    toolVersion = try line.member("tool")
    now = try line.member("now")
    policyDigest = try line.member("policy")
    lineage = try line.member("lineage")
    journalHead = try line.member("journalHead")
    redacted =
      line.hasNext(",\"redacted\":")
      ? try line.member("redacted", as: [AttributePath].self) : []
  }
}

extension Evidence.Input: LineObject {
  func writeMembers(to line: inout LineWriter) {
    line.member("export", export)
    line.member("file", file)
    line.member("bytes", byteCount)
    line.member("records", recordCount)
    line.member("sha256", sha256)
    line.member("format", format)
    if let encoding { line.member("encoding", encoding) }
    if let preset { line.member("preset", preset) }
  }

  init(membersOf line: inout LineScanner) throws(LineProblem) {
    self.init(
      export: try line.member("export"), file: try line.member("file"),
      byteCount: try line.member("bytes"), recordCount: try line.member("records"),
      sha256: try line.member("sha256"), format: try line.member("format"),
      encoding: line.hasNext(",\"encoding\":")
        ? try line.member("encoding", as: String.self) : nil,
      preset: line.hasNext(",\"preset\":") ? try line.member("preset", as: String.self) : nil)
  }
}

extension Evidence.Health: LineObject {
  func writeMembers(to line: inout LineWriter) {
    line.member("export", export)
    line.member("isReliable", isReliable)
    line.member("findings", findings)
  }

  init(membersOf line: inout LineScanner) throws(LineProblem) {
    self.init(
      export: try line.member("export"), isReliable: try line.member("isReliable"),
      findings: try line.member("findings"))
  }
}

extension Evidence.Grounds: LineObject {
  func writeMembers(to line: inout LineWriter) {
    line.member("operation", operation)
    line.member("origins", origins)
    line.member("stateBefore", stateBefore)
  }

  init(membersOf line: inout LineScanner) throws(LineProblem) {
    self.init(
      operation: try line.member("operation"), origins: try line.member("origins"),
      stateBefore: try line.member("stateBefore"))
  }
}

extension GuardVerdict: LineObject {
  func writeMembers(to line: inout LineWriter) {
    line.member("name", name)
    line.member("scope", scope)
    line.member("amount", amount)
    line.member("population", population)
    line.member("limit", limit)
    if let allowance { line.member("allowance", allowance) }
    if let approved { line.member("approved", approved) }
    line.member("passed", passed)
  }

  init(membersOf line: inout LineScanner) throws(LineProblem) {
    self.init(
      name: try line.member("name"), scope: try line.member("scope"),
      amount: try line.member("amount"), population: try line.member("population"),
      limit: try line.member("limit"),
      // Left out where there is none, as by programs that did not know of them.
      allowance: line.hasNext(",\"allowance\":") ? try line.member("allowance", as: Int.self) : nil,
      approved: line.hasNext(",\"approved\":") ? try line.member("approved", as: Int.self) : nil,
      passed: try line.member("passed"))
  }
}
