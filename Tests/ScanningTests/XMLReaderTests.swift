import Scanning
import Testing

struct XMLReaderTests {
  @Test func nodesComeOneByOneWithLocalNames() throws {
    let steps = try steps(
      "<?xml version=\"1.0\"?>\n<wd:a xmlns:wd=\"urn:x\">\n <b c='1' wd:d='&lt;'>x &amp; "
        + "<![CDATA[<y>]]></b><e/></wd:a>")
    #expect(steps == ["<a>", "<b c=1 d=<>", "x & ", "<y>", "</b>", "<e/>", "</a>"])
  }

  @Test(arguments: [
    ("<a><b>x</b>", XMLFailure.Kind.cut), ("", .cut), ("<a></b>", .notWellFormed),
    ("<a>&none;</a>", .notWellFormed), ("<a>\u{1}</a>", .notWellFormed),
    ("<!DOCTYPE a><a/>", .documentType),
    ("<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><a>&x;</a>", .documentType),
    ("<!DOCTYPE a SYSTEM \"http://127.0.0.1:9/a.dtd\"><a/>", .documentType),
    (String(repeating: "<a>", count: 100), .tooDeep), (String(repeating: "<a>", count: 50), .cut),
    ("<a/><b/>          ", .notWellFormed), ("<a/>x            ", .notWellFormed),
  ])
  func whatCannotBeReadSaysWhy(text: String, kind: XMLFailure.Kind) {
    let failure = #expect(throws: XMLFailure.self) { try steps(text) }
    #expect(failure?.kind == kind)
  }

  /// A billion laughs in ten lines: refused before the first is heard.
  @Test func entitiesAreNeverExpanded() {
    var text = "<!DOCTYPE a [<!ENTITY e0 \"ha\">"
    for level in 1..<10 {
      let inner = String(repeating: "&e\(level - 1);", count: 10)
      text += "<!ENTITY e\(level) \"\(inner)\">"
    }
    text += "]><a>&e9;</a>"
    let clock = ContinuousClock()
    let time = clock.measure {
      #expect(throws: XMLFailure(kind: .documentType, line: 1)) { try steps(text) }
    }
    #expect(time < .seconds(1))
  }

  @Test func hugeTextsEnd() throws {
    let failure = #expect(throws: XMLFailure.self) {
      try steps("<a>" + String(repeating: "x", count: 11_000_000) + "</a>", piece: 1 << 20)
    }
    #expect(failure != nil)
  }

  @Test func linesAreThoseOfTheNodes() throws {
    let text = Array("<a>\n<b/>\n\n<c/>\n</a>".utf8)
    var isGiven = false
    let xml = try XMLReader { bytes in
      if !isGiven { bytes = text }
      defer { isGiven = true }
      return bytes.count
    }
    var lines: [Int] = []
    while let node = try xml.next() {
      if case .element = node { lines.append(xml.line) }
    }
    #expect(lines == [1, 2, 4])
  }

  @Test func aSourceThatFailsEndsIt() throws {
    let xml = try XMLReader { _ in nil }
    let failure = #expect(throws: XMLFailure.self) { try xml.next() }
    #expect(failure?.kind == .input)
  }

  private func steps(_ text: String, piece: Int = 7) throws -> [String] {
    var rest = Array(text.utf8)[...]
    let xml = try XMLReader { bytes in
      bytes = Array(rest.prefix(piece))
      rest = rest.dropFirst(piece)
      return bytes.count
    }
    var steps: [String] = []
    while let node = try xml.next() {
      let name = String(decoding: xml.localName, as: UTF8.self)
      switch node {
      case .element(let isEmpty):
        var step = "<" + name
        while xml.nextAttribute() {
          var value: [UInt8] = []
          let attribute = String(decoding: xml.localName, as: UTF8.self)
          xml.appendValue(to: &value)
          if attribute == "wd" { continue }
          step += " \(attribute)=\(String(decoding: value, as: UTF8.self))"
        }
        steps.append(step + (isEmpty ? "/>" : ">"))
      case .end: steps.append("</\(name)>")
      case .text:
        var value: [UInt8] = []
        xml.appendValue(to: &value)
        steps.append(String(decoding: value, as: UTF8.self))
      }
    }
    return steps
  }
}
