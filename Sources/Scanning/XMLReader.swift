import CLibXML2
import CScanning

/// Why an XML document cannot be read on.
package struct XMLFailure: Error, Sendable, Hashable {
  package enum Kind: Sendable, Hashable {
    /// It ends before its elements do.
    case cut
    case notWellFormed
    /// A document type, which could declare entities.
    case documentType
    /// Elements within elements, deeper than anybody needs.
    case tooDeep
    /// A text beyond the limit.
    case tooLong
    /// The bytes could not be had; whoever gives them knows why.
    case input
    case outOfMemory
  }

  package let kind: Kind
  /// From 1.
  package let line: Int

  package init(kind: Kind, line: Int) {
    self.kind = kind
    self.line = line
  }
}

/// Steps through an XML document node by node (libxml2's xmlTextReader); never is there a tree of it.
///
/// ```
/// let xml = try XMLReader { bytes in source.more(into: &bytes) }
/// while let node = try xml.next() {
///   if case .element = node { xml.localName }
/// }
/// ```
///
/// Nothing outside of the document is ever loaded: entities are not expanded, the network is off, the
/// loader of external entities refuses, XInclude is not there, and a document type ends the reading
/// (CVE-2024-40896 and its like need one).
///
/// Sendable, for the sources that hand out records keep it in a `Mutex` and use it only there.
@safe
package final class XMLReader: @unchecked Sendable {
  package enum Node: Sendable, Hashable {
    /// An empty one has no end of its own.
    case element(isEmpty: Bool)
    case end
    /// Text or CDATA that is not only white space.
    case text
  }

  /// Elements within elements.
  package static let depthLimit = 64

  /// Appends some bytes of the document; none at its end, nil when they cannot be had.
  package typealias Source = (inout [UInt8]) -> Int?

  /// Not by libxml2's name for it: whoever uses this type would have to know its headers, and those bring an ICU
  /// that is not Foundation's.
  private let reader: OpaquePointer
  private let feeder: XMLFeeder
  /// The names of DSML in the reader's own dictionary.
  private let words: rollcall_xml_words_t

  /// Prepares to read what `source` gives; if `isUTF8`, that is UTF-8 whatever the document says of itself.
  ///
  /// - Throws: when there is no memory for a reader.
  package init(isUTF8: Bool = false, source: @escaping Source) throws(XMLFailure) {
    _ = Self.library
    feeder = XMLFeeder(source)
    // SAFETY: the feeder lives as long as the reader, and libxml2 calls back only while it is read.
    let context = unsafe Unmanaged.passUnretained(feeder).toOpaque()
    // Compact: a short text stands in its node, and need not be allocated.
    let options =
      XML_PARSE_NONET.rawValue | XML_PARSE_BIG_LINES.rawValue | XML_PARSE_COMPACT.rawValue
    let made = unsafe xmlReaderForIO(
      { context, bytes, count in unsafe XMLFeeder.read(context, bytes, count) }, { _ in 0 },
      context, nil, isUTF8 ? "UTF-8" : nil, Int32(options))
    guard let made = unsafe made else { throw XMLFailure(kind: .outOfMemory, line: 0) }
    unsafe reader = made
    unsafe words = rollcall_xml_words(UnsafeMutableRawPointer(made))
    unsafe xmlTextReaderSetStructuredErrorHandler(
      reader,
      { context, error in
        guard let error = unsafe error else { return }
        unsafe XMLFeeder.note(
          context, code: error.pointee.code, line: error.pointee.line,
          isFatal: error.pointee.level == XML_ERR_FATAL)
      }, context)
  }

  deinit {
    // SAFETY: the reader is this object's alone.
    unsafe xmlFreeTextReader(reader)
  }

  /// Prepared once for all threads, with a loader that loads nothing.
  private static let library: Bool = {
    xmlInitParser()
    unsafe xmlSetExternalEntityLoader { _, _, _ in nil }
    return true
  }()

  /// Steps to the next element, end or text; nil at the end of the document.
  package func next() throws(XMLFailure) -> Node? {
    // SAFETY: as all calls below: the reader is open, and used by one thread at a time.
    let step = unsafe rollcall_xml_next(UnsafeMutableRawPointer(reader), Int32(Self.depthLimit))
    try check()
    switch step {
    case ROLLCALL_XML_OVER: return nil
    case ROLLCALL_XML_ELEMENT: return .element(isEmpty: false)
    case ROLLCALL_XML_EMPTY: return .element(isEmpty: true)
    case ROLLCALL_XML_END: return .end
    case ROLLCALL_XML_TEXT: return .text
    default: throw failure(of: step)
    }
  }

  /// Throws what libxml2 said of the last step.
  func check() throws(XMLFailure) {
    // The line is looked up only where somebody will read it.
    if feeder.hasFailed, let failure = feeder.failure(at: line) { throw failure }
  }

  /// Why a step led nowhere.
  func failure(of step: rollcall_xml_step_t) -> XMLFailure {
    switch step {
    case ROLLCALL_XML_TOO_DEEP: XMLFailure(kind: .tooDeep, line: line)
    case ROLLCALL_XML_DOCUMENT_TYPE: XMLFailure(kind: .documentType, line: line)
    case ROLLCALL_XML_OVER: XMLFailure(kind: .cut, line: line)
    default: XMLFailure(kind: .notWellFormed, line: line)
    }
  }

  /// An entry of which nothing but its element has been read.
  func begunEntry(valueLimit: Int, recordLimit: Int) -> rollcall_xml_entry_t {
    // SAFETY: the words live as long as the reader.
    unsafe rollcall_xml_begin(
      UnsafeMutableRawPointer(reader), words, valueLimit, recordLimit, Int32(Self.depthLimit))
  }

  /// How many elements are around the node.
  package var depth: Int { unsafe Int(xmlTextReaderDepth(reader)) }

  /// The line of the node, as far as libxml2 counts for single nodes; beyond it that of the parser.
  package var line: Int {
    let node = unsafe xmlTextReaderCurrentNode(reader).map { unsafe Int(xmlGetLineNo($0)) } ?? 0
    if node > 0, node < 65_535 { return node }
    return unsafe Int(xmlTextReaderGetParserLineNumber(reader))
  }

  /// Bytes of the document read so far, about.
  package var position: Int { unsafe max(0, Int(xmlTextReaderByteConsumed(reader))) }

  /// The name of an element or attribute without its prefix.
  package var localName: [UInt8] { unsafe Self.bytes(xmlTextReaderConstLocalName(reader)) }

  /// Appends the text of the node, or the value of the attribute.
  package func appendValue(to bytes: inout [UInt8]) {
    guard let value = unsafe xmlTextReaderConstValue(reader) else { return }
    // SAFETY: libxml2's texts end with a NUL and live until the next step.
    unsafe bytes.append(
      contentsOf: UnsafeBufferPointer(start: value, count: Int(xmlStrlen(value))))
  }

  /// Steps to the next attribute of an element; false after the last, back at the element.
  package func nextAttribute() -> Bool {
    if unsafe xmlTextReaderMoveToNextAttribute(reader) == 1 { return true }
    unsafe xmlTextReaderMoveToElement(reader)
    return false
  }

  private static func bytes(_ text: UnsafePointer<xmlChar>?) -> [UInt8] {
    guard let text = unsafe text else { return [] }
    // SAFETY: as above.
    return unsafe Array(UnsafeBufferPointer(start: text, count: Int(xmlStrlen(text))))
  }
}

/// What libxml2 calls back: where the bytes come from, and what went wrong.
private final class XMLFeeder {
  private let source: XMLReader.Source
  private var bytes: [UInt8] = []
  private var place = 0
  private var failure: (kind: XMLFailure.Kind, line: Int)?
  private var isAtEnd = false

  init(_ source: @escaping XMLReader.Source) {
    self.source = source
  }

  var hasFailed: Bool { failure != nil }

  func failure(at line: Int) -> XMLFailure? {
    failure.map { XMLFailure(kind: $0.kind, line: $0.line > 0 ? $0.line : line) }
  }

  static func read(
    _ context: UnsafeMutableRawPointer?, _ buffer: UnsafeMutablePointer<CChar>?, _ count: Int32
  ) -> Int32 {
    guard let context = unsafe context, let buffer = unsafe buffer else { return -1 }
    // SAFETY: the context is the feeder, which the reader that calls keeps alive.
    let feeder = unsafe Unmanaged<XMLFeeder>.fromOpaque(context).takeUnretainedValue()
    guard let piece = feeder.next(upTo: Int(count)) else { return -1 }
    // SAFETY: libxml2 gives room for `count` bytes, and the piece has no more.
    unsafe piece.withUnsafeBytes { bytes in
      unsafe UnsafeMutableRawBufferPointer(start: buffer, count: Int(count)).copyMemory(
        from: bytes)
    }
    return Int32(piece.count)
  }

  static func note(
    _ context: UnsafeMutableRawPointer?, code: Int32, line: Int32, isFatal: Bool
  ) {
    guard let context = unsafe context, isFatal else { return }
    // SAFETY: as above.
    let feeder = unsafe Unmanaged<XMLFeeder>.fromOpaque(context).takeUnretainedValue()
    guard feeder.failure == nil else { return }
    feeder.failure = (feeder.kind(of: code), Int(line))
  }

  private func kind(of code: Int32) -> XMLFailure.Kind {
    switch UInt32(bitPattern: code) {
    case XML_ERR_DOCUMENT_EMPTY.rawValue, XML_ERR_TAG_NOT_FINISHED.rawValue: .cut
    // Said of an end that comes too early, and of something after the end.
    case XML_ERR_DOCUMENT_END.rawValue: isAtEnd ? .cut : .notWellFormed
    case XML_ERR_NO_MEMORY.rawValue: .outOfMemory
    case XML_ERR_INTERNAL_ERROR.rawValue, XML_ERR_NAME_TOO_LONG.rawValue: .tooLong
    default: .notWellFormed
    }
  }

  private func next(upTo count: Int) -> ArraySlice<UInt8>? {
    if place == bytes.count {
      bytes.removeAll(keepingCapacity: true)
      place = 0
      guard let count = source(&bytes) else {
        failure = (.input, 0)
        return nil
      }
      isAtEnd = count == 0
    }
    let end = min(bytes.count, place + count)
    defer { place = end }
    return bytes[place..<end]
  }
}
