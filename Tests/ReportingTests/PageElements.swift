/// The elements of a page with their attributes, as a tokenizer of tags sees them.
///
/// Follows the states of the HTML standard (§13.2.5) that our page needs: text, tags,
/// attributes in quotes, and the raw text of `style`, `script` and `title`. Works on bytes, as all that matters is
/// ASCII.
struct PageElements: Equatable {
  /// `li class="good"`, `/li`, `!doctype html`, in the order of the page.
  var tags: [String] = []
  /// The text outside of tags, one entry per run.
  var texts: [String] = []

  init(_ page: String) {
    let bytes = Array(page.utf8)
    var offset = 0
    while let open = bytes[offset...].firstIndex(of: UInt8(ascii: "<")) {
      addText(bytes[offset..<open])
      offset = open + 1
      // A "<" that no letter, slash or mark follows is text.
      guard offset < bytes.count, Self.opensTag(bytes[offset]) else { continue }
      let end = Self.end(ofTag: bytes, from: offset)
      let tag = String(decoding: bytes[offset..<end], as: UTF8.self)
      tags.append(tag)
      offset = min(end + 1, bytes.count)
      for name in ["style", "script", "title"] where tag == name {
        let close = Array("</\(name)>".utf8)
        while offset < bytes.count, !bytes[offset...].starts(with: close) { offset += 1 }
      }
    }
    addText(bytes[offset...])
  }

  private mutating func addText(_ text: ArraySlice<UInt8>) {
    guard text.contains(where: { $0 > 0x20 }) else { return }
    texts.append(String(decoding: text, as: UTF8.self))
  }

  private static func opensTag(_ byte: UInt8) -> Bool {
    (byte | 0x20) &- UInt8(ascii: "a") < 26 || [0x2F, 0x21, 0x3F].contains(byte)
  }

  /// The `>` that ends the tag; one inside a quoted value does not.
  private static func end(ofTag bytes: [UInt8], from start: Int) -> Int {
    var quote: UInt8?
    for offset in start..<bytes.count {
      let byte = bytes[offset]
      if let open = quote {
        if byte == open { quote = nil }
      } else if byte == UInt8(ascii: ">") {
        return offset
      } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
        quote = byte
      }
    }
    return bytes.count
  }
}
