import Scanning

/// An entry of DSML and its values, as texts.
struct PlainEntry: Hashable {
  struct Value: Hashable {
    let name: String
    let value: [UInt8]
    let form: XMLValues.Item.Form
  }

  var name: [UInt8] = []
  var values: [Value] = []
  var problem: XMLEntry.Problem?
}

/// Reads entries of DSML node by node: the slow twin of `XMLReader.entry`.
struct ReferenceDSML {
  let xml: XMLReader
  let valueLimit: Int
  let recordLimit: Int

  private var entry = PlainEntry()
  /// Bytes of the entry so far, which its limit is about.
  private var length = 0
  private var attribute: [UInt8] = []
  private var value: [UInt8]?
  private var form = XMLValues.Item.Form.text

  init(_ xml: XMLReader, valueLimit: Int, recordLimit: Int) {
    self.xml = xml
    self.valueLimit = valueLimit
    self.recordLimit = recordLimit
  }

  /// The entry at whose element the reader stands; nil when it is beyond its limit.
  mutating func read(isEmpty: Bool) throws(XMLFailure) -> PlainEntry? {
    entry = PlainEntry()
    (attribute, value) = ([], nil)
    if let name = last("dn") { entry.name = name } else { entry.problem = .noName }
    length = entry.name.count
    var open = isEmpty ? 0 : 1
    while open > 0, length <= recordLimit {
      guard let node = try xml.next() else { throw XMLFailure(kind: .cut, line: 0) }
      switch node {
      case .text: takeText()
      case .element(let isEmpty):
        takeElement(isEmpty: isEmpty)
        if !isEmpty { open += 1 }
      case .end:
        if value != nil { endValue() }
        open -= 1
      }
    }
    return length > recordLimit ? nil : entry
  }

  private mutating func takeText() {
    guard var text = value else { return }
    let before = text.count
    xml.appendValue(to: &text)
    length += text.count - before
    value = text
    if text.count > valueLimit { fail(.valueTooLong) }
  }

  private mutating func takeElement(isEmpty: Bool) {
    if value != nil {
      fail(.elementInValue)
      value = nil
    }
    let name = String(decoding: xml.localName, as: UTF8.self)
    if name == "attr" {
      attribute = last("name") ?? []
      length += attribute.count
    }
    guard name == "value" else { return }
    let type = (last("type") ?? []).split(separator: UInt8(ascii: ":")).last ?? []
    form =
      switch String(decoding: type, as: UTF8.self) {
      case "base64Binary": .base64
      case "anyURI": .location
      default: .text
      }
    value = []
    if isEmpty { endValue() }
  }

  private mutating func endValue() {
    let text = value ?? []
    value = nil
    length += max(0, 16 - text.count)
    entry.values.append(
      .init(name: String(decoding: attribute, as: UTF8.self), value: text, form: form))
  }

  private mutating func fail(_ problem: XMLEntry.Problem) {
    entry.problem = entry.problem ?? problem
  }

  /// The value of the last attribute with this local name.
  private func last(_ name: String) -> [UInt8]? {
    var found: [UInt8]?
    while xml.nextAttribute() {
      guard xml.localName == Array(name.utf8) else { continue }
      var value: [UInt8] = []
      xml.appendValue(to: &value)
      found = value
    }
    return found
  }
}
