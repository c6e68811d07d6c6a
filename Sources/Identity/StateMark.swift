import Scanning

/// What a plan saw of a member or team, as text: apply refuses the plan when it is no longer so.
package enum StateMark {
  /// Fingerprint and standing; a member that somebody deactivated meanwhile is another one.
  package static func member(_ fingerprint: Fingerprint, _ standing: MemberStanding) -> String {
    hex(fingerprint) + "-" + String(standing.rawValue)
  }

  package static func team(_ fingerprint: Fingerprint) -> String { hex(fingerprint) }

  /// A membership that is there.
  package static let present = "present"

  private static func hex(_ fingerprint: Fingerprint) -> String {
    [fingerprint.high, fingerprint.low].map { word in
      let digits = String(word, radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }.joined()
  }
}
