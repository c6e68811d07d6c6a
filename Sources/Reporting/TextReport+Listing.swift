import Identity
package import PlanFile

extension TextReport {
  /// How many findings with one code are printed.
  private static var findingLimit: Int { 200 }

  /// What `show` prints: every operation, hold and finding, handed on in pieces.
  ///
  /// ```
  /// ~ update bob@contoso.com   differs · members.update · users.csv:43
  ///     title: "Buyer" → "Senior buyer"
  /// ```
  package func listing<Failure: Error>(
    of source: ReportSource, to output: ([UInt8]) throws(Failure) -> Void
  ) throws(Failure) {
    try ReportStream.run(to: output) { (stream) throws(Failure) in
      try stream.append(opening(of: source))
      let listing = Listing(report: self, source: source)
      for kind in Operation.Kind.readingOrder where !kind.isMembership {
        try listing.operations(of: kind, to: &stream)
      }
      try listing.memberships(to: &stream)
      try listing.holds(to: &stream)
      try listing.findings(limit: Self.findingLimit, to: &stream)
      try stream.append(closing(of: source, without: .show))
    }
  }
}

extension Operation.Kind {
  var isMembership: Bool { self == .addMembership || self == .removeMembership }
  var isCreation: Bool { self == .createMember || self == .createTeam }
}

/// One plan being listed: what all its sections look up.
private struct Listing {
  let report: TextReport
  let source: ReportSource
  let plan: Plan
  let isApplied: Bool
  let grounds: GroundsIndex
  let overview: Overview

  init(report: TextReport, source: ReportSource) {
    self.report = report
    self.source = source
    plan = source.plan
    isApplied = Verdict(source) == .applied
    grounds = GroundsIndex(plan)
    overview = Overview(plan)
  }

  func operations<Failure>(
    of kind: Operation.Kind, to stream: inout ReportStream<Failure>
  ) throws(Failure) {
    guard let count = overview.counts.first(where: { $0.kind == kind })?.count else { return }
    try stream.append(report.heading("\(kind.heading(isApplied: isApplied)): \(Quantity(count))"))
    for (index, operation) in plan.decisions.operations.enumerated() where operation.kind == kind {
      try stream.append(line(operation, index, name: operation.subject.name, indent: ""))
      for change in operation.changes(in: plan.decisions) {
        try stream.append("    \(text(of: source.readable(change), isNew: kind.isCreation))\n")
      }
    }
  }

  /// Grouped by team, those who join before those who leave.
  func memberships<Failure>(to stream: inout ReportStream<Failure>) throws(Failure) {
    let operations = plan.decisions.operations
    let groups = TeamChanges.all(operations.indices, in: operations)
    guard !groups.isEmpty else { return }
    let count = groups.reduce(0) { $0 + $1.operations.count }
    try stream.append(report.heading("Memberships: \(Quantity(count))"))
    for group in groups {
      let head = "\(group.joining) join, \(group.leaving) leave"
      try stream.append("\(report.shown(group.team.name))  \(report.style(.quiet, head))\n")
      for index in group.operations {
        let name = operations[index].edgeMember?.name ?? ""
        try stream.append(line(operations[index], index, name: name, indent: "  "))
      }
    }
  }

  func holds<Failure>(to stream: inout ReportStream<Failure>) throws(Failure) {
    let holds = plan.decisions.holds
    guard plan.decisions.heldCount > 0 else { return }
    let count = Quantity(plan.decisions.heldCount)
    try stream.append(report.heading("Held for a person: \(count)"))
    for hold in holds {
      let since = overview.since(hold).map { " · since \($0.short)" } ?? ""
      try stream.append(
        "\(report.style(.changed, "!")) \(report.shown(hold.subject))   "
          + report.style(.quiet, hold.reason + since) + "\n")
    }
    if let rest = plan.decisions.unnamedSentence {
      try stream.append("\(report.style(.changed, "!")) \(rest)\n")
    }
  }

  func findings<Failure>(
    limit: Int, to stream: inout ReportStream<Failure>
  ) throws(Failure) {
    // What was kept from happening belongs with the operations; the rest is about the data.
    let groups = overview.findingGroups
    for group in groups.filter(\.isBlock) + groups.filter({ !$0.isBlock }) {
      try stream.append(report.heading("\(group.heading): \(Quantity(group.total))"))
      for listed in group.findings.prefix(limit) {
        let place = listed.place.isEmpty ? "" : "\(listed.place)  "
        let more = listed.finding.repeats
        let repeats = more == 0 ? "" : " (and \(Quantity(more)) more like it)"
        try stream.append("  \(report.shown(place + listed.finding.message))\(repeats)\n")
      }
      let rest = group.findings.count - limit
      if rest > 0 {
        try stream.append("  and \(Quantity(rest)) more; --output json has them all\n")
      }
    }
  }

  /// One operation's line: `~ update bob@contoso.com   differs · members.update · users.csv:43`.
  private func line(
    _ operation: Operation, _ index: Int, name: String, indent: String
  ) -> String {
    let kind = operation.kind
    let places = grounds.origins(index).map { report.shown($0.place) }
    let reasons = [operation.situation.words, report.shown(operation.rule)] + places
    let classes = operation.classes.names.map { "[\($0)] " }.joined()
    return indent + report.style(kind.tone, "\(kind.sign) \(kind.verb)")
      + " \(report.shown(name))   "
      + report.style(.quiet, classes + reasons.filter { !$0.isEmpty }.joined(separator: " · "))
      + "\n"
  }

  /// One value's line: `title: "Buyer" → "Senior buyer"`, or only the value of something new.
  private func text(of change: AttributeChange, isNew: Bool) -> String {
    let path = report.shown(change.attribute.path.description)
    let (before, after) = change.visible(limit: TextReport.valueLimit)
    let value = change.quoted(after)
    return "\(path): " + (isNew ? value : "\(change.quoted(before)) → \(value)")
  }
}

extension AttributeChange {
  /// Both values in a form in which every difference between them can be seen; nil for none.
  func visible(limit: Int) -> (before: VisibleText?, after: VisibleText?) {
    guard let before, let after else {
      return (
        before.map { VisibleText($0, limit: limit) }, after.map { VisibleText($0, limit: limit) }
      )
    }
    return VisibleText.pair(before, after, limit: limit)
  }

  /// `"Buyer"`, `true`, `none`; a text cannot pretend to be two with our arrow between them.
  fileprivate func quoted(_ value: VisibleText?) -> String {
    guard let text = value?.description else { return "none" }
    if attribute.kind == .boolean, text == "true" || text == "false" { return text }
    if attribute.kind.isNumber,
      text.allSatisfy({ $0.isASCII && ($0.isNumber || "-.".contains($0)) })
    {
      return text
    }
    return "\"" + text.replacing("\" →", with: "\\u{22} →") + "\""
  }
}
