/// What is left of a JSON record once its values are taken out, but for the types of elements.
///
/// ```
/// {"id":17,"emails":[{"type":"work","value":"a@x"}]}
/// {"id":00,"emails":[{"type":"work","value":""}]}
/// ```
///
/// Records with the same skeleton have the same fields, those of typed elements too, if they are well formed.
package struct JSONSkeleton: Sendable, Hashable {
  private var bytes: [UInt8] = []

  /// Takes the values out of a record; what is not well formed gives some skeleton or other.
  package init(_ record: ArraySlice<UInt8>) {
    bytes.reserveCapacity(record.count)
    var place = record.startIndex
    var isType = false
    while place < record.endIndex {
      let byte = record[place]
      switch byte {
      case UInt8(ascii: "\""):
        let end = Self.textEnd(record, from: place)
        let text = record[place..<end]
        // A name may be a type, too, if it is spelt with escapes.
        let isName = Self.isName(record, endingAt: end)
        if isName {
          isType = text.elementsEqual("\"type\"".utf8) || text.contains(UInt8(ascii: "\\"))
        }
        if isName || isType {
          bytes += text
        } else {
          bytes.append(byte)
          bytes.append(byte)
        }
        place = end
        continue
      case UInt8(ascii: "0")...UInt8(ascii: "9"): bytes.append(UInt8(ascii: "0"))
      default: bytes.append(byte)
      }
      place += 1
    }
  }

  /// The place after the text that begins here.
  private static func textEnd(_ record: ArraySlice<UInt8>, from start: Int) -> Int {
    var place = start + 1
    while place < record.endIndex, record[place] != UInt8(ascii: "\"") {
      place += record[place] == UInt8(ascii: "\\") ? 2 : 1
    }
    return min(place + 1, record.endIndex)
  }

  /// Whether a colon follows.
  private static func isName(_ record: ArraySlice<UInt8>, endingAt end: Int) -> Bool {
    record[end...].first { $0 > 0x20 } == UInt8(ascii: ":")
  }
}
