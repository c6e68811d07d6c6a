/// What rows of generated files are made of, appended to a buffer without a `String` in between.
extension [UInt8] {

  /// Appends decimal digits, with zeros in front up to `width`.
  mutating func appendDecimal(_ number: Int, width: Int = 1) {
    var divisor = 1
    var digits = 1
    while digits < width || number / divisor >= 10 {
      divisor *= 10
      digits += 1
    }
    while divisor > 0 {
      append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number / divisor % 10))
      divisor /= 10
    }
  }

  /// Appends `2f1c07a1-5d3e-4b8a-9c0d-…`: an UUID of version 4 made of 128 given bits.
  mutating func appendIdentifier(_ high: UInt64, _ low: UInt64) {
    let first = high & ~0xF000 | 0x4000
    let second = low & ~(0xC000 << 48) | 0x8000 << 48
    appendHexadecimal(first >> 32, digits: 8)
    append(UInt8(ascii: "-"))
    appendHexadecimal(first >> 16, digits: 4)
    append(UInt8(ascii: "-"))
    appendHexadecimal(first, digits: 4)
    append(UInt8(ascii: "-"))
    appendHexadecimal(second >> 48, digits: 4)
    append(UInt8(ascii: "-"))
    appendHexadecimal(second, digits: 12)
  }

  /// Appends a time between 2015 and 2024 as `8/19/2021 1:25:31 PM`.
  mutating func appendMoment(_ random: UInt64) {
    var numbers = SeededNumbers(random)
    appendDecimal(1 + numbers.below(12))
    append(UInt8(ascii: "/"))
    appendDecimal(1 + numbers.below(28))
    append(UInt8(ascii: "/"))
    appendDecimal(2015 + numbers.below(10))
    append(UInt8(ascii: " "))
    appendDecimal(1 + numbers.below(12))
    append(UInt8(ascii: ":"))
    appendDecimal(numbers.below(60), width: 2)
    append(UInt8(ascii: ":"))
    appendDecimal(numbers.below(60), width: 2)
    append(UInt8(ascii: " "))
    append(UInt8(ascii: numbers.happens(500) ? "A" : "P"))
    append(UInt8(ascii: "M"))
  }

  /// Appends one CSV cell: quoted, with its quotes doubled, where RFC 4180 §2 asks for it or always.
  mutating func appendCell(_ text: String, alwaysQuoted: Bool = false) {
    let special: [UInt8] = [0x22, 0x2C, 0x0A, 0x0D]
    guard alwaysQuoted || text.utf8.contains(where: { special.contains($0) }) else {
      append(contentsOf: text.utf8)
      return
    }
    append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      if byte == UInt8(ascii: "\"") { append(byte) }
      append(byte)
    }
    append(UInt8(ascii: "\""))
  }

  private mutating func appendHexadecimal(_ value: UInt64, digits: Int) {
    for digit in stride(from: digits - 1, through: 0, by: -1) {
      let nibble = UInt8(truncatingIfNeeded: value >> UInt64(4 * digit)) & 15
      append(nibble < 10 ? UInt8(ascii: "0") + nibble : UInt8(ascii: "a") + nibble - 10)
    }
  }
}
