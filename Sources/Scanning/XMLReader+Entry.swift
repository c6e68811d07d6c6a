import CScanning

/// An entry of DSML that was read to its end; its values are those of `XMLValues` that came with it.
package struct XMLEntry: Sendable, Hashable {
  /// What makes an entry unreadable, though the document goes on.
  package enum Problem: Sendable, Hashable {
    case noName
    case valueTooLong
    case elementInValue
  }

  /// Where its distinguished name stands; empty where it has none.
  package let name: Range<Int>
  package let problem: Problem?
  /// Whether any of its values is written in base64, which has not been decoded yet.
  package let hasBase64: Bool
}

extension XMLReader {
  /// Reads the entry of DSML at whose element the reader stands, to its end.
  ///
  /// ```xml
  /// <searchResultEntry dn="uid=ann,dc=x">                       name        uid=ann,dc=x
  ///   <attr name="mail"><value>ann@x.com</value></attr>         mail        ann@x.com
  ///   <attr name="objectGUID">
  ///     <value xsi:type="xsd:base64Binary">2Koy…</value>        objectGUID  2Koy… (.base64)
  ///   </attr>
  /// </searchResultEntry>
  /// ```
  ///
  /// Elements and attributes are told by their local names. It gives what a walk over single nodes gives:
  /// `ReferenceDSML` in the tests is that one. Decision 0030 has the measurements.
  ///
  /// - Returns: nil when the entry goes beyond `recordLimit` bytes; empty values count as 16.
  package func entry(
    into values: inout XMLValues, valueLimit: Int, recordLimit: Int
  ) throws(XMLFailure) -> XMLEntry? {
    // SAFETY: the reader is this object's alone, and stands at the element until the entry is read.
    var entry = unsafe begunEntry(valueLimit: valueLimit, recordLimit: recordLimit)
    let step = unsafe values.read(&entry)
    try check()
    switch step {
    case ROLLCALL_XML_WHOLE: break
    case ROLLCALL_XML_TOO_LONG: return nil
    default: throw failure(of: step)
    }
    let problem: XMLEntry.Problem? =
      switch Int(unsafe entry.problem) {
      case Int(ROLLCALL_XML_NO_ENTRY_NAME): .noName
      case Int(ROLLCALL_XML_VALUE_TOO_LONG): .valueTooLong
      case Int(ROLLCALL_XML_ELEMENT_IN_VALUE): .elementInValue
      default: nil
      }
    let name = unsafe entry.entry_name
    return XMLEntry(
      name: Int(name.start)..<Int(name.end), problem: problem,
      hasBase64: unsafe entry.has_base64 != 0)
  }
}
