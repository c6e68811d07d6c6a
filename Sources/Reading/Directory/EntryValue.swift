#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// How Active Directory's binary and counted values read as text.
enum EntryValue {
  /// ```
  /// d8 aa 32 98 fe e4 6b 49 …        9832aad8-e4fe-496b-…
  /// ```
  ///
  /// - Returns: nil for anything but sixteen bytes.
  static func guid(_ bytes: ArraySlice<UInt8>) -> [UInt8]? {
    guard bytes.count == 16 else { return nil }
    let order = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15]
    var text: [UInt8] = []
    for (place, index) in order.enumerated() {
      if [4, 6, 8, 10].contains(place) { text.append(UInt8(ascii: "-")) }
      let byte = bytes[bytes.startIndex + index]
      text += [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
    }
    return text
  }

  /// `S-1-5-21-…` of its bytes (MS-DTYP §2.4.2); nil when they are none.
  static func sid(_ bytes: ArraySlice<UInt8>) -> [UInt8]? {
    let bytes = Array(bytes)
    guard bytes.count >= 8, bytes[0] == 1, bytes.count == 8 + 4 * Int(bytes[1]) else { return nil }
    let authority = bytes[2..<8].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    var text = "S-1-\(authority)"
    for start in stride(from: 8, to: bytes.count, by: 4) {
      let part = bytes[start..<start + 4].reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
      text += "-\(part)"
    }
    return Array(text.utf8)
  }

  /// What bit 2 of `userAccountControl` says of an account; nil when it is no number.
  static func isEnabled(_ accountControl: ArraySlice<UInt8>) -> Bool? {
    // Some tools write it as a signed number.
    Int64(String(decoding: accountControl, as: UTF8.self)).map { $0 & 2 == 0 }
  }

  /// A FILETIME as `2026-03-01T02:00:00Z`; empty for never, nil when it is no number.
  static func time(_ fileTime: ArraySlice<UInt8>) -> [UInt8]? {
    guard let ticks = Int64(String(decoding: fileTime, as: UTF8.self)), ticks >= 0 else {
      return nil
    }
    if ticks == 0 || ticks == Int64.max { return [] }
    let seconds = ticks / 10_000_000 - 11_644_473_600
    let date = Date(timeIntervalSince1970: TimeInterval(seconds))
    return Array(Date.ISO8601FormatStyle().format(date).utf8)
  }

  private static let digits = Array("0123456789abcdef".utf8)
}
