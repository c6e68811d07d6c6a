#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Texts that are written into room made for a whole line at once.
///
/// ```
/// bytes.append(addingCapacity: 8 + text.count * OutputText.escapeFactor) { out in
///   out.append(copying: #""name":""#)
///   out.append(escaping: text)            // as `JSONValue.write(string:to:)` has it, without the quotes
///   out.append(UInt8(ascii: "\""))
/// }
/// ```
///
/// An array asks for every byte that is added whether it has room and whether somebody shares it: a line of a plan is
/// made of a hundred pieces, and a first load has millions of lines.
package enum OutputText {
  /// How many bytes one byte of a text takes at most in JSON: `\u0001`.
  package static let escapeFactor = 6
}

extension OutputSpan where Element == UInt8 {
  /// Adds a copy of bytes that stand elsewhere.
  package mutating func append(copying bytes: Span<UInt8>) {
    precondition(bytes.count <= freeCapacity, "there is no room for the text")
    // SAFETY: there is room for as many bytes as are copied, and nobody else has the memory that is being filled.
    unsafe withUnsafeMutableBufferPointer { target, count in
      unsafe bytes.withUnsafeBufferPointer { source in
        guard let from = source.baseAddress, let to = target.baseAddress else { return }
        unsafe memcpy(to + count, from, source.count)
        count += source.count
      }
    }
  }

  /// Adds a text of the program.
  package mutating func append(copying text: StaticString) {
    precondition(text.utf8CodeUnitCount <= freeCapacity, "there is no room for the text")
    // SAFETY: as above; the text lives as long as the program.
    unsafe withUnsafeMutableBufferPointer { target, count in
      guard let to = target.baseAddress else { return }
      unsafe memcpy(to + count, text.utf8Start, text.utf8CodeUnitCount)
      count += text.utf8CodeUnitCount
    }
  }

  /// Adds the eight bytes of a number, the low one first.
  package mutating func append(littleEndian number: UInt64) {
    precondition(freeCapacity >= 8, "there is no room for the number")
    // SAFETY: there is room for eight bytes.
    unsafe withUnsafeMutableBufferPointer { target, count in
      guard let to = target.baseAddress else { return }
      unsafe UnsafeMutableRawPointer(to + count)
        .storeBytes(of: number.littleEndian, as: UInt64.self)
      count += 8
    }
  }

  /// Adds a number that is not negative as decimal digits.
  package mutating func append(decimal number: Int) {
    precondition(number >= 0, "a line or place is never negative")
    var digits: UInt64 = 0
    var (rest, length) = (number, 0)
    // Eight digits fit a word; hardly any number is longer.
    while rest > 9, length < 7 {
      let (next, digit) = rest.quotientAndRemainder(dividingBy: 10)
      digits = digits << 8 | UInt64(digit + 0x30)
      (rest, length) = (next, length + 1)
    }
    if rest > 9 { append(decimal: rest) } else { append(UInt8(rest + 0x30)) }
    for _ in 0..<length {
      append(UInt8(truncatingIfNeeded: digits))
      digits >>= 8
    }
  }

  /// Adds bytes that are UTF-8 as they stand in a JSON string, without its quotes.
  ///
  /// There must be room for `OutputText.escapeFactor` bytes for each.
  package mutating func append(escaping text: Span<UInt8>) {
    let room = text.count * OutputText.escapeFactor
    precondition(room <= freeCapacity, "there is no room for the text")
    // SAFETY: there is room for as many bytes as `escape` may write, and nobody else has that memory.
    unsafe withUnsafeMutableBufferPointer { target, count in
      unsafe text.withUnsafeBufferPointer { source in
        guard let from = source.baseAddress, let to = target.baseAddress else { return }
        count += unsafe JSONEscape.write(from, count: source.count, to: to + count)
      }
    }
  }

  /// Adds bytes that are UTF-8 as a JSON string.
  package mutating func append(quoting text: Span<UInt8>) {
    append(UInt8(ascii: "\""))
    append(escaping: text)
    append(UInt8(ascii: "\""))
  }
}

/// The spelling of texts in JSON, copied and looked through at the same time.
private enum JSONEscape {
  /// Writes `count` bytes from `source` on and returns how many they have become.
  ///
  /// `target` must have room for six times as many, and must not be the memory of `source`.
  static func write(
    _ source: UnsafePointer<UInt8>, count: Int, to target: UnsafeMutablePointer<UInt8>
  ) -> Int {
    // SAFETY: every load ends at `count` or before, every store before six times that.
    let (from, to) = unsafe (UnsafeRawPointer(source), UnsafeMutableRawPointer(target))
    var index = 0
    while index + 8 <= count {
      let word = unsafe from.loadUnaligned(fromByteOffset: index, as: UInt64.self)
      guard !JSONValue.mayNeedEscape(word) else { break }
      unsafe to.storeBytes(of: word, toByteOffset: index, as: UInt64.self)
      index += 8
    }
    if index == count { return count }
    if count >= 8, index + 8 > count {
      // The last eight bytes, some of them a second time.
      let word = unsafe from.loadUnaligned(fromByteOffset: count - 8, as: UInt64.self)
      if !JSONValue.mayNeedEscape(word) {
        unsafe to.storeBytes(of: word, toByteOffset: count - 8, as: UInt64.self)
        return count
      }
    }
    return unsafe writeByBytes(source, from: index, count: count, to: target)
  }

  /// The same for what stands behind `index`; as many bytes are written already.
  private static func writeByBytes(
    _ source: UnsafePointer<UInt8>, from index: Int, count: Int,
    to target: UnsafeMutablePointer<UInt8>
  ) -> Int {
    var end = index
    for place in index..<count {
      let byte = unsafe source[place]
      guard JSONValue.isEscaped(byte) else {
        unsafe target[end] = byte
        end += 1
        continue
      }
      JSONValue.eachByte(ofEscaped: byte) { written in
        unsafe target[end] = written
        end += 1
      }
    }
    return end
  }
}
