/// The encodings an export may be written in; all of them are read as UTF-8.
package enum TextEncoding: String, Sendable, Hashable, CaseIterable {
  case utf8 = "UTF-8"
  case utf16LittleEndian = "UTF-16LE"
  case utf16BigEndian = "UTF-16BE"
  case windows1252 = "Windows-1252"

  /// What a byte order mark says, and how long the mark is.
  package static func marked(by bytes: some Collection<UInt8>) -> (TextEncoding, Int)? {
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { return (.utf8, 3) }
    if bytes.starts(with: [0xFF, 0xFE]) { return (.utf16LittleEndian, 2) }
    if bytes.starts(with: [0xFE, 0xFF]) { return (.utf16BigEndian, 2) }
    return nil
  }
}

/// Turns pieces of a file into UTF-8, piece by piece.
///
/// What has no UTF-8 form must not get lost or be repaired, so that the record it stands in can be
/// set aside: half of a surrogate pair becomes three bytes as in WTF-8, and half a code unit at the
/// end of the file the byte 0xFF. Neither is UTF-8, and each still tells how many bytes it was.
package struct Transcoder: Sendable {
  private let encoding: TextEncoding
  /// The first byte of a code unit whose second one is in the next piece.
  private var oddByte: UInt8?
  /// The first half of a pair whose second one is in the next piece.
  private var highSurrogate: UInt16?

  package init(_ encoding: TextEncoding) {
    precondition(encoding != .utf8, "UTF-8 needs no transcoding")
    self.encoding = encoding
  }

  /// Appends `piece` as UTF-8.
  package mutating func append(_ piece: Span<UInt8>, to text: inout [UInt8]) {
    if encoding == .windows1252 {
      for index in piece.indices { Self.append(windows1252: piece[index], to: &text) }
      return
    }
    var index = 0
    if let first = oddByte, piece.count > 0 {
      oddByte = nil
      append(unit: unit(first, piece[0]), to: &text)
      index = 1
    }
    while index + 1 < piece.count {
      append(unit: unit(piece[index], piece[index + 1]), to: &text)
      index += 2
    }
    if index < piece.count { oddByte = piece[index] }
  }

  /// Appends what was still waiting for its other half.
  package mutating func finish(into text: inout [UInt8]) {
    if let high = highSurrogate { Self.append(scalar: UInt32(high), to: &text) }
    if oddByte != nil { text.append(0xFF) }
    highSurrogate = nil
    oddByte = nil
  }

  /// How many bytes of the original the UTF-8 in `text` came from.
  package static func originalLength(
    of text: Span<UInt8>, in encoding: TextEncoding
  ) -> Int {
    if encoding == .utf8 { return text.count }
    var length = 0
    for index in text.indices {
      let byte = text[index]
      if byte == 0xFF {
        length += 1
      } else if byte & 0xC0 != 0x80 {
        length += encoding == .windows1252 ? 1 : byte >= 0xF0 ? 4 : 2
      }
    }
    return length
  }

  private func unit(_ first: UInt8, _ second: UInt8) -> UInt16 {
    encoding == .utf16LittleEndian
      ? UInt16(first) | UInt16(second) << 8 : UInt16(second) | UInt16(first) << 8
  }

  @inline(__always)
  private mutating func append(unit: UInt16, to text: inout [UInt8]) {
    if unit < 0x80, highSurrogate == nil {
      text.append(UInt8(truncatingIfNeeded: unit))
    } else {
      appendRare(unit: unit, to: &text)
    }
  }

  private mutating func appendRare(unit: UInt16, to text: inout [UInt8]) {
    if let high = highSurrogate {
      highSurrogate = nil
      if unit & 0xFC00 == 0xDC00 {
        let scalar = 0x10000 + (UInt32(high & 0x3FF) << 10 | UInt32(unit & 0x3FF))
        Self.append(scalar: scalar, to: &text)
        return
      }
      Self.append(scalar: UInt32(high), to: &text)
    }
    if unit & 0xFC00 == 0xD800 {
      highSurrogate = unit
    } else {
      Self.append(scalar: UInt32(unit), to: &text)
    }
  }

  /// Writes a number as UTF-8 would, surrogates too.
  private static func append(scalar: UInt32, to text: inout [UInt8]) {
    func continuation(_ shift: UInt32) -> UInt8 {
      UInt8(0x80 | (scalar >> shift) & 0x3F)
    }
    switch scalar {
    case ..<0x80:
      text.append(UInt8(scalar))
    case ..<0x800:
      text.append(UInt8(0xC0 | scalar >> 6))
      text.append(continuation(0))
    case ..<0x10000:
      text.append(UInt8(0xE0 | scalar >> 12))
      text.append(continuation(6))
      text.append(continuation(0))
    default:
      text.append(UInt8(0xF0 | scalar >> 18))
      text.append(continuation(12))
      text.append(continuation(6))
      text.append(continuation(0))
    }
  }

  @inline(__always)
  private static func append(windows1252 byte: UInt8, to text: inout [UInt8]) {
    if byte < 0x80 {
      text.append(byte)
    } else if byte >= 0xA0 {
      append(scalar: UInt32(byte), to: &text)
    } else {
      append(scalar: windows1252Upper[Int(byte) - 0x80], to: &text)
    }
  }

  /// 0x80...0x9F (WHATWG Encoding, index windows-1252; the five holes are the C1 controls there too).
  private static let windows1252Upper: [UInt32] = [
    0x20AC, 0x0081, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
    0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x008D, 0x017D, 0x008F,
    0x0090, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
    0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x009D, 0x017E, 0x0178,
  ]
}
