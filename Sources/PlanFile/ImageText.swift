import Identity
import Scanning

/// Writes images as JSON objects into room that is there already.
///
/// ```
/// let text = lines.text
/// line.append(room: text.room(for: image)) { text.write(image, to: &$0) }
/// {"active":true,"title":null,"userName":"ann"}
/// ```
struct ImageText: Sendable {
  /// Every name as a JSON string, between a comma and a colon.
  private let names: [UInt8]
  /// Where each of them ends.
  private let ends: [Int]
  private let areBoolean: [Bool]

  init(names: [UInt8], ends: [Int], areBoolean: [Bool]) {
    self.names = names
    self.ends = ends
    self.areBoolean = areBoolean
  }

  /// How many bytes the text of an image has at most.
  ///
  /// In an image each value comes with two bytes or more, whose share is room enough for quotes, or `null`.
  func room(for image: AttributeImage) -> Int {
    names.count + OutputText.escapeFactor * image.packed.count + 2
  }

  func write(_ image: AttributeImage, to out: inout OutputSpan<UInt8>) {
    let (values, names) = (image.bytes.span, names.span)
    let (ends, areBoolean) = (ends.span, areBoolean.span)
    out.append(UInt8(ascii: "{"))
    var steps = image.steps
    var isFirst = true
    while let (index, range) = steps.next(in: values) {
      let start = index == 0 ? 0 : ends[index - 1]
      out.append(copying: names.extracting((isFirst ? start + 1 : start)..<ends[index]))
      isFirst = false
      let value = values.extracting(range)
      if value.isEmpty {
        out.append(copying: "null")
      } else if areBoolean[index], value.holds("true") || value.holds("false") {
        // A boolean attribute's `true` and `false` are JSON booleans; every other value is a string.
        out.append(copying: value)
      } else {
        out.append(quoting: value)
      }
    }
    out.append(UInt8(ascii: "}"))
  }
}

extension Span<UInt8> {
  /// Whether these bytes are the text's.
  fileprivate func holds(_ text: StaticString) -> Bool {
    guard count == text.utf8CodeUnitCount else { return false }
    var place = 0
    for byte in text.description.utf8 {
      guard self[place] == byte else { return false }
      place += 1
    }
    return true
  }
}
