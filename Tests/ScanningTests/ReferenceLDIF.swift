import Foundation
import Scanning

/// LDIF read as RFC 2849 describes it, one thing after the other, with no thought for speed.
struct ReferenceLDIF {
  struct Line: Hashable {
    let name: String
    let value: [UInt8]
    let form: LDIFLine.Form
  }

  struct Record: Hashable {
    let name: [UInt8]
    let lines: [Line]
    let change: LDIFRecord.Change
    let line: Int
  }

  private(set) var records: [Record] = []
  /// Lines on which bad records begin.
  private(set) var bad: [Int] = []

  /// Reads a whole file.
  init(_ text: [UInt8]) {
    var physical = text.split(separator: 0x0A, omittingEmptySubsequences: false).map(Array.init)
    if physical.last == [] { physical.removeLast() }
    physical = physical.map { $0.last == 0x0D ? $0.dropLast() : $0 }
    var logical: [(line: Int, text: [UInt8])] = []
    for (number, line) in physical.enumerated() {
      if line.first == 0x20, let last = logical.last, !last.text.isEmpty {
        logical[logical.count - 1].text += line.dropFirst()
      } else {
        logical.append((number, line))
      }
    }
    logical.removeAll { $0.text.first == 0x23 }
    if let first = logical.first(where: { !$0.text.isEmpty }),
      let line = Self.line(first.text), line.name.lowercased() == "version"
    {
      logical.removeAll { $0.line == first.line }
    }
    for group in logical.split(whereSeparator: \.text.isEmpty) {
      let start = group.first?.line ?? 0
      let lines = group.map { Self.line($0.text) }
      let first = lines.first??.name.lowercased() ?? ""
      if ["ref", "search", "result"].contains(first) { continue }
      if let record = Self.record(lines, at: start) {
        records.append(record)
      } else {
        bad.append(start)
      }
    }
  }

  private static func line(_ text: [UInt8]) -> Line? {
    if text == [0x2D] { return Line(name: "", value: [], form: .separator) }
    guard !text.contains(0), String(validating: text, as: UTF8.self) != nil,
      let colon = text.firstIndex(of: 0x3A), colon > 0
    else { return nil }
    let name = String(decoding: text[..<colon], as: UTF8.self)
    guard name.wholeMatch(of: /[A-Za-z0-9;._=*-]+/) != nil else { return nil }
    var rest = text[(colon + 1)...]
    var form = LDIFLine.Form.plain
    if rest.first == 0x3A { form = .base64 }
    if rest.first == 0x3C { return nil }
    if form == .base64 { rest = rest.dropFirst() }
    rest = rest.drop { $0 == 0x20 }
    guard form == .base64 else { return Line(name: name, value: Array(rest), form: form) }
    guard let data = Data(base64Encoded: Data(rest)) else { return nil }
    return Line(name: name, value: Array(data), form: form)
  }

  private static func record(_ lines: [Line?], at line: Int) -> Record? {
    var rest = lines.compactMap { $0 }[...]
    guard rest.count == lines.count, let name = rest.first, name.name.lowercased() == "dn" else {
      return nil
    }
    rest = rest.dropFirst().drop { $0.name.lowercased() == "control" }
    var change = LDIFRecord.Change.content
    if let type = rest.first, type.name.lowercased() == "changetype" {
      rest = rest.dropFirst()
      switch String(decoding: type.value, as: UTF8.self).lowercased() {
      case "add": change = .add
      case "delete": change = .delete
      case "modify": change = .modify
      case "modrdn", "moddn": change = .rename
      default: return nil
      }
    }
    guard isWellFormed(Array(rest), change) else { return nil }
    return Record(name: name.value, lines: Array(rest), change: change, line: line)
  }

  private static func isWellFormed(_ lines: [Line], _ change: LDIFRecord.Change) -> Bool {
    let names = lines.map { $0.name.lowercased() }
    switch change {
    case .content, .add:
      return !lines.contains { $0.form == .separator } && !names.contains("dn")
    case .delete: return lines.isEmpty
    case .rename:
      return names == ["newrdn", "deleteoldrdn"]
        || names == ["newrdn", "deleteoldrdn", "newsuperior"]
    case .modify:
      let changes = lines.split(omittingEmptySubsequences: false) { $0.form == .separator }
      for (index, change) in changes.enumerated() {
        guard let head = change.first else {
          // Only after the last separator, or where there is no change at all.
          if index == changes.count - 1 { continue }
          return false
        }
        let attribute = String(decoding: head.value, as: UTF8.self).lowercased()
        guard ["add", "delete", "replace"].contains(head.name.lowercased()),
          change.dropFirst().allSatisfy({ $0.name.lowercased() == attribute })
        else { return false }
      }
      return true
    }
  }
}
