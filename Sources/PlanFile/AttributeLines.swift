import Identity

/// Writes and reads the managed values of members or of teams, by the paths of one attribute set.
///
/// ```
/// image    {"active":true,"title":null,"userName":"ann"}     null: clear
/// change   {"attribute":"title","before":"Buyer","after":null}     null: has none
/// ```
struct AttributeLines {
  private let set: AttributeSet
  /// Each path as a JSON member name, quotes and colon included.
  private let names: [[UInt8]]
  private let places: [AttributePath: Int]

  init(_ set: AttributeSet) {
    self.set = set
    names = set.attributes.map { attribute in
      var name = LineWriter()
      name.text(attribute.path.description.utf8)
      name.raw(":".utf8)
      return name.bytes
    }
    places = Dictionary(
      uniqueKeysWithValues: zip(set.attributes.map(\.path), set.attributes.indices))
  }

  func write(_ image: AttributeImage, to line: inout LineWriter) {
    line.object { line in
      for entry in image.entries {
        line.separate()
        line.raw(names[entry.id.index])
        if entry.range.isEmpty {
          line.raw("null".utf8)
        } else {
          write(image.bytes[entry.range], of: set[entry.id].kind, to: &line)
        }
      }
    }
  }

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

  /// Every change must be of an attribute of the set.
  func write(_ changes: [AttributeChange], to line: inout LineWriter) {
    line.array(changes) { change, line in
      guard let place = places[change.attribute.path] else {
        preconditionFailure("a plan changes \(change.attribute.path), which it does not manage")
      }
      line.object { line in
        line.member("attribute", change.attribute.path.description)
        for (name, value) in [("before", change.before), ("after", change.after)] {
          line.member(name) { line in
            if let value {
              write(value.utf8, of: set.attributes[place].kind, to: &line)
            } else {
              line.raw("null".utf8)
            }
          }
        }
      }
    }
  }

  func changes(from line: inout LineScanner) throws(LineProblem) -> [AttributeChange] {
    try line.array { (line) throws(LineProblem) in
      try line.open()
      try line.expect("\"attribute\":")
      // The quoted name stands in `names` with the colon of a member; here a comma follows it.
      guard let index = names.firstIndex(where: { line.take($0.dropLast()) }) else {
        throw line.problem(.unknownAttribute)
      }
      let attribute = set.attributes[index]
      try line.name("before")
      let before = try optionalText(of: attribute.kind, from: &line)
      try line.name("after")
      let after = try optionalText(of: attribute.kind, from: &line)
      try line.close()
      return AttributeChange(attribute: attribute, before: before, after: after)
    }
  }

  /// A boolean attribute's `true` and `false` are JSON booleans; every other value is a string.
  private func write(
    _ value: some Collection<UInt8>, of kind: ManagedAttribute.Kind, to line: inout LineWriter
  ) {
    if kind == .boolean, value.elementsEqual("true".utf8) || value.elementsEqual("false".utf8) {
      line.raw(value)
    } else {
      line.text(value)
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
