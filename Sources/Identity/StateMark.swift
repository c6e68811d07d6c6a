import Scanning

/// What a plan saw of a member or team, as text: apply refuses the plan when it is no longer so.
package enum StateMark {
  /// Fingerprint and standing; a member that somebody deactivated meanwhile is another one.
  package static func member(_ fingerprint: Fingerprint, _ standing: MemberStanding) -> String {
    var text = hex(fingerprint)
    text.append(UInt8(ascii: "-"))
    text += String(standing.rawValue).utf8
    return String(decoding: text, as: UTF8.self)
  }

  package static func team(_ fingerprint: Fingerprint) -> String {
    String(decoding: hex(fingerprint), as: UTF8.self)
  }

  /// A membership that is there.
  package static let present = "present"

  private static func hex(_ fingerprint: Fingerprint) -> [UInt8] {
    var text: [UInt8] = []
    text.reserveCapacity(36)
    for word in [fingerprint.high, fingerprint.low] {
      for shift in stride(from: 60, through: 0, by: -4) {
        let digit = UInt8(truncatingIfNeeded: word >> UInt64(shift)) & 15
        text.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
      }
    }
    return text
  }
}
