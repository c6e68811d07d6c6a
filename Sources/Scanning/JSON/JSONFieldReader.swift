/// Reads single JSON records strictly and gives the values at the places that were asked for.
///
/// ```
/// asked: userName (slot 0), emails[type eq "work"].value (slot 1)
/// {"id":7,"userName":"ann","emails":[{"type":"work","value":"a@x"},{"type":"home","value":"b@y"}]}
/// values: slot 0 "ann", slot 1 "a@x"
/// ```
///
/// Everything in the record is held to RFC 8259, wanted or not; no name may come twice in one object.
package struct JSONFieldReader: ~Copyable {
  /// A value of the record.
  package struct Value: Sendable, Hashable {
    package enum Form: UInt8, Sendable {
      /// The bytes are the value.
      case plain
      /// The value is what the bytes mean once escapes are resolved.
      case escaped
      /// There, but nothing in it: `null`, or a list without elements.
      case nothing
    }

    package let slot: Int32
    package let form: Form
    package let start: UInt32
    package let end: UInt32

    package var range: Range<Int> { Int(start)..<Int(end) }

    /// A value of no field.
    package static let none = Value(slot: -1, form: .nothing, start: 0, end: 0)

    /// The same field with nothing in it.
    package var emptied: Value { Value(slot: slot, form: .nothing, start: start, end: end) }
  }

  package static let depthLimit = JSONParser.depthLimit

  /// The values of the last record.
  package internal(set) var values: [Value] = []
  /// Slots whose values of the last record nobody can tell.
  package internal(set) var unreadable: [Int] = []

  private let isCollectingNames: Bool
  var shape: JSONShape
  var problem: JSONProblem?
  var at = 0
  var end = 0

  /// Makes a reader of records of this shape; `collectingNames` if `names` will be asked for.
  package init(_ shape: JSONShape, collectingNames: Bool = false) {
    self.shape = shape
    self.shape.layOutSlotsBelow()
    isCollectingNames = collectingNames
  }

  /// The names of all fields of all records read so far, as far as there are not too many to learn.
  package var names: [[UInt8]] { shape.valueNames }

  /// Reads the record at `range`, which must be one value; at least 64 bytes must follow it.
  ///
  /// - Returns: what is wrong with it: the first thing that breaks the grammar, else the first that does not.
  package mutating func read(_ bytes: [UInt8], _ range: Range<Int>) -> JSONProblem? {
    precondition(range.lowerBound >= 0 && range.upperBound + 64 <= bytes.count)
    values.removeAll(keepingCapacity: true)
    unreadable.removeAll(keepingCapacity: true)
    problem = nil
    at = range.lowerBound
    end = range.upperBound
    // SAFETY: reading stays below `end` but for looks ahead of up to 63 bytes, all of which are there.
    return unsafe bytes.withUnsafeBufferPointer { buffer -> JSONProblem? in
      guard let start = buffer.baseAddress else {
        return JSONProblem(kind: .unexpectedEnd, offset: 0)
      }
      do throws(JSONProblem) {
        unsafe try record(start)
        return problem
      } catch {
        return error
      }
    }
  }

  private mutating func record(_ bytes: UnsafePointer<UInt8>) throws(JSONProblem) {
    unsafe skipSpace(bytes)
    guard at < end else { throw JSONProblem(kind: .unexpectedEnd, offset: at) }
    let isObject = unsafe bytes[at] == UInt8(ascii: "{")
    let start = at
    unsafe try value(bytes, node: isObject ? 0 : JSONShape.nowhere, depth: 0)
    unsafe skipSpace(bytes)
    guard at == end else { throw JSONProblem(kind: .trailingText, offset: at) }
    if !isObject { note(.notAnObject, at: start) }
  }

  /// Takes note of what is wrong without breaking the grammar; the first counts.
  mutating func note(_ kind: JSONProblem.Kind, at offset: Int) {
    if problem == nil { problem = JSONProblem(kind: kind, offset: offset) }
  }

  func unexpected(_ kind: JSONProblem.Kind = .unexpectedByte) -> JSONProblem {
    JSONProblem(kind: at >= end ? .unexpectedEnd : kind, offset: at)
  }

  @inline(__always)
  mutating func skipSpace(_ bytes: UnsafePointer<UInt8>) {
    // Most records have none, or one blank.
    while unsafe at < end && bytes[at] <= 0x20 {
      let byte = unsafe bytes[at]
      guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return }
      at &+= 1
    }
  }

  // MARK: - Values

  mutating func value(
    _ bytes: UnsafePointer<UInt8>, node: Int32, depth: Int
  ) throws(JSONProblem) {
    guard at < end else { throw unexpected() }
    if isCollectingNames, node >= 0, unsafe bytes[at] != UInt8(ascii: "{") {
      let isList = unsafe bytes[at] == UInt8(ascii: "[")
      if !isList { shape.nodes[Int(node)].isValue = true }
    }
    switch unsafe bytes[at] {
    case UInt8(ascii: "\""):
      let text = unsafe try text(bytes)
      let slot = slot(of: node)
      if slot >= 0 {
        if text.isBad {
          unreadable.append(Int(slot))
        } else {
          add(slot, text.isEscaped ? .escaped : .plain, text.start, text.end)
        }
      }
    case UInt8(ascii: "{"): unsafe try object(bytes, node: node, depth: depth + 1)
    case UInt8(ascii: "["): unsafe try list(bytes, node: node, depth: depth + 1)
    case UInt8(ascii: "t"): unsafe try word(bytes, "true", node)
    case UInt8(ascii: "f"): unsafe try word(bytes, "false", node)
    case UInt8(ascii: "n"): unsafe try word(bytes, "null", node)
    default:
      let start = at
      unsafe try number(bytes)
      add(slot(of: node), .plain, start, at)
    }
  }

  @inline(__always)
  private func slot(of node: Int32) -> Int32 { node < 0 ? -1 : shape.nodes[Int(node)].slot }

  @inline(__always)
  private mutating func add(_ slot: Int32, _ form: Value.Form, _ start: Int, _ end: Int) {
    guard slot >= 0 else { return }
    values.append(Value(slot: slot, form: form, start: UInt32(start), end: UInt32(end)))
  }

  private mutating func word(
    _ bytes: UnsafePointer<UInt8>, _ word: StaticString, _ node: Int32
  ) throws(JSONProblem) {
    let count = word.utf8CodeUnitCount
    guard at + count <= end else { throw JSONProblem(kind: .unexpectedEnd, offset: end) }
    for index in 0..<count {
      // SAFETY: `index` is below the word's length.
      guard unsafe bytes[at + index] == word.utf8Start[index] else { throw unexpected() }
    }
    let isNull = unsafe bytes[at] == UInt8(ascii: "n")
    add(slot(of: node), isNull ? .nothing : .plain, at, at + count)
    if isNull { addNothing(below: node) }
    at += count
  }

  /// `null` or a list without elements says of everything that could stand in it that there is nothing (RFC 7643 §2.5).
  @inline(__always)
  private mutating func addNothing(below node: Int32) {
    guard node >= 0 else { return }
    for place in shape.nodes[Int(node)].below..<shape.nodes[Int(node)].belowEnd {
      add(shape.slotsBelow[Int(place)], .nothing, at, at)
    }
  }

  private mutating func number(_ bytes: UnsafePointer<UInt8>) throws(JSONProblem) {
    if unsafe at < end && bytes[at] == UInt8(ascii: "-") { at += 1 }
    guard unsafe at < end && bytes[at] &- 0x30 < 10 else { throw unexpected() }
    if unsafe bytes[at] == UInt8(ascii: "0") { at += 1 } else { unsafe skipDigits(bytes) }
    if unsafe at < end && bytes[at] == UInt8(ascii: ".") {
      at += 1
      guard unsafe skipDigits(bytes) > 0 else { throw unexpected(.badNumber) }
    }
    if unsafe at < end && bytes[at] | 0x20 == UInt8(ascii: "e") {
      at += 1
      if unsafe at < end && (bytes[at] == UInt8(ascii: "+") || bytes[at] == UInt8(ascii: "-")) {
        at += 1
      }
      guard unsafe skipDigits(bytes) > 0 else { throw unexpected(.badNumber) }
    }
  }

  @discardableResult
  private mutating func skipDigits(_ bytes: UnsafePointer<UInt8>) -> Int {
    let start = at
    while unsafe at < end && bytes[at] &- 0x30 < 10 { at &+= 1 }
    return at - start
  }

  private mutating func list(
    _ bytes: UnsafePointer<UInt8>, node: Int32, depth: Int
  ) throws(JSONProblem) {
    guard unsafe try enter(bytes, depth) else { return }
    at += 1
    unsafe skipSpace(bytes)
    if unsafe at < end && bytes[at] == UInt8(ascii: "]") {
      if isCollectingNames, node >= 0 { shape.nodes[Int(node)].isValue = true }
      add(slot(of: node), .nothing, at, at)
      addNothing(below: node)
      at += 1
      return
    }
    while true {
      unsafe skipSpace(bytes)
      unsafe try value(bytes, node: node, depth: depth)
      if node >= 0 { add(shape.nodes[Int(node)].element, .nothing, at, at) }
      unsafe skipSpace(bytes)
      guard at < end else { throw unexpected() }
      let byte = unsafe bytes[at]
      guard byte == UInt8(ascii: ",") || byte == UInt8(ascii: "]") else { throw unexpected() }
      at &+= 1
      if byte == UInt8(ascii: "]") { return }
    }
  }

  /// Whether to go into a list or object; one that is too deep is stepped over.
  mutating func enter(_ bytes: UnsafePointer<UInt8>, _ depth: Int) throws(JSONProblem) -> Bool {
    guard depth > Self.depthLimit else { return true }
    note(.tooDeep, at: at)
    var skip = JSONSkip()
    guard let stop = unsafe skip.end(in: bytes, from: at, to: end) else {
      throw JSONProblem(kind: .unexpectedEnd, offset: end)
    }
    at = stop
    return false
  }

  /// Whether an element satisfies a filter; the case of ASCII letters does not matter.
  private func matches(
    _ filter: JSONShape.Filter, from mark: Int, _ bytes: UnsafePointer<UInt8>
  ) -> Bool {
    for index in mark..<values.count
    where values[index].slot == filter.slot && values[index].form == .plain {
      let value = values[index]
      guard Int(value.end - value.start) == filter.value.count else { continue }
      var place = Int(value.start)
      var isEqual = true
      for wanted in filter.value {
        // SAFETY: the value's range lies in the record.
        let (one, other) = unsafe (bytes[place], shape.filterValues[Int(wanted)])
        let isLetter = one | 0x20 >= 0x61 && one | 0x20 <= 0x7A
        if one != other, !isLetter || one | 0x20 != other | 0x20 { isEqual = false }
        place += 1
      }
      if isEqual { return true }
    }
    return false
  }

  /// At the end of an element: its values count for the paths whose filter it satisfies.
  mutating func applyFilters(of node: Int32, from mark: Int, _ bytes: UnsafePointer<UInt8>) {
    let count = values.count
    let filters = shape.nodes[Int(node)].filters..<shape.nodes[Int(node)].filterEnd
    for place in filters {
      let filter = shape.filters[Int(place)]
      guard unsafe matches(filter, from: mark, bytes) else { continue }
      for pair in filter.pairs {
        let (from, to) = shape.pairs[Int(pair)]
        for index in mark..<count where values[index].slot == from {
          let value = values[index]
          values.append(Value(slot: to, form: value.form, start: value.start, end: value.end))
        }
      }
    }
  }
}
