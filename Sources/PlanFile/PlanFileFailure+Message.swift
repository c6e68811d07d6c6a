// The only place with sentences about plan and approval files.

extension PlanFileFailure: CustomStringConvertible {
  /// The place, what is wrong there, and what to do.
  package var description: String {
    (line.map { "\(file):\($0): " } ?? "\(file): ") + reason.explanation
  }
}

extension PlanFileFailure.Reason {
  fileprivate var explanation: String {
    switch self {
    case .unreadable(let words): "The file cannot be read: \(words)"
    case .notAPlan: "This is not a plan; name the file that rollcall plan --out wrote."
    case .notAnApproval: "This is not an approval; name the file that rollcall approve wrote."
    case .notAnAttestation:
      "This is not an attestation; name the file that rollcall attest wrote."
    case .unknownVersion(let version, let known):
      "The file has format version \(version), and this program reads version \(known); "
        + "make it again with this program."
    case .noSeal:
      "The last line is no seal: the file was cut off, or something was appended to it. "
        + "Make the file again."
    case .damaged:
      "The file was changed after it was sealed, and nothing in it is believed. Make it again."
    case .wrongSeal:
      "The seal does not belong to this state: the file was made for another one, or forged. "
        + "Make it again against this state."
    case .lineTooLong(let limit, let fileBytes):
      "A line is longer than \(limit) bytes (the file has \(fileBytes)); this is not a file that "
        + "rollcall wrote."
    case .malformed(let problem): problem.explanation
    case .incomplete:
      "The file does not hold what its first line counts; lines are missing or were added. "
        + "Make it again."
    case .otherPlan(let approved, let given):
      "The approval is for the plan \(approved.quoted), not for \(given.quoted). Approve this plan."
    case .expired(let until, let now):
      "The approval ended \(now - until) seconds ago. Look at the plan again and approve it anew."
    case .unknownGuard(let name):
      "The approval names the guard \(name.quoted), which this program does not have. Approve the plan "
        + "again with this program."
    }
  }
}

extension LineProblem {
  fileprivate var explanation: String {
    let place = "Byte \(column) of the line: "
    return switch kind {
    case .expected(let text): place + "expected \(text). \(remedy)"
    case .badText: place + "a text that is not spelled as rollcall spells it. \(remedy)"
    case .badNumber: place + "a number that is not spelled as rollcall spells it. \(remedy)"
    case .unknownWord(let word): place + "the word \(word.quoted) is not known. \(remedy)"
    case .unknownAttribute:
      place + "an attribute that is none, or that the first line does not list. \(remedy)"
    case .outOfRange: place + "a value that cannot be. \(remedy)"
    case .outOfPlace(let kind, let last):
      place + "a line of kind \(kind.rawValue) does not stand "
        + (last.map { "after one of kind \($0.rawValue). " } ?? "at the beginning. ") + remedy
    }
  }

  private var remedy: String { "Files are not for editing; make the file again." }
}

extension String {
  /// A text of the file in a message: one line, and not all of it.
  fileprivate var quoted: String {
    let shown = unicodeScalars.prefix(80).map {
      $0.properties.generalCategory == .control ? "?" : String($0)
    }
    return "“" + shown.joined() + (unicodeScalars.count > 80 ? "…" : "") + "”"
  }
}
