/// The elements of a page with their attributes, as a tokenizer of tags sees them.
///
/// Follows the states of the HTML standard (§13.2.5) that a page without script needs: text, tags,
/// attributes in quotes, comments, and the raw text of `style` and `title`.
struct PageElements: Equatable {
  /// `li class="good"`, `/li`, `!--`, in the order of the page.
  var tags: [String] = []
  /// The text outside of tags, one entry per run.
  var texts: [String] = []

  init(_ page: String) {
    var rest = Array(page.unicodeScalars)[...]
    while let open = rest.firstIndex(of: "<") {
      addText(rest[..<open])
      rest = rest[rest.index(after: open)...]
      guard let first = rest.first, first == "/" || first == "!" || first == "?" || first.isLetter
      else {
        // A lone "<" is text.
        continue
      }
      let tag = Self.tag(&rest)
      tags.append(tag)
      for name in ["style", "title"] where tag == name || tag.hasPrefix(name + " ") {
        let end = Array("</\(name)>".unicodeScalars)
        while !rest.isEmpty, !rest.starts(with: end) { rest = rest.dropFirst() }
      }
    }
    addText(rest)
  }

  private mutating func addText(_ text: ArraySlice<Unicode.Scalar>) {
    let words = String(String.UnicodeScalarView(text))
    if words.contains(where: { !$0.isWhitespace }) { texts.append(words) }
  }

  /// Everything up to the `>` that ends the tag; one inside a quoted value does not.
  private static func tag(_ rest: inout ArraySlice<Unicode.Scalar>) -> String {
    var tag = String.UnicodeScalarView()
    var quote: Unicode.Scalar?
    while let scalar = rest.popFirst() {
      if let open = quote {
        if scalar == open { quote = nil }
      } else if scalar == ">" {
        break
      } else if scalar == "\"" || scalar == "'" {
        quote = scalar
      }
      tag.append(scalar)
    }
    return String(tag)
  }
}

extension Unicode.Scalar {
  fileprivate var isLetter: Bool { ("a"..."z").contains(self) || ("A"..."Z").contains(self) }
}
