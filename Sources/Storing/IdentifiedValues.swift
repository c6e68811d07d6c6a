import Identity
import Scanning

/// Reads the id and the managed values of a resource in one walk.
///
/// ```
/// {"active":true,"id":"5f…","title":"Buyer"}     id 5f…, and an image of active and title
/// ```
///
/// The walk takes longest, so it looks for the id as for one more attribute, at its place among the others.
struct IdentifiedValues {
  private let reader: ResourceReader
  private let id: AttributeID
  /// Ids of the reader behind this one are one more than those of the image; nil where the id is a managed value, too.
  private let added: AttributeID?

  init(_ attributes: AttributeSet) {
    let path = AttributePath(attribute: "id")
    reader = ResourceReader(
      attributes: AttributeSet(attributes.attributes + [ManagedAttribute(path: path)]))
    id = reader.attributes.id(of: path) ?? AttributeID(0)
    added = attributes.id(of: path) == nil ? id : nil
  }

  /// Nil for a text that is not JSON where it was looked at, or that has no id.
  func values(in text: Span<UInt8>) -> (id: ResourceID, image: AttributeImage)? {
    var (found, image) = (ResourceID?.none, AttributeImage())
    do {
      try reader.forEachValue(in: text) { attribute, value in
        if attribute == id { found = ResourceID(value) }
        if let added {
          guard attribute != added else { return }
          image.append(attribute < added ? attribute : AttributeID(attribute.index - 1), value)
        } else {
          image.append(attribute, value)
        }
      }
    } catch {
      return nil
    }
    return found.map { ($0, image) }
  }
}
