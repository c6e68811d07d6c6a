import Identity
import Scanning

/// The bytes of JSON lines, written member by member in a fixed order.
///
/// ```
/// {"presence":"0b0e…"}␤
/// {"input":{"export":"people","file":"users.csv",…}}␤
/// ```
///
/// There is exactly one spelling of every value: no white space, only what must be escaped escaped
/// (`JSONValue.write(string:to:)`). `LineScanner` reads exactly this spelling and no other.
struct LineWriter {
  private(set) var bytes: [UInt8] = []

  /// Writes one whole line: an object whose only member is called after the kind of line.
  mutating func line(_ kind: PlanLineKind, _ body: (inout LineWriter) -> Void) {
    object { $0.member(kind.rawValue, writing: body) }
    bytes.append(UInt8(ascii: "\n"))
  }

  mutating func line(_ kind: PlanLineKind, _ value: some LineValue) {
    line(kind) { value.write(to: &$0) }
  }

  mutating func object(_ body: (inout LineWriter) -> Void) {
    bytes.append(UInt8(ascii: "{"))
    body(&self)
    bytes.append(UInt8(ascii: "}"))
  }

  mutating func member(_ name: String, _ value: some LineValue) {
    member(name) { value.write(to: &$0) }
  }

  /// A member whose value `body` writes; the name must need no escapes.
  mutating func member(_ name: String, writing body: (inout LineWriter) -> Void) {
    separate()
    bytes.append(UInt8(ascii: "\""))
    bytes.append(contentsOf: name.utf8)
    bytes.append(UInt8(ascii: "\""))
    bytes.append(UInt8(ascii: ":"))
    body(&self)
  }

  mutating func array<Element>(
    _ elements: [Element], _ body: (Element, inout LineWriter) -> Void
  ) {
    bytes.append(UInt8(ascii: "["))
    for element in elements {
      separate()
      body(element, &self)
    }
    bytes.append(UInt8(ascii: "]"))
  }

  /// The comma before all but the first member or element: no value ends in an opening bracket.
  mutating func separate() {
    guard let last = bytes.last, last != UInt8(ascii: "{"), last != UInt8(ascii: "[") else {
      return
    }
    bytes.append(UInt8(ascii: ","))
  }

  mutating func text(_ text: String.UTF8View) {
    JSONValue.write(string: text, to: &bytes)
  }

  /// Writes bytes that are UTF-8.
  mutating func text(_ text: ArraySlice<UInt8>) {
    JSONValue.write(string: text.span, to: &bytes)
  }

  mutating func text(_ text: Span<UInt8>) {
    JSONValue.write(string: text, to: &bytes)
  }

  mutating func id(_ id: ResourceID) {
    if id.isUUID {
      bytes.append(UInt8(ascii: "\""))
      id.append(to: &bytes)
      bytes.append(UInt8(ascii: "\""))
    } else {
      text(id.description.utf8)
    }
  }

  mutating func raw(_ text: String.UTF8View) {
    bytes.append(contentsOf: text)
  }

  mutating func raw(_ text: [UInt8]) {
    bytes += text
  }

  mutating func raw(_ text: Span<UInt8>) {
    JSONValue.append(text, to: &bytes)
  }

  /// Has `body` write where there is room for as many bytes.
  mutating func append(room: Int, _ body: (inout OutputSpan<UInt8>) -> Void) {
    bytes.append(addingCapacity: room, initializingWith: body)
  }

  /// Makes room for many lines at once.
  mutating func reserve(_ room: Int) { bytes.reserveCapacity(room) }

  /// Forgets what has been passed on and keeps the memory.
  mutating func clear() {
    bytes.removeAll(keepingCapacity: true)
  }
}
