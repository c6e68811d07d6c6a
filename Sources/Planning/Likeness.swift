import Identity

/// Whether a leaver and a joiner are probably one person under new keys.
///
/// They must have the same name, at least three further values in common, and at least half of the
/// values that both have. Keys, e-mail and `active` do not count: they are what a rename changes.
struct Likeness {
  private let nameIDs: [AttributeID]
  private let comparedIDs: [AttributeID]

  init(rules: PlanningRules) {
    let set = rules.memberAttributes
    let given = set.id(of: AttributePath(attribute: "name", subAttribute: "givenName"))
    let family = set.id(of: AttributePath(attribute: "name", subAttribute: "familyName"))
    let display = set.id(of: .displayName)
    if let given, let family {
      nameIDs = [given, family]
    } else {
      nameIDs = [display].compactMap { $0 }
    }
    let ignored = Set(
      rules.memberKeys.map(\.id)
        + [.userName, .workEmail, .active, .displayName].compactMap { set.id(of: $0) } + nameIDs)
    comparedIDs = set.ids.filter { !ignored.contains($0) }
  }

  /// The folded name, or nil where there is none to go by.
  func name(of image: AttributeImage) -> [UInt8]? {
    var name: [UInt8] = []
    for id in nameIDs {
      guard let part = image[id], !part.isEmpty else { return nil }
      if !name.isEmpty { name.append(0) }
      name += MatchKeyText.folded(part)
    }
    return name.isEmpty ? nil : name
  }

  /// Whether two who have a key in common are probably one person: they have the same name.
  func mayBeOne(_ left: AttributeImage, _ right: AttributeImage) -> Bool {
    guard let mine = name(of: left), let theirs = name(of: right) else { return false }
    return mine == theirs
  }

  func isOnePerson(_ left: AttributeImage, _ right: AttributeImage) -> Bool {
    var both = 0
    var equal = 0
    for id in comparedIDs {
      guard let mine = left[id], let theirs = right[id] else { continue }
      both += 1
      if mine.elementsEqual(theirs) { equal += 1 }
    }
    return equal >= 3 && equal * 2 >= both
  }
}
