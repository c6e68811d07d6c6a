import Reconciling

/// One step of a job in a few words: what, how far, how fast, and how much longer.
///
/// ```
/// reading staff  1,204,000 of about 2,400,000 records  480,000/s  about 3 s left
/// matching and deciding  12 s
/// writing  12,000 of 20,000 changes  4,100/s  about 2 s left
/// ```
struct StepText: Sendable, Hashable, CustomStringConvertible {
  let description: String

  /// `seconds` since the step began.
  init(_ progress: JobProgress, after seconds: Double) {
    var parts = [Self.name(of: progress.step)]
    if let amount = Self.amount(progress) { parts.append(amount) }
    if progress.done > 0, seconds >= 1 {
      let rate = Double(progress.done) / seconds
      parts.append("\(Self.grouped(Int(rate)))/s")
      if let total = progress.total, total > progress.done, rate > 0 {
        let left = (Double(total - progress.done) / rate).rounded(.up)
        parts.append("about \(Self.duration(Int(left))) left")
      }
    }
    if parts.count == 1 || progress.done == 0, seconds >= 1 {
      parts.append(Self.duration(Int(seconds)))
    }
    description = parts.joined(separator: "  ")
  }

  static func name(of step: JobProgress.Step) -> String {
    switch step {
    case .loadingState: "loading the state"
    case .readingPlan(let file): "reading \(file)"
    case .checkingState: "checking the state's file"
    case .checkingJournal: "checking the journal"
    case .readingRun: "reading the journal"
    case .reading(let export): "reading \(export)"
    case .deciding: "matching and deciding"
    case .comparingMemberships: "comparing memberships"
    case .ordering: "putting changes in order"
    case .sealing: "sealing the plan"
    case .writing: "writing"
    case .inspecting(let file): "reading \(file)"
    case .comparing: "comparing the files"
    case .exporting: "writing members"
    case .exportingTeams: "writing teams"
    case .replacingNames: "replacing values of people"
    case .reporting(let file): "writing \(file)"
    }
  }

  private static func amount(_ progress: JobProgress) -> String? {
    let noun = noun(of: progress.step)
    return switch (progress.done, progress.total) {
    case (0, nil): nil
    case (0, let total?): "\(grouped(total)) \(noun)"
    case (let done, nil): "\(grouped(done)) \(noun)"
    case (let done, let total?):
      "\(grouped(done)) of \(isEstimated(progress.step) ? "about " : "")\(grouped(total)) \(noun)"
    }
  }

  private static func noun(of step: JobProgress.Step) -> String {
    switch step {
    case .writing, .reporting: "changes"
    case .readingPlan: "MB"
    case .checkingJournal, .readingRun: "operations"
    case .sealing: "lines"
    case .exporting: "members"
    case .comparingMemberships, .exportingTeams: "teams"
    default: "records"
    }
  }

  /// How many records a file has is known when it has been read.
  private static func isEstimated(_ step: JobProgress.Step) -> Bool {
    switch step {
    case .reading, .inspecting, .comparing: true
    default: false
    }
  }

  /// `90` is `2 min`: an estimate needs no more.
  private static func duration(_ seconds: Int) -> String {
    seconds < 90 ? "\(seconds) s" : "\((seconds + 30) / 60) min"
  }

  /// The digits in groups of three: `1,204,000`.
  static func grouped(_ number: Int) -> String {
    let digits = String(number)
    var grouped = ""
    for (place, digit) in digits.enumerated() {
      if place > 0, (digits.count - place).isMultiple(of: 3) { grouped.append(",") }
      grouped.append(digit)
    }
    return grouped
  }
}

extension String {
  /// For people: an expression of several lines as one, with a blank where a line ended.
  var onOneLine: String {
    split(whereSeparator: \.isNewline).map { line in
      String(line.drop(while: \.isWhitespace))
    }.joined(separator: " ")
  }
}
