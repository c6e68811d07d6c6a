import Identity

/// Writes and reads the managed values of members or of teams, by the paths of one attribute set.
///
/// ```
/// image    {"active":true,"title":null,"userName":"ann"}     null: clear
/// change   {"attribute":"title","before":"Buyer","after":null}     null: has none
/// ```
///
/// A change may be of an attribute that is not in the set: who comes back is made active though the
/// policy does not map that. Such a change names its kind: `{"attribute":"active","kind":"boolean",…}`.
///
/// A class, because every line of a plan passes it on, on all cores: three counts of references would be raised and
/// lowered for each.
final class AttributeLines: Sendable {
  private let set: AttributeSet
  /// Each path as a JSON string.
  private let names: [[UInt8]]
  private let managed: Set<ManagedAttribute>
  /// The same names one after the other, each between a comma and a colon, with the ends of each: what several threads
  /// write from holds nothing that is counted, because counters that two threads touch cost more than the writing.
  private let nameText: [UInt8]
  private let nameEnds: [Int]
  private let areBoolean: [Bool]

  init(_ set: AttributeSet) {
    self.set = set
    names = set.attributes.map { attribute in
      var name = LineWriter()
      name.text(attribute.path.description.utf8)
      return name.bytes
    }
    managed = Set(set.attributes)
    nameText = names.flatMap { [UInt8(ascii: ",")] + $0 + [UInt8(ascii: ":")] }
    var end = 0
    nameEnds = names.map { name in
      end += name.count + 2
      return end
    }
    areBoolean = set.attributes.map { $0.kind == .boolean }
  }

  func write(_ image: AttributeImage, to line: inout LineWriter) {
    let text = text
    line.append(room: text.room(for: image)) { text.write(image, to: &$0) }
  }

  /// What images are written with: to be asked for once, for many of them.
  var text: ImageText { ImageText(names: nameText, ends: nameEnds, areBoolean: areBoolean) }

  func image(from line: inout LineScanner) throws(LineProblem) -> AttributeImage {
    var image = AttributeImage()
    var rest = names.indices
    try line.open()
    while !line.take("}") {
      try line.separate()
      guard let index = rest.first(where: { line.take(names[$0]) }) else {
        throw line.problem(.unknownAttribute)
      }
      rest = rest[(index + 1)...]
      try line.expect(":")
      if line.take("null") {
        image.append(AttributeID(index), [])
      } else {
        let text = try text(of: set.attributes[index].kind, from: &line)
        guard !text.isEmpty else { throw line.problem(.expected("null")) }
        image.append(AttributeID(index), text.utf8)
      }
    }
    return image
  }

  func write(_ changes: [AttributeChange], to line: inout LineWriter) {
    line.array(changes) { change, line in
      let attribute = change.attribute
      line.object { line in
        line.member("attribute", attribute.path)
        if !managed.contains(attribute) { line.member("kind", attribute.kind) }
        line.member("before") { write(change.before, of: attribute.kind, to: &$0) }
        line.member("after") { write(change.after, of: attribute.kind, to: &$0) }
      }
    }
  }

  func changes(from line: inout LineScanner) throws(LineProblem) -> [AttributeChange] {
    try line.array { (line) throws(LineProblem) in
      try line.open()
      try line.name("attribute")
      let attribute = try attribute(from: &line)
      try line.name("before")
      let before = try optionalText(of: attribute.kind, from: &line)
      try line.name("after")
      let after = try optionalText(of: attribute.kind, from: &line)
      try line.close()
      return AttributeChange(attribute: attribute, before: before, after: after)
    }
  }

  private func attribute(from line: inout LineScanner) throws(LineProblem) -> ManagedAttribute {
    let path: AttributePath
    if let index = names.firstIndex(where: { line.take($0) }) {
      guard line.hasNext(",\"kind\":") else { return set.attributes[index] }
      path = set.attributes[index].path
    } else {
      path = try .read(from: &line)
    }
    let attribute = ManagedAttribute(path: path, kind: try line.member("kind"))
    guard !managed.contains(attribute) else { throw line.problem(.expected("\"before\":")) }
    return attribute
  }

  private func write(
    _ value: String?, of kind: ManagedAttribute.Kind, to line: inout LineWriter
  ) {
    guard let value else {
      line.raw("null".utf8)
      return
    }
    if kind == .boolean, value == "true" || value == "false" {
      line.raw(value.utf8)
    } else {
      line.text(value.utf8)
    }
  }

  private func text(
    of kind: ManagedAttribute.Kind, from line: inout LineScanner
  ) throws(LineProblem) -> String {
    guard kind == .boolean else { return try line.text() }
    if line.take("true") { return "true" }
    if line.take("false") { return "false" }
    let text = try line.text()
    guard text != "true", text != "false" else { throw line.problem(.expected(text)) }
    return text
  }

  private func optionalText(
    of kind: ManagedAttribute.Kind, from line: inout LineScanner
  ) throws(LineProblem) -> String? {
    if line.take("null") { return nil }
    return try text(of: kind, from: &line)
  }
}
