/// A value of the policy file as it was written, with its place.
///
/// Types are not guessed here (YAML reads a plain `no` as false and `010` as eight): a scalar is
/// its text, and who asks for it says what it should be.
struct PolicyNode: Sendable, Hashable {
  enum Content: Sendable, Hashable {
    /// A plain scalar may be a number, a word or nothing; a quoted one is always text.
    case scalar(String, isPlain: Bool)
    case list([PolicyNode])
    case mapping([Entry])
  }

  struct Entry: Sendable, Hashable {
    let key: String
    let keyPlace: PolicyPlace
    let value: PolicyNode
  }

  let place: PolicyPlace
  let content: Content

  /// `key:` with nothing behind it, or `~`.
  var isNull: Bool {
    guard case .scalar(let text, isPlain: true) = content else { return false }
    return ["", "~", "null", "Null", "NULL"].contains(text)
  }

  /// Where `path` stands, or the nearest thing around it that is there.
  func place(of path: PolicyPath) -> PolicyPlace {
    var node = self
    var place = node.place
    for step in path.steps {
      switch (step, node.content) {
      case (.key(let key), .mapping(let entries)):
        guard let entry = entries.first(where: { $0.key == key }) else { return place }
        node = entry.value
        place = entry.keyPlace
      case (.index(let index), .list(let items)):
        guard items.indices.contains(index) else { return place }
        node = items[index]
        place = node.place
      default:
        return place
      }
    }
    return place
  }
}
