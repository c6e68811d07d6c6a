package import Scanning

/// Several values of one attribute as the one text that images and plans hold.
///
/// ```
/// r2, r1, r2      ["r1","r2"]     each once, in the order of their bytes
/// nothing         an empty text
/// ```
///
/// SCIM gives the order of values no meaning, so two lists are the same if their values are: one text for both makes
/// them equal to whatever compares bytes.
package enum ListText {
  /// The text of these values; empty ones are none.
  package static func bytes(of values: some Sequence<[UInt8]>) -> [UInt8] {
    let sorted = Set(values).filter { !$0.isEmpty }.sorted { $0.lexicographicallyPrecedes($1) }
    guard !sorted.isEmpty else { return [] }
    var bytes = [UInt8(ascii: "[")]
    for (place, value) in sorted.enumerated() {
      if place > 0 { bytes.append(UInt8(ascii: ",")) }
      JSONValue.write(string: value.span, to: &bytes)
    }
    bytes.append(UInt8(ascii: "]"))
    return bytes
  }

  /// The values of such a text; nil for one that is none.
  package static func values(of bytes: [UInt8]) -> [String]? {
    guard let elements = (try? JSONParser.parse(bytes))?.elements else { return nil }
    let texts = elements.compactMap { element in
      if case .string(let text) = element { text } else { nil as String? }
    }
    return texts.count == elements.count ? texts : nil
  }

  /// The text of what stands in a resource: a list of texts, or of elements with a `value`; a lone text is a list of one.
  package static func bytes(of node: JSONValue) -> [UInt8] {
    guard let elements = node.elements else {
      return bytes(of: text(of: node).map { [Array($0.utf8)] } ?? [])
    }
    return bytes(
      of: elements.compactMap { element in
        text(of: element["value"] ?? element).map { Array($0.utf8) }
      })
  }

  private static func text(of value: JSONValue) -> String? {
    switch value {
    case .string(let text), .number(let text): text
    case .bool(let value): value ? "true" : "false"
    case .null, .array, .object: nil
    }
  }
}
