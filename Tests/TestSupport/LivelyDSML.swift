/// Seeded documents of DSML with all that may stand in one: prefixes, CDATA, references to characters, comments,
/// instructions, elements that nobody knows, values in base64, and, if asked for, damage.
package struct LivelyDSML {
  private var random: SeededGenerator
  /// Whether elements may stand so deep in one another that the reading ends.
  private let goesDeep: Bool

  package init(seed: UInt64, goesDeep: Bool = true) {
    random = SeededGenerator(seed: seed)
    self.goesDeep = goesDeep
  }

  /// A document of some entries.
  package mutating func document(entries: Int) -> [UInt8] {
    var text = one(["", "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"])
    text += "<batchResponse xmlns=\"urn:oasis:names:tc:DSML:2:0:core\" xmlns:d=\"urn:d\""
    text += " xmlns:xsd=\"urn:xsd\" xmlns:xsi=\"urn:xsi\">" + space
    for _ in 0..<entries { text += entry + space }
    text += "<searchResultDone><resultCode code=\"0\"/></searchResultDone></batchResponse>"
    return Array(text.utf8)
  }

  /// The same, of which some bytes are missing or others than they were.
  package mutating func damaged(_ document: [UInt8]) -> [UInt8] {
    var text = document
    guard !text.isEmpty else { return text }
    switch Int.random(in: 0..<4, using: &random) {
    case 0: text.removeSubrange(Int.random(in: 0..<text.count, using: &random)...)
    case 1:
      let bit = Int.random(in: 0..<text.count * 8, using: &random)
      text[bit / 8] ^= 1 << (bit % 8)
    case 2:
      let place = Int.random(in: 0..<text.count, using: &random)
      text.removeSubrange(place..<min(text.count, place + Int.random(in: 1...9, using: &random)))
    default:
      let words = ["&nobody;", "<", "</value>", "<!DOCTYPE a>", "]]>", "\u{1}", "<a>", "&"]
      text.insert(
        contentsOf: one(words).utf8, at: Int.random(in: 0..<text.count, using: &random))
    }
    return text
  }

  private mutating func one(_ texts: [String]) -> String {
    texts[Int.random(in: 0..<texts.count, using: &random)]
  }

  private mutating func happens(_ chance: Int) -> Bool {
    Int.random(in: 0..<100, using: &random) < chance
  }

  private var space: String {
    mutating get { one(["", "\n", "  ", "\r\n\t", "<!-- a <comment> -->", "<?an instruction?>"]) }
  }

  private var entry: String {
    mutating get {
      let names = [
        "dn=\"uid=ann,dc=x\"", "dn='cn=\"Bö\" &amp; co,dc=x'", "d:dn=\"uid=c\"", "dn=\"\"",
        "dn=\"uid=d\" d:dn=\"uid=e\"", "", "dn=\"&#x41;b&lt;\"\n requestID=\"1\"",
      ]
      let prefix = one(["", "", "", "d:"])
      let head = "<\(prefix)searchResultEntry " + one(happens(80) ? Array(names[..<2]) : names)
      if happens(5) { return head + "/>" }
      var text = head + ">" + space
      for _ in 0..<Int.random(in: 0...8, using: &random) { text += content + space }
      return text + "</\(prefix)searchResultEntry>"
    }
  }

  private var content: String {
    mutating get {
      switch Int.random(in: 0..<20, using: &random) {
      case 0:
        return unknown(depth: goesDeep && happens(3) ? 70 : Int.random(in: 1...4, using: &random))
      case 1: return value
      case 2: return "stray text"
      case 3: return one(["<attr/>", "<attr name=\"empty\"/>", "<attr><value>x</value></attr>"])
      default: return attribute
      }
    }
  }

  private func unknown(depth: Int) -> String {
    String(repeating: "<d:what name=\"x\">", count: depth) + "y"
      + String(repeating: "</d:what>", count: depth)
  }

  private var attribute: String {
    mutating get {
      let names = [
        "uid", "cn", "mail", "objectClass", "member;range=0-1", "jpegPhoto;binary", "a&amp;b", "",
        "objectGUID", "x\(Int.random(in: 0..<90, using: &random))",
      ]
      let prefix = one(["", "", "", "d:"])
      var text = "<\(prefix)attr name=\"\(one(names))\">" + space
      for _ in 0..<Int.random(in: 0...3, using: &random) { text += value + space }
      return text + "</\(prefix)attr>"
    }
  }

  private var value: String {
    mutating get {
      let types = [
        "xsd:base64Binary", "base64Binary", "a:b:anyURI", ":", "xsd:string", "", "anyURI:",
      ]
      let prefix = one(["", "", "", "d:"])
      let type = happens(75) ? "" : " xsi:type=\"\(one(types))\""
      if happens(5) { return "<\(prefix)value\(type)/>" }
      var text = "<\(prefix)value\(type)>"
      for _ in 0..<Int.random(in: 0...3, using: &random) { text += piece }
      return text + "</\(prefix)value>"
    }
  }

  private var piece: String {
    mutating get {
      let pieces = [
        "Ann", "a &amp; b", "&lt;x&gt;", "&#233;&#x1F600;", "東京", " ", "\n  ", "\r\n x", "QW5u",
        "QW 5u\n", "<![CDATA[<y> & z]]>", "<![CDATA[]]>", "<![CDATA[ ]]>", "<!-- no -->", "<?no?>",
        "inetOrgPerson", "top",
      ]
      if happens(2) { return unknown(depth: 1) }
      if happens(3) { return String(repeating: "long ", count: happens(10) ? 20_000 : 30) }
      return one(pieces)
    }
  }
}
