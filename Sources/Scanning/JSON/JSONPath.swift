/// Where a value stands in a JSON record.
///
/// ```
/// userName                                  name.givenName
/// emails.value                              every element's
/// emails[type eq "work"].value              those elements' whose `type` is `work`
/// urn:…:enterprise:2.0:User:department      the name of an extension ends at its last colon
/// ```
package struct JSONPath: Sendable, Hashable {
  package struct Step: Sendable, Hashable {
    package let name: [UInt8]
    package let filter: Filter?
  }

  /// `[type eq "work"]`: the member an element must have, and what it must say.
  package struct Filter: Sendable, Hashable {
    package let name: [UInt8]
    package let value: [UInt8]
  }

  package let steps: [Step]

  /// Reads a path; what is not understood as a filter is part of a name.
  package init(_ text: String) {
    var rest = Array(text.utf8)[...]
    var steps: [Step] = []
    if rest.starts(with: "urn:".utf8), let colon = rest.lastIndex(of: UInt8(ascii: ":")) {
      // In `urn:…:User:manager.value`, the version `2.0` has a dot of its own.
      steps.append(Step(name: Array(rest[..<colon]), filter: nil))
      rest = rest[(colon + 1)...]
    }
    repeat {
      let end = Self.stepEnd(rest)
      steps.append(Self.step(rest[..<end]))
      rest = end < rest.endIndex ? rest[(end + 1)...] : rest[end...]
    } while !rest.isEmpty
    self.steps = steps
  }

  /// The dot that ends the first step; one inside brackets does not.
  private static func stepEnd(_ text: ArraySlice<UInt8>) -> Int {
    var isInside = false
    for (index, byte) in zip(text.indices, text) {
      switch byte {
      case UInt8(ascii: "["): isInside = true
      case UInt8(ascii: "]"): isInside = false
      case UInt8(ascii: ".") where !isInside && index > text.startIndex: return index
      default: break
      }
    }
    return text.endIndex
  }

  private static func step(_ text: ArraySlice<UInt8>) -> Step {
    guard text.last == UInt8(ascii: "]"), let open = text.firstIndex(of: UInt8(ascii: "[")),
      let filter = filter(text[(open + 1)..<(text.endIndex - 1)])
    else { return Step(name: Array(text), filter: nil) }
    return Step(name: Array(text[..<open]), filter: filter)
  }

  private static func filter(_ text: ArraySlice<UInt8>) -> Filter? {
    let words = text.split(separator: 0x20, maxSplits: 2)
    guard words.count == 3, words[1].elementsEqual("eq".utf8) else { return nil }
    var value = words[2]
    if value.count >= 2, value.first == UInt8(ascii: "\""), value.last == UInt8(ascii: "\"") {
      value = value.dropFirst().dropLast()
    }
    return Filter(name: Array(words[0]), value: Array(value))
  }

  /// The other ways in which clients spell the path: several names joined into one.
  ///
  /// `{"name.givenName": "Ann"}` says what `{"name": {"givenName": "Ann"}}` does, and a name such as `@odata.type`
  /// has a dot of its own.
  package var spellings: [[Step]] {
    guard steps.count > 1, steps.count <= 5, steps.allSatisfy({ $0.filter == nil }) else {
      return [steps]
    }
    return (0..<(1 << (steps.count - 1))).map { joints in
      var spelling: [Step] = []
      for (index, step) in steps.enumerated() {
        if index > 0, joints & (1 << (index - 1)) != 0, let last = spelling.popLast() {
          let isExtension = index == 1 && last.name.starts(with: "urn:".utf8)
          let joint = isExtension ? UInt8(ascii: ":") : UInt8(ascii: ".")
          spelling.append(Step(name: last.name + [joint] + step.name, filter: nil))
        } else {
          spelling.append(step)
        }
      }
      return spelling
    }
  }
}
