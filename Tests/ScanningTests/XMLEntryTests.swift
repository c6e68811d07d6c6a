import Scanning
import TestSupport
import Testing

/// Entries of DSML read in one go, held to the same entries read node by node.
struct XMLEntryTests {
  @Test(arguments: 0..<16)
  func theyAreWhatTheyAreNodeByNode(group: Int) throws {
    for seed in UInt64(group * 15)..<UInt64(group * 15 + 15) {
      var lively = LivelyDSML(seed: seed)
      let text = lively.document(entries: 12)
      try expectTheSame(text, "seed \(seed)")
      try expectTheSame(text, piece: 1 << 16, "seed \(seed), in large pieces")
      try expectTheSame(text, valueLimit: 12, "seed \(seed), short values")
      try expectTheSame(text, recordLimit: 150, "seed \(seed), short entries")
      for _ in 0..<3 { try expectTheSame(lively.damaged(text), "seed \(seed), damaged") }
    }
  }

  @Test func theyAreTheSameWhereverTheDocumentEnds() throws {
    var lively = LivelyDSML(seed: 7)
    let text = lively.document(entries: 3)
    for count in 0...text.count { try expectTheSame(Array(text[..<count]), "\(count) bytes") }
  }

  /// Without this the tests above could hold nothing to nothing.
  @Test func manyEntriesAreRead() throws {
    var lively = LivelyDSML(seed: 1, goesDeep: false)
    let reading = try fast(lively.document(entries: 200), 7, Int.max, 1 << 30)
    #expect(reading.failure == nil)
    #expect(reading.entries.count == 200)
    #expect(reading.entries.contains { $0.problem == .elementInValue })
    #expect(reading.entries.contains { $0.problem == .noName })
    let forms = Set(reading.entries.flatMap { $0.values.map(\.form) })
    #expect(forms == [.text, .base64, .location])
  }

  @Test func namespacesThatAreDeclaredAreNoAttributes() throws {
    let text = """
      <a><searchResultEntry xmlns:dn="urn:dn" dn="uid=ann">
      <attr xmlns:name="urn:name" name="cn"><value xmlns:type="anyURI">Ann</value></attr>
      </searchResultEntry></a>
      """
    let reading = try fast(Array(text.utf8), 7, 100, 100)
    #expect(
      reading.entries == [
        PlainEntry(
          name: Array("uid=ann".utf8),
          values: [.init(name: "cn", value: Array("Ann".utf8), form: .text)])
      ])
  }

  @Test func entriesOfNothingButEmptyValuesEnd() throws {
    let text =
      "<a><searchResultEntry dn=\"x\"><attr name=\"m\">"
      + String(repeating: "<value/>", count: 1000) + "</attr></searchResultEntry></a>"
    #expect(try fast(Array(text.utf8), 512, 100, 16 * 1000 + 2).entries.count == 1)
    #expect(try fast(Array(text.utf8), 512, 100, 16 * 1000 + 1).isTooLong)
  }

  private struct Reading: Equatable {
    var entries: [PlainEntry] = []
    var isTooLong = false
    var failure: XMLFailure.Kind?
  }

  private func expectTheSame(
    _ text: [UInt8], piece: Int = 13, valueLimit: Int = 1 << 20, recordLimit: Int = 1 << 30,
    _ what: String
  ) throws {
    let reference = try slow(text, piece, valueLimit, recordLimit)
    let reading = try fast(text, piece, valueLimit, recordLimit)
    #expect(reading == reference, "\(what): \(String(decoding: text, as: UTF8.self))")
  }

  private func slow(
    _ text: [UInt8], _ piece: Int, _ valueLimit: Int, _ recordLimit: Int
  ) throws -> Reading {
    let xml = try reader(text, piece)
    var reference = ReferenceDSML(xml, valueLimit: valueLimit, recordLimit: recordLimit)
    return read(xml) { isEmpty throws(XMLFailure) in try reference.read(isEmpty: isEmpty) }
  }

  private func fast(
    _ text: [UInt8], _ piece: Int, _ valueLimit: Int, _ recordLimit: Int
  ) throws -> Reading {
    let xml = try reader(text, piece)
    var values = XMLValues(capacity: 0)
    return read(xml) { _ throws(XMLFailure) in
      let first = values.itemCount
      let entry = try xml.entry(into: &values, valueLimit: valueLimit, recordLimit: recordLimit)
      guard let entry else { return nil }
      let items = (first..<values.itemCount).map { place -> PlainEntry.Value in
        let item = values[place]
        let name = values.bytes[values.name(at: item.name)]
        return .init(
          name: String(decoding: name, as: UTF8.self), value: Array(values.bytes[item.value]),
          form: item.form)
      }
      return PlainEntry(
        name: Array(values.bytes[entry.name]), values: items, problem: entry.problem)
    }
  }

  private func read(
    _ xml: XMLReader, entry: (Bool) throws(XMLFailure) -> PlainEntry?
  ) -> Reading {
    var reading = Reading()
    do throws(XMLFailure) {
      while let node = try xml.next() {
        guard case .element(let isEmpty) = node, xml.localName == Array("searchResultEntry".utf8)
        else { continue }
        guard let next = try entry(isEmpty) else {
          reading.isTooLong = true
          return reading
        }
        reading.entries.append(next)
      }
    } catch {
      reading.failure = error.kind
    }
    return reading
  }

  private func reader(_ text: [UInt8], _ piece: Int) throws -> XMLReader {
    var rest = text[...]
    return try XMLReader { bytes in
      bytes = Array(rest.prefix(piece))
      rest = rest.dropFirst(piece)
      return bytes.count
    }
  }
}
