import Identity
import Scanning

/// Reads the records of one XML document, one after the other.
///
/// Names are local names: a Workday report has a namespace of its own in every tenant.
///
/// ```xml
/// <wd:Report_Entry>
///   <wd:Worker wd:Descriptor="Ann Lee">                Worker.@Descriptor   Ann Lee
///     <wd:ID wd:type="Employee_ID">21001</wd:ID>       Worker.ID            21001
///   </wd:Worker>                                       Worker.ID[type eq "Employee_ID"]   21001
/// </wd:Report_Entry>
/// ```
struct XMLRecordReader {
  /// The names that lead to a record: the last of them is its own, those before it are around it.
  let path: [[UInt8]]?
  let limits: FormatOptions.Limits

  /// Whether the document turned out to be DSML.
  private(set) var isDirectory = false
  /// What says that a search of DSML did not find all there is; nil where nothing does.
  private(set) var unfinishedSearch: String?

  private let xml: XMLReader
  private var stack: [[UInt8]] = []
  /// Whether the answer of a search has begun and was not concluded.
  private var isOpen = false

  init(_ xml: XMLReader, path: [String]?, limits: FormatOptions.Limits) {
    self.xml = xml
    self.path = path.map { $0.map { Array($0.utf8) } }
    self.limits = limits
  }

  enum Outcome {
    case record
    /// The record does not end within the limit.
    case tooLong
    case end
  }

  /// Appends the next record to a piece.
  mutating func next(into piece: inout XMLPieceDraft) throws(XMLFailure) -> Outcome {
    while let node = try xml.next() {
      switch node {
      case .text: continue
      case .end:
        if !stack.isEmpty { stack.removeLast() }
      case .element(let isEmpty):
        let name = xml.localName
        stack.append(name)
        if name == Self.entry {
          isDirectory = true
          stack.removeLast()
          return try piece.addEntry(of: xml, limits: limits) ? .record : .tooLong
        }
        note(name)
        if isRecord(name) {
          return try record(isEmpty: isEmpty, into: &piece) ? .record : .tooLong
        }
        if isEmpty { stack.removeLast() }
      }
    }
    // An answer that was not concluded may go on in another message.
    if isOpen { unfinishedSearch = unfinishedSearch ?? "searchResponse without searchResultDone" }
    return .end
  }

  // The names of DSML: made once, for they are compared at every node.
  private static let entry = Array("searchResultEntry".utf8)
  private static let result = Array("resultCode".utf8)
  private static let response = Array("searchResponse".utf8)
  private static let conclusion = Array("searchResultDone".utf8)
  private static let error = Array("errorResponse".utf8)
  private static let reference = Array("searchResultReference".utf8)
  private static let directoryRoots: Set<[UInt8]> = [
    Array("batchResponse".utf8), Array("searchResponse".utf8), Array("Envelope".utf8),
  ]

  /// Where nobody said which element is a record: `Report_Entry`, or whatever stands right below the root.
  private func isRecord(_ name: [UInt8]) -> Bool {
    if let path { return stack.count >= path.count && stack.suffix(path.count).elementsEqual(path) }
    guard stack.count == 2 else { return false }
    return !Self.directoryRoots.contains(stack[0])
  }

  /// Takes note of what DSML has beside entries (DSMLv2 §5).
  private mutating func note(_ name: [UInt8]) {
    switch name {
    case Self.response: isOpen = true
    case Self.conclusion: isOpen = false
    case Self.result:
      guard let code = attribute("code"), code != "0" else { return }
      unfinishedSearch = unfinishedSearch ?? "resultCode \(code)"
    case Self.error:
      unfinishedSearch = unfinishedSearch ?? "errorResponse \(attribute("type") ?? "")"
    // Entries that another server has.
    case Self.reference: unfinishedSearch = unfinishedSearch ?? "searchResultReference"
    default: return
    }
  }

  private func attribute(_ wanted: String) -> String? {
    var found: String?
    while xml.nextAttribute() {
      guard xml.localName == Array(wanted.utf8) else { continue }
      var value: [UInt8] = []
      xml.appendValue(to: &value)
      found = String(decoding: value, as: UTF8.self)
    }
    return found
  }

  // MARK: - Records by their shape

  /// - Returns: false when it does not end within the limit.
  private mutating func record(
    isEmpty: Bool, into piece: inout XMLPieceDraft
  ) throws(XMLFailure) -> Bool {
    piece.begin(line: xml.line)
    let outer = stack.count
    var path: [UInt8] = []
    /// For each open element of the record: where its name begins in `path`, and what is known of it.
    var open: [OpenElement] = [OpenElement(pathEnd: 0)]
    attributes(of: path, element: &open[0], &piece)
    if isEmpty {
      stack.removeLast()
      piece.end(xml)
      return true
    }
    while let node = try xml.next() {
      switch node {
      case .text:
        xml.appendValue(to: &open[open.count - 1].text)
        if open[open.count - 1].text.count > limits.field { piece.fail(.valueTooLong) }
        if piece.recordLength + open[open.count - 1].text.count > limits.record { return false }
      case .element(let isEmpty):
        open[open.count - 1].hasChildren = true
        stack.append(xml.localName)
        if !path.isEmpty { path.append(UInt8(ascii: ".")) }
        path += stack[stack.count - 1]
        open.append(OpenElement(pathEnd: path.count))
        attributes(of: path, element: &open[open.count - 1], &piece)
        if isEmpty { close(&open, &path, &piece) }
      case .end:
        if stack.count == outer {
          stack.removeLast()
          piece.end(xml)
          return true
        }
        close(&open, &path, &piece)
      }
      if piece.recordLength > limits.record { return false }
    }
    return true
  }

  private struct OpenElement {
    let pathEnd: Int
    var text: [UInt8] = []
    var hasChildren = false
    /// Its name with each of its attributes as a condition.
    var conditions: [[UInt8]] = []

    init(pathEnd: Int) {
      self.pathEnd = pathEnd
    }
  }

  private func attributes(
    of path: [UInt8], element: inout OpenElement, _ piece: inout XMLPieceDraft
  ) {
    while xml.nextAttribute() {
      let name = xml.localName
      var value: [UInt8] = []
      xml.appendValue(to: &value)
      piece.add(name: path + (path.isEmpty ? "@" : ".@").utf8 + name, value: value)
      guard !path.isEmpty, value.count < 100 else { continue }
      element.conditions.append(path + "[".utf8 + name + " eq \"".utf8 + value + "\"]".utf8)
    }
  }

  /// The end of an element within a record: one without others in it is a value.
  private mutating func close(
    _ open: inout [OpenElement], _ path: inout [UInt8], _ piece: inout XMLPieceDraft
  ) {
    guard let element = open.popLast() else { return }
    stack.removeLast()
    if !element.hasChildren {
      let value = Self.trimmed(element.text)
      piece.add(name: path, value: value)
      for condition in element.conditions { piece.add(name: condition, value: value) }
    }
    path.removeSubrange((open.last?.pathEnd ?? 0)...)
  }

  /// White space around a text comes from how the document is laid out.
  private static func trimmed(_ text: [UInt8]) -> ArraySlice<UInt8> {
    var text = text[...]
    while let first = text.first, first.isJSONSpace { text.removeFirst() }
    while let last = text.last, last.isJSONSpace { text.removeLast() }
    return text
  }
}
